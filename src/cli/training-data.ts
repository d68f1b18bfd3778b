/** The rows to learn from, or to validate with: a table or JSON arrays, in one shape. */
import type { Columns, TargetColumn } from '../data/columns.ts';
import { readTrainingArrays, type TrainingArrays } from '../data/json-arrays.ts';
import { elementsOf, type TableRows } from '../data/row.ts';
import { readTable, type TableOptions } from '../data/table.ts';
import { knownTarget, newTarget, type TargetMode } from '../data/targets.ts';
import { ExitCode, UserError } from '../errors.ts';
import { shortestFloat32 } from '../float32.ts';
import { type NdArray, sizeOf } from '../ndarray.ts';
import type { JsonValue } from '../spec/json.ts';
import type { TargetKind } from '../spec/spec-from-data.ts';
import { quote } from '../words.ts';
import { openData } from './data-input.ts';
import type { SaidFormat } from './input-format.ts';
import type { Io } from './io.ts';

/** How data are to be read. */
export interface DataOptions extends SaidFormat, TableOptions {}

/** Rows with their targets. */
export interface TrainingData {
  /** The file, for messages. */
  readonly name: string;
  /** [rows, …] */
  readonly x: NdArray;
  /** [rows, …]: numbers, or class indices */
  readonly y: NdArray;
  /** [rows, …]; null where all rows count alike */
  readonly sampleWeight: NdArray | null;
  readonly target: TargetKind;
  /** What later commands have to know of the columns; null for arrays of numbers. */
  readonly columns: Columns | null;
  readonly form: 'table' | 'arrays';
  /** What was decided about the file and may surprise: lines for people. */
  readonly notes: readonly string[];
}

/**
 * Reads data files, or standard input for `-`.
 *
 * @throws {UserError} exit 3 where rows, cells or columns do not fit; exit 6 where it cannot be read
 */
export async function readTrainingData(
  io: Io,
  paths: readonly string[],
  options: DataOptions,
): Promise<TrainingData> {
  const contract = contractOf(options.columns);
  const later = contract === null ? undefined : { columns: contract };
  const input = await openData(io, paths, { ...options, later });
  if ('rows' in input) return readTableData(input.rows, options);
  if ('json' in input) return readArrays(input.json, input.name, options);
  throw new Error('arrays of numbers are tables in training');
}

function contractOf(columns: DataOptions['columns']): Columns | null {
  return 'contract' in columns ? columns.contract : null;
}

async function readTableData(
  rows: TableRows,
  { header, columns: chosen }: DataOptions,
): Promise<TrainingData> {
  const { x, y, columns, notes } = await readTable(rows, { header, columns: chosen });
  const target = kindOf(columns.targets);
  const { name } = rows.places;
  const all = [...rows.notes(), ...notes];
  return { name, x, y, target, columns, sampleWeight: null, form: 'table', notes: all };
}

/** What a contract says of the targets. */
export function kindOf(targets: readonly TargetColumn[]): TargetKind {
  const [first] = targets;
  if (targets.length === 1 && first.kind === 'class') {
    return { kind: 'class', classes: first.classes };
  }
  return { kind: 'number', outputs: targets.length };
}

function readArrays(value: JsonValue, name: string, { columns }: DataOptions): TrainingData {
  const arrays = readTrainingArrays(value, name);
  if ('contract' in columns) return withContract(arrays, columns.contract, name);
  if (columns.targets.length > 0) {
    throw new UserError(
      ExitCode.usage,
      `--target: expected a table with it; found the arrays of ${name}`,
      'the targets of JSON arrays are in "y"',
    );
  }
  return withMode(arrays, columns.mode, name);
}

/** What is the same for all arrays. */
const ARRAYS = { form: 'arrays', notes: [] } as const;

/** The arrays of a first training: texts, and few whole numbers if nobody said what they are, are classes. */
function withMode(arrays: TrainingArrays, mode: TargetMode, name: string): TrainingData {
  const { x, sampleWeight } = arrays;
  const y = expanded(arrays.y);
  const coded = arrays.classes ? { classes: arrays.classes, y } : fewClasses(y, mode, name);
  const rest = { name, x, sampleWeight, ...ARRAYS };
  if (coded) {
    const { classes } = coded;
    const target: TargetKind = { kind: 'class', classes };
    return { ...rest, y: coded.y, target, columns: contractFor(x, classes) };
  }
  const target: TargetKind = { kind: 'number', outputs: y.shape.at(-1) ?? 1 };
  return { ...rest, y, target, columns: null };
}

/** Numbers that are classes in a table are so here; undefined where they are numbers. */
function fewClasses(
  { shape, values }: NdArray,
  mode: TargetMode,
  source: string,
): { y: NdArray; classes: readonly string[] } | undefined {
  if (mode !== 'auto' || shape.length !== 2 || shape[1] !== 1) return undefined;
  const reader = newTarget('auto', { source, at: elementsOf(source).at, label: 'y' });
  for (const [row, value] of values.entries()) reader.add(shortestFloat32(value), row);
  const { column, values: codes } = reader.finish();
  if (column.kind === 'number') return undefined;
  return { y: { shape, values: codes }, classes: column.classes };
}

/** Arrays for a model whose classes are settled. */
function withContract(arrays: TrainingArrays, contract: Columns, name: string): TrainingData {
  const { x, classes, sampleWeight } = arrays;
  const y = expanded(arrays.y);
  const [column] = contract.targets;
  const target = kindOf(contract.targets);
  const rest = { name, x, sampleWeight, target, columns: contract, ...ARRAYS };
  if (!classes) return { ...rest, y };
  if (target.kind === 'number') throw noTexts(name, classes[0]);
  const reader = knownTarget(column);
  const problems: string[] = [];
  y.values.forEach((code, row) => {
    const problem = reader.add(classes[code], row + 1);
    if (problem) problems.push(`${name}: y[${row}]: ${problem}`);
  });
  if (problems.length > 0) throw new UserError(ExitCode.data, problems);
  const { values } = reader.finish();
  return { ...rest, y: { shape: y.shape, values } };
}

function noTexts(name: string, first: string): UserError {
  return new UserError(
    ExitCode.data,
    `${name}: y: expected numbers, as the targets of the model are; found classes such as ${quote(first)}`,
  );
}

/** Keras expands targets of shape (N,) to (N, 1). */
function expanded({ shape, values }: NdArray): NdArray {
  return { shape: shape.length === 1 ? [shape[0], 1] : shape, values };
}

/** The contract of arrays with classes: the numbers of a row by position, and what the classes are called. */
function contractFor(x: NdArray, classes: readonly string[]): Columns {
  const width = sizeOf(x.shape.slice(1));
  const at = (index: number) => ({ name: String(index + 1), position: index + 1 });
  return {
    header: false,
    features: Array.from({ length: width }, (_, index) => ({ ...at(index), kind: 'number' })),
    targets: [{ ...at(width), kind: 'class', classes }],
  };
}
