/** The table of Keras 3: a heavy frame around the headings, a light one around the rows. */
import Table from 'cli-table3';
import { cellWidth, paint, plainText, type Run, wrapCell } from './styled-text.ts';

export interface Column {
  readonly heading: string;
  readonly align: 'left' | 'right' | 'center';
  /** Characters between the borders, paddings included; more than those. */
  readonly width: number;
}

const BOLD = '1';
/** Blanks on either side of a cell. */
export const PADDING = 1;
/** The frame of the headings. */
const HEAVY = {
  top: '━',
  'top-left': '┏',
  'top-mid': '┳',
  'top-right': '┓',
  left: '┃',
  middle: '┃',
  right: '┃',
} as const;
/** The rule below the headings, which the first row draws above itself. */
const RULE = { mid: '━', 'left-mid': '┡', 'mid-mid': '╇', 'right-mid': '┩' } as const;

/** The lines of a table; cells are wrapped and cut to their columns. */
export function drawTable(
  columns: readonly Column[],
  rows: readonly (readonly Run[][])[],
  color: boolean,
): string[] {
  const table = new Table({
    colWidths: columns.map((column) => column.width),
    colAligns: columns.map((column) => column.align),
    style: { 'padding-left': PADDING, 'padding-right': PADDING, head: [], border: [] },
  });
  table.push(headingCells(columns, color));
  // cli-table3 draws no rule under a last row: an empty table needs a row, taken out below.
  const shown = rows.length > 0 ? rows : [columns.map((): Run[] => [])];
  shown.forEach((cells, row) => {
    table.push(
      cells.map((runs, i) => ({
        content: wrapCell(runs, columns[i].width - 2 * PADDING)
          .map((line) => paint(line, color))
          .join('\n'),
        chars: row === 0 ? RULE : {},
      })),
    );
  });
  const lines = table.toString().split('\n');
  if (rows.length === 0) lines.splice(-2, 1);
  return lines;
}

/**
 * The headings stand at the bottom of their row. Their cells are filled here to the borders, since
 * blanks are bold too, and `rich` colours the paddings apart from the text.
 */
function headingCells(columns: readonly Column[], color: boolean) {
  const wrapped = columns.map(({ heading, width }) =>
    wrapCell([{ text: heading, style: BOLD }], width - 2 * PADDING),
  );
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return columns.map(({ align, width }, i) => {
    const blank: Run[] = [{ text: ' '.repeat(width), style: BOLD }];
    const padding: Run = { text: ' '.repeat(PADDING), style: BOLD };
    const texts = wrapped[i].map((line): Run[] => {
      const text = fill(plainText(line), width - 2 * PADDING, align);
      return [padding, { text, style: BOLD }, padding];
    });
    const blanks = Array.from({ length: height - texts.length }, () => blank);
    return {
      content: [...blanks, ...texts].map((line) => paint(line, color)).join('\n'),
      chars: HEAVY,
      style: { 'padding-left': 0, 'padding-right': 0 },
    };
  });
}

/** Text filled with blanks to a width; where it is centred an odd blank goes to the right. */
function fill(text: string, width: number, align: Column['align']): string {
  const room = width - cellWidth(text);
  const left = { left: 0, right: room, center: Math.floor(room / 2) }[align];
  return ' '.repeat(left) + text + ' '.repeat(room - left);
}
