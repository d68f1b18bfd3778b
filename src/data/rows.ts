/** Chooses the reader of a table by its format: the only file that knows which readers there are. */
import type { JsonValue } from '../spec/json.ts';
import { BLANKS, readBlankSeparated } from './blank-separated.ts';
import type { Columns } from './columns.ts';
import { readCsv } from './csv.ts';
import { readJsonLines } from './json-lines.ts';
import type { NewKeys } from './json-rows.ts';
import { rowsOfJson } from './json-table.ts';
import { npyTable } from './npy-table.ts';
import { ReadAhead } from './read-ahead.ts';
import { elementsOf, linesOf, noNotes, type TableRows } from './row.ts';
import type { Source } from './source.ts';

export interface RowOptions {
  /** Of CSV; found in the first line where it is not given. */
  readonly delimiter?: string;
  /** Of text; UTF-8, or what a byte-order mark says, where it is not given. */
  readonly encoding?: string;
  /** Lines of CSV that begin with this text are no rows. */
  readonly comment?: string;
  /** The columns of the model that the table is for; null for a first training. */
  readonly contract?: Columns | null;
  /** Whether rows that are wrong as a whole come as a `wrongRow`; else the first one ends the reading. */
  readonly keepsWrong?: boolean;
}

interface ReaderOptions extends RowOptions {
  /** Takes a line for people about what was decided. */
  readonly note: (line: string) => void;
  readonly ahead: ReadAhead;
}

type Reader = (source: Source, options: ReaderOptions) => TableRows['batches'];

const csv: Reader = (source, { ahead, ...options }) =>
  options.delimiter === BLANKS
    ? readBlankSeparated(source, options)
    : readCsv(source, options, ahead);

const readers = Object.freeze({
  csv,
  tsv: (source, { delimiter = '\t', ...rest }) => csv(source, { delimiter, ...rest }),
  jsonl: (source, { contract, encoding, keepsWrong }) =>
    readJsonLines(source, { newKeys: newKeys(contract), encoding, keepsWrong }),
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
  const notes: string[] = [];
  const note = (line: string) => {
    notes.push(line);
  };
  const ahead = new ReadAhead({ size: source.size });
  const batches = readers[format](source, { ...options, note, ahead });
  const typed = format === 'jsonl' ? ({ isTyped: true } as const) : {};
  const encode = ahead.encode.bind(ahead);
  return { places: linesOf(source.name), batches, ...typed, notes: () => notes, encode };
}

/**
 * The rows of a JSON array of objects, or of arrays.
 *
 * @param values  what `isJsonTable` or `isArrayTable` holds for
 * @param text    that they were parsed from
 * @param name    the file, for messages
 * @throws {UserError} from the batches, as `rowsOfJson`
 */
export function readJsonTable(
  values: readonly JsonValue[],
  text: string,
  name: string,
  contract: Columns | null,
  keepsWrong = false,
): TableRows {
  const batches = rowsOfJson(values, text, name, newKeys(contract), keepsWrong);
  return { places: elementsOf(name), batches, isTyped: true, notes: noNotes };
}

/**
 * The rows of a `.npy` file, without a header.
 *
 * @throws {UserError} exit 3 for other arrays than of two axes, and as `openNpy`
 */
export function readNpyTable(bytes: Uint8Array, name: string): TableRows {
  return {
    places: elementsOf(name),
    batches: npyTable(bytes, name),
    isTyped: true,
    notes: noNotes,
  };
}
