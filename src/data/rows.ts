/** Chooses the reader of a table by its format: the only file that knows which readers there are. */
import type { JsonValue } from '../spec/json.ts';
import type { Columns } from './columns.ts';
import { readCsv } from './csv.ts';
import { readJsonLines } from './json-lines.ts';
import type { NewKeys } from './json-rows.ts';
import { rowsOfJson } from './json-table.ts';
import { elementsOf, linesOf, type TableRows } from './row.ts';
import type { Source } from './source.ts';

export interface RowOptions {
  /** Of CSV; found in the first line where it is not given. */
  readonly delimiter?: string;
  /** The columns of the model that the table is for; null for a first training. */
  readonly contract?: Columns | null;
}

type Reader = (source: Source, options: RowOptions) => TableRows['batches'];

const readers = Object.freeze({
  csv: (source, { delimiter }) => readCsv(source, { delimiter }),
  tsv: (source, { delimiter = '\t' }) => readCsv(source, { delimiter }),
  jsonl: (source, { contract }) => readJsonLines(source, { newKeys: newKeys(contract) }),
} satisfies Record<string, Reader>);

/** Columns that are found by name leave all others alone, also those that come later. */
function newKeys(contract: RowOptions['contract']): NewKeys {
  return contract?.header ? 'ignore' : 'refuse';
}

/** The formats of tables. */
export type TableFormat = keyof typeof readers;

/**
 * The rows of a source. Nothing is read before the first batch is asked for.
 *
 * @throws {UserError} from the batches: what the reader of the format throws
 */
export function readRows(source: Source, format: TableFormat, options: RowOptions = {}): TableRows {
  return { places: linesOf(source.name), batches: readers[format](source, options) };
}

/**
 * The rows of a JSON array of objects.
 *
 * @param values  what `isJsonTable` holds for
 * @param text    that they were parsed from
 * @param name    the file, for messages
 * @throws {UserError} from the batches, as `rowsOfJson`
 */
export function readJsonTable(
  values: readonly JsonValue[],
  text: string,
  name: string,
  contract: Columns | null,
): TableRows {
  return { places: elementsOf(name), batches: rowsOfJson(values, text, name, newKeys(contract)) };
}
