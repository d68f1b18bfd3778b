/**
 * Rows of a plain table (no quotes, lines end in LF or CRLF) as the bytes that they came in: cells are
 * ranges of bytes, their numbers are read on the way to their ends, their texts are made on demand.
 */
import { numberInBytes } from './byte-number.ts';
import { ByteScanner } from './byte-scanner.ts';
import { parseNumber } from './number.ts';
import type { TableRow } from './row.ts';
import type { Substitutions } from './row-encoder.ts';
import { mayBeBlank, type RowForm, type Scanner, type ScanState } from './scanner.ts';
import { kernelScanner } from './wasm/kernel-scanner.ts';

const WORD = 8;

/** What an encoder made of rows, all of them complete. */
export interface EncodedRows {
  /** The inputs, row by row; may be longer. */
  readonly inputs: Float32Array;
  readonly substitutions: readonly Substitutions[];
}

/** Consecutive rows; they are others once it is filled again. */
export class ByteRows {
  rows = 0;
  /** Null where none was asked to encode them, or not all could be. */
  encoded: EncodedRows | null = null;
  /** Cells of each row. */
  readonly width: number;
  readonly #form: RowForm;
  #scanner: Scanner;

  constructor(form: RowForm, scanner: Scanner = kernelScanner(form) ?? new ByteScanner(form)) {
    this.width = form.width;
    this.#form = form;
    this.#scanner = scanner;
  }

  /** What the scan has found, cell by cell; NaN where `number` has to look. */
  get numbers(): Float64Array {
    return this.#scanner.numbers;
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
   * Puts bytes into the memory of the rows, the ones that are left of a chunk and then the next, and returns
   * them where they lie there. There are no rows until `fill`.
   */
  put(rest: Uint8Array, chunk: Uint8Array): Buffer {
    this.take(0, null);
    // Shared memory is copied by words only where both sides lie at a multiple of them.
    const middle = Math.ceil(rest.length / WORD) * WORD;
    this.#reserve(middle + chunk.length);
    const { bytes } = this.#scanner;
    const start = middle - rest.length;
    bytes.set(rest, start);
    bytes.set(chunk, middle);
    return bytes.subarray(start, middle + chunk.length);
  }

  #reserve(length: number): void {
    if (this.#scanner.reserve(length)) return;
    // A kernel whose memory cannot grow leaves the rows to the loop.
    this.#scanner = new ByteScanner(this.#form);
    this.#scanner.reserve(length);
  }

  /** Bytes of the memory of the rows, by their offset in its buffer. */
  bytesAt(offset: number, length: number): Buffer {
    return Buffer.from(this.#scanner.bytes.buffer, offset, length);
  }

  /**
   * Finds the rows in bytes. Blank lines are none.
   *
   * @param bytes  in the memory of the rows, up to just behind a line feed: UTF-8 without quotes, and no CR
   *   without an LF behind it
   * @param line   of the first byte
   * @returns  the line behind these bytes; undefined where a row has another number of cells: then these
   *   rows are not to be used
   */
  fill(bytes: Buffer, line: number): number | undefined {
    const start = bytes.byteOffset - this.#scanner.bytes.byteOffset;
    const end = start + bytes.length;
    const state: ScanState = { at: start, rows: 0, line, cells: 0, next: 0 };
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

  /** Takes so many rows that somebody else has found, and encoded, in the same memory. */
  take(rows: number, encoded: EncodedRows | null): void {
    this.rows = rows;
    this.encoded = encoded;
  }

  #isBlank({ at, rows }: ScanState): boolean {
    const { bytes, ends } = this.#scanner;
    if (!mayBeBlank(bytes[at])) return false;
    return bytes.toString('utf8', at, ends[rows * this.width]).trim() === '';
  }
}
