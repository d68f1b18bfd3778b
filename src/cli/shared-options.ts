/** Options and arguments that mean the same in every command that has them. */
import { Argument, Option } from '@commander-js/extra-typings';
import { expandPaths } from '../data/path-pattern.ts';
import { ExitCode, UserError } from '../errors.ts';
import { ENGINE_NAMES } from '../training/engine-names.ts';
import { encoding, FORMAT_WORDS, inputFormat, isTableName } from './input-format.ts';
import {
  byteCount,
  choice,
  delimiter,
  filesOption,
  list,
  text,
  valueOption,
} from './option-values.ts';

/** MODEL where a spec is enough. */
export function modelArgument(defaults: readonly string[]) {
  return new Argument(
    '[MODEL]',
    `model file, "-" for standard input (default: ${defaults.join(' or ')})`,
  );
}

export function outputOption(byDefault: string) {
  return valueOption(
    '-o, --output <FILE>',
    `where to write it, "-" for standard output (default: ${byDefault})`,
    text,
  );
}

export function noVerifyOption() {
  return new Option(
    '--no-verify',
    'take weights and columns as they are, also where they have changed since mlp wrote them',
  );
}

export function forceOption() {
  return new Option('-f, --force', 'overwrite a file that is no model of mlp');
}

export function quietOption() {
  return new Option('-q, --quiet', 'say nothing but errors');
}

/** For commands that print results: a bar only where it is asked for. */
export function barOption() {
  return valueOption(
    '--verbose <N>',
    '1: show a bar on standard error',
    choice(['0', '1'] as const),
  ).default('0' as const);
}

export function seedOption(parse: (text: string, flag: string) => number) {
  return valueOption(
    '--seed <N>',
    'start of all chance, a whole number (default: picked and printed)',
    parse,
  );
}

const STYLES = ['keras2', 'keras3'] as const;

export function styleOption() {
  return valueOption(
    '--style <STYLE>',
    'print as Keras 2 or as Keras 3: keras2, keras3',
    choice(STYLES),
  ).default('keras2' as const);
}

export const COLOR_WISHES = ['auto', 'always', 'never'] as const;

export function colorOption() {
  return valueOption(
    '--color <WHEN>',
    'colours: auto, always, never',
    choice(COLOR_WISHES),
  ).default('auto' as const);
}

/** Whether an output gets colours: what the user says, else what the terminal says. */
export function isColored(
  wish: (typeof COLOR_WISHES)[number],
  output: { readonly color: boolean },
): boolean {
  return wish === 'auto' ? output.color : wish === 'always';
}

/** @param what  the file is, for help */
export function dataOption(what = 'table or JSON arrays, "-" for standard input') {
  return filesOption('--data <FILE>', `${what}; may be repeated, or a quoted pattern`);
}

/**
 * The files that `--data` names, those of patterns included.
 *
 * @throws {UserError} exit 2 where neither `--data` nor `--query` is given: nothing is read unasked; exit 6
 *   for a pattern that no file matches
 */
export async function requireData(
  { data, query }: { readonly data?: readonly string[]; readonly query?: string },
  command: string,
  model?: string,
): Promise<readonly string[]> {
  if (data !== undefined || query !== undefined) return expandPaths(data ?? []);
  const isTable = model !== undefined && isTableName(model);
  throw new UserError(
    ExitCode.usage,
    `${command}: expected --data FILE; found none`,
    isTable ? `if ${model} is the table: --data ${model}` : '"--data -" reads standard input',
  );
}

export function targetOption() {
  return valueOption(
    '--target <NAMES>',
    'target columns by name or position, commas between them; a name with a comma goes by its position (default: the last)',
    list,
  );
}

export function headerOption() {
  return new Option('--header', 'the first row of the table is a header (default: found out)');
}

export function noHeaderOption() {
  return new Option('--no-header', 'the first row of the table is data');
}

export function delimiterOption() {
  return valueOption(
    '--delimiter <C>',
    'character between the cells of a CSV table, tab, or space for runs of blanks (default: found out)',
    delimiter,
  );
}

export function inputFormatOption() {
  return valueOption(
    '--input-format <FORMAT>',
    `${FORMAT_WORDS.join(', ')} (default: by the file name, else by content)`,
    inputFormat,
  );
}

export function encodingOption() {
  return valueOption(
    '--encoding <NAME>',
    'of text: utf-8, utf-16le, windows-1252, … (default: UTF-8, or what a byte-order mark says)',
    encoding,
  );
}

export function commentOption() {
  return valueOption(
    '--comment <TEXT>',
    'lines of a CSV table that begin with it are left out',
    text,
  );
}

export function maxBytesOption() {
  return valueOption(
    '--max-bytes <N>',
    'of one file, unpacked, such as 100M or 20G (default: as many as there are, of packed files 4G)',
    byteCount,
  ).conflicts('query');
}

export function queryOption() {
  return valueOption(
    '--query <SQL>',
    'rows of a SELECT over the files in it, or over --data as the table "data"; needs @duckdb/node-api',
    text,
  );
}

export function engineOption() {
  return valueOption(
    '--engine <NAME>',
    `what computes: ${ENGINE_NAMES.join(', ')}; native is the machine's BLAS, whose last digits differ`,
    choice(ENGINE_NAMES),
  ).default('auto' as const);
}
