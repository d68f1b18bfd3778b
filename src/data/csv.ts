/**
 * CSV bytes to rows of cells, in batches, with physical line numbers. RFC 4180 whole; papaparse
 * splits the cells, this file feeds it whole rows and says where a mistake is. Plain chunks after
 * the first two rows need neither (`plain-csv.ts`).
 * Knows nothing of numbers, except that a first row without any names the columns in messages.
 */
import Papa from 'papaparse';
import { ExitCode, UserError } from '../errors.ts';
import { quote } from '../words.ts';
import { closingQuote, isBlank, normaliseLineEnds, sniffDelimiter } from './csv-text.ts';
import { FileStart } from './foreign-format.ts';
import { columnLabel } from './heading.ts';
import { parseNumber } from './number.ts';
import { PlainReader } from './plain-csv.ts';
import { MAX_ROW_LENGTH, type RowBatch, type TableRow } from './row.ts';
import type { Source } from './source.ts';
import { lineBreaks, notUtf8, Utf8Decoder } from './utf8.ts';

export interface CsvOptions {
  /** One that `isDelimiter` holds for; tab for names that end in `.tsv`, else found in the first line. */
  readonly delimiter?: string;
  /** Give all rows as texts, also where they are plain. */
  readonly asTexts?: boolean;
}

/** From this size on, a row that did not end is only looked at again when it has doubled. */
const PATIENT_LENGTH = 2 ** 16;

/**
 * The rows of a CSV source, one batch for each chunk that completes any, as soon as it does.
 * Blank lines are skipped (in a table of one column, rows with an empty cell cannot be told from
 * them). All rows have as many cells as the first. Blanks around cells are kept.
 *
 * @throws {UserError} exit 3 with file and line: no rows, not UTF-8, a wrong number of cells, a quote that
 *   is not closed, text after a closing quote, a row above `MAX_ROW_LENGTH`; a file of another format
 */
export async function* readCsv(
  source: Source,
  options: CsvOptions = {},
): AsyncGenerator<RowBatch, void, undefined> {
  const delimiter = options.delimiter ?? (/\.tsv$/i.test(source.name) ? '\t' : undefined);
  const splitter = new RowSplitter(source.name, delimiter);
  const decoder = new Utf8Decoder();
  const start = new FileStart(source.name);
  let plain: PlainReader | undefined;
  for await (const bytes of source.chunks) {
    const plainRows = plain?.push(bytes);
    if (plainRows) {
      if (plainRows.rows > 0) yield plainRows;
      continue;
    }
    const chunk = plain ? Buffer.concat([splitter.resume(plain), bytes]) : bytes;
    plain = undefined;
    const text = decoder.push(chunk);
    start.add(chunk, text);
    const { rows, failure } = splitter.push(text, false);
    if (rows.length > 0 || failure || decoder.invalid) start.check();
    if (rows.length > 0) yield rows;
    if (failure) throw failure;
    if (decoder.invalid) break;
    if (!options.asTexts && !decoder.isInside) plain = splitter.suspend();
  }
  const last = plain ? decoder.push(splitter.resume(plain)) : '';
  decoder.end();
  start.check();
  if (decoder.invalid) throw notUtf8(source.name, splitter.lastLine, decoder.invalid);
  const { rows, failure } = splitter.push(last, true);
  if (rows.length > 0) yield rows;
  if (failure) throw failure;
  if (splitter.isEmpty) {
    const found = splitter.lastLine === 1 ? 'an empty file' : 'only blank lines';
    throw new UserError(ExitCode.data, `${source.name}: expected rows of cells; found ${found}`);
  }
}

/** Rows that came before a failure are still good. */
interface Split {
  readonly rows: readonly TableRow[];
  readonly failure?: UserError;
}

/** What papaparse's parser returns (its types say `any`). */
interface Parsed {
  readonly data: readonly (readonly string[])[];
  /** `row` counts from 0; `index` is just after the quote that opens the cell. */
  readonly errors: readonly {
    readonly code: string;
    readonly row: number;
    readonly index: number;
  }[];
  readonly meta: { readonly cursor: number };
}

const NO_ROWS: Split = { rows: [] };

/** Holds what lies between the chunks: the text of the row that has not ended yet, and its line. */
class RowSplitter {
  #delimiter: string | undefined;
  #pending = '';
  /** The line on which `#pending` begins. */
  #line = 1;
  #first: TableRow | undefined;
  #rows = 0;
  #breakSeen = false;
  #lookAgainAt = 0;
  readonly #name: string;

  constructor(name: string, delimiter: string | undefined) {
    this.#name = name;
    this.#delimiter = delimiter;
  }

  /** The line that the text pushed so far ends on. */
  get lastLine(): number {
    return this.#line + lineBreaks(this.#pending);
  }

