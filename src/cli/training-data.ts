/** The rows to learn from, or to validate with: a table or JSON arrays, in one shape. */
import { TextBatch } from '../data/batch.ts';
import { CellProblems } from '../data/cell-problems.ts';
import { USUAL_SYNTAX } from '../data/cell-syntax.ts';
import { type Columns, isPlain, type NumericInput, type TargetColumn } from '../data/columns.ts';
import { encodeArray } from '../data/encode-array.ts';
import { readTrainingArrays, type TrainingArrays } from '../data/json-arrays.ts';
import { elementsOf, type TableRows } from '../data/row.ts';
import { splitRows } from '../data/split.ts';
import { type SplitWish, splitRule } from '../data/split-wish.ts';
import { ColumnSurvey } from '../data/survey.ts';
import { readTable, type Table, type TableOptions, type TablePart } from '../data/table.ts';
import { partOfRows, splitNote } from '../data/table-parts.ts';
import { targetEncoder } from '../data/target-encoder.ts';
import { decideTarget, type TargetMode } from '../data/targets.ts';
import { ExitCode, UserError } from '../errors.ts';
import { shortestFloat32 } from '../float32.ts';
import { type NdArray, sizeOf } from '../ndarray.ts';
import type { JsonValue } from '../spec/json.ts';
import type { TargetKind } from '../spec/spec-from-data.ts';
import { quote } from '../words.ts';
import { type DataInput, openData } from './data-input.ts';
import type { SaidFormat } from './input-format.ts';
import type { Io } from './io.ts';

/** How data are to be read. */
export interface DataOptions extends SaidFormat, TableOptions {}

/** Rows with their targets. */
export interface TrainingData extends TablePart {
  /** The file, for messages. */
  readonly name: string;
  readonly target: TargetKind;
  /** What later commands have to know of the columns; null for arrays of numbers. */
  readonly columns: Columns | null;
  readonly form: 'table' | 'arrays';
  /** Rows to validate with, where the split gives some. */
  readonly validation: TablePart | null;
  /** Of a table: the header, if there is one, and the rows that are kept aside. */
  readonly test: Table['test'];
  /** What was decided about the file and may surprise: lines for people. */
  readonly notes: readonly string[];
  /** A line about columns of very different size; null where there are none. */
  readonly scaleHint: string | null;
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
  const input = await openInput(io, paths, options);
  if ('rows' in input) return readTableData(input.rows, options);
  if ('json' in input) return readArrays(input.json, input.name, options);
  throw new Error('arrays of numbers are tables in training');
}

function openInput(io: Io, paths: readonly string[], options: DataOptions): Promise<DataInput> {
  const contract = contractOf(options.columns);
  const later = contract === null ? undefined : { columns: contract };
  return openData(io, paths, { ...options, later });
}

/**
 * The rows of a table that is not trained on.
 *
 * @throws {UserError} exit 3 for arrays, which have no columns, and as `readTrainingData`
 */
export async function openTable(
  io: Io,
  paths: readonly string[],
  options: DataOptions,
): Promise<TableRows> {
  const input = await openInput(io, paths, options);
  if ('rows' in input) return input.rows;
  throw new UserError(
    ExitCode.data,
    `${input.name}: expected a table; found JSON arrays`,
    'arrays are numbers and have no columns to decide about',
  );
}

function contractOf(columns: DataOptions['columns']): Columns | null {
  return 'contract' in columns ? columns.contract : null;
}

async function readTableData(rows: TableRows, options: DataOptions): Promise<TrainingData> {
  const table = await readTable(rows, options);
  return {
    ...table,
    name: rows.places.name,
    target: kindOf(table.columns.targets),
    form: 'table',
    notes: [...rows.notes(), ...table.notes],
  };
}

/** What a contract says of the targets. */
export function kindOf(targets: readonly TargetColumn[]): TargetKind {
  const [first] = targets;
  if (targets.length === 1 && first.kind === 'class') {
    return { kind: 'class', classes: first.classes };
  }
  return { kind: 'number', outputs: targets.length };
}

function readArrays(value: JsonValue, name: string, options: DataOptions): TrainingData {
  return divided(fromArrays(readTrainingArrays(value, name), options, name), options.split);
}

