/** The rows that `predict` is asked about, in blocks: from a table, an array, or the command line. */
import type { BadRows } from '../data/bad-rows.ts';
import { type Columns, isPlain } from '../data/columns.ts';
import { encodeArray } from '../data/encode-array.ts';
import { readInputArray } from '../data/json-arrays.ts';
import type { PassedCells, PassWish } from '../data/passed-columns.ts';
import { type InputOptions, readInputRows } from '../data/predict-rows.ts';
import type { TableRows } from '../data/row.ts';
import { STANDARD_INPUT } from '../data/source.ts';
import { ExitCode, UserError } from '../errors.ts';
import { exists } from '../files/read-text.ts';
import { formatShape, type NdArray, sizeOf } from '../ndarray.ts';
import type { JsonValue } from '../spec/json.ts';
import type { DataSpec } from '../spec/spec.ts';
import { quote } from '../words.ts';
import { type SyntaxOptions, syntaxOf } from './column-options.ts';
import { inJson, openData } from './data-input.ts';
import type { SaidFormat } from './input-format.ts';
import type { Io } from './io.ts';
import { parseOption } from './option-values.ts';

/** Where rows come from, as the options say. */
export interface PredictionSource extends SaidFormat, SyntaxOptions {
  readonly data?: readonly string[];
  readonly input?: string;
  readonly header?: boolean;
  /** Columns to print before the predictions. */
  readonly pass?: readonly string[];
  /** All columns. */
  readonly append?: true;
}

/** Consecutive rows. */
export interface Block {
  /** [rows, …input shape]; overwritten when the next block is asked for. */
  readonly values: Float32Array;
  readonly rows: number;
  /** For each row 1 if no prediction can be made of it; null where there is none such. */
  readonly wrong: Uint8Array | null;
  /** Of the columns that are passed on, until the next block is asked for; null where none are. */
  readonly passed: PassedCells | null;
}

export interface PredictionInput {
  /** What messages call it. */
  readonly name: string;
  /** Whether the table had a header; for arrays true: their output has one. */
  readonly header: boolean;
  /** The names of the columns that are passed on. */
  readonly passed: readonly string[];
  /** How many rows there are, where that is known before they are read. */
  readonly rows: number | null;
  readonly blocks: AsyncIterable<Block>;
  /** What was decided about the table and may surprise: lines for people. */
  readonly notes: readonly string[];
  /** What is to be told once all is read: lines for people. */
  closingNotes(): readonly string[];
}

/** What the rows are for. */
export interface InputTarget {
  /** Of one row, as the network takes it. */
  readonly inputShape: readonly number[];
  readonly columns: Columns | null;
  /** The model's file, for messages. */
  readonly model: string;
  /** What the model's spec says of data. */
  readonly data: DataSpec;
  /** Takes the rows that do not fit; null where the first of them is an error. */
  readonly bad: BadRows | null;
}

/**
 * Opens the rows.
 *
 * @throws {UserError} exit 3 where rows do not fit, exit 2 where there is nothing to read
 */
export async function openPredictionInput(
  io: Io,
  options: PredictionSource,
  { inputShape, columns, model, data: spec, bad }: InputTarget,
): Promise<PredictionInput> {
  const { data, input, header, query } = options;
  const width = sizeOf(inputShape);
  const keepsWrong = bad !== null;
  // A contract knows how cells are written; the spec may still say what it was before.
  const syntax = syntaxOf(options, columns ? null : spec);
  const reading = { ...options, syntax, later: { columns }, areInputs: true, keepsWrong } as const;
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
      : inJson(parseInput(input), input, '--input', reading);
  const pass = passWish(options);
  if ('rows' in found) {
    const wish = { columns, width, model, header, syntax, bad: bad ?? undefined, pass };
    return readTableInput(found.rows, wish);
  }
  if (pass) throw noColumns(pass.flag, found.name);
  const array = 'array' in found ? found.array : readInputArray(found.json, found.name);
  // What is plain goes to the network as it is, whatever its shape.
  const isReady = columns === null || isPlain(columns);
  const inputs = isReady ? array : encodeArray(array, columns, found.name);
  return readArrayInput(inputs, found.name, inputShape);
}

/** @throws {UserError} exit 3 where it is no JSON, exit 2 where it is the name of a file */
function parseInput(input: string): JsonValue {
  try {
    return parseOption(input, '--input', ExitCode.data);
  } catch (error) {
    if (!isFileName(input)) throw error;
    throw new UserError(
      ExitCode.usage,
      `--input: expected JSON; found the name of a file, ${quote(input)}`,
      `to read a file: --data ${/^[\w./-]+$/.test(input) ? input : quote(input)}`,
    );
  }
}

/** Whether a text that is no JSON is the name of a file, there or not. */
function isFileName(text: string): boolean {
  return /^[^[{\n]*\.(csv|tsv|jsonl|ndjson|json|npy)(\.gz)?$/i.test(text) || isThere(text);
}

/** Whether there is a file of this name; a text may be too long for one, or hold what no name can. */
function isThere(text: string): boolean {
  try {
    return exists(text);
  } catch {
    return false;
  }
}

async function readTableInput(rows: TableRows, options: InputOptions): Promise<PredictionInput> {
  const { header, passed, blocks, notes } = await readInputRows(rows, options);
  return {
    name: rows.places.name,
    header,
    passed,
    rows: null,
    blocks,
    notes: rows.notes(),
    closingNotes: notes,
  };
}

function passWish({ pass, append }: PredictionSource): PassWish | undefined {
  if (append) return { flag: '--append', words: 'all' };
  return pass && { flag: '--pass', words: pass };
}

function noColumns(flag: string, name: string): UserError {
  return new UserError(
    ExitCode.usage,
    `${flag}: expected a table, which has columns; found the array of ${name}`,
    'give the rows as a table, or as JSON objects',
  );
}

function readArrayInput(
  array: NdArray,
  source: string,
  inputShape: readonly number[],
): PredictionInput {
  const rows = rowsOf(array, source, inputShape);
  return {
    name: source,
    header: true,
    passed: [],
    rows,
    blocks: onlyBlock(array.values, rows),
    notes: [],
    closingNotes: () => [],
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
  yield { values, rows, wrong: null, passed: null };
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}
