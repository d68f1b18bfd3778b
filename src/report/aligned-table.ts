/**
 * Rows of text below headings, two blanks between columns. Off a terminal every row is one line, however
 * long; on one its last cell, which is prose, is broken into lines.
 */
import { cellWidth, cutCell, foldLine, plainText } from './styled-text.ts';

export interface AlignedColumn {
  readonly heading: string;
  readonly align: 'left' | 'right';
  /** Where lines are too long, the column may be cut to this width; never where it is not given. */
  readonly least?: number;
}

const GAP = '  ';
/** With less room than this, the last cell begins a line of its own. */
const LEAST_PROSE = 32;
const INDENT = '    ';

/**
 * The lines, without blanks at their ends.
 *
 * @param columns  all but the last, which is prose; where that is empty everywhere, it takes no room
 * @param prose    the heading of the last
 * @param rows     cells, the last one of prose
 * @param width    of the terminal; null where there is none
 */
export function formatAligned(
  columns: readonly AlignedColumn[],
  prose: string,
  rows: readonly (readonly string[])[],
  width: number | null,
): string[] {
  const table = [[...columns.map(({ heading }) => heading), prose], ...rows];
  const natural = columns.map((_, i) => Math.max(...table.map((cells) => cellWidth(cells[i]))));
  if (width === null) {
    return table.map((cells) => `${cellsOf(cells, columns, natural)}${cells.at(-1)}`.trimEnd());
  }
  if (table.every((cells) => cells.at(-1) === '')) {
    return below(table, columns, shrunk(natural, columns, width + GAP.length), width);
  }
  const narrow = shrunk(natural, columns, width - LEAST_PROSE);
  const start = lengthOf(narrow);
  if (width - start >= LEAST_PROSE) return besides(table, columns, narrow, width - start);
  return below(table, columns, shrunk(natural, columns, width), width);
}

/** Prose as the last column. */
function besides(
  table: readonly (readonly string[])[],
  columns: readonly AlignedColumn[],
  widths: readonly number[],
  room: number,
): string[] {
  return table.flatMap((cells) => {
    const [first = '', ...more] = fold(cells.at(-1) ?? '', room);
    const indent = ' '.repeat(lengthOf(widths));
    const line = `${cellsOf(cells, columns, widths)}${first}`;
    return [line.trimEnd(), ...more.map((text) => indent + text)];
  });
}

/** Prose below its row. */
function below(
  table: readonly (readonly string[])[],
  columns: readonly AlignedColumn[],
  widths: readonly number[],
  width: number,
): string[] {
  const room = Math.max(width - INDENT.length, INDENT.length);
  return table.flatMap((cells, row) => {
    const line = cellsOf(cells, columns, widths).trimEnd();
    if (row === 0) return [line];
    return [line, ...fold(cells.at(-1) ?? '', room).map((text) => INDENT + text)];
  });
}

function fold(text: string, room: number): string[] {
  if (text === '') return [];
  return foldLine([{ text }], room).map((runs) => plainText(runs).trimEnd());
}

function cellsOf(
  cells: readonly string[],
  columns: readonly AlignedColumn[],
  widths: readonly number[],
): string {
  return columns
    .map(({ align }, i) => {
      const text = cutWhole(cells[i], widths[i]);
      const blanks = ' '.repeat(widths[i] - cellWidth(text));
      return (align === 'left' ? text + blanks : blanks + text) + GAP;
    })
    .join('');
}

/** A cut cell, without a number of which only the first digits are left: it would read as another one. */
function cutWhole(cell: string, width: number): string {
  const text = cutCell(cell, width);
  if (text === cell) return text;
  const kept = text.slice(0, -1);
  const isInNumber = /[\d.,]$/.test(kept) && /^[\d.,]/.test(cell.slice(kept.length));
  return isInNumber ? `${kept.replace(/[\d.,-]+$/, '').trimEnd()}…` : text;
}

function lengthOf(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + GAP.length, 0);
}

/** Widths of which the largest that may be cut are cut until all fit, as far as that goes. */
function shrunk(
  widths: readonly number[],
  columns: readonly AlignedColumn[],
  room: number,
): readonly number[] {
  const cut = [...widths];
  const canShrink = (i: number) => cut[i] > (columns[i].least ?? cut[i]);
  while (lengthOf(cut) > room) {
    const open = cut.map((_, i) => i).filter(canShrink);
    if (open.length === 0) break;
    cut[open.reduce((a, b) => (cut[b] > cut[a] ? b : a))]--;
  }
  return cut;
}
