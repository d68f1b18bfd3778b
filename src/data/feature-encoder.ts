/** One feature of the contract: cells of its column to the inputs that they are. */
import { nearest, quote } from '../words.ts';
import { hasDecimalComma, SAY_DECIMAL_COMMA } from './cell-problems.ts';
import type { CellSyntax } from './cell-syntax.ts';
import { categoryKey, listCategories } from './classes.ts';
import {
  type BooleanFeature,
  type CategoryFeature,
  type DateFeature,
  type FeatureColumn,
  inputsOf,
  type NumberFeature,
  type NumericInput,
} from './columns.ts';
import { parseDate, partOf } from './dates.ts';
import { describeNotNumber } from './number.ts';

/** What is wrong with a cell: "expected …; found …", and what to do about it. */
export interface CellProblem {
  readonly problem: string;
  readonly remedy: string;
}

/**
 * What there is to say of a cell: nothing where it was taken as it is; a missing value was filled in; a
 * category that training never saw was taken for none; or what is wrong with it.
 */
export type CellOutcome = undefined | 'filled' | 'unseen' | CellProblem;

/** Writes the inputs of one feature. */
export interface FeatureEncoder {
  /** How many numbers it writes. */
  readonly width: number;
  /** Whether rows in which the value is missing are left out. */
  readonly drops: boolean;
  /**
   * How the only input is made of a number that is not missing: `(number − shift) / scale`; null where
   * there are others, or they are made otherwise.
   */
  readonly scaling: Required<Pick<NumericInput, 'shift' | 'scale'>> | null;
  /** Writes the inputs that a cell's text means at `out[at]` …; zeros where it returns a problem. */
  text(cell: string, out: Float32Array, at: number): CellOutcome;
  /** The same for a number (a moment for dates) that was read already; NaN where it is missing. */
  value(value: number, out: Float32Array, at: number): CellOutcome;
}

/** The encoder of a feature. */
export function featureEncoder(feature: FeatureColumn, syntax: CellSyntax): FeatureEncoder {
  switch (feature.kind) {
    case 'number':
      return new NumericEncoder(feature, [scaled(feature)], syntax, numberReader(feature, syntax));
    case 'boolean':
      return new NumericEncoder(feature, [scaled(feature)], syntax, booleanReader(feature));
    case 'date':
      return new NumericEncoder(feature, feature.parts.map(datePart), syntax, dateReader);
    case 'category':
      return new CategoryEncoder(feature, syntax);
  }
}

/** A number in a cell, or what was expected there. */
type ValueReader = (cell: string) => number | CellProblem;

/** What a value gives one input. */
type InputOfValue = (value: number) => number;

/** What to do where nothing better is known. */
export const CORRECT = 'correct the cells, or leave the rows out of the file';

const numberReader =
  ({ missing }: NumberFeature, syntax: CellSyntax): ValueReader =>
  (cell) =>
    syntax.number(cell) ?? {
      problem: `expected a number; found ${describeNotNumber(cell)}`,
      remedy: remedyFor(cell, missing !== undefined && missing !== 'drop'),
    };

/** Unlike at a first training, nothing can be decided anew about the column. */
function remedyFor(cell: string, isFilled: boolean): string {
  if (hasDecimalComma(cell)) return SAY_DECIMAL_COMMA;
  return isFilled && !cell.includes(',')
    ? `if it stands for a missing value, say --na ${quote(cell.trim())}`
    : CORRECT;
}

const booleanReader =
  ({ values }: BooleanFeature): ValueReader =>
  (cell) => {
    const index = values.indexOf(cell.trim().toLowerCase());
    if (index !== -1) return index;
    const problem = `expected ${values.map(quote).join(' or ')}; found ${quote(cell)}`;
    return { problem, remedy: CORRECT };
  };

const dateReader: ValueReader = (cell) =>
  parseDate(cell) ?? { problem: `expected a date; found ${quote(cell)}`, remedy: CORRECT };

function scaled({ fill, shift = 0, scale = 1 }: NumericInput): InputOfValue {
  if (scale === 1 && shift === 0 && fill === undefined) return (value) => value;
  return (value) => ((Number.isNaN(value) ? (fill ?? 0) : value) - shift) / scale;
}

function datePart(part: DateFeature['parts'][number]): InputOfValue {
  const input = scaled(part);
  return (moment) => input(partOf(moment, part.part));
}

/** One value, be it a number, a word or a date, and the inputs that are made of it. */
class NumericEncoder implements FeatureEncoder {
  readonly width: number;
  readonly drops: boolean;
  readonly scaling: FeatureEncoder['scaling'];
  readonly #inputs: readonly InputOfValue[];
  readonly #feature: NumberFeature | BooleanFeature | DateFeature;
  readonly #syntax: CellSyntax;
  readonly #read: ValueReader;

