/** The rows that `predict` is asked about, in blocks: from a table, an array, or the command line. */
import { type Columns, isPlain } from '../data/columns.ts';
import { encodeArray } from '../data/encode-array.ts';
import { readInputArray } from '../data/json-arrays.ts';
import { type InputOptions, readInputRows } from '../data/predict-rows.ts';
import type { TableRows } from '../data/row.ts';
import { STANDARD_INPUT } from '../data/source.ts';
import { ExitCode, UserError } from '../errors.ts';
import { formatShape, type NdArray, sizeOf } from '../ndarray.ts';
import { inJson, openData } from './data-input.ts';
import type { SaidFormat } from './input-format.ts';
import type { Io } from './io.ts';
import { parseOption } from './option-values.ts';

/** Where rows come from, as the options say. */
interface PredictionSource extends SaidFormat {
  readonly data?: readonly string[];
  readonly input?: string;
  readonly header?: boolean;
}

/** Consecutive rows. */
export interface Block {
  /** [rows, …input shape]; overwritten when the next block is asked for. */
  readonly values: Float32Array;
  readonly rows: number;
}

export interface PredictionInput {
  /** What messages call it. */
  readonly name: string;
  /** Whether the table had a header; for arrays true: their output has one. */
  readonly header: boolean;
  /** How many rows there are, where that is known before they are read. */
  readonly rows: number | null;
  readonly blocks: AsyncIterable<Block>;
  /** What was decided about the table and may surprise: lines for people. */
  readonly notes: readonly string[];
}

/**
 * Opens the rows.
 *
 * @param inputShape  of one row, as the network takes it
 * @throws {UserError} exit 3 where rows do not fit, exit 2 where there is nothing to read
 */
export async function openPredictionInput(
  io: Io,
  options: PredictionSource,
  inputShape: readonly number[],
  columns: Columns | null,
): Promise<PredictionInput> {
  const { data, input, header, query } = options;
  const width = sizeOf(inputShape);
  const reading = { ...options, later: { columns }, areInputs: true } as const;
  if (data === undefined && input === undefined && query === undefined && io.isStdinTerminal) {
    throw new UserError(
      ExitCode.usage,
      'predict: expected rows on standard input; found a terminal',
      'name a file with --data FILE, or give rows with --input JSON',
    );
  }
  const paths = data ?? (query === undefined ? [STANDARD_INPUT] : []);
  const found =
    input === undefined
      ? await openData(io, paths, reading)
      : inJson(parseOption(input, '--input', ExitCode.data), input, '--input', reading);
  if ('rows' in found) return readTableInput(found.rows, { columns, width, header });
  const array = 'array' in found ? found.array : readInputArray(found.json, found.name);
  // What is plain goes to the network as it is, whatever its shape.
  const isReady = columns === null || isPlain(columns);
  const inputs = isReady ? array : encodeArray(array, columns, found.name);
  return fromArray(inputs, found.name, inputShape);
}

async function readTableInput(rows: TableRows, options: InputOptions): Promise<PredictionInput> {
  const { header, blocks } = await readInputRows(rows, options);
  return { name: rows.places.name, header, rows: null, blocks, notes: rows.notes() };
}

function fromArray(array: NdArray, source: string, inputShape: readonly number[]): PredictionInput {
  const rows = rowsOf(array, source, inputShape);
  return {
    name: source,
    header: true,
    rows,
    blocks: onlyBlock(array.values, rows),
    notes: [],
  };
}

/** How many rows an array is: it has the input's shape behind the rows, or is a single row. */
function rowsOf({ shape }: NdArray, source: string, inputShape: readonly number[]): number {
  if (isSameShape(shape.slice(1), inputShape)) return shape[0];
  if (isSameShape(shape, inputShape)) return 1;
  // Keras expands (N,) for a network with one input.
  if (shape.length === 1 && isSameShape(inputShape, [1])) return shape[0];
  throw new UserError(
    ExitCode.data,
    `${source}: expected an array of shape ${formatShape([null, ...inputShape])}; found shape ${formatShape(shape)}`,
    'the first axis is rows, the others are what the network takes',
  );
}

/** All rows of an array that is in memory anyway. */
async function* onlyBlock(values: Float32Array, rows: number): AsyncGenerator<Block> {
  yield { values, rows };
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}
