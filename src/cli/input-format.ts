/** Which format data are in: what the user says, else what the name of the file says, if anything. */
import { encodingOf } from '../data/encoding.ts';
import type { SniffedFormat } from '../data/sniff-format.ts';
import { ExitCode, UserError } from '../errors.ts';
import { quote } from '../words.ts';
import { choice, type ValueParser } from './option-values.ts';

/** What is read. */
export type InputFormat = SniffedFormat | 'tsv';

/** By the words of `--input-format`, which are the endings of names, too. */
const formats: Readonly<Record<string, InputFormat>> = Object.freeze({
  csv: 'csv',
  tsv: 'tsv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
  npy: 'npy',
  parquet: 'parquet',
  duckdb: 'duckdb',
});

/** Endings of names that are no words of the option. */
const endings: Readonly<Record<string, InputFormat>> = Object.freeze({ ...formats, db: 'duckdb' });

export const FORMAT_WORDS = Object.keys(formats);

/** The value of `--input-format`. */
export const inputFormat: ValueParser<InputFormat> = (value, flag) =>
  formats[choice(FORMAT_WORDS)(value, flag)];

/** The value of `--encoding`, by the labels of the WHATWG's Encoding Standard. */
export const encoding: ValueParser<string> = (value, flag) => {
  const known = encodingOf(value.trim());
  if (known !== undefined) return known;
  throw new UserError(
    ExitCode.usage,
    `${flag}: expected the name of an encoding; found ${quote(value)}`,
    'for example utf-8, utf-16le, utf-16be, latin1, windows-1252, shift_jis, gb18030',
  );
};

/** What the user says of how data are to be read. */
export interface SaidFormat {
  readonly inputFormat?: InputFormat;
  /** Between the cells of a CSV table. */
  readonly delimiter?: string;
  /** Of text. */
  readonly encoding?: string;
  /** How lines of a CSV table begin that are no rows. */
  readonly comment?: string;
  /** SQL over the files, or over what it names itself. */
  readonly query?: string;
  /** Of one file, unpacked. */
  readonly maxBytes?: number;
}

/** What `SaidFormat` has, out of the options of a command. */
export function saidFormat(options: SaidFormat): SaidFormat {
  const { inputFormat, delimiter, encoding, comment, query, maxBytes } = options;
  return { inputFormat, delimiter, encoding, comment, query, maxBytes };
}

/** Formats that each option is for. */
const textFormats: readonly InputFormat[] = ['csv', 'tsv', 'jsonl', 'json'];
const cellFormats: readonly InputFormat[] = ['csv', 'tsv'];

/**
 * The format of data; of packed ones, by what is left of their name without `.gz`. Undefined where neither
 * the user nor the name says it, so that the content must.
 *
 * @param name  the file, as messages call it
 */
export function formatOf(name: string, said: SaidFormat): InputFormat | undefined {
  const ending = /\.([^./\\]+)(?:\.gz)?$/i.exec(name)?.[1].toLowerCase() ?? '';
  const named = Object.hasOwn(endings, ending) ? endings[ending] : undefined;
  const areCells = said.delimiter !== undefined || said.comment !== undefined;
  return said.inputFormat ?? named ?? (areCells ? 'csv' : undefined);
}

/** Whether a name is that of a file that no model is in. */
export function isTableName(name: string): boolean {
  const ending = /\.([^./\\]+)(?:\.gz)?$/i.exec(name)?.[1].toLowerCase() ?? '';
  return ending !== 'json' && Object.hasOwn(endings, ending);
}

/** @throws {UserError} exit 2 for options that this format has no use for */
export function checkFormat(name: string, format: InputFormat, said: SaidFormat): void {
  const { delimiter, comment, encoding: asked } = said;
  const isCells = cellFormats.includes(format);
  if (delimiter !== undefined && !isCells) throw unfit('--delimiter', 'a CSV table', name, format);
  if (comment !== undefined && !isCells) throw unfit('--comment', 'a CSV table', name, format);
  if (asked !== undefined && !textFormats.includes(format)) {
    throw unfit('--encoding', 'text', name, format);
  }
}

function unfit(flag: string, expected: string, name: string, format: InputFormat): UserError {
  return new UserError(
    ExitCode.usage,
    `${flag}: expected ${expected}; found ${name}, which is read as ${format}`,
    'if it is a table, say --input-format csv',
  );
}
