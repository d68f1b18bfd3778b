/** A thread that finds and encodes rows beside this one, in memory that both share. */
import { Worker } from 'node:worker_threads';
import { ByteRows } from './byte-rows.ts';
import type { SyntaxChoice } from './cell-syntax.ts';
import type { Columns } from './columns.ts';
import { parsingWorker } from './parsing-worker.generated.ts';
import { endOfRows } from './plain-csv.ts';
import type { Substitutions } from './row-encoder.ts';
import type { RowForm } from './scanner.ts';
import { type SharedScan, sharedScanner } from './wasm/kernel-scanner.ts';

/** How rows become inputs: what a `RowEncoder` is made of. */
export interface Encoding {
  readonly columns: Columns;
  readonly indices: readonly number[];
  readonly syntax: SyntaxChoice;
}

/** What the thread is begun with. */
export interface ParsingOrder {
  readonly form: RowForm;
  readonly slots: readonly { readonly scan: SharedScan; readonly inputs: SharedArrayBuffer }[];
  readonly encoding: Encoding;
}

/** Bytes for the thread, at an offset of a slot's memory. */
export interface ParsingPost {
  readonly slot: number;
  readonly offset: number;
  readonly length: number;
  /** On which they begin; null for the one on which the bytes before have ended. */
  readonly line: number | null;
}

/** What was found in them; null where they are not plain, and for all behind them. */
export type ParsingReply = null | {
  readonly rows: number;
  /** On which the next bytes begin. */
  readonly line: number;
  /** What cells were taken for, where all rows are encoded; null where the thread has not done so. */
  readonly substitutions: readonly Substitutions[] | null;
};

/** Bytes that the thread was given. */
export interface Posted {
  /** The chunk that they end with, and what was left of the one before. */
  readonly chunk: Uint8Array;
  readonly before: Buffer;
  /** What is left behind the last row. */
  readonly rest: Buffer;
  /** Their rows and the line behind them; null where they are not plain. */
  readonly found: Promise<{ readonly rows: ByteRows; readonly line: number } | null>;
}

/** Places for bytes. */
const SLOTS = 4;
/** Bytes and inputs that one has room for; memory that is not touched costs nothing. */
const SLOT_BYTES = 2 ** 19;
const SLOT_INPUTS = 2 ** 20;

interface Slot {
  readonly rows: ByteRows;
  readonly inputs: Float32Array;
}

export class ParsingThread {
  /** So much may be posted at once, besides the rows that were found last, which are still looked at. */
  static readonly most = SLOTS - 1;
  /** Whether it has started, which takes some 40 ms, and not ended. */
  isReady = false;
  readonly #worker: Worker;
  readonly #slots: readonly Slot[];
  #posts = 0;
  #hasEnded = false;
  /** Those who wait for replies, which come in the order of the posts. */
  readonly #waiting: ((reply: ParsingReply) => void)[] = [];

  /** Null where the system gives no thread, or no memory for it. */
  static start(form: RowForm, encoding: Encoding): ParsingThread | null {
    try {
      return new ParsingThread(form, encoding);
    } catch {
      return null;
    }
  }

  private constructor(form: RowForm, encoding: Encoding) {
    const made = Array.from({ length: SLOTS }, () => ({
      scan: sharedScanner(form, SLOT_BYTES),
      inputs: new SharedArrayBuffer(4 * SLOT_INPUTS),
    }));
    this.#slots = made.map(({ scan, inputs }) => ({
      rows: new ByteRows(form, scan.scanner),
      inputs: new Float32Array(inputs),
    }));
    const slots = made.map(({ scan: { shared }, inputs }) => ({ scan: shared, inputs }));
    const workerData: ParsingOrder = { form, slots, encoding };
    this.#worker = new Worker(parsingWorker, { eval: true, workerData });
    this.#worker.on('message', (message: 'ready' | ParsingReply) => {
      if (message === 'ready') this.isReady = true;
      else this.#waiting.shift()?.(message);
    });
    // Whatever ends it, the reader goes on alone.
    for (const event of ['error', 'messageerror', 'exit']) {
      this.#worker.on(event, () => this.close());
    }
  }

  /**
   * Hands on the bytes that are left of a chunk, and the next chunk. Null where they are too many.
   *
   * @param line  on which they begin; null for the one on which those posted before have ended
   */
  post(rest: Uint8Array, chunk: Uint8Array, line: number | null): Posted | null {
    if (rest.length + chunk.length > SLOT_BYTES) return null;
    const slot = this.#posts++ % SLOTS;
    const { rows, inputs } = this.#slots[slot];
    const bytes = rows.put(rest, chunk);
    const post: ParsingPost = { slot, offset: bytes.byteOffset, length: bytes.length, line };
    const found = this.#send(post).then((reply) => {
      if (!reply) return null;
      const { substitutions } = reply;
      rows.take(reply.rows, substitutions && { inputs, substitutions });
      return { rows, line: reply.line };
    });
    const before = bytes.subarray(0, rest.length);
    return { chunk, before, rest: bytes.subarray(endOfRows(bytes)), found };
  }

  /** Ends it; what it has not found by now is not found. */
  close(): void {
    this.isReady = false;
    this.#hasEnded = true;
    for (const resolve of this.#waiting.splice(0)) resolve(null);
    void this.#worker.terminate();
  }

  #send(post: ParsingPost): Promise<ParsingReply> {
    if (this.#hasEnded) return Promise.resolve(null);
    this.#worker.postMessage(post);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
