/**
 * Rows of a plain table (no quotes, lines end in LF or CRLF) as the bytes that they came in: cells are
 * ranges of bytes, their numbers are read on the way to their ends, their texts are made on demand.
 */
import { EXACT_DIGITS, numberInBytes, POWERS_OF_TEN } from './byte-number.ts';
import { parseNumber } from './number.ts';
import type { TableRow } from './row.ts';

const LF = 10;
const CR = 13;
const BLANK = 32;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const FIRST_BEYOND_ASCII = 128;

/** Consecutive rows; they are others once it is filled again. */
export class ByteRows {
  rows = 0;
  /** Cells of each row. */
  readonly width: number;
  readonly #delimiter: number;
  #bytes: Buffer = Buffer.alloc(0);
  /** Of each row: where it begins, and its line. */
  #begins = new Uint32Array(0);
  #lines = new Float64Array(0);
  /** Of each cell, row by row: the byte behind it, and its number where that is a short one. */
  #ends = new Uint32Array(0);
  #numbers = new Float64Array(0);
  #scanned = 0;

  /** @param delimiter  the byte between cells, one that stands in no number */
  constructor(width: number, delimiter: number) {
    this.width = width;
    this.#delimiter = delimiter;
  }

  line(row: number): number {
    return this.#lines[row];
  }

  text(row: number, column: number): string {
    const cell = row * this.width + column;
    return this.#bytes.toString('utf8', this.#begin(row, column, cell), this.#ends[cell]);
  }

  /** The number in a cell, written as usual; NaN where its text is none. */
  number(row: number, column: number): number {
    const cell = row * this.width + column;
    const number = this.#numbers[cell];
    return Number.isNaN(number) ? this.#unusual(row, column, cell) : number;
  }

  #unusual(row: number, column: number, cell: number): number {
    const begin = this.#begin(row, column, cell);
    const end = this.#ends[cell];
    if (begin === end) return Number.NaN;
    const number = numberInBytes(this.#bytes, begin, end);
    if (!Number.isNaN(number)) return number;
    return parseNumber(this.text(row, column)) ?? Number.NaN;
  }

  #begin(row: number, column: number, cell: number): number {
    return column === 0 ? this.#begins[row] : this.#ends[cell - 1] + 1;
  }

  /** Rows with texts of their own. */
  toRows(): readonly TableRow[] {
    return Array.from({ length: this.rows }, (_, row) => ({
      cells: Array.from({ length: this.width }, (_, column) => this.text(row, column)),
      line: this.line(row),
    }));
  }

  /**
   * Takes the rows of other bytes in place of its own. Blank lines are none.
   *
   * @param bytes  kept; UTF-8 without quotes, and no CR without an LF behind it
   * @param end    just behind a line feed
   * @param line   of the first byte
   * @returns  the line of the byte at `end`; undefined where a row has another number of cells: then these
   *   rows are not to be used
   */
  fill(bytes: Buffer, end: number, line: number): number | undefined {
    this.#bytes = bytes;
    this.#reserve(end);
    this.rows = 0;
    let next = line;
    for (let at = 0; at < end; next++) {
      const begin = at;
      const cell = this.rows * this.width;
      at = this.#scanRow(begin, cell);
      const cells = this.#scanned - cell;
      if (cells === 1 && this.#isBlank(begin, cell)) continue;
      if (cells !== this.width) return undefined;
      this.#begins[this.rows] = begin;
      this.#lines[this.rows++] = next;
    }
    return next;
  }

  #isBlank(begin: number, cell: number): boolean {
    const first = this.#bytes[begin];
    if (first > BLANK && first < FIRST_BEYOND_ASCII) return false;
    return this.#bytes.toString('utf8', begin, this.#ends[cell]).trim() === '';
  }

  /** Every cell takes a byte, and every row as many as its cells. */
  #reserve(bytes: number): void {
    if (this.#ends.length >= bytes) return;
    // Twice, since chunks differ a little in size; memory that is not touched costs nothing.
    this.#ends = new Uint32Array(2 * bytes);
    this.#numbers = new Float64Array(2 * bytes);
    this.#begins = new Uint32Array(Math.ceil((2 * bytes) / this.width));
    this.#lines = new Float64Array(this.#begins.length);
  }

  /**
   * Finds the cells of one row, and what is a short number in them: the only loop over all bytes.
   *
   * @param cell  the number of its first cell
   * @returns  where the next row begins; `#scanned` is its first cell
   */
  #scanRow(from: number, cell: number): number {
    const bytes = this.#bytes;
    const delimiter = this.#delimiter;
    let next = cell;
    let at = from;
    let code = delimiter;
    while (code !== LF) {
      const isNegative = bytes[at] === MINUS;
      if (isNegative) at++;
      const begin = at;
      let whole = 0;
      let point = 0;
      for (; ; at++) {
        code = bytes[at];
        const digit = code ^ ZERO;
        if (digit <= 9) whole = whole * 10 + digit;
        else if (code === POINT && point === 0) point = at + 1;
        else break;
      }
      const digits = at - begin - (point === 0 ? 0 : 1);
      let number = point === 0 ? whole : whole / POWERS_OF_TEN[at - point];
      if (digits === 0 || digits > EXACT_DIGITS) number = Number.NaN;
      if (code !== delimiter && code !== LF && code !== CR) {
        number = Number.NaN;
        do code = bytes[++at];
        while (code !== delimiter && code !== LF && code !== CR);
      }
      this.#numbers[next] = isNegative ? -number : number;
      this.#ends[next++] = at++;
      if (code === CR) code = bytes[at++];
    }
    this.#scanned = next;
    return at;
  }
}
