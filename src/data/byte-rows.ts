/**
 * Rows of a plain table (no quotes, lines end in LF or CRLF) as the bytes that they came in: cells are
 * ranges of bytes, their numbers are read on the way to their ends, their texts are made on demand.
 */
import { numberInBytes } from './byte-number.ts';
import { ByteScanner } from './byte-scanner.ts';
import { parseNumber } from './number.ts';
import type { TableRow } from './row.ts';
import { mayBeBlank, type RowForm, type Scanner, type ScanState } from './scanner.ts';
import { kernelScanner } from './wasm/kernel-scanner.ts';

/** Consecutive rows; they are others once it is filled again. */
export class ByteRows {
  rows = 0;
  /** Cells of each row. */
  readonly width: number;
  readonly #form: RowForm;
  #scanner: Scanner;

  constructor(form: RowForm, scanner = kernelScanner(form) ?? new ByteScanner(form)) {
    this.width = form.width;
    this.#form = form;
    this.#scanner = scanner;
  }

  line(row: number): number {
    return this.#scanner.lines[row];
  }

  text(row: number, column: number): string {
    const cell = row * this.width + column;
    const { bytes, ends } = this.#scanner;
    return bytes.toString('utf8', this.#begin(row, column, cell), ends[cell]);
  }

  /** The number in a cell, written as usual; NaN where its text is none. */
  number(row: number, column: number): number {
    const cell = row * this.width + column;
    const number = this.#scanner.numbers[cell];
    return Number.isNaN(number) ? this.#unusual(row, column, cell) : number;
  }

  #unusual(row: number, column: number, cell: number): number {
    const { bytes, ends } = this.#scanner;
    const begin = this.#begin(row, column, cell);
    const end = ends[cell];
    if (begin === end) return Number.NaN;
    const number = numberInBytes(bytes, begin, end);
    if (!Number.isNaN(number)) return number;
    return parseNumber(this.text(row, column)) ?? Number.NaN;
  }

  #begin(row: number, column: number, cell: number): number {
    const { begins, ends } = this.#scanner;
    return column === 0 ? begins[row] : ends[cell - 1] + 1;
  }

  /** Rows with texts of their own. */
  toRows(): readonly TableRow[] {
    return Array.from({ length: this.rows }, (_, row) => ({
      cells: Array.from({ length: this.width }, (_, column) => this.text(row, column)),
      line: this.line(row),
    }));
  }

  /**
   * The memory that the rows lie in, long enough for `kept` bytes and a chunk: the ones that lie there from
   * `from` on, moved to its begin, then the chunk. There are no rows until `fill`.
   */
  put(from: number, kept: number, chunk: Uint8Array): Buffer {
    this.rows = 0;
    this.#reserve(kept + chunk.length);
    const { bytes } = this.#scanner;
    bytes.copyWithin(0, from, from + kept);
    bytes.set(chunk, kept);
    return bytes.subarray(0, kept + chunk.length);
  }

  #reserve(length: number): void {
    if (this.#scanner.reserve(length)) return;
    // A kernel whose memory cannot grow leaves its bytes to the loop.
    const { bytes } = this.#scanner;
    const scanner = new ByteScanner(this.#form);
    scanner.reserve(length);
    bytes.copy(scanner.bytes);
    this.#scanner = scanner;
  }

  /** So many bytes that lie in the memory from `from` on. */
  bytes(from: number, length: number): Buffer {
    return this.#scanner.bytes.subarray(from, from + length);
  }

  /**
   * Finds the rows in the bytes that were put. Blank lines are none.
   *
   * @param end    just behind a line feed; up to there they are UTF-8 without quotes, and no CR without an LF
   *   behind it
   * @param line   of the first byte
   * @returns  the line of the byte at `end`; undefined where a row has another number of cells: then these
   *   rows are not to be used
   */
  fill(end: number, line: number): number | undefined {
    const state: ScanState = { at: 0, rows: 0, line, cells: 0, next: 0 };
    for (;;) {
      this.#scanner.scan(state, end);
      if (state.at >= end) break;
      const { cells, next } = state;
      if (cells !== 1 || !this.#isBlank(state)) {
        if (cells !== this.width) return undefined;
        this.#scanner.begins[state.rows] = state.at;
        this.#scanner.lines[state.rows++] = state.line;
      }
      state.at = next;
      state.line++;
    }
    this.rows = state.rows;
    return state.line;
  }

  #isBlank({ at, rows }: ScanState): boolean {
    const { bytes, ends } = this.#scanner;
    if (!mayBeBlank(bytes[at])) return false;
    return bytes.toString('utf8', at, ends[rows * this.width]).trim() === '';
  }
}
