/** A model's summary as Keras 2.7 to 2.12 print it: the table of the tutorial. */
import { ExitCode, UserError } from '../errors.ts';
import { formatShape } from '../ndarray.ts';
import type { Summary } from '../records.ts';
import { escapeControls, formatThousands } from '../words.ts';
import { cellWidth } from './styled-text.ts';
import {
  checkPositions,
  HEADINGS,
  type SummaryOptions,
  TRAINABLE_HEADING,
  tooNarrow,
} from './summary-options.ts';

const LINE_LENGTH = 65;
const POSITIONS = [0.45, 0.85, 1];
/** Blanks after each column but the last. */
const GAP = 2;
/** Characters that the trainable column adds to the line. */
const TRAINABLE_WIDTH = 11;
/** Keras breaks a cell after the end of a tuple or list in it. */
const CELL_BREAKS = ['),', '},', '],', "',"];

/**
 * The whole text of `model.summary()`, with the final line break.
 *
 * @throws {UserError} where the model has no input shape (Keras 2 prints no table then, and says
 * so), and where the line is too short for the columns
 */
export function formatSummaryKeras2(summary: Summary, options: SummaryOptions = {}): string {
  if (summary.inputShape === null) throw unbuilt();
  const { showTrainable = false, lineLength: length = LINE_LENGTH } = options;
  const lineLength = length + (showTrainable ? TRAINABLE_WIDTH : 0);
  const ends = columnEnds(options, length, lineLength);
  const line = (character: string) => character.repeat(lineLength);
  const headings = showTrainable ? [...HEADINGS, TRAINABLE_HEADING] : HEADINGS;
  const rows = summary.layers.map((layer) => {
    const name = `${escapeControls(layer.name)} (${layer.className})`;
    const shape = formatShape(layer.outputShape ?? []);
    const cells = [name, shape, String(layer.parameters ?? 0)];
    return showTrainable ? [...cells, layer.trainable ? 'Y' : 'N'] : cells;
  });
  return [
    `Model: "${escapeControls(summary.name)}"`,
    line('_'),
    ...formatRow(headings, ends),
    line('='),
    ...rows.flatMap((cells) => [...formatRow(cells, ends), line(' ')]),
    line('='),
    `Total params: ${formatThousands(summary.totalParameters)}`,
    `Trainable params: ${formatThousands(summary.trainableParameters)}`,
    `Non-trainable params: ${formatThousands(summary.nonTrainableParameters)}`,
    line('_'),
    '',
  ].join('\n');
}

/** Keras 2's refusal to summarise a model that does not know its input. */
function unbuilt(): UserError {
  return new UserError(
    ExitCode.usage,
    'This model has not yet been built. ' +
      'Build the model first by calling `build()` or by calling the model on a batch of data.',
    'say what goes in, for example "input_shape": [20] in the spec; --style keras3 shows the layers without it',
  );
}

/** Where each column ends, in characters from the start of the line. */
function columnEnds(options: SummaryOptions, length: number, lineLength: number): number[] {
  const positions = checkPositions(options.positions, POSITIONS);
  const areParts = positions[positions.length - 1] <= 1;
  const ends = positions.map((end) => (areParts ? Math.trunc(length * end) : Math.trunc(end)));
  if (options.showTrainable) ends.push(lineLength);
  if (ends.some((_, i) => columnRoom(ends, i) < 1)) throw tooNarrow(lineLength);
  return ends;
}

/** How many characters of a cell fit into one line of a column. */
function columnRoom(ends: readonly number[], column: number): number {
  const gap = column < ends.length - 1 ? GAP : 0;
  return ends[column] - (ends[column - 1] ?? 0) - gap;
}

/**
 * The lines of one row. Cells begin after one blank, so that a first cell that fills its column
 * pushes the others to the right by one: Keras does so.
 */
function formatRow(cells: readonly string[], ends: readonly number[]): string[] {
  const lines: string[] = [];
  let rest = [...cells];
  while (rest.some((text) => text !== '')) {
    let line = ' ';
    rest = rest.map((text, column) => {
      const piece = takePiece(text, columnRoom(ends, column));
      const gap = column < ends.length - 1 ? ' '.repeat(GAP) : '';
      line += piece + gap;
      line += ' '.repeat(Math.max(0, ends[column] - cellWidth(line)));
      return text.slice(piece.length);
    });
    lines.push(line);
  }
  return lines;
}

/** The start of a text that takes at most `room` cells of the terminal; at least one character. */
function takePiece(text: string, room: number): string {
  let piece = '';
  for (const character of text) {
    if (piece !== '' && cellWidth(piece + character) > room) break;
    piece += character;
  }
  const breaks = CELL_BREAKS.map((end) => piece.indexOf(end) + end.length);
  const found = breaks.filter((at, i) => at >= CELL_BREAKS[i].length);
  return piece.slice(0, Math.min(piece.length, ...found));
}
