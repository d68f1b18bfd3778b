/**
 * The rows of a table as inputs of a network, in blocks, as they come: memory does not grow with
 * the rows, and the first block is there as soon as the first rows are.
 */
import { ExitCode, UserError } from '../errors.ts';
import { type Batch, batchOf } from './batch.ts';
import { CellProblems } from './cell-problems.ts';
import { type CellSyntax, cellSyntax, type SyntaxChoice } from './cell-syntax.ts';
import { type Columns, totalInputs } from './columns.ts';
import { isLaterHeader } from './header.ts';
import { type Heading, listNames, readHeading } from './heading.ts';
import { matchFeatures } from './match-columns.ts';
import { type TableRow, type TableRows, textsOf } from './row.ts';
import { RowEncoder } from './row-encoder.ts';
import { syntaxOf } from './table.ts';

export interface InputOptions {
  /** The model's contract; null for a model without one, whose inputs are all columns in order. */
  readonly columns: Columns | null;
  /** How many numbers one input of the network is. */
  readonly width: number;
  /** Whether the first row is a header; found out where neither this nor the row itself says so. */
  readonly header?: boolean;
  /** How cells are written; as the contract says where this says nothing. */
  readonly syntax?: SyntaxChoice;
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
  /** Where the block's first row stands. */
  readonly firstLine: number;
}

/** A table that is being read. */
interface InputRows {
  /** Whether it has a header; then the output should have one, too. */
  readonly header: boolean;
  readonly blocks: AsyncGenerator<RowBlock, void, undefined>;
}

/**
 * Begins to read a table for `predict`: reads up to its first row, matches the columns, and leaves
 * the rest to whoever asks for blocks. A header without rows, in which the model finds its names,
 * gives no blocks and is no error.
 *
 * @throws {UserError} exit 3: no rows at all, columns that do not match, a header of which the model
 *   knows no name and no row below; from the blocks: cells
 *   that are not numbers, with all rows before that block already given; exit 4: the contract does
 *   not fit the network
 */
export async function readInputRows(
  { places, batches }: TableRows,
  options: InputOptions,
): Promise<InputRows> {
  const { columns, width } = options;
  if (columns && totalInputs(columns) !== width) {
    throw new UserError(
      ExitCode.model,
      `columns: expected ${width} features, as many as the network has inputs; found ${totalInputs(columns)}`,
    );
  }
  const syntax = cellSyntax(options.syntax ?? syntaxOf(columns));
  const start = textsOf((await batches.next()).value ?? []);
  const first = start[0];
  try {
    const header =
      first.isHeader ?? options.header ?? isLaterHeader(places.name, columns, first, syntax);
    const heading = readHeading(places, first, header);
    const encoder = columns
      ? new RowEncoder(columns, matchFeatures(columns, heading), syntax)
      : new RowEncoder(numberColumns(width), allIndices(heading, width), syntax);
    const rows = header ? start.slice(1) : start;
    const blocks = readBlocks({ heading, encoder, syntax }, rows, batches);
    return { header, blocks: columns?.header && header ? blocks : atLeastOne(heading, blocks) };
  } catch (error) {
    await batches.return();
    throw error;
  }
}

/** What a network takes that says nothing of columns: numbers. */
function numberColumns(width: number): Columns {
  const features = Array.from(
    { length: width },
    (_, index) => ({ name: String(index + 1), position: index + 1, kind: 'number' }) as const,
  );
  return { header: false, features, targets: [] };
}

function allIndices(heading: Heading, width: number): readonly number[] {
  const { at, line, header, names } = heading;
  if (names.length === width) return names.map((_, index) => index);
  const found = header ? `${names.length}: ${listNames(names)}` : `${names.length}`;
  throw new UserError(
    ExitCode.data,
    `${at(line)}: expected ${width} column${width === 1 ? '' : 's'}, as many as the network has inputs; found ${found}`,
    'the model does not say which columns it wants, so the table must have these alone, in order',
  );
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
  const { width } = reading.encoder;
  const most = blockRows(width);
  for (let from = 0; from < batch.rows; from += most) {
    const to = Math.min(batch.rows, from + most);
    fillBlock(buffer, reading, batch, from, to);
    const values = buffer.subarray(0, (to - from) * width);
    yield { values, rows: to - from, firstLine: batch.line(from) };
  }
}

/** Overwrites the begin of `buffer` with the inputs of some rows. */
function fillBlock(
  buffer: Float32Array,
  { heading, encoder }: Reading,
  batch: Batch,
  from: number,
  to: number,
): void {
  const problems = new CellProblems(heading);
  for (let row = from; row < to; row++) {
    const state = encoder.encode(batch, row, buffer, (row - from) * encoder.width, problems);
    if (state === 'incomplete') noteIncomplete(batch, row, problems);
  }
  problems.check('part');
}

/** Training left such rows out; a prediction cannot. */
function noteIncomplete(batch: Batch, row: number, problems: CellProblems): void {
  const remedy = () => 'the model was trained without rows in which a value is missing';
  problems.add(batch.line(row), 0, 'expected a value in each column; found one missing', remedy);
}
