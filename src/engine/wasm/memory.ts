/**
 * One WebAssembly memory that grows, and views of it. Addresses are in bytes. A shared memory grows where it is: views
 * that were made before stay as good and as long as they were.
 */

const PAGE = 65536;
/** What a 32-bit address reaches; as in scripts/kernels.mjs. */
const MAX_PAGES = 65536;
/** Kernels may read so many bytes behind what they are given. */
export const BEHIND = 256;

export class Memory {
  readonly memory: WebAssembly.Memory;
  /** All of it; another view once it has grown. */
  words: Int32Array;
  #used: number;

  /** @param bytes  taken from the start */
  constructor(bytes: number) {
    this.memory = allocate(Math.ceil((bytes + BEHIND) / PAGE));
    this.words = new Int32Array(this.memory.buffer);
    this.#used = align(bytes);
  }

  /** Whether all of this can be taken, so many bytes at a time: whether it is within reach of an address. */
  reaches(sizes: readonly number[]): boolean {
    const used = sizes.reduce((sum, bytes) => behind(sum, bytes), this.#used);
    return used + BEHIND <= MAX_PAGES * PAGE;
  }

  /**
   * The address of so many bytes more.
   *
   * @throws {RangeError} where there is no more memory
   */
  take(bytes: number): number {
    const address = this.#used;
    this.#used = behind(address, bytes);
    const missing = this.#used + BEHIND - this.memory.buffer.byteLength;
    if (missing > 0) {
      withMemory(() => this.memory.grow(Math.ceil(missing / PAGE)));
      this.words = new Int32Array(this.memory.buffer);
    }
    return address;
  }

  floats(address: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, address, length);
  }
}

/** A memory that other threads can share. */
export function allocate(pages: number): WebAssembly.Memory {
  const limits = { initial: pages, maximum: MAX_PAGES, shared: true } as const;
  return withMemory(() => new WebAssembly.Memory(limits));
}

/** Says it as arrays do where there is no memory: callers know that. */
function withMemory<T>(take: () => T): T {
  try {
    return take();
  } catch {
    throw new RangeError('Array buffer allocation failed');
  }
}

/** What comes behind so many bytes. */
function behind(address: number, bytes: number): number {
  return align(address + bytes + BEHIND);
}

/** The next address at which a cache line begins. */
export function align(address: number): number {
  return Math.ceil(address / 64) * 64;
}
