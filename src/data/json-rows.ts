/**
 * JSON values to rows of a table: objects with the same keys, or arrays of the same length. Values
 * become the texts that a CSV file would hold, so that a column means the same in both.
 */
import { ExitCode, UserError } from '../errors.ts';
import { isObject } from '../is-object.ts';
import { type JsonObject, type JsonValue, ownValue } from '../spec/json.ts';
import { describe, nearest, quote } from '../words.ts';
import { type Places, type TableRow, wrongRow } from './row.ts';

/** What becomes of a key that the first object has not. */
export type NewKeys = 'refuse' | 'ignore';

/** The form of the first value. */
type Form =
  | { readonly kind: 'objects'; readonly line: number; readonly names: readonly string[] }
  | { readonly kind: 'arrays'; readonly line: number; readonly length: number };

/** A row that knows its text. */
class JsonRow implements TableRow {
  readonly cells: readonly string[];
  readonly line: number;
  readonly #json: () => string;

  constructor(cells: readonly string[], line: number, json: () => string) {
    this.cells = cells;
    this.line = line;
    this.#json = json;
  }

  json(): string {
    return this.#json();
  }
}

/** Makes rows of values, all in the form of the first one. */
export class JsonRows {
  readonly #places: Places;
  readonly #newKeys: NewKeys;
  #form: Form | undefined;

  constructor(places: Places, newKeys: NewKeys) {
    this.#places = places;
    this.#newKeys = newKeys;
  }

  /** Whether no value came so far. */
  get isEmpty(): boolean {
    return this.#form === undefined;
  }

  /**
   * The row of a value that is to be kept although it does not fit; the first one has to.
   *
   * @throws {unknown} `error` as it is where there is no row before, or where it is no `UserError`
   */
  wrong(line: number, error: unknown): TableRow {
    const form = this.#form;
    if (form === undefined || !(error instanceof UserError)) throw error;
    const count = form.kind === 'objects' ? form.names.length : form.length;
    return wrongRow(line, [], count, error);
  }

  /**
   * The row of a value; of the first object two, its keys and its values.
   *
   * @param keys  the keys of an object in the order in which they stand in its text
   * @param json  the text of the value
   * @throws {UserError} exit 3 with the line: neither an object nor an array, or another than the first;
   *   a new key, another length, an array or object within an array
   */
  add(
    value: JsonValue,
    line: number,
    keys: () => readonly string[],
    json: () => string,
  ): readonly TableRow[] {
    if (Array.isArray(value)) return [new JsonRow(this.#cellsOfArray(value, line), line, json)];
    if (!isObject(value)) throw this.#fail(line, 'an object or an array', describe(value));
    if (this.#form) return [new JsonRow(this.#cellsOfObject(value, line, this.#form), line, json)];
    const form = { kind: 'objects', line, names: keys() } as const;
    if (form.names.length === 0) throw this.#fail(line, 'at least one key', 'an empty object');
    this.#form = form;
    const cells = this.#cellsOfObject(value, line, form);
    return [{ line, cells: form.names, isHeader: true }, new JsonRow(cells, line, json)];
  }

  #cellsOfArray(values: readonly JsonValue[], line: number): readonly string[] {
    const { length } = values;
    if (length === 0) throw this.#fail(line, 'at least one element', 'an empty array');
    this.#form ??= { kind: 'arrays', line, length };
    const form = this.#form;
    if (form.kind === 'objects')
      throw this.#fail(line, `an object as in ${this.#places.within(form.line)}`, 'an array');
    if (length !== form.length) {
      throw this.#fail(
        line,
        `${form.length} elements as in ${this.#places.within(form.line)}`,
        String(length),
      );
    }
    return values.map((value, index) => {
      if (typeof value !== 'object' || value === null) return cellOf(value);
      const remedy = 'an array for each row, or objects whose keys are the columns';
      throw this.#fail(line, `a number or text in [${index}]`, describe(value), remedy);
    });
  }

  #cellsOfObject(object: JsonObject, line: number, form: Form): readonly string[] {
    if (form.kind === 'arrays')
      throw this.#fail(line, `an array as in ${this.#places.within(form.line)}`, 'an object');
    const { names } = form;
    let known = 0;
    const cells = names.map((name) => {
      const value = ownValue(object, name);
      if (value === undefined) return '';
      known++;
      return cellOf(value);
    });
    if (this.#newKeys === 'refuse') {
      const keys = Object.keys(object);
      if (keys.length > known) throw this.#newKeyFound(keys, line, form.line, names);
    }
    return cells;
  }

  #newKeyFound(
    keys: readonly string[],
    line: number,
    firstLine: number,
    names: readonly string[],
  ): UserError {
    const known = new Set(names);
    const key = keys.find((name) => !known.has(name)) ?? '';
    const near = nearest(key, names);
    return this.#fail(
      line,
      `the keys of ${this.#places.within(firstLine)}`,
      `the key ${quote(key)}, which is not among them`,
      near === undefined
        ? 'the first object has all columns; null stands for a value that is missing'
        : `did you mean ${quote(near)}?`,
    );
  }

  #fail(line: number, expected: string, found: string, remedy?: string): UserError {
    const problem = `${this.#places.at(line)}: expected ${expected}; found ${found}`;
    return new UserError(ExitCode.data, problem, remedy);
  }
}

/** Numbers in the fewest digits; arrays and objects as JSON, which is neither number nor missing. */
function cellOf(value: JsonValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'object') return JSON.stringify(value);
  return Object.is(value, -0) ? '-0' : String(value);
}