  /** Whether no row came so far. */
  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  /**
   * A reader that goes on from here as long as rows are plain; undefined inside of quotes. The first two
   * rows are never left to it: what a table is like is found out from their texts.
   */
  suspend(): PlainReader | undefined {
    if (this.#rows < 2 || this.#delimiter === undefined || this.#pending.includes('"')) return;
    return PlainReader.from({
      delimiter: this.#delimiter,
      width: this.#first?.cells.length ?? 0,
      line: this.#line,
      rest: Buffer.from(this.#pending),
    });
  }

  /** Goes on where a plain reader got to; returns the bytes that are to be pushed before all others. */
  resume({ line, rest }: PlainReader): Uint8Array {
    this.#line = line;
    this.#pending = '';
    this.#breakSeen = false;
    this.#lookAgainAt = 0;
    return rest;
  }

  /** Takes the next text and returns the rows that it completes. */
  push(text: string, final: boolean): Split {
    this.#pending += text;
    this.#breakSeen ||= text.includes('\n') || text.includes('\r');
    const tooLong = this.#pending.length > MAX_ROW_LENGTH;
    const due = this.#breakSeen && this.#pending.length >= this.#lookAgainAt;
    if (!due && !tooLong && !final) return NO_ROWS;
    this.#delimiter ??= sniffDelimiter(this.#pending, final || tooLong);
    return this.#delimiter === undefined ? NO_ROWS : this.#split(this.#delimiter, final);
  }

  #split(delimiter: string, final: boolean): Split {
    // A CR at the end may be half of a CRLF.
    const held = !final && this.#pending.endsWith('\r') ? '\r' : '';
    const whole = this.#pending.slice(0, this.#pending.length - held.length);
    const text = normaliseLineEnds(whole, delimiter);
    const parsed = parse(text, delimiter, final);
    const mistake = parsed.errors[0];
    const ended = mistake === undefined ? parsed.data.length : mistake.row;
    const begin = this.#line;
    const split = this.#accept(parsed.data.slice(0, ended), text.includes('"'));
    if (split.failure) return split;
    if (mistake && (mistake.row < parsed.data.length || !mayStillEnd(text, mistake.index))) {
      const line = begin + lineBreaks(text.slice(0, mistake.index - 1));
      return {
        rows: split.rows,
        failure: this.#quoteFailure(text, mistake.index, line, delimiter),
      };
    }
    const rest = text.slice(parsed.meta.cursor);
    if (rest.length > MAX_ROW_LENGTH) {
      return { rows: split.rows, failure: this.#endless(rest, delimiter) };
    }
    this.#pending = rest + held;
    this.#breakSeen = held !== '';
    this.#lookAgainAt = rest.length > PATIENT_LENGTH ? 2 * rest.length : 0;
    return split;
  }

  /** Counts lines, leaves out blank lines and checks the number of cells. */
  #accept(data: readonly (readonly string[])[], quotes: boolean): Split {
    const rows: TableRow[] = [];
    for (const cells of data) {
      const row = { cells, line: this.#line };
      this.#line++;
      if (quotes) for (const cell of cells) this.#line += lineBreaks(cell);
      if (isBlank(cells)) continue;
      this.#first ??= row;
      if (cells.length !== this.#first.cells.length) {
        return { rows, failure: this.#wrongCount(row, this.#first) };
      }
      this.#rows++;
      rows.push(row);
    }
    return { rows };
  }

  #wrongCount(row: TableRow, first: TableRow): UserError {
    const expected = `${count(first.cells.length)} as in line ${first.line}`;
    return new UserError(
      ExitCode.data,
      `${this.#name}:${row.line}: expected ${expected}; found ${row.cells.length}`,
      `every row needs a cell for each column; a cell that holds ${quote(this.#delimiter ?? ',')} must stand in double quotes`,
    );
  }

  #quoteFailure(text: string, index: number, line: number, delimiter: string): UserError {
    const where = `${this.#name}:${line} ${this.#column(text.slice(0, index - 1), delimiter)}`;
    const close = closingQuote(text, index - 1);
    const remedy = 'a quote that belongs to the text of a quoted cell is written twice ("")';
    if (close === -1) {
      const problem = `${where}: expected a closing quote; found the end of the file`;
      return new UserError(ExitCode.data, problem, remedy);
    }
    // One character, not the text up to the next line end, which may not have come yet.
    const after = String.fromCodePoint(
      text
        .slice(close + 1)
        .trimStart()
        .codePointAt(0) ?? 0,
    );
    const closeLine = line + lineBreaks(text.slice(index, close));
    const place = closeLine === line ? '' : ` in line ${closeLine}`;
    return new UserError(
      ExitCode.data,
      `${where}: expected ${quote(delimiter)} or the end of the line after the closing quote; found ${quote(after)}${place}`,
      remedy,
    );
  }

  #endless(rest: string, delimiter: string): UserError {
    const mistake = parse(rest, delimiter, true).errors.find(
      ({ code }) => code === 'MissingQuotes',
    );
    const limit = `within ${MAX_ROW_LENGTH} characters; found none`;
    if (mistake === undefined) {
      return new UserError(
        ExitCode.data,
        `${this.#name}:${this.#line}: expected the end of the row ${limit}`,
        'check that this is a CSV file',
      );
    }
    const before = rest.slice(0, mistake.index - 1);
    const where = `${this.#name}:${this.#line + lineBreaks(before)} ${this.#column(before, delimiter)}`;
    return new UserError(
      ExitCode.data,
      `${where}: expected a closing quote ${limit}`,
      'close the quote, or take it out',
    );
  }

  /** The column of a cell, for messages, from the text before it. */
  #column(before: string, delimiter: string): string {
    const index = (parse(before, delimiter, true).data.at(-1)?.length ?? 1) - 1;
    const names = this.#first?.cells ?? [];
    const header = names.every((name) => parseNumber(name) === undefined);
    return columnLabel(header, names, index);
  }
}

function parse(text: string, delimiter: string, final: boolean): Parsed {
  return new Papa.Parser({ delimiter, newline: '\n' }).parse(text, 0, !final);
}

/** Whether the quoted cell could be right with more text behind: only blanks follow its end. */
function mayStillEnd(text: string, index: number): boolean {
  const close = closingQuote(text, index - 1);
  return close === -1 || text.slice(close + 1).trim() === '';
}

function count(cells: number): string {
  return cells === 1 ? '1 cell' : `${cells} cells`;
}
