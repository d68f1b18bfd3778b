/**
 * The target columns of a training table: numbers, or classes and which. Decides, where nobody said,
 * whether a target is a number or a class.
 */
import { ExitCode, UserError } from '../errors.ts';
import { quote } from '../words.ts';
import { type CellProblems, hasDecimalComma, SAY_DECIMAL_COMMA } from './cell-problems.ts';
import type { CellSyntax } from './cell-syntax.ts';
import { categoryKey, codeClasses, MAX_CLASSES } from './classes.ts';
import { numbersOf, profileOf, type RowSelection } from './column-profile.ts';
import type { NumericInput } from './columns.ts';
import type { DecidingRows } from './decide-features.ts';
import { describeNotNumber } from './number.ts';
import { scalingOf, trainingNumbers } from './scaling.ts';
import { momentsOf } from './statistics.ts';
import { areNumbers, type SurveyedColumn } from './survey.ts';

/**
 * What the loss wants of a target. `auto`: text is a class; numbers are classes if they are whole,
 * at most 20 different ones, and no more than two or a tenth of the rows; else they are numbers.
 */
export type TargetMode = 'auto' | 'number' | 'class';

/**
 * Whether numbers are learnt as `(x − mean) / deviation`; `auto`: where they are far from 0, or of quite
 * another size than 1.
 */
export type TargetScaling = 'none' | 'auto' | 'zscore';

/** `auto` takes at most this many different whole numbers for classes. */
const MAX_AUTO_CLASSES = 20;

/** Numbers within ten times the usual size are learnt without help. */
const USUAL_SIZE = 10;

/** What is said of a target. */
export interface TargetWish {
  readonly mode: TargetMode;
  readonly scaling: TargetScaling;
  /** Whether it is one of several, which are numbers. */
  readonly isOneOfSeveral: boolean;
}

/** Where a column is, for messages: the file, and `column "age"`. */
export interface TargetPlace {
  readonly source: string;
  /** What messages call the place of any row. */
  at(line: number): string;
  readonly label: string;
  /** From 0. */
  readonly index: number;
}

/** What became of a column: what the contract says of it, and the value of any row. */
export interface DecidedTarget {
  readonly column:
    | ({ readonly kind: 'number' } & Pick<NumericInput, 'shift' | 'scale'>)
    | { readonly kind: 'class'; readonly classes: readonly string[] };
  /** Class indices, or scaled numbers, of the rows, as float32. */
  valuesOf(rows: RowSelection): Float32Array;
}

/** What to do about a target that is text in few rows. */
export const CORRECT = 'correct the cells, or leave the rows out of the file';

/** What to do where texts meet a loss over numbers. */
export const FOR_CLASSES =
  'the loss wants numbers; for classes choose sparse_categorical_crossentropy, or binary_crossentropy for two';

const FOR_ONE = 'several targets are numbers; classes are for one target alone';

/**
 * Decides about a target column.
 *
 * @param problems  gets the cells that are no numbers where they should be
 * @throws {UserError} exit 3 where the column as a whole is no target
 */
export function decideTarget(
  column: SurveyedColumn,
  wish: TargetWish,
  place: TargetPlace,
  rows: DecidingRows,
  syntax: CellSyntax,
  problems: CellProblems,
): DecidedTarget {
  const { mode, isOneOfSeveral } = wish;
  const texts = profileOf(column, rows.kept, syntax).texts;
  if (
    isOneOfSeveral ||
    mode === 'number' ||
    (mode === 'auto' && areAllNumbers(column, texts, rows.kept, syntax))
  ) {
    const ifText = isOneOfSeveral ? FOR_ONE : mode === 'number' ? FOR_CLASSES : CORRECT;
    const remedy = column.texts.count > column.numbers ? ifText : CORRECT;
    const problem = (cell: string) => `expected a number; found ${describeNotNumber(cell)}`;
    problems.addNoted(place.index, column.texts, problem, () => remedy);
    return numberTarget(column, wish.scaling, rows, syntax);
  }
  if (texts === null || texts.length > MAX_CLASSES) throw tooMany(place);
  if (mode === 'auto') checkText(column, texts, rows.kept.length, place);
  return classTarget(column, texts, mode === 'class', place, syntax);
}

