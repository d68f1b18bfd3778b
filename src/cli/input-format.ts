/** Which format a data file is in: what the user says, else what its name says. */
import { JSON_LINES, notATable } from '../data/foreign-format.ts';
import { ExitCode, UserError } from '../errors.ts';
import { escapeControls } from '../words.ts';
import { choice, type ValueParser } from './option-values.ts';

/** What is read. */
export const INPUT_FORMATS = ['csv', 'tsv', 'json'] as const;
export type InputFormat = (typeof INPUT_FORMATS)[number];

const JSON_LINES_NAME = /^(?:jsonl|ndjson)$/i;

/** The value of `--input-format`. */
export const inputFormat: ValueParser<InputFormat> = (value, flag) => {
  if (!JSON_LINES_NAME.test(value)) return choice(INPUT_FORMATS)(value, flag);
  const found = `${flag}: expected ${INPUT_FORMATS.join(', ')}; found ${value}`;
  throw new UserError(ExitCode.usage, found, JSON_LINES.remedy);
};

/**
 * The format of a file; of a packed one, by what is left of its name without `.gz`.
 *
 * @param said  what the user says of it
 * @throws {UserError} exit 3 for a name that says JSON lines
 */
export function formatOf(path: string, said: InputFormat | undefined): InputFormat {
  if (said) return said;
  const unpacked = path.replace(/\.gz$/i, '');
  const ending = /\.([^./\\]+)$/.exec(unpacked)?.[1].toLowerCase() ?? '';
  if (JSON_LINES_NAME.test(ending)) throw notATable(escapeControls(path), JSON_LINES);
  return ending === 'json' || ending === 'tsv' ? ending : 'csv';
}

/**
 * What stands between the cells; undefined where the first line has to tell, and where there are no cells.
 *
 * @param name  the file, for messages
 * @param said  what the user says
 * @throws {UserError} exit 2 for a delimiter where there are none
 */
export function delimiterOf(
  name: string,
  format: InputFormat,
  said: string | undefined,
): string | undefined {
  if (said !== undefined && format !== 'csv' && format !== 'tsv') {
    throw new UserError(
      ExitCode.usage,
      `--delimiter: expected a CSV table; found ${name}, which is read as ${format}`,
      'if it is a table, say --input-format csv',
    );
  }
  return said ?? (format === 'tsv' ? '\t' : undefined);
}
