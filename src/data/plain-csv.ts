/**
 * The plain middle of a CSV file, without a text in between: bytes to `ByteRows`. Where anything is not
 * plain (a quote, a CR alone, bytes that are no UTF-8, a row with another number of cells, a row that does
 * not end), it takes nothing and says so, and the reader of all CSV goes on from the same byte.
 */
import { isUtf8 } from 'node:buffer';
import { ByteRows } from './byte-rows.ts';
import type { RowForm } from './scanner.ts';

const LF = 10;
const CR = 13;
const QUOTE = 34;

/** A row that has not ended after so many bytes is not plain. */
const MAX_REST = 2 ** 16;

/** Where the rows of a table have got to. */
export interface PlainStart {
  /** What stands between cells. */
  readonly delimiter: string;
  /** Cells of each row. */
  readonly width: number;
  /** The line on which `rest` begins. */
  readonly line: number;
  /** The bytes of the row that has begun. */
  readonly rest: Buffer;
}

/** A larger chunk is not plain either: all that is found in it would take a dozen times its memory. */
const MAX_CHUNK = 2 ** 26;

/** Takes chunks as long as they are plain. */
export class PlainReader {
  /** How its rows look. */
  readonly form: RowForm;
  readonly #rows: ByteRows;
  #rest: Buffer;
  #line: number;

  private constructor({ delimiter, width, line, rest }: PlainStart, before?: PlainReader) {
    this.form = { width, delimiter: delimiter.charCodeAt(0) };
    this.#rows = before ? before.#rows : new ByteRows(this.form);
    this.#rest = rest;
    this.#line = line;
  }

  /**
   * Undefined where nothing can be plain from here on.
   *
   * @param before  a reader of the same table that is done with: its memory is taken over
   */
  static from(start: PlainStart, before?: PlainReader): PlainReader | undefined {
    // What may stand in a number cannot stand behind it.
    const isPlain = /^[^\d+\-.eE\u0080-\u{10ffff}]$/u.test(start.delimiter);
    return isPlain && start.rest.length <= MAX_REST ? new PlainReader(start, before) : undefined;
  }

  /** The line on which `rest` begins. */
  get line(): number {
    return this.#line;
  }

  /** The bytes of a row that has begun, in memory that is used again. */
  get rest(): Buffer {
    return this.#rest;
  }

  /**
   * The rows that a chunk completes, valid until the next is pushed; undefined where the chunk is not
   * plain, of which nothing is taken then.
   */
  push(chunk: Uint8Array): ByteRows | undefined {
    if (chunk.length > MAX_CHUNK) return undefined;
    const { length } = this.#rest;
    const bytes = this.#rows.put(this.#rest, chunk);
    this.#rest = bytes.subarray(0, length);
    const line = fillPlain(this.#rows, bytes, this.#line);
    if (line === undefined) return undefined;
    this.goOn(bytes.subarray(endOfRows(bytes)), line);
    return this.#rows;
  }

  /** Goes on behind rows that others have taken: from the bytes of one that has begun, and its line. */
  goOn(rest: Buffer, line: number): void {
    this.#rest = rest;
    this.#line = line;
  }
}

/** Where the last row ends that bytes complete. */
export function endOfRows(bytes: Buffer): number {
  return bytes.lastIndexOf(LF) + 1;
}

/**
 * Fills rows with those that bytes complete.
 *
 * @param bytes  in the memory of the rows, from the begin of a row on
 * @param line   of the first byte
 * @returns  the line behind these rows; undefined where anything in the bytes is not plain
 */
export function fillPlain(rows: ByteRows, bytes: Buffer, line: number): number | undefined {
  const whole = bytes.subarray(0, endOfRows(bytes));
  const isPlain =
    bytes.length - whole.length <= MAX_REST &&
    !bytes.includes(QUOTE) &&
    isLinesOnly(bytes) &&
    isUtf8(whole);
  return isPlain ? rows.fill(whole, line) : undefined;
}

/** Whether each CR is followed by an LF; the last byte may be half of both. */
function isLinesOnly(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(CR); at !== -1; at = bytes.indexOf(CR, at + 1)) {
    if (bytes[at + 1] !== LF && at !== bytes.length - 1) return false;
  }
  return true;
}
