/**
 * Parsed JSON to arrays: `{"x": …, "y": …}` for training, nested arrays for prediction. Any rank;
 * every number must be one that float32 can hold. JSON text is parsed elsewhere.
 */
import { ExitCode, UserError } from '../errors.ts';
import { isObject } from '../is-object.ts';
import type { NdArray } from '../ndarray.ts';
import { describe, nearest, quote } from '../words.ts';
import { codeClasses } from './classes.ts';
import { float32List } from './number-list.ts';

/** Arrays nested deeper than this are no data (NumPy's own limit is 64). */
export const MAX_RANK = 64;

/** Where an array stands, for messages, and the exit code of its mistakes. */
interface ArrayPlace {
  /** The file, or the option. */
  readonly source: string;
  /** What opens the path of an element: `x` gives `x[3][1]`; empty gives `[3][1]`. */
  readonly path: string;
  readonly exitCode?: ExitCode;
}

/** Training data: as many rows in `x` as in `y`. */
export interface TrainingArrays {
  /** [rows, …] */
  readonly x: NdArray;
  /** [rows, …] numbers as given; [rows, 1] class indices where `classes` is not null. */
  readonly y: NdArray;
  /** The classes of a `y` of texts, in order; null for numbers. */
  readonly classes: readonly string[] | null;
  /** [rows, …]: what each row counts for; null where all count alike. */
  readonly sampleWeight: NdArray | null;
}

const KEYS = ['x', 'y'] as const;
/** What may stand beside them. */
const WEIGHT_KEY = 'sample_weight';

/**
 * The arrays of `{"x": …, "y": …}`, and of `sample_weight` where there is one. A `y` that is a list of
 * texts is classes, coded as in a table.
 *
 * @param value  as `JSON.parse` gives it
 * @param source  the file, for messages
 * @throws {UserError} exit 3 with the place of what does not fit
 */
export function readTrainingArrays(value: unknown, source: string): TrainingArrays {
  const entries = readEntries(value, source);
  for (const key of KEYS) {
    if (!entries.has(key)) {
      throw new UserError(
        ExitCode.data,
        `${source}: expected the keys "x" and "y"; found no ${quote(key)}`,
      );
    }
  }
  const x = readRows(entries.get('x'), { source, path: 'x' });
  const labels = readLabels(entries.get('y'), source);
  const { y, classes } = labels
    ? codeLabels(labels, source)
    : { y: readRows(entries.get('y'), { source, path: 'y' }), classes: null };
  checkRows('y', y, x, source);
  const given = entries.get(WEIGHT_KEY);
  const sampleWeight = given === undefined ? null : readRows(given, { source, path: WEIGHT_KEY });
  if (sampleWeight) checkRows(WEIGHT_KEY, sampleWeight, x, source);
  return { x, y, classes, sampleWeight };
}

function checkRows(key: string, { shape: [rows] }: NdArray, x: NdArray, source: string): void {
  if (rows === x.shape[0]) return;
  throw new UserError(
    ExitCode.data,
    `${source}: expected as many rows in ${key} as in x; found ${rows} in ${key}, ${x.shape[0]} in x`,
  );
}

/**
 * The inputs of a prediction: nested arrays, or the `x` of `{"x": …}`, whose `y` is left alone.
 * A flat list is returned as it is, with rank 1; only the network tells whether it is one row.
 *
 * @throws {UserError} exit 3 with the place of what does not fit
 */
export function readInputArray(value: unknown, source: string): NdArray {
  if (!isObject(value)) {
    return readRows(value, { source, path: '' });
  }
  const entries = readEntries(value, source);
  if (!entries.has('x')) {
    throw new UserError(
      ExitCode.data,
      `${source}: expected an array, or an object with the key "x"; found none`,
    );
  }
  return readRows(entries.get('x'), { source, path: 'x' });
}

/**
 * Nested arrays of numbers, or one number (shape `[]`), as float32.
 *
 * @throws {UserError} exit 3 (or the place's code) for arrays of unequal length, anything but
 *   numbers, numbers beyond float32, and arrays nested deeper than `MAX_RANK`
 */
export function readNdArray(value: unknown, place: ArrayPlace): NdArray {
  const shape: number[] = [];
  let inner = value;
  while (Array.isArray(inner)) {
    shape.push(inner.length);
    if (shape.length > MAX_RANK) throw fail(place, [], `at most ${MAX_RANK} axes`, 'more');
    inner = inner.at(0);
  }
  const flattener = new Flattener(place, shape);
  flattener.add(value, 0);
  return { shape, values: flattener.finish() };
}

