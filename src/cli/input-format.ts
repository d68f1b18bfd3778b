/** Which format data are in: what the user says, else what the name of the file says. */
import type { TableFormat } from '../data/rows.ts';
import { ExitCode, UserError } from '../errors.ts';
import { choice, type ValueParser } from './option-values.ts';

/** What is read: tables, JSON, and for predictions one NumPy array. */
export type InputFormat = TableFormat | 'json' | 'npy';

/** By the words of `--input-format`, which are the endings of names, too. */
const formats: Readonly<Record<string, InputFormat>> = Object.freeze({
  csv: 'csv',
  tsv: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
  npy: 'npy',
});

export const FORMAT_WORDS = Object.keys(formats);
/** Those that hold targets, too. */
export const TRAINING_FORMAT_WORDS = FORMAT_WORDS.filter((word) => formats[word] !== 'npy');

/** The value of `--input-format`. */
export const inputFormat: ValueParser<InputFormat> = (value, flag) =>
  formats[choice(FORMAT_WORDS)(value, flag)];

/** What the user says of data. */
export interface SaidFormat {
  readonly inputFormat?: InputFormat;
  /** Between the cells of a CSV table. */
  readonly delimiter?: string;
}

/**
 * The format of data; of packed ones, by what is left of their name without `.gz`.
 *
 * @param name  the file, as messages call it
 * @throws {UserError} exit 2 for a delimiter where there are none
 */
export function formatOf(name: string, { inputFormat, delimiter }: SaidFormat): InputFormat {
  const format = inputFormat ?? formatOfName(name);
  if (delimiter === undefined || format === 'csv' || format === 'tsv') return format;
  throw new UserError(
    ExitCode.usage,
    `--delimiter: expected a CSV table; found ${name}, which is read as ${format}`,
    'if it is a table, say --input-format csv',
  );
}

function formatOfName(name: string): InputFormat {
  const ending = /\.([^./\\]+)(?:\.gz)?$/i.exec(name)?.[1].toLowerCase() ?? '';
  return Object.hasOwn(formats, ending) ? formats[ending] : 'csv';
}
