/**
 * The rows of a table as inputs of a network, in blocks, as they come: memory does not grow with
 * the rows, and the first block is there as soon as the first rows are.
 */

import { ExitCode, UserError } from '../errors.ts';
import type { BadRows } from './bad-rows.ts';
import { type Batch, batchOf } from './batch.ts';
import { CellProblems } from './cell-problems.ts';
import { type CellSyntax, cellSyntax, type SyntaxChoice } from './cell-syntax.ts';
import { type Columns, totalInputs } from './columns.ts';
import { allIndices, numberColumns } from './columns-in-order.ts';
import { CORRECT } from './feature-encoder.ts';
import { isLaterHeader, namesAllFeatures } from './header.ts';
import { columnLabel, type Heading, readHeading } from './heading.ts';
import { matchFeatures } from './match-columns.ts';
import type { Encoding } from './parsing-thread.ts';
import { type PassedCells, PassedColumns, type PassWish } from './passed-columns.ts';
import { type TableRow, type TableRows, textsOf } from './row.ts';
import { RowEncoder } from './row-encoder.ts';
import { substitutionNotes } from './substitution-notes.ts';
import { syntaxOf } from './table.ts';

export interface InputOptions {
  /** The model's contract; null for a model without one, whose inputs are all columns in order. */
  readonly columns: Columns | null;
  /** How many numbers one input of the network is. */
  readonly width: number;
  /** The model's file, for messages. */
  readonly model?: string;
  /** Whether the first row is a header; found out where neither this nor the row itself says so. */
  readonly header?: boolean;
  /** How cells are written; as the contract says where this says nothing. */
  readonly syntax?: SyntaxChoice;
  /** Takes the rows that do not fit; where it is not given, the first of them ends the reading. */
  readonly bad?: BadRows;
  /** Columns whose cells are wanted beside the inputs. */
  readonly pass?: PassWish;
}

/** At most this many rows are handed on at once, and fewer of long ones: so many numbers, 64 MiB. */
const MAX_BLOCK_ROWS = 1024;
const MAX_BLOCK_SIZE = 2 ** 24;

/** How many rows of a width are handed on at once. */
function blockRows(width: number): number {
  return Math.max(1, Math.min(MAX_BLOCK_ROWS, Math.floor(MAX_BLOCK_SIZE / width)));
}

/** Consecutive rows of the table. */
interface RowBlock {
  /** [rows, width]; overwritten when the next block is asked for. */
  readonly values: Float32Array;
  readonly rows: number;
  /** For each row 1 if it does not fit, so that its values mean nothing; null where all do. */
  readonly wrong: Uint8Array | null;
  /** Of the columns that are passed on, until the next block is asked for; null where none are. */
  readonly passed: PassedCells | null;
  /** Where the block's first row stands. */
  readonly firstLine: number;
}

/** A table that is being read. */
interface InputRows {
  /** Whether it has a header; then the output should have one, too. */
  readonly header: boolean;
  /** The names of the columns that are passed on. */
  readonly passed: readonly string[];
  readonly blocks: AsyncGenerator<RowBlock, void, undefined>;
  /** What cells were taken for that they do not say, up to now: lines for people. */
  notes(): readonly string[];
}

/**
 * Begins to read a table for `predict`: reads up to its first row, matches the columns, and leaves
 * the rest to whoever asks for blocks. A header without rows, in which the model finds its names,
 * gives no blocks and is no error.
 *
 * @throws {UserError} exit 3: no rows at all, columns that do not match, a header of which the model
 *   knows no name and no row below; from the blocks: cells that do not fit, with all rows before the
 *   first of them already given; exit 4: the contract does not fit the network
 */
export async function readInputRows(
  { places, batches, isTyped, encode }: TableRows,
  options: InputOptions,
): Promise<InputRows> {
  const { columns, width, model = 'the model' } = options;
  if (columns && totalInputs(columns) !== width) {
    throw new UserError(
      ExitCode.model,
      `${model}: columns: expected ${width} features, as many as the network has inputs; found ${totalInputs(columns)}`,
    );
  }
  const choice = { ...syntaxOf(columns, options.syntax), isTyped };
  const syntax = cellSyntax(choice);
  const start = textsOf((await batches.next()).value ?? []);
  const first = start[0];
  try {
    const header =
      first.isHeader ??
      options.header ??
      (isTyped && columns && hasTexts(columns)
        ? namesAllFeatures(columns, first)
        : isLaterHeader(places.name, columns, first, syntax));
    const heading = readHeading(places, first, header);
    const encoding: Encoding = columns
      ? { columns, indices: matchFeatures(columns, heading), syntax: choice }
      : {
          columns: numberColumns(width),
          indices: allIndices(heading, width, model),
          syntax: choice,
        };
    const encoder = new RowEncoder(encoding.columns, encoding.indices, syntax, true);
    encode?.(encoding);
    const rows = header ? start.slice(1) : start;
    const { bad = null } = options;
    const passed = options.pass
      ? new PassedColumns(heading, options.pass, numberIndices(heading, columns))
      : null;
    const blocks = readBlocks({ heading, encoder, syntax, bad, passed }, rows, batches);
    // Arrays have no names themselves; what is made of them has those of the model.
    const namesOutput = header || (first.json !== undefined && columns?.header === true);
    return {
      header: namesOutput,
      passed: passed?.names ?? [],
      blocks: columns?.header && header ? blocks : atLeastOne(heading, blocks),
      notes: () => substitutionNotes(encoder.substitutions, heading),
    };
  } catch (error) {
    await batches.return();
    throw error;
  }
}

