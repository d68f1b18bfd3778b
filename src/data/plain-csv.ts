/**
 * The plain middle of a CSV file, without a text in between: bytes to `ByteRows`. Where anything is not
 * plain (a quote, a CR alone, bytes that are no UTF-8, a row with another number of cells, a row that does
 * not end), it takes nothing and says so, and the reader of all CSV goes on from the same byte.
 */
import { isUtf8 } from 'node:buffer';
import { ByteRows } from './byte-rows.ts';

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

/** Takes chunks as long as they are plain. */
export class PlainReader {
  readonly #rows: ByteRows;
  #rest: Buffer;
  #line: number;
  #joined = Buffer.alloc(0);

  private constructor({ delimiter, width, line, rest }: PlainStart) {
    this.#rows = new ByteRows(width, delimiter.charCodeAt(0));
    this.#rest = rest;
    this.#line = line;
  }

  /** Undefined where nothing can be plain from here on. */
  static from(start: PlainStart): PlainReader | undefined {
    // What may stand in a number cannot stand behind it.
    const isPlain = /^[^\d+\-.eE\u0080-\u{10ffff}]$/u.test(start.delimiter);
    return isPlain && start.rest.length <= MAX_REST ? new PlainReader(start) : undefined;
  }

  /** The line on which `rest` begins. */
  get line(): number {
    return this.#line;
  }

  /** The bytes that are not in a row yet, in memory that is used again. */
  get rest(): Buffer {
    return this.#rest;
  }

  /**
   * The rows that a chunk completes, valid until the next is pushed; undefined where the chunk is not
   * plain, of which nothing is taken then.
   */
  push(chunk: Uint8Array): ByteRows | undefined {
    const bytes = this.#join(chunk);
    const end = bytes.lastIndexOf(LF) + 1;
    const isPlain =
      bytes.length - end <= MAX_REST &&
      !bytes.includes(QUOTE) &&
      isLinesOnly(bytes) &&
      isUtf8(bytes.subarray(0, end));
    const line = isPlain ? this.#rows.fill(bytes, end, this.#line) : undefined;
    if (line === undefined) return undefined;
    this.#line = line;
    this.#rest = bytes.subarray(end);
    return this.#rows;
  }

  /** The rest and the chunk, one behind the other. */
  #join(chunk: Uint8Array): Buffer {
    const rest = this.#rest;
    if (rest.length === 0) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    const length = rest.length + chunk.length;
    const joined = this.#joined.length < length ? Buffer.allocUnsafeSlow(2 * length) : this.#joined;
    rest.copy(joined);
    joined.set(chunk, rest.length);
    this.#joined = joined;
    this.#rest = joined.subarray(0, rest.length);
    return joined.subarray(0, length);
  }
}

/** Whether each CR is followed by an LF; the last byte may be half of both. */
function isLinesOnly(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(CR); at !== -1; at = bytes.indexOf(CR, at + 1)) {
    if (bytes[at + 1] !== LF && at !== bytes.length - 1) return false;
  }
  return true;
}
