/** The seam between plain rows and what finds their cells: a loop in JavaScript, or a kernel. */

/** How far a scan has got. */
export interface ScanState {
  /** The byte where the next row begins. */
  at: number;
  /** Rows found so far. */
  rows: number;
  /** The line of the next row. */
  line: number;
  /** Where a row stopped the scan: how many cells it has, and the byte behind it. */
  cells: number;
  next: number;
}

/** Finds the cells of rows in bytes that it holds, and the short numbers in them. */
export interface Scanner {
  /** Memory, to be written by the caller. Views may be others after `reserve`. */
  readonly bytes: Buffer;
  /** Of each row: where it begins, and its line. */
  readonly begins: Uint32Array;
  readonly lines: Float64Array;
  /**
   * Of each cell, row by row: the byte behind it, and its number: at most 15 digits with at most one point
   * and a minus before them, else NaN.
   */
  readonly ends: Uint32Array;
  readonly numbers: Float64Array;
  /**
   * Makes room for so many bytes and what is found in them; the bytes that are there stay.
   *
   * @returns  false where it gets no more memory: all is as it was then
   */
  reserve(length: number): boolean;
  /**
   * Goes on from `state.at` up to `end`, just behind a line feed, or up to a row that has another number of
   * cells, or a single one of which `mayBeBlank` holds. Each CR has an LF behind it.
   */
  scan(state: ScanState, end: number): void;
}

/** What a scanner needs to know of a table. */
export interface RowForm {
  /** Cells of each row. */
  readonly width: number;
  /** The byte between cells, one that stands in no number. */
  readonly delimiter: number;
}

const BLANK = 32;
const FIRST_BEYOND_ASCII = 128;

/** Whether a cell that begins with this byte may be nothing but blanks. */
export function mayBeBlank(first: number): boolean {
  return first <= BLANK || first >= FIRST_BEYOND_ASCII;
}
