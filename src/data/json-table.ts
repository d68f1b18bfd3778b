/**
 * A JSON array as a table: of objects, whose keys are the columns, or of arrays, each a row of numbers
 * and texts.
 */
import { isObject } from '../is-object.ts';
import type { JsonValue } from '../spec/json.ts';
import { elementTexts, keysInOrder } from './json-keys.ts';
import { JsonRows, type NewKeys } from './json-rows.ts';
import { elementsOf, type TableRow } from './row.ts';

/** Whether a value is such a table; arrays of other things are arrays of numbers. */
export function isJsonTable(value: JsonValue): value is JsonValue[] {
  return Array.isArray(value) && isObject(value[0]);
}

/** Whether a value is an array of rows, each a flat array. */
export function isArrayTable(value: JsonValue): value is JsonValue[] {
  if (!Array.isArray(value) || !Array.isArray(value[0])) return false;
  return value[0].length > 0 && value[0].every((cell) => !Array.isArray(cell) && !isObject(cell));
}

/** Whether there is a text or nothing in the first row: then these are no arrays of numbers. */
export function hasTexts([first]: readonly JsonValue[]): boolean {
  return Array.isArray(first) && first.some((cell) => typeof cell !== 'number');
}

/**
 * The rows of an array in one batch.
 *
 * @param values  what `isJsonTable` or `isArrayTable` holds for
 * @param text        that they were parsed from
 * @param keepsWrong  whether a value that does not fit comes as a `wrongRow`; else it ends the reading
 * @throws {UserError} exit 3 with the index: what `JsonRows` refuses
 */
export async function* rowsOfJson(
  values: readonly JsonValue[],
  text: string,
  name: string,
  newKeys: NewKeys,
  keepsWrong = false,
): AsyncGenerator<readonly TableRow[], void, undefined> {
  const rows = new JsonRows(elementsOf(name), newKeys);
  let texts: readonly string[] | undefined;
  const textAt = (index: number) => {
    texts ??= elementTexts(text);
    return texts[index];
  };
  const keys = () => keysInOrder(text);
  yield values.flatMap((value, index) => {
    try {
      return rows.add(value, index, keys, () => textAt(index));
    } catch (error) {
      if (!keepsWrong) throw error;
      return rows.wrong(index, error);
    }
  });
}