  constructor(
    feature: NumberFeature | BooleanFeature | DateFeature,
    inputs: readonly InputOfValue[],
    syntax: CellSyntax,
    read: ValueReader,
  ) {
    this.width = inputsOf(feature);
    this.drops = feature.missing === 'drop';
    const { kind } = feature;
    this.scaling =
      kind !== 'date' && this.width === 1
        ? { shift: feature.shift ?? 0, scale: feature.scale ?? 1 }
        : null;
    this.#inputs = inputs;
    this.#feature = feature;
    this.#syntax = syntax;
    this.#read = read;
  }

  text(cell: string, out: Float32Array, at: number): CellOutcome {
    if (this.#syntax.isMissing(cell)) return this.#missing(cell, out, at);
    const value = this.#read(cell);
    if (typeof value === 'number') return this.value(value, out, at);
    out.fill(0, at, at + this.width);
    return value;
  }

  value(value: number, out: Float32Array, at: number): CellOutcome {
    if (Number.isNaN(value)) return this.#missing('', out, at);
    return this.#write(value, out, at);
  }

  #write(value: number, out: Float32Array, at: number): undefined {
    const inputs = this.#inputs;
    for (let i = 0; i < inputs.length; i++) out[at + i] = inputs[i](value);
    if (inputs.length < this.width) out[at + inputs.length] = Number.isNaN(value) ? 1 : 0;
  }

  #missing(cell: string, out: Float32Array, at: number): CellOutcome {
    const { kind, missing } = this.#feature;
    if (missing !== undefined && missing !== 'drop') {
      this.#write(Number.NaN, out, at);
      return 'filled';
    }
    out.fill(0, at, at + this.width);
    const expected = kind === 'number' ? 'a number' : kind === 'date' ? 'a date' : 'yes or no';
    return missingProblem(expected, cell, this.drops);
  }
}

function missingProblem(expected: string, cell: string, drops: boolean): CellProblem {
  const found = cell.trim() === '' ? 'an empty cell' : `${quote(cell)}, a missing value`;
  return {
    problem: `expected ${expected}; found ${found}`,
    remedy: drops
      ? 'the model was trained without rows in which it is missing (--missing drop)'
      : 'fill missing values when training: --missing mean (median, mode, indicator)',
  };
}

/** A category, and the input that is 1 for it. */
class CategoryEncoder implements FeatureEncoder {
  readonly width: number;
  readonly drops: boolean;
  readonly scaling = null;
  readonly #places: ReadonlyMap<string, number>;
  readonly #key: (cell: string) => string;
  readonly #feature: CategoryFeature;
  readonly #syntax: CellSyntax;

  constructor(feature: CategoryFeature, syntax: CellSyntax) {
    this.width = inputsOf(feature);
    this.drops = feature.missing === 'drop';
    this.#feature = feature;
    this.#syntax = syntax;
    this.#key = categoryKey(feature.categories, syntax);
    this.#places = new Map(feature.categories.map((name, index) => [this.#key(name), index]));
  }

  text(cell: string, out: Float32Array, at: number): CellOutcome {
    out.fill(0, at, at + this.width);
    const { categories, missing, fill, unknown } = this.#feature;
    if (this.#syntax.isMissing(cell)) {
      if (missing === 'category') {
        out[at + categories.length] = 1;
        return undefined;
      }
      if (missing === 'mode' && fill !== undefined) {
        out[at + categories.indexOf(fill)] = 1;
        return 'filled';
      }
      return unknown === 'other' && !this.drops ? 'unseen' : this.#unknown(cell);
    }
    const index = this.#places.get(this.#key(cell));
    if (index === undefined) return unknown === 'other' ? 'unseen' : this.#unknown(cell);
    out[at + index] = 1;
    return undefined;
  }

  /** Only the numbers of other kinds are read before anybody knows the kind. */
  value(value: number, out: Float32Array, at: number): CellOutcome {
    return this.text(Number.isNaN(value) ? '' : String(value), out, at);
  }

  #unknown(cell: string): CellProblem {
    const { categories } = this.#feature;
    if (this.#syntax.isMissing(cell)) return missingProblem('a category', cell, this.drops);
    const near = nearest(cell, categories);
    const hint = near === undefined ? '' : ` (did you mean ${quote(near)}?)`;
    return {
      problem: `expected one of ${listCategories(categories)}; found ${quote(cell)}${hint}`,
      remedy:
        'to take what training never saw for none of them, train with --unknown-category other',
    };
  }
}
