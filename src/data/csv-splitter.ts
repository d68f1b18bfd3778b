/**
 * CSV text to rows, as it comes: papaparse splits the cells, this file feeds it whole rows and says where
 * a mistake is. Knows nothing of numbers, except that a first row without any names the columns in
 * messages.
 */
import Papa from 'papaparse';
import { ExitCode, UserError } from '../errors.ts';
import { quote } from '../words.ts';
import {
  closingQuote,
  isBlank,
  normaliseLineEnds,
  separatorLine,
  sniffDelimiter,
  withoutComments,
} from './csv-text.ts';
import { columnLabel } from './heading.ts';
import { parseNumber } from './number.ts';
import { PlainReader } from './plain-csv.ts';
import { MAX_ROW_LENGTH, type TableRow, wrongRow } from './row.ts';
import { areBlankSeparated, blankSeparated, wrongCount } from './table-form.ts';
import { lineBreaks } from './utf8.ts';

export interface CsvOptions {
  /** One that `isDelimiter` holds for; tab for names that end in `.tsv`, else found in the first line. */
  readonly delimiter?: string;
  /** Of `encodingOf`; UTF-8, or what a byte-order mark says, where it is not given. */
  readonly encoding?: string;
  /** Lines that begin with this text are no rows. */
  readonly comment?: string;
  /** Whether a row with a wrong number of cells comes as a `wrongRow`; else it ends the reading. */
  readonly keepsWrong?: boolean;
  /** Give all rows as texts, also where they are plain. */
  readonly asTexts?: boolean;
  /** Takes a line for people about what was decided. */
  readonly note?: (line: string) => void;
}

/** From this size on, a row that did not end is only looked at again when it has doubled. */
const PATIENT_LENGTH = 2 ** 16;

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
export class RowSplitter {
  #delimiter: string | undefined;
  #pending = '';
  /** The line on which `#pending` begins. */
  #line = 1;
  #first: TableRow | undefined;
  #rows = 0;
  #breakSeen = false;
  #lookAgainAt = 0;
  /** Whether comments were left out. */
  isCommented = false;
  #isBegun = false;
  #isSecond = false;
  readonly #name: string;
  /** The last reader that this one took over from. */
  #plain: PlainReader | undefined;
  readonly #options: CsvOptions;

  constructor(name: string, options: CsvOptions) {
    this.#name = name;
    this.#options = options;
    this.#delimiter = options.delimiter;
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
    const start = {
      delimiter: this.#delimiter,
      width: this.#first?.cells.length ?? 0,
      line: this.#line,
      rest: Buffer.from(this.#pending),
    };
    return PlainReader.from(start, this.#plain);
  }

  /** Goes on where a plain reader got to; returns the bytes that are to be pushed before all others. */
  resume(plain: PlainReader): Uint8Array {
    const { line, rest } = plain;
    this.#plain = plain;
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
    if (!this.#isBegun && !this.#begin(final)) return NO_ROWS;
    this.#delimiter ??= sniffDelimiter(this.#pending, final || tooLong, this.#options.comment);
    return this.#delimiter === undefined ? NO_ROWS : this.#split(this.#delimiter, final);
  }

  /** Takes off Excel's line about the delimiter; false while it may still go on. */
  #begin(final: boolean): boolean {
    const said = separatorLine(this.#pending);
    // Its CR may be half of a CRLF.
    if (said?.text.endsWith('\r') && said.text === this.#pending && !final) return false;
    this.#isBegun = true;
    if (!said) return true;
    this.#pending = this.#pending.slice(said.text.length);
    this.#line++;
    this.#delimiter ??= said.delimiter;
    const shown = quote(said.text.replace(/[\r\n]+$/, ''));
    this.#options.note?.(
      `note: ${this.#name}:1: ${shown} is taken for the line in which Excel names the delimiter`,
    );
    return true;
  }

  #split(delimiter: string, final: boolean): Split {
    const { text, held } = this.#cleaned(delimiter, final);
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
    if (rest.length + held.length > MAX_ROW_LENGTH) {
      return { rows: split.rows, failure: this.#endless(rest, delimiter) };
    }
    this.#pending = rest + held;
    this.#breakSeen = held.endsWith('\r');
    this.#lookAgainAt = rest.length > PATIENT_LENGTH ? 2 * rest.length : 0;
    return split;
  }

  /** The pending text with LF alone and without comments, and what of it must wait for more. */
  #cleaned(delimiter: string, final: boolean): { readonly text: string; readonly held: string } {
    const { comment } = this.#options;
    // A CR at the end may be half of a CRLF.
    const half = !final && this.#pending.endsWith('\r') ? '\r' : '';
    const whole = this.#pending.slice(0, this.#pending.length - half.length);
    if (comment === undefined) return { text: normaliseLineEnds(whole, delimiter), held: half };
    const { text, held } = withoutComments(whole, delimiter, comment, final);
    this.isCommented ||= text.length < whole.length;
    return { text: normaliseLineEnds(text, delimiter), held: held + half };
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
      const failure = this.#wrongForm(row, this.#first);
      const count = this.#first.cells.length;
      if (failure === undefined) {
        this.#rows++;
        rows.push(row);
      } else if (this.#options.keepsWrong && cells.length !== count) {
        rows.push(wrongRow(row.line, cells, count, failure));
      } else return { rows, failure };
    }
    return { rows };
  }

  #wrongForm(row: TableRow, first: TableRow): UserError | undefined {
    const { cells, line } = row;
    const delimiter = this.#delimiter ?? ',';
    if (cells.length !== first.cells.length) return wrongCount(this.#name, row, first, delimiter);
    const isSecond = cells.length === 1 && this.#isSecond;
    this.#isSecond = row === first;
    if (!isSecond || this.#options.delimiter !== undefined) return undefined;
    return areBlankSeparated(first.cells, cells) ? blankSeparated(this.#name, line) : undefined;
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
