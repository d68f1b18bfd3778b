/**
 * JSON lines to rows: one object or array on each line (jsonlines.org). Lines are parsed as they come,
 * so that memory does not grow with them.
 */
import { ExitCode, UserError } from '../errors.ts';
import { parseJsonLine } from '../spec/json.ts';
import { Decoder } from './encoding.ts';
import { keysInOrder } from './json-keys.ts';
import { JsonRows, type NewKeys } from './json-rows.ts';
import { type Line, LineSplitter } from './lines.ts';
import { linesOf, MAX_ROW_LENGTH, type TableRow } from './row.ts';
import type { Source } from './source.ts';

export interface JsonLinesOptions {
  readonly newKeys: NewKeys;
  /** Of `encodingOf`; UTF-8, or what a byte-order mark says, where it is not given. */
  readonly encoding?: string;
  /** Whether a line that does not fit comes as a `wrongRow`; else it ends the reading. */
  readonly keepsWrong?: boolean;
}

/**
 * The rows of JSON lines, one batch for each chunk that completes any, as soon as it does. The keys of the first
 * object are the columns; a key that a later object has not, and null, are missing values. Blank lines
 * are skipped.
 *
 * @throws {UserError} exit 3 with file and line: not JSON, no text in its encoding, what `JsonRows` refuses, a line above
 *   `MAX_ROW_LENGTH`, no line at all; the rows before it come first
 */
export async function* readJsonLines(
  source: Source,
  { newKeys, encoding, keepsWrong = false }: JsonLinesOptions,
): AsyncGenerator<readonly TableRow[], void, undefined> {
  const { name } = source;
  const rows = new JsonRows(linesOf(name), newKeys);
  const lines = new LineSplitter();
  const decoder = new Decoder(encoding);
  for await (const chunk of source.chunks) {
    yield* rowsOf(lines.push(decoder.push(chunk)), rows, name, keepsWrong);
    if (lines.pendingLength > MAX_ROW_LENGTH) throw endless(name, lines.next);
    if (decoder.invalid) break;
  }
  decoder.end();
  if (decoder.invalid) throw decoder.failure(name, lines.next);
  yield* rowsOf(lines.end(), rows, name, keepsWrong);
  if (rows.isEmpty) {
    const found = lines.isEmpty ? 'an empty file' : 'only blank lines';
    const problem = `${name}: expected an object or an array on each line; found ${found}`;
    throw new UserError(ExitCode.data, problem);
  }
}

/** The rows of lines in one batch. Those before a mistake are still good. */
function* rowsOf(
  lines: readonly Line[],
  rows: JsonRows,
  name: string,
  keepsWrong: boolean,
): Generator<readonly TableRow[], void, undefined> {
  const batch: TableRow[] = [];
  let failure: unknown;
  try {
    for (const { text, line } of lines) {
      if (text.trim() === '') continue;
      try {
        const value = parseJsonLine(text, line, name, ExitCode.data);
        const keys = () => keysInOrder(text);
        batch.push(...rows.add(value, line, keys, () => text));
      } catch (error) {
        if (!keepsWrong) throw error;
        batch.push(rows.wrong(line, error));
      }
    }
  } catch (error) {
    failure = error;
  }
  if (batch.length > 0) yield batch;
  if (failure !== undefined) throw failure;
}

function endless(name: string, line: number): UserError {
  return new UserError(
    ExitCode.data,
    `${name}:${line}: expected the end of the line within ${MAX_ROW_LENGTH} characters; found none`,
    'check that these are JSON lines: one object or array on each line',
  );
}
