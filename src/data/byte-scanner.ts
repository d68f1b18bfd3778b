/** Finds the cells of plain rows byte by byte: what defines the scan, and does it where there is no kernel. */
import { EXACT_DIGITS, POWERS_OF_TEN } from './byte-number.ts';
import { mayBeBlank, type RowForm, type Scanner, type ScanState } from './scanner.ts';

const LF = 10;
const CR = 13;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;

export class ByteScanner implements Scanner {
  bytes = Buffer.alloc(0);
  begins = new Uint32Array(0);
  lines = new Float64Array(0);
  ends = new Uint32Array(0);
  numbers = new Float64Array(0);
  readonly #width: number;
  readonly #delimiter: number;
  #scanned = 0;

  constructor({ width, delimiter }: RowForm) {
    this.#width = width;
    this.#delimiter = delimiter;
  }

  /** @throws {RangeError} where there is no more memory: nobody else has any */
  reserve(length: number): true {
    if (this.bytes.length >= length) return true;
    // Twice, since chunks differ a little in size; memory that is not touched costs nothing.
    const size = 2 * length;
    const bytes = Buffer.allocUnsafeSlow(size);
    this.bytes.copy(bytes);
    this.bytes = bytes;
    // Every cell takes a byte, and every row as many as its cells.
    this.ends = new Uint32Array(size);
    this.numbers = new Float64Array(size);
    this.begins = new Uint32Array(Math.ceil(size / this.#width));
    this.lines = new Float64Array(this.begins.length);
    return true;
  }

  scan(state: ScanState, end: number): void {
    for (; state.at < end; state.rows++, state.line++) {
      const { at, rows } = state;
      const cell = rows * this.#width;
      const next = this.#scanRow(at, cell);
      const cells = this.#scanned - cell;
      if (cells !== this.#width || (cells === 1 && mayBeBlank(this.bytes[at]))) {
        state.cells = cells;
        state.next = next;
        return;
      }
      this.begins[rows] = at;
      this.lines[rows] = state.line;
      state.at = next;
    }
  }

  /**
   * Finds the cells of one row: the only loop over all bytes.
   *
   * @param cell  the number of its first cell
   * @returns  where the next row begins; `#scanned` is its first cell
   */
  #scanRow(from: number, cell: number): number {
    const { bytes, numbers, ends } = this;
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
      numbers[next] = isNegative ? -number : number;
      ends[next++] = at++;
      if (code === CR) code = bytes[at++];
    }
    this.#scanned = next;
    return at;
  }
}
