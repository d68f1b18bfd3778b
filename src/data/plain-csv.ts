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

/** A larger chunk is not plain either: all that is found in it would take a dozen times its memory. */
const MAX_CHUNK = 2 ** 26;

/** Takes chunks as long as they are plain. */
export class PlainReader {
  readonly #rows: ByteRows;
  /** Where the row that has begun lies in the memory of the rows. */
  #restFrom = 0;
  #restLength: number;
  #line: number;

  private constructor({ delimiter, width, line, rest }: PlainStart) {
    this.#rows = new ByteRows({ width, delimiter: delimiter.charCodeAt(0) });
    this.#rows.put(0, 0, rest);
    this.#restLength = rest.length;
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
    return this.#rows.bytes(this.#restFrom, this.#restLength);
  }

  /**
   * The rows that a chunk completes, valid until the next is pushed; undefined where the chunk is not
   * plain, of which nothing is taken then.
   */
  push(chunk: Uint8Array): ByteRows | undefined {
    if (chunk.length > MAX_CHUNK) return undefined;
    const bytes = this.#rows.put(this.#restFrom, this.#restLength, chunk);
    this.#restFrom = 0;
    const end = bytes.lastIndexOf(LF) + 1;
    const isPlain =
      bytes.length - end <= MAX_REST &&
      !bytes.includes(QUOTE) &&
      isLinesOnly(bytes) &&
      isUtf8(bytes.subarray(0, end));
    const line = isPlain ? this.#rows.fill(end, this.#line) : undefined;
    if (line === undefined) return undefined;
    this.#line = line;
    this.#restFrom = end;
    this.#restLength = bytes.length - end;
    return this.#rows;
  }
}

/** Whether each CR is followed by an LF; the last byte may be half of both. */
function isLinesOnly(bytes: Buffer): boolean {
  for (let at = bytes.indexOf(CR); at !== -1; at = bytes.indexOf(CR, at + 1)) {
    if (bytes[at + 1] !== LF && at !== bytes.length - 1) return false;
  }
  return true;
}