/** What rows of one class have in common, however it is spelt; null where the target is a number. */
export function classKeys(
  column: SurveyedColumn,
  rows: RowSelection,
  mode: TargetMode,
  syntax: CellSyntax,
): ((row: number) => string) | null {
  const { values } = column;
  const { texts } = profileOf(column, rows, syntax);
  const isNumber =
    mode === 'number' || (mode === 'auto' && areAllNumbers(column, texts, rows, syntax));
  if (values.form !== 'codes' || isNumber) return null;
  const keys = values.texts.map(categoryKey(texts ?? [], syntax));
  return (row) => keys[values.codes[row]];
}

/** Whether numbers are no classes: not whole, or many. */
function areAllNumbers(
  column: SurveyedColumn,
  texts: readonly string[] | null,
  kept: RowSelection,
  { number }: CellSyntax,
): boolean {
  if (texts === null) return column.values.form === 'numbers';
  const values = texts.map((text) => number(text));
  if (values.includes(undefined)) return false;
  const different = [...new Set(values)];
  const few = Math.min(MAX_AUTO_CLASSES, Math.max(2, kept.length / 10));
  return different.length > few || !different.every(Number.isInteger);
}

function numberTarget(
  column: SurveyedColumn,
  scaling: TargetScaling,
  { training }: DecidingRows,
  { number }: CellSyntax,
): DecidedTarget {
  const read = (text: string) => number(text) ?? Number.NaN;
  const all = (rows: RowSelection) =>
    column.values.form === 'free text'
      ? new Float64Array(rows.length)
      : numbersOf(column, rows, read);
  const scaled = scaling === 'none' ? {} : scalingFor(all(training), scaling);
  const { shift = 0, scale = 1 } = scaled;
  return {
    column: { kind: 'number', ...scaled },
    valuesOf: (rows) => scaledBy(all(rows), shift, scale),
  };
}

function scaledBy(values: Float64Array, shift: number, scale: number): Float32Array {
  const scaled = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) scaled[i] = (values[i] - shift) / scale;
  return scaled;
}

function scalingFor(
  values: Float64Array,
  scaling: TargetScaling,
): Pick<NumericInput, 'shift' | 'scale'> {
  const numbers = trainingNumbers(values);
  if (numbers.present.length === 0) return {};
  const { mean, deviation } = momentsOf(numbers.present);
  const isUsual =
    Math.abs(mean) <= USUAL_SIZE && deviation <= USUAL_SIZE && deviation >= 1 / USUAL_SIZE;
  return scaling === 'auto' && isUsual ? {} : scalingOf(numbers, undefined, 'zscore');
}

function classTarget(
  { values }: SurveyedColumn,
  texts: readonly string[],
  sparse: boolean,
  place: TargetPlace,
  syntax: CellSyntax,
): DecidedTarget {
  if (values.form !== 'codes') throw tooMany(place);
  const { classes, indices } = codeClasses(texts, sparse, syntax);
  if (new Set(indices).size < 2) throw oneClass(place, classes[indices[0]]);
  const indexOf = new Map(texts.map((text, i) => [text, indices[i]]));
  const byCode = values.texts.map((text) => indexOf.get(text) ?? -1);
  return {
    column: { kind: 'class', classes },
    valuesOf: (rows) => Float32Array.from(rows, (row) => byCode[values.codes[row]]),
  };
}

/** Text among numbers, and text that is another in every row, are no classes. */
function checkText(
  column: SurveyedColumn,
  texts: readonly string[],
  rows: number,
  { source, at, label }: TargetPlace,
): void {
  const [first] = column.texts.first;
  if (first && areNumbers(column)) {
    const most = column.numbers > column.texts.count ? ' as in most rows' : '';
    throw new UserError(
      ExitCode.data,
      `${at(first.line)} ${label}: expected a number${most}; found ${quote(first.cell)}`,
      hasDecimalComma(first.cell)
        ? SAY_DECIMAL_COMMA
        : 'correct the cell, or leave the row out; for classes, choose a loss for classes',
    );
  }
  if (first && texts.length === rows && rows > MAX_AUTO_CLASSES) {
    throw new UserError(
      ExitCode.data,
      `${source} ${label}: expected numbers or classes as target; found another text in each row`,
      'name the target column: --target NAME',
    );
  }
}

function oneClass({ source, label }: TargetPlace, name: string): UserError {
  return new UserError(
    ExitCode.data,
    `${source} ${label}: expected at least two classes; found only ${quote(name)}`,
    'name another target column, or give rows of other classes',
  );
}

function tooMany({ source, label }: TargetPlace): UserError {
  return new UserError(
    ExitCode.data,
    `${source} ${label}: expected at most ${MAX_CLASSES} classes; found more`,
    'name another target column, or choose a loss for numbers',
  );
}