/** Which columns of the table are numbers to the model; without a contract all have to be. */
function numberIndices(heading: Heading, columns: Columns | null): ReadonlySet<number> {
  const { names, header } = heading;
  if (columns === null) return new Set(names.keys());
  const { features, targets } = columns;
  const indices = matchFeatures(columns, heading);
  const numbers = indices.filter((_, i) => features[i].kind === 'number');
  if (!header || !columns.header) return new Set(numbers);
  const named = targets.filter(({ kind }) => kind === 'number').map(({ name }) => name);
  return new Set([...numbers, ...named.map((name) => names.indexOf(name))]);
}

/** Whether a row of texts is nothing unusual: an array of JSON is one, unless it has the very names. */
function hasTexts({ features }: Columns): boolean {
  return features.some(({ kind }) => kind !== 'number');
}

/** Where no name was matched, a first row alone may be data that was taken for a header. */
async function* atLeastOne(
  heading: Heading,
  blocks: AsyncGenerator<RowBlock, void, undefined>,
): AsyncGenerator<RowBlock, void, undefined> {
  let isEmpty = true;
  for await (const block of blocks) {
    isEmpty = false;
    yield block;
  }
  if (!isEmpty) return;
  throw new UserError(
    ExitCode.data,
    `${heading.at(heading.line)}: expected rows below the header; found none`,
    'if this row is data and no header, say --no-header',
  );
}

/** How the rows of a table become inputs. */
interface Reading {
  readonly heading: Heading;
  readonly encoder: RowEncoder;
  readonly syntax: CellSyntax;
  readonly bad: BadRows | null;
  readonly passed: PassedColumns | null;
}

async function* readBlocks(
  reading: Reading,
  begun: readonly TableRow[],
  batches: TableRows['batches'],
): AsyncGenerator<RowBlock, void, undefined> {
  const { syntax, encoder } = reading;
  const buffer = new Float32Array(blockRows(encoder.width) * encoder.width);
  try {
    yield* blocksOf(reading, batchOf(begun, syntax), buffer);
    for await (const rows of batches) yield* blocksOf(reading, batchOf(rows, syntax), buffer);
  } finally {
    // Where the caller stops before the loop above began, the source is still open.
    await batches.return();
  }
}

function* blocksOf(
  reading: Reading,
  batch: Batch,
  buffer: Float32Array,
): Generator<RowBlock, void, undefined> {
  const { encoder, bad } = reading;
  const { encoded } = batch;
  if (encoded) encoder.addSubstitutions(encoded.substitutions);
  const most = blockRows(encoder.width);
  const fill = bad ? keepAll : keepUntilWrong;
  for (let from = 0; from < batch.rows; from += most) {
    const to = Math.min(batch.rows, from + most);
    if (encoded) {
      const inputs = encoded.inputs.subarray(from * encoder.width);
      yield blockOf(reading, batch, from, to, inputs, null);
    } else yield* fill(reading, batch, from, to, buffer);
  }
}

/** A block of the rows before the first that does not fit; then the error. */
function* keepUntilWrong(
  reading: Reading,
  batch: Batch,
  from: number,
  to: number,
  buffer: Float32Array,
): Generator<RowBlock, void, undefined> {
  const { heading, encoder } = reading;
  const problems = new CellProblems(heading);
  const notes = {
    add: (line: number, index: number, problem: string, remedy: () => string) =>
      problems.add(line, index, problem, () => orLeaveOut(remedy())),
  };
  let end = to;
  for (let row = from; row < to; row++) {
    const state = encoder.encode(batch, row, buffer, (row - from) * encoder.width, notes);
    if (state !== 'complete') end = Math.min(end, row);
  }
  if (end > from) yield blockOf(reading, batch, from, end, buffer, null);
  problems.check('part');
}

function orLeaveOut(remedy: string): string {
  if (remedy === CORRECT) return 'correct the cells, or leave their rows out: --on-error skip';
  return `${remedy}\nor leave such rows out: --on-error skip`;
}

/** A block of all rows; the ones that do not fit are marked and noted. */
function* keepAll(
  reading: Reading,
  batch: Batch,
  from: number,
  to: number,
  buffer: Float32Array,
): Generator<RowBlock, void, undefined> {
  const { heading, encoder, bad } = reading;
  const { at, header, names } = heading;
  const notes = {
    add: (line: number, index: number, problem: string) =>
      bad?.addCell(line, () => `${at(line)} ${columnLabel(header, names, index)}: ${problem}`),
  };
  let wrong: Uint8Array | null = null;
  for (let row = from; row < to; row++) {
    const offset = (row - from) * encoder.width;
    const problem = batch.problem?.(row);
    if (problem === undefined) {
      if (encoder.encode(batch, row, buffer, offset, notes) === 'complete') continue;
    } else {
      bad?.addRow(() => problem);
      buffer.fill(0, offset, offset + encoder.width);
    }
    wrong ??= new Uint8Array(to - from);
    wrong[row - from] = 1;
  }
  yield blockOf(reading, batch, from, to, buffer, wrong);
}

function blockOf(
  { encoder, passed }: Reading,
  batch: Batch,
  from: number,
  to: number,
  buffer: Float32Array,
  wrong: Uint8Array | null,
): RowBlock {
  return {
    values: buffer.subarray(0, (to - from) * encoder.width),
    rows: to - from,
    wrong,
    passed: passed?.cellsOf(batch, from) ?? null,
    firstLine: batch.line(from),
  };
}
