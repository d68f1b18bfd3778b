/** A JSON array of objects as a table: each object is a row, its keys are the columns. */
import { isObject, type JsonValue } from '../spec/json.ts';
import { elementTexts, keysInOrder } from './json-keys.ts';
import { JsonRows, type NewKeys } from './json-rows.ts';
import { elementsOf, type TableRow } from './row.ts';

/** Whether a value is such a table; arrays of other things are arrays of numbers. */
export function isJsonTable(value: JsonValue): value is JsonValue[] {
  return Array.isArray(value) && isObject(value[0]);
}

/**
 * The rows of an array in one batch.
 *
 * @param values  what `isJsonTable` holds for
 * @param text    that they were parsed from
 * @throws {UserError} exit 3 with the index: what `JsonRows` refuses
 */
export async function* rowsOfJson(
  values: readonly JsonValue[],
  text: string,
  name: string,
  newKeys: NewKeys,
): AsyncGenerator<readonly TableRow[], void, undefined> {
  const rows = new JsonRows(elementsOf(name), newKeys);
  let texts: readonly string[] | undefined;
  const textAt = (index: number) => {
    texts ??= elementTexts(text);
    return texts[index];
  };
  const keys = () => keysInOrder(text);
  yield values.flatMap((value, index) => rows.add(value, index, keys, () => textAt(index)));
}
