/** Texts to class indices: which classes there are, in which order, and which cell is which. */
import { nearest, quote } from '../words.ts';
import { type CellSyntax, USUAL_SYNTAX } from './cell-syntax.ts';
import { listNames } from './heading.ts';

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

/** Reads a number, as `CellSyntax.number`. */
type NumberReader = CellSyntax['number'];

/**
 * What makes two cells the same class: the number where all are numbers (`1` and `1.0`), the text
 * as it is otherwise. Numbers too large to be exact are compared as text.
 */
function classKey(text: string, number: NumberReader | null): string {
  const value = number?.(text);
  return value === undefined || Math.abs(value) >= MAX_EXACT ? text : String(value);
}

/** The reader where all texts are numbers, else null. */
function numeric(texts: readonly string[], { number }: CellSyntax): NumberReader | null {
  return texts.every((text) => number(text) !== undefined) ? number : null;
}

/** What makes a cell one of these categories: the keys are equal. */
export function categoryKey(
  categories: readonly string[],
  syntax: CellSyntax,
): (cell: string) => string {
  const number = numeric(categories, syntax);
  return (cell) => classKey(cell, number);
}

/**
 * The categories among texts, each by its first text: in rising order where all are numbers, else by
 * code unit.
 */
export function orderCategories(texts: readonly string[], syntax: CellSyntax): readonly string[] {
  return namesInOrder(texts, numeric(texts, syntax)).map(([, name]) => name);
}

/** Keys and names of the different classes, in order. */
function namesInOrder(
  texts: readonly string[],
  number: NumberReader | null,
): readonly (readonly [key: string, name: string])[] {
  const names = new Map<string, string>();
  for (const text of texts) {
    const key = classKey(text, number);
    if (!names.has(key)) names.set(key, text);
  }
  const order = number ? byNumber : byCodeUnit;
  return [...names].sort(([a], [b]) => order(a, b));
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
export function codeClasses(
  texts: readonly string[],
  sparse: boolean,
  syntax: CellSyntax = USUAL_SYNTAX,
): ClassCoding {
  const number = numeric(texts, syntax);
  const names = namesInOrder(texts, number);
  const values = number && names.map(([key]) => Number(key));
  if (values && areIndices(values, sparse)) {
    const classes = Array.from({ length: Math.max(...values) + 1 }, (_, i) => String(i));
    return { classes, indices: texts.map((text) => Number(classKey(text, number))) };
  }
  const places = new Map(names.map(([key], index) => [key, index]));
  return {
    classes: names.map(([, name]) => name),
    indices: texts.map((text) => places.get(classKey(text, number)) ?? -1),
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

/** A few categories of a list, for messages. */
export function listCategories(categories: readonly string[]): string {
  return `the categories ${listNames(categories)}`;
}

/** Finds the class index of a cell among classes that are settled. */
export class ClassLookup {
  readonly #key: (cell: string) => string;
  readonly #places: ReadonlyMap<string, number>;
  readonly #classes: readonly string[];

  constructor(classes: readonly string[], syntax: CellSyntax = USUAL_SYNTAX) {
    this.#classes = classes;
    this.#key = categoryKey(classes, syntax);
    this.#places = new Map(classes.map((name, index) => [this.#key(name), index]));
  }

  /** The class index, or undefined for a class that is not among them. */
  find(cell: string): number | undefined {
    return this.#places.get(this.#key(cell));
  }

  /** "expected …; found …" for a cell that is no class. */
  describeUnknown(cell: string): string {
    const near = nearest(cell, this.#classes);
    const hint = near === undefined ? '' : ` (did you mean ${quote(near)}?)`;
    return `expected one of the classes ${listNames(this.#classes)}; found ${quote(cell)}${hint}`;
  }
}
