/** When rows of CSV are worth a thread, and the order in which chunks go to it and rows come back. */
import { availableParallelism } from 'node:os';
import type { ByteRows } from './byte-rows.ts';
import type { Chunks } from './chunks.ts';
import { type Encoding, ParsingThread, type Posted } from './parsing-thread.ts';
import type { PlainReader } from './plain-csv.ts';

/** A chunk of so many bytes is worth a message. A pipe whose rows wait for answers sends smaller ones. */
const LEAST_CHUNK = 2 ** 15;

/** So many bytes take one thread as long as two, of which one has to start first. */
const WORTH_BYTES = 2 ** 24;

export interface AheadOptions {
  /** Bytes that are to be read, where that is known. */
  readonly size?: number;
  /** Processors that there are; this machine's where they are not given. */
  readonly processors?: number;
  /** In the place of the constants above. */
  readonly leastChunk?: number;
  readonly worthBytes?: number;
}

export class ReadAhead {
  readonly #leastChunk: number;
  readonly #worthBytes: number;
  readonly #processors: number | undefined;
  /** Plain bytes that are to pass before the thread is asked: they promise as many more. */
  #due: number;
  #encoding: Encoding | undefined;
  /** Null where there is none to be had. */
  #thread: ParsingThread | null | undefined;

  constructor({ size = 0, ...options }: AheadOptions = {}) {
    this.#leastChunk = options.leastChunk ?? LEAST_CHUNK;
    this.#worthBytes = options.worthBytes ?? WORTH_BYTES;
    this.#processors = options.processors;
    this.#due = size < this.#worthBytes ? this.#worthBytes : 0;
  }

  /** Allows for a thread, which is to encode rows so. */
  encode(encoding: Encoding): void {
    this.#encoding = encoding;
  }

  /** Takes note of a plain chunk that was read without the thread, which is started when it pays. */
  note(chunk: Uint8Array, { form }: PlainReader): void {
    if (chunk.length >= this.#leastChunk) this.#due -= chunk.length;
    if (!this.#encoding || this.#due > 0 || this.#thread !== undefined) return;
    const processors = this.#processors ?? availableParallelism();
    this.#thread = processors > 1 ? ParsingThread.start(form, this.#encoding) : null;
  }

  /** Takes note of a chunk that was not plain: then the next ones may not be, either. */
  interrupt(): void {
    this.#due = this.#worthBytes;
  }

  /** Whether there is a thread that has started, and plain bytes enough have passed. */
  get isReady(): boolean {
    return this.#thread?.isReady === true && this.#due <= 0;
  }

  /**
   * The rows that the thread finds, as long as there is one, chunks are large, and what is in them is plain.
   * Then reader and chunks are where they would be if the reader had taken them itself.
   */
  async *rows(plain: PlainReader, chunks: Chunks): AsyncGenerator<ByteRows, void, undefined> {
    const thread = this.#thread;
    if (!thread) return;
    const posted: Posted[] = [];
    let { rest } = plain;
    let line: number | null = plain.line;
    let isOpen = true;
    for (;;) {
      const [oldest] = posted;
      if (isOpen && posted.length < ParsingThread.most) {
        // What has been found is not to wait for a chunk that may never come.
        await (oldest ? Promise.race([chunks.arrival(), oldest.found]) : chunks.arrival());
        if (chunks.hasArrived) {
          const next = this.#post(thread, rest, chunks, line);
          isOpen = next !== null;
          if (!next) continue;
          posted.push(next);
          ({ rest } = next);
          line = null;
          await chunks.take();
          continue;
        }
      }
      if (!oldest) return;
      const found = await oldest.found;
      if (!found) {
        plain.goOn(oldest.before, plain.line);
        chunks.giveBack(posted.map(({ chunk }) => chunk));
        await Promise.all(posted.map((block) => block.found));
        return;
      }
      posted.shift();
      plain.goOn(oldest.rest, found.line);
      if (found.rows.rows > 0) yield found.rows;
    }
  }

  /** Ends the thread. */
  close(): void {
    this.#thread?.close();
  }

  #post(
    thread: ParsingThread,
    rest: Uint8Array,
    { arrived }: Chunks,
    line: number | null,
  ): Posted | null {
    const isSmall = !arrived || arrived.length < this.#leastChunk;
    return isSmall ? null : thread.post(rest, arrived, line);
  }
}
