/** The chunks of a source one after the other, for a reader that looks ahead and may give some back. */

type Next = IteratorResult<Uint8Array, undefined>;

export class Chunks {
  readonly #iterator: AsyncIterator<Uint8Array, undefined>;
  /** Those that were given back. */
  readonly #given: Uint8Array[] = [];
  #next: Promise<Next> | undefined;
  #arrival: Promise<void> = Promise.resolve();
  /** What has arrived of `#next`; null for a failure. */
  #arrived: Next | null | undefined;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#iterator = chunks[Symbol.asyncIterator]();
  }

  /** The next chunk, or the end. @throws what the source does */
  take(): Promise<Next> {
    const given = this.#given.shift();
    if (given) return Promise.resolve({ value: given });
    const next = this.#read();
    this.#next = undefined;
    this.#arrived = undefined;
    return next;
  }

  /** Chunks that were taken last, in their order, are the next ones again. */
  giveBack(chunks: readonly Uint8Array[]): void {
    this.#given.unshift(...chunks);
  }

  /** Resolves once there is a chunk, the end or a failure, so that nobody would wait for it. */
  async arrival(): Promise<void> {
    if (this.#given.length > 0) return;
    this.#read();
    await this.#arrival;
  }

  get hasArrived(): boolean {
    return this.#given.length > 0 || this.#arrived !== undefined;
  }

  /** The next chunk, not taken; undefined where none has arrived. */
  get arrived(): Uint8Array | undefined {
    return this.#given[0] ?? this.#arrived?.value;
  }

  /** Closes the source. */
  async close(): Promise<void> {
    const isAwaited = this.#next !== undefined && this.#arrived === undefined;
    const closed = this.#iterator.return?.();
    // A pipe that is being read closes once it has delivered, which may be never.
    if (isAwaited) closed?.catch(() => {});
    else await closed;
  }

  #read(): Promise<Next> {
    if (this.#next) return this.#next;
    const next = this.#iterator.next();
    this.#next = next;
    this.#arrival = next.then(
      (arrived) => {
        if (this.#next === next) this.#arrived = arrived;
      },
      // Reported to whoever takes it, if anybody does.
      () => {
        if (this.#next === next) this.#arrived = null;
      },
    );
    return next;
  }
}