/** The first axis is rows: an array, and not an empty one. */
function readRows(value: unknown, place: ArrayPlace): NdArray {
  if (!Array.isArray(value)) throw fail(place, [], 'an array', describe(value));
  const array = readNdArray(value, place);
  if (array.values.length > 0) return array;
  throw fail(place, [], 'at least one number', 'an empty array');
}

function readEntries(value: unknown, source: string): ReadonlyMap<string, unknown> {
  if (!isObject(value)) {
    const problem = `${source}: expected an object with the keys "x" and "y"; found ${describe(value)}`;
    throw new UserError(ExitCode.data, problem);
  }
  const entries = new Map<string, unknown>(Object.entries(value));
  const known: readonly string[] = [...KEYS, WEIGHT_KEY];
  const unknown = [...entries.keys()].filter((key) => !known.includes(key));
  if (unknown.length === 0) return entries;
  const near = nearest(unknown[0], known);
  throw new UserError(
    ExitCode.data,
    unknown.map((key) => `${source}: expected the keys "x" and "y"; found the key ${quote(key)}`),
    near && `did you mean ${quote(near)}?`,
  );
}

/** The texts of a `y` that is classes; undefined for a `y` that should be numbers. */
function readLabels(value: unknown, source: string): readonly string[] | undefined {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return undefined;
  return value.map((label: unknown, row) => {
    if (typeof label === 'string' && label !== '') return label;
    throw fail({ source, path: 'y' }, [row], 'a class as text, like y[0]', describe(label));
  });
}

function codeLabels(
  labels: readonly string[],
  source: string,
): { readonly y: NdArray; readonly classes: readonly string[] } {
  const different = [...new Set(labels)];
  if (different.length < 2) {
    throw fail({ source, path: 'y' }, [], 'at least two classes', `only ${quote(different[0])}`);
  }
  const { classes, indices } = codeClasses(different, false);
  const codes = new Map(different.map((label, i) => [label, indices[i]]));
  const values = Float32Array.from(labels, (label) => codes.get(label) ?? -1);
  return { y: { shape: [labels.length, 1], values }, classes };
}

/** Flattens nested arrays and notes every place that does not fit the shape of the first ones. */
class Flattener {
  // Grows with what is there: the shape is only a promise of the first elements.
  readonly #values = float32List();
  readonly #path: number[] = [];
  readonly #problems: string[] = [];
  readonly #place: ArrayPlace;
  readonly #shape: readonly number[];

  constructor(place: ArrayPlace, shape: readonly number[]) {
    this.#place = place;
    this.#shape = shape;
  }

  add(value: unknown, axis: number): void {
    const length = this.#shape.at(axis);
    if (axis === this.#shape.length || length === undefined) this.#addNumber(value);
    else if (!Array.isArray(value)) this.#note(`an array of ${length}`, describe(value));
    else if (value.length !== length) this.#note(`an array of ${length}`, `one of ${value.length}`);
    else {
      for (let i = 0; i < length; i++) {
        this.#path[axis] = i;
        this.add(value[i], axis + 1);
      }
      this.#path.length = axis;
    }
  }

  finish(): Float32Array {
    if (this.#problems.length === 0) return this.#values.take();
    throw new UserError(this.#place.exitCode ?? ExitCode.data, this.#problems);
  }

  #addNumber(value: unknown): void {
    if (typeof value !== 'number') this.#note('a number', describe(value));
    else if (Number.isFinite(Math.fround(value))) this.#values.push(value);
    else this.#note('a number within float32 (3.4e38)', String(value));
  }

  #note(expected: string, found: string): void {
    this.#problems.push(problemAt(this.#place, this.#path, expected, found));
  }
}

function problemAt(
  place: ArrayPlace,
  path: readonly number[],
  expected: string,
  found: string,
): string {
  const where = place.path + path.map((index) => `[${index}]`).join('');
  return `${place.source}: ${where === '' ? '' : `${where}: `}expected ${expected}; found ${found}`;
}

function fail(
  place: ArrayPlace,
  path: readonly number[],
  expected: string,
  found: string,
): UserError {
  return new UserError(place.exitCode ?? ExitCode.data, problemAt(place, path, expected, found));
}
