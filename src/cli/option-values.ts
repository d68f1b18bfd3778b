/** Text of the command line → values: what each kind of option takes, and what it says otherwise. */
import { Option } from '@commander-js/extra-typings';
import { isDelimiter } from '../data/csv-text.ts';
import { ExitCode, UserError } from '../errors.ts';
import { type JsonValue, parseJson } from '../spec/json.ts';
import { nearest, quote } from '../words.ts';

/** Turns the text after `flag` (`--epochs`) into a value, or throws a UserError that names the flag. */
export type ValueParser<T> = (text: string, flag: string) => T;

/**
 * An option with a value. `flags` is written as Commander has it: `-o, --output <FILE>`.
 * What `parse` refuses is reported by the option's long name.
 */
export function valueOption<Flags extends string, T>(
  flags: Flags,
  description: string,
  parse: ValueParser<T>,
) {
  const option = new Option(flags, description);
  return option.argParser((text) => parse(text, option.long ?? flags));
}

/** Any text, as it is: a path, a layer's name. */
export const text: ValueParser<string> = (value, flag) => {
  if (value === '') throw wrong(flag, 'a value', value);
  return value;
};

/** A whole number in plain digits, from `min` to `max`. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): ValueParser<number> {
  const range =
    max === Number.MAX_SAFE_INTEGER
      ? `a whole number, ${min} or more`
      : `a whole number from ${min} to ${max}`;
  return (value, flag) => {
    const number = Number(value);
    if (!/^[+-]?\d+$/.test(value) || number < min || number > max) throw wrong(flag, range, value);
    return number;
  };
}

/** Bytes: digits, and behind them k, M, G or T for powers of 1024. */
export const byteCount: ValueParser<number> = (value, flag) => {
  const [, digits, unit] = /^(\d+)([kmgt]?)$/i.exec(value) ?? [];
  const bytes = Number(digits) * 1024 ** ['', 'k', 'm', 'g', 't'].indexOf(unit?.toLowerCase());
  if (digits !== undefined && Number.isSafeInteger(bytes)) return bytes;
  throw wrong(flag, 'a number of bytes such as 500000, 64k, 100M or 20G', value);
};

/** A decimal number that `accepts` holds for; `range` says so in words (`a number above 0`). */
export function decimal(range: string, accepts: (x: number) => boolean): ValueParser<number> {
  return (value, flag) => {
    const number = Number(value);
    const isDecimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value);
    if (!isDecimal || !Number.isFinite(number) || !accepts(number)) throw wrong(flag, range, value);
    return number;
  };
}

/** One of the given words. */
export function choice<Word extends string>(words: readonly Word[]): ValueParser<Word> {
  return (value, flag) => {
    const word = words.find((candidate) => candidate === value);
    // Of one or two letters, any other word is near.
    const near = value.length > 2 ? nearest(value, words) : undefined;
    if (word === undefined) throw wrong(flag, words.join(', '), value, near);
    return word;
  };
}

/** Words with commas between them: `loss,accuracy`. */
export const list: ValueParser<string[]> = (value, flag) => {
  const words = value.split(',').map((word) => word.trim());
  if (words.includes('')) throw wrong(flag, 'names with commas between them', value);
  return words;
};

/** Delimiters that are hard to type. */
const delimiterWords: Readonly<Record<string, string | undefined>> = Object.freeze(
  Object.assign(Object.create(null), { tab: '\t', space: ' ' }),
);

/** What stands between the cells of a table: one character, or its name where it is hard to type. */
export const delimiter: ValueParser<string> = (value, flag) => {
  const character = delimiterWords[value] ?? value;
  if (isDelimiter(character)) return character;
  throw wrong(flag, 'one character other than a double quote or a line end, tab or space', value);
};

/**
 * JSON on the command line.
 *
 * @throws {UserError} exit `exitCode`, with the place of the mistake in the text
 */
export function parseOption(
  value: string,
  flag: string,
  exitCode: ExitCode = ExitCode.usage,
): JsonValue {
  return parseJson(value, flag, exitCode, 'text');
}

/** For options that may be given several times: all values in order. */
export function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** An option for paths that may be given several times. */
export function filesOption<Flags extends string>(flags: Flags, description: string) {
  const option = new Option(flags, description);
  return option.argParser((value, previous: string[] | undefined) =>
    collect(text(value, option.long ?? flags), previous),
  );
}

/** The usage error for the value of an option. */
export function wrong(flag: string, expected: string, found: string, near?: string): UserError {
  return new UserError(
    ExitCode.usage,
    `${flag}: expected ${expected}; found ${quote(found)}`,
    near && `did you mean ${near}?`,
  );
}

/** The usage error for a name that is none of the known ones. */
export function unknownName(
  flag: string,
  what: string,
  name: string,
  known: readonly string[],
): UserError {
  const near = nearest(name, known);
  return new UserError(
    ExitCode.usage,
    `${flag}: expected ${what}; found ${quote(name)}`,
    near ? `did you mean ${quote(near)}?` : `there is ${known.map(quote).join(', ') || 'none'}`,
  );
}
