/**
 * Tables whose cells have runs of blanks and tabs between them, as programs print them aligned. A cell
 * with a blank in it stands in double quotes; none goes over several lines, and none is empty unless quoted.
 */
import { ExitCode, UserError } from '../errors.ts';
import { Decoder } from './encoding.ts';
import { type Line, LineSplitter } from './lines.ts';
import { MAX_ROW_LENGTH, type TableRow } from './row.ts';
import type { Source } from './source.ts';
import { wrongCount } from './table-form.ts';

/** The delimiter that means runs of blanks. */
export const BLANKS = ' ';

export interface BlankSeparatedOptions {
  readonly encoding?: string;
  readonly comment?: string;
}

/**
 * The rows of such a table, one batch for each chunk that completes any. Lines end in LF or CRLF; blank
 * lines are skipped.
 *
 * @throws {UserError} exit 3 with file and line: no rows, no text in its encoding, a wrong number of cells,
 *   a quote that is not closed, a line above `MAX_ROW_LENGTH`; the rows before it come first
 */
export async function* readBlankSeparated(
  { name, chunks }: Source,
  { encoding, comment }: BlankSeparatedOptions,
): AsyncGenerator<readonly TableRow[], void, undefined> {
  const decoder = new Decoder(encoding);
  const lines = new LineSplitter();
  const rows = new BlankRows(name, comment);
  for await (const chunk of chunks) {
    yield* rows.of(lines.push(decoder.push(chunk)));
    if (lines.pendingLength > MAX_ROW_LENGTH) throw endless(name, lines.next);
    if (decoder.invalid) break;
  }
  decoder.end();
  if (decoder.invalid) throw decoder.failure(name, lines.next);
  yield* rows.of(lines.end());
  if (!rows.isEmpty) return;
  const found = lines.isEmpty ? 'an empty file' : 'only blank lines';
  throw new UserError(ExitCode.data, `${name}: expected rows of cells; found ${found}`);
}

class BlankRows {
  #first: TableRow | undefined;
  readonly #name: string;
  readonly #comment: string | undefined;

  constructor(name: string, comment: string | undefined) {
    this.#name = name;
    this.#comment = comment;
  }

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /** The rows of lines in one batch. Those before a mistake are still good. */
  *of(lines: readonly Line[]): Generator<readonly TableRow[], void, undefined> {
    const batch: TableRow[] = [];
    let failure: unknown;
    try {
      for (const line of lines) {
        const row = this.#rowOf(line);
        if (row) batch.push(row);
      }
    } catch (error) {
      failure = error;
    }
    if (batch.length > 0) yield batch;
    if (failure !== undefined) throw failure;
  }

  #rowOf({ text, line }: Line): TableRow | undefined {
    if (text.trim() === '') return undefined;
    if (this.#comment !== undefined && text.startsWith(this.#comment)) return undefined;
    const row = { cells: this.#cellsOf(text.trim(), line), line };
    this.#first ??= row;
    if (row.cells.length === this.#first.cells.length) return row;
    throw wrongCount(this.#name, row, this.#first, BLANKS);
  }

  #cellsOf(text: string, line: number): readonly string[] {
    return Array.from(text.matchAll(CELLS), ([cell, quoted]) => {
      if (quoted !== undefined) return quoted.replaceAll('""', '"');
      if (!cell.startsWith('"')) return cell;
      throw new UserError(
        ExitCode.data,
        `${this.#name}:${line}: expected a closing quote and a blank after it; found neither in this line`,
        'a quote that belongs to the text of a quoted cell is written twice ("")',
      );
    });
  }
}

/** A quoted cell with a blank or nothing behind it, or whatever is up to the next blank. */
const CELLS = /"((?:[^"]|"")*)"(?=[ \t]|$)|[^ \t]+/g;

function endless(name: string, line: number): UserError {
  return new UserError(
    ExitCode.data,
    `${name}:${line}: expected the end of the line within ${MAX_ROW_LENGTH} characters; found none`,
    'check that this is a table with blanks between its cells',
  );
}
