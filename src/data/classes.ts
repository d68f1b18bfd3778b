/** Texts to class indices: which classes there are, in which order, and which cell is which. */
import { nearest, quote } from '../words.ts';
import { listNames } from './columns.ts';
import { parseNumber } from './number.ts';

/** More classes than this are taken for a mistake: a network has an output unit for each. */
export const MAX_CLASSES = 10_000;

/** Numbers from here on may be equal as doubles though their digits differ. */
const MAX_EXACT = 2 ** 53;

/** The classes in order, and the class index of each distinct text. */
interface ClassCoding {
  readonly classes: readonly string[];
  /** In the order of the texts given. */
  readonly indices: readonly number[];
}

/**
 * What makes two cells the same class: the number where all are numbers (`1` and `1.0`), the text
 * as it is otherwise. Numbers too large to be exact are compared as text.
 */
function classKey(text: string, numeric: boolean): string {
  const value = numeric ? parseNumber(text) : undefined;
  return value === undefined || Math.abs(value) >= MAX_EXACT ? text : String(value);
}

/**
 * Classes of a target column.
 *
 * All numbers: in rising order. Whole numbers from 0 on are class indices already (Keras's sparse
 * labels) and are kept as they are, so that the classes are `0`, `1`, … up to the largest; with
 * `sparse` (a loss over class indices was asked for) even where most of these never occur. Other
 * texts: by code unit. A class is called what its first cell says.
 *
 * @param texts  distinct texts in the order of their first cell
 */
export function codeClasses(texts: readonly string[], sparse: boolean): ClassCoding {
  const numeric = texts.every((text) => parseNumber(text) !== undefined);
  const names = new Map<string, string>();
  for (const text of texts) {
    const key = classKey(text, numeric);
    if (!names.has(key)) names.set(key, text);
  }
  const keys = [...names.keys()];
  if (numeric && areIndices(keys.map(Number), sparse)) {
    const classes = Array.from({ length: Math.max(...keys.map(Number)) + 1 }, (_, i) => String(i));
    return { classes, indices: texts.map(Number) };
  }
  keys.sort(numeric ? byNumber : byCodeUnit);
  const places = new Map(keys.map((key, index) => [key, index]));
  return {
    classes: keys.map((key) => names.get(key) ?? key),
    indices: texts.map((text) => places.get(classKey(text, numeric)) ?? -1),
  };
}

function areIndices(values: readonly number[], sparse: boolean): boolean {
  if (!values.includes(0) || !values.every((value) => Number.isInteger(value) && value >= 0)) {
    return false;
  }
  const count = values.reduce((most, value) => Math.max(most, value), 0) + 1;
  return count <= (sparse ? MAX_CLASSES : 2 * values.length);
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b) || byCodeUnit(a, b);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Finds the class index of a cell among classes that are settled. */
export class ClassLookup {
  readonly #numeric: boolean;
  readonly #places: ReadonlyMap<string, number>;
  readonly #classes: readonly string[];

  constructor(classes: readonly string[]) {
    this.#classes = classes;
    this.#numeric = classes.every((text) => parseNumber(text) !== undefined);
    this.#places = new Map(classes.map((name, index) => [classKey(name, this.#numeric), index]));
  }

  /** The class index, or undefined for a class that is not among them. */
  find(cell: string): number | undefined {
    return this.#places.get(classKey(cell, this.#numeric));
  }

  /** "expected …; found …" for a cell that is no class. */
  describeUnknown(cell: string): string {
    const near = nearest(cell, this.#classes);
    const hint = near === undefined ? '' : ` (did you mean ${quote(near)}?)`;
    return `expected one of the classes ${listNames(this.#classes)}; found ${quote(cell)}${hint}`;
  }
}