function fromArrays(arrays: TrainingArrays, { columns }: DataOptions, name: string): TrainingData {
  if ('contract' in columns) {
    return withContract(arrays, columns.contract, name, columns.inOwnUnits === true);
  }
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
const ARRAYS = {
  form: 'arrays',
  validation: null,
  test: null,
  notes: [],
  scaleHint: null,
} as const;

/** Arrays as the split wants them; they have classes but no columns. */
function divided(data: TrainingData, wish: SplitWish | undefined): TrainingData {
  if (!wish) return data;
  if (wish.test > 0) {
    throw new UserError(
      ExitCode.usage,
      `--test-split: expected a table, whose rows can be written; found the arrays of ${data.name}`,
    );
  }
  const { target, y, rows } = data;
  const keys = {
    classOf: target.kind === 'class' ? (row: number) => y.values[row] : null,
    wordOf: null,
    label: '',
  };
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  const parts = splitRows(all, splitRule(wish, keys), wish, wish.source);
  const training = partOfRows(data, parts.training);
  const validation = partOfRows(data, parts.validation);
  const notes = splitNote(wish, { training, validation, test: null }, data.columns?.targets ?? []);
  return { ...data, ...training, validation, notes: [...data.notes, ...notes] };
}

/** The arrays of a first training: texts, and few whole numbers if nobody said what they are, are classes. */
function withMode(arrays: TrainingArrays, mode: TargetMode, name: string): TrainingData {
  const { x, sampleWeight } = arrays;
  const y = expanded(arrays.y);
  const coded = arrays.classes ? { classes: arrays.classes, y } : fewClasses(y, mode, name);
  const rest = { name, rows: x.shape[0], x, sampleWeight, ...ARRAYS };
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
  const cells = Array.from(values, (value, line) => ({ line, cells: [shortestFloat32(value)] }));
  const survey = new ColumnSurvey(0, USUAL_SYNTAX);
  survey.add(new TextBatch(cells, USUAL_SYNTAX));
  const rows = Uint32Array.from({ length: shape[0] }, (_, row) => row);
  const { at } = elementsOf(source);
  const heading = { source, at, line: 0, header: false, names: ['y'] };
  const decided = decideTarget(
    survey.finish(),
    { mode, scaling: 'none', isOneOfSeveral: false },
    { source, at, label: 'y', index: 0 },
    { kept: rows, training: rows },
    USUAL_SYNTAX,
    new CellProblems(heading),
  );
  if (decided.column.kind === 'number') return undefined;
  return { y: { shape, values: decided.valuesOf(rows) }, classes: decided.column.classes };
}

/** Arrays for a model whose columns are settled: they go by position. */
function withContract(
  arrays: TrainingArrays,
  contract: Columns,
  name: string,
  inOwnUnits: boolean,
): TrainingData {
  const { classes, sampleWeight } = arrays;
  const x = isPlain(contract) ? arrays.x : encodeArray(arrays.x, contract, `${name}: x`);
  const y = expanded(arrays.y);
  const { targets } = contract;
  const target = kindOf(targets);
  const rest = { name, rows: x.shape[0], x, sampleWeight, target, columns: contract, ...ARRAYS };
  if (!classes && target.kind === 'class' && !areIndices(target.classes)) {
    return { ...rest, y: codedNumbers(y, targets[0], name) };
  }
  if (!classes) return { ...rest, y: inOwnUnits ? y : scaledTargets(y, targets) };
  if (target.kind === 'number') throw noTexts(name, classes[0]);
  const encode = targetEncoder(targets[0], USUAL_SYNTAX, inOwnUnits);
  const found = classes.map(encode);
  const problems = [...y.values].flatMap((code, row) => {
    const value = found[code];
    return typeof value === 'number' ? [] : [`${name}: y[${row}]: ${value.problem}`];
  });
  if (problems.length > 0) throw new UserError(ExitCode.data, problems);
  const values = y.values.map((code) => Number(found[code]));
  return { ...rest, y: { shape: y.shape, values } };
}

/** Whether the classes are called by their indices, so that a number is its class. */
function areIndices(classes: readonly string[]): boolean {
  return classes.every((name, index) => name === String(index));
}

/** Numbers that are names of classes, as in the first training. */
function codedNumbers({ shape, values }: NdArray, target: TargetColumn, name: string): NdArray {
  const encode = targetEncoder(target, USUAL_SYNTAX, false);
  const found = Array.from(values, (value) => encode(shortestFloat32(value)));
  const problems = found.flatMap((value, row) =>
    typeof value === 'number' ? [] : [`${name}: y[${row}]: ${value.problem}`],
  );
  if (problems.length > 0) throw new UserError(ExitCode.data, problems);
  return { shape, values: Float32Array.from(found, Number) };
}

/** Numbers as the network learns them. */
function scaledTargets(y: NdArray, targets: readonly TargetColumn[]): NdArray {
  const scales = targets.map((target): NumericInput => (target.kind === 'number' ? target : {}));
  if (scales.every(({ shift, scale }) => shift === undefined && scale === undefined)) return y;
  const values = y.values.map((value, i) => {
    const { shift = 0, scale = 1 } = scales[i % scales.length];
    return (value - shift) / scale;
  });
  return { shape: y.shape, values };
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
