/** A model's summary as Keras 3 prints it: a box of layers and the sizes below it. */
import type { Summary, SummaryLayer } from '../records.ts';
import { escapeControls, formatThousands } from '../words.ts';
import { type Column, drawTable, PADDING } from './keras3-table.ts';
import { formatFixed } from './python.ts';
import { cropPainted, foldLine, paint, type Run } from './styled-text.ts';
import {
  checkPositions,
  HEADINGS,
  type SummaryOptions,
  TRAINABLE_HEADING,
  tooNarrow,
} from './summary-options.ts';

interface SummaryKeras3Options extends SummaryOptions {
  /** Characters per line of the terminal; 80 where there is none. */
  readonly columns?: number;
  /** Whether the text is for a terminal that shows colours. */
  readonly color?: boolean;
}

const COLUMNS = 80;
/** The table is at most so wide, and leaves some room on the terminal. */
const LINE_LENGTH = 88;
const MARGIN = 4;
/** What the trainable column adds to the width, and the part it leaves to the others. */
const TRAINABLE_WIDTH = 12;
const OTHERS_PART = 0.9;
const POSITIONS = [0.45, 0.8, 1];
const SMALLEST_COLUMN = 4;

const CLASS_NAME = '38;5;33';
const NUMBER = '38;5;34';
const NONE = '38;5;45';
const BOLD = '1';
const TRAINABLE = `1;${NUMBER}`;
const FROZEN = '1;91';

const BYTES_PER_PARAMETER = 4;
const UNITS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];

/**
 * The whole text of `model.summary()`, with the final line break. A model without an input shape
 * has `?` for shapes and `0 (unbuilt)` for counts.
 *
 * @throws {UserError} where the line is too short for the columns
 */
export function formatSummaryKeras3(summary: Summary, options: SummaryKeras3Options = {}): string {
  const { columns = COLUMNS, color = false, showTrainable = false } = options;
  const layout = tableColumns(options, columns);
  const rows = summary.layers.map((layer) => layerCells(layer, showTrainable));
  const table = drawTable(layout, rows, color).map((line) => cropPainted(line, columns));
  const print = (runs: readonly Run[]) => foldLine(runs, columns).map((line) => paint(line, color));
  const title: Run = { text: `Model: "${escapeControls(summary.name)}"`, style: BOLD };
  const lines = [...print([title]), ...table, ...totals(summary).flatMap(print), ''];
  return lines.join('\n');
}

/** The columns with the widths that the package `rich` gives them. */
function tableColumns(options: SummaryKeras3Options, columns: number): Column[] {
  const { showTrainable = false } = options;
  const largest = LINE_LENGTH + (showTrainable ? TRAINABLE_WIDTH : 0);
  const lineLength = options.lineLength ?? Math.min(largest, columns - MARGIN);
  const given = checkPositions(options.positions, POSITIONS);
  const positions = showTrainable ? [...given.map((end) => end * OTHERS_PART), 1] : given;
  const ends = positions.map((end) => Math.trunc(end * lineLength));
  const asked = ends.map((end, i) => end - (ends[i - 1] ?? 0));
  const widths = fitWidths(asked, lineLength - asked.length - 1);
  // Keras would go on with a column that has no room for a single character.
  const isTooNarrow = widths.some((width) => width <= 2 * PADDING);
  if (isTooNarrow || asked.some((width) => width < SMALLEST_COLUMN)) throw tooNarrow(lineLength);
  const headings = showTrainable ? [...HEADINGS, TRAINABLE_HEADING] : HEADINGS;
  const aligns = ['left', 'left', 'right', 'center'] as const;
  return headings.map((heading, i) => ({ heading, align: aligns[i], width: widths[i] }));
}

/**
 * Widths of cells, a blank on either side included, that add up to `room`: what is too much is
 * taken from all columns evenly, what is left goes to them in proportion, from left to right.
 */
function fitWidths(asked: readonly number[], room: number): number[] {
  const widths = asked.map((width) => Math.min(width + 2 * PADDING, room));
  let excess = sum(widths) - room;
  if (excess > 0) {
    return widths.map((width, i) => {
      const taken = Math.min(width, Number(formatFixed(excess / (widths.length - i), 0)));
      excess -= taken;
      return width - taken;
    });
  }
  return widths.map((width, i) => {
    const given = Math.ceil((width * -excess) / sum(widths.slice(i)));
    excess += given;
    return width + given;
  });
}

function layerCells(layer: SummaryLayer, showTrainable: boolean): Run[][] {
  const { className, parameters, outputShape } = layer;
  const cells: Run[][] = [
    [
      { text: `${escapeControls(layer.name)} (` },
      { text: className, style: CLASS_NAME },
      { text: ')' },
    ],
    outputShape === null ? [{ text: '?' }] : shapeRuns(outputShape),
    parameters === null
      ? [{ text: '0', style: NUMBER }, { text: ' (unbuilt)' }]
      : [{ text: formatThousands(parameters), style: NUMBER }],
  ];
  return showTrainable ? [...cells, [trainableRun(layer)]] : cells;
}

/** `(None, 512)`, and `(None)` for one axis: Keras 3 does not write a tuple here. */
function shapeRuns(shape: readonly (number | null)[]): Run[] {
  const lengths = shape.flatMap((length, i): Run[] => [
    ...(i > 0 ? [{ text: ', ' }] : []),
    { text: String(length ?? 'None'), style: length === null ? NONE : NUMBER },
  ]);
  return [{ text: '(' }, ...lengths, { text: ')' }];
}

function trainableRun({ parameters, trainable }: SummaryLayer): Run {
  if (!parameters) return { text: '-', style: BOLD };
  return trainable ? { text: 'Y', style: TRAINABLE } : { text: 'N', style: FROZEN };
}

/** The lines below the table. */
function totals(summary: Summary): Run[][] {
  const { trainableParameters, nonTrainableParameters, optimizer } = summary;
  const trainableBytes = trainableParameters * BYTES_PER_PARAMETER;
  const frozenBytes = summary.nonTrainableBytes;
  const all = summary.totalParameters + (optimizer?.parameters ?? 0);
  const lines = [
    totalLine('Total', all, trainableBytes + frozenBytes + (optimizer?.bytes ?? 0)),
    totalLine('Trainable', trainableParameters, trainableBytes),
    totalLine('Non-trainable', nonTrainableParameters, frozenBytes),
  ];
  if (optimizer) lines.push(totalLine('Optimizer', optimizer.parameters, optimizer.bytes));
  return lines;
}

function totalLine(what: string, parameters: number, bytes: number): Run[] {
  return [
    { text: ` ${what} params: `, style: BOLD },
    { text: formatThousands(parameters), style: NUMBER },
    { text: ` (${formatBytes(bytes)})` },
  ];
}

/** `1.50 KB`: in the largest unit of which there is at least one. */
function formatBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${formatFixed(size, 2)} ${UNITS[unit]}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
