/**
 * JSON lines to rows: one object or array on each line (jsonlines.org). Lines are parsed as they come,
 * so that memory does not grow with them.
 */
import { ExitCode, UserError } from '../errors.ts';
import { parseJsonLine } from '../spec/json.ts';
import { keysInOrder } from './json-keys.ts';
import { JsonRows, type NewKeys } from './json-rows.ts';
import { linesOf, MAX_ROW_LENGTH, type TableRow } from './row.ts';
import type { Source } from './source.ts';
import { notUtf8, Utf8Decoder } from './utf8.ts';

export interface JsonLinesOptions {
  readonly newKeys: NewKeys;
}

/**
 * The rows of JSON lines, one batch for each chunk that completes any, as soon as it does. The keys of the first
 * object are the columns; a key that a later object has not, and null, are missing values. Blank lines
 * are skipped.
 *
 * @throws {UserError} exit 3 with file and line: not JSON, not UTF-8, what `JsonRows` refuses, a line above
 *   `MAX_ROW_LENGTH`, no line at all; the rows before it come first
 */
export async function* readJsonLines(
  source: Source,
  { newKeys }: JsonLinesOptions,
): AsyncGenerator<readonly TableRow[], void, undefined> {
  const { name } = source;
  const rows = new JsonRows(linesOf(name), newKeys);
  const lines = new LineSplitter();
  const decoder = new Utf8Decoder();
  for await (const chunk of source.chunks) {
    yield* rowsOf(lines.push(decoder.push(chunk)), rows, name);
    if (lines.pendingLength > MAX_ROW_LENGTH) throw endless(name, lines.next);
    if (decoder.invalid) break;
  }
  decoder.end();
  if (decoder.invalid) throw notUtf8(name, lines.next, decoder.invalid);
  yield* rowsOf(lines.end(), rows, name);
  if (rows.isEmpty) {
    const found = lines.isEmpty ? 'an empty file' : 'only blank lines';
    const problem = `${name}: expected an object or an array on each line; found ${found}`;
    throw new UserError(ExitCode.data, problem);
  }
}

interface Line {
  readonly text: string;
  readonly line: number;
}

/** The rows of lines in one batch. Those before a mistake are still good. */
function* rowsOf(
  lines: readonly Line[],
  rows: JsonRows,
  name: string,
): Generator<readonly TableRow[], void, undefined> {
  const batch: TableRow[] = [];
  let failure: unknown;
  try {
    for (const { text, line } of lines) {
      if (text.trim() === '') continue;
      const value = parseJsonLine(text, line, name, ExitCode.data);
      const keys = () => keysInOrder(text);
      batch.push(...rows.add(value, line, keys, () => text));
    }
  } catch (error) {
    failure = error;
  }
  if (batch.length > 0) yield batch;
  if (failure !== undefined) throw failure;
}

/** Text in pieces to lines. Within JSON text a line feed is always the end of a line. */
class LineSplitter {
  #parts: string[] = [];
  /** Characters of the line that has not ended yet. */
  pendingLength = 0;
  /** The number of that line, from 1. */
  next = 1;

  get isEmpty(): boolean {
    return this.next === 1 && this.pendingLength === 0;
  }

  /** The lines that this text completes. */
  push(text: string): Line[] {
    const pieces = text.split('\n');
    const rest = pieces.pop() ?? '';
    const lines = pieces.map((piece) => this.#complete(piece));
    this.#parts.push(rest);
    this.pendingLength += rest.length;
    return lines;
  }

  /** The last line, whether it has an end or not. */
  end(): Line[] {
    return this.pendingLength === 0 ? [] : [this.#complete('')];
  }

  #complete(piece: string): Line {
    this.#parts.push(piece);
    const text = this.#parts.join('');
    this.#parts = [];
    this.pendingLength = 0;
    return { text, line: this.next++ };
  }
}

function endless(name: string, line: number): UserError {
  return new UserError(
    ExitCode.data,
    `${name}:${line}: expected the end of the line within ${MAX_ROW_LENGTH} characters; found none`,
    'check that these are JSON lines: one object or array on each line',
  );
}
