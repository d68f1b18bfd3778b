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
