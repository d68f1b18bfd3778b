/** Many float32 numbers as text with a WebAssembly kernel: several times as fast as one after the other. */
import { kernels } from './kernels.generated.ts';

const PAGE = 65536;
/** So many numbers at a time. */
const AT_ONCE = 4096;
/** No number takes more: `-100000000000000000000`, a byte behind it. The kernel may write as many beyond. */
export const MOST_BYTES = 24;

/** What the digits are found with; see ../float32-bytes.ts. */
export interface Tables {
  readonly scales: Float64Array;
  readonly decimals: Int8Array;
  /** The decimals of the first of the scales. */
  readonly least: number;
  readonly doubt: number;
}

/** Bytes between numbers: one behind each row of so many, another behind all others. */
export interface Separators {
  readonly width: number;
  readonly between: number;
  readonly last: number;
}

type Export = (...words: number[]) => number;

export class KernelFormatter {
  readonly #doubt: number;
  readonly #least: number;
  readonly #format: Export;
  readonly #values: Float32Array;
  readonly #text: Uint8Array;
  readonly #end: Uint32Array;
  /** Indices of the numbers that were taken. */
  #first = 0;
  #last = 0;

  private constructor(tables: Tables, exports: Readonly<Record<string, Export>>, memory: Memory) {
    this.#doubt = tables.doubt;
    this.#least = tables.least;
    this.#format = exports.format;
    const values = exports.free();
    const text = values + 4 * AT_ONCE;
    const bytes = MOST_BYTES * (AT_ONCE + 1);
    memory.grow(Math.ceil((text + bytes) / PAGE) - 1);
    const { buffer } = memory;
    new Float64Array(buffer, exports.scales()).set(tables.scales);
    new Int8Array(buffer, exports.decimals()).set(tables.decimals);
    this.#values = new Float32Array(buffer, values, AT_ONCE);
    this.#text = new Uint8Array(buffer, text, bytes);
    this.#end = new Uint32Array(buffer, exports.end(), 1);
  }

  /** Undefined where this Node has no WebAssembly, or no address space for a memory. */
  static from(tables: Tables): KernelFormatter | undefined {
    try {
      const memory = new WebAssembly.Memory({ initial: 1 });
      const module = new WebAssembly.Module(Buffer.from(kernels, 'base64'));
      const { exports } = new WebAssembly.Instance(module, { env: { memory } });
      return new KernelFormatter(tables, exports as Record<string, Export>, memory);
    } catch {
      return undefined;
    }
  }

  /** Takes numbers from an index on, as many as it can at a time. Returns the index behind them. */
  take(numbers: Float32Array, from: number): number {
    const end = Math.min(from + AT_ONCE, numbers.length);
    this.#values.set(numbers.subarray(from, end));
    this.#first = from;
    this.#last = end;
    return end;
  }

  /**
   * Writes rows of the numbers that were taken, from an index on, up to one that it leaves to others.
   *
   * @returns  the index of the first that was not written, and the text, which the next call overwrites
   */
  write(
    from: number,
    { width, between, last }: Separators,
  ): { readonly next: number; readonly text: Uint8Array } {
    const left = width - (from % width);
    const values = this.#values.byteOffset + 4 * (from - this.#first);
    const { byteOffset: out } = this.#text;
    const places = [values, this.#last - from, width, left, between, last, out] as const;
    const written = this.#format(...places, this.#least, this.#doubt);
    return { next: from + written, text: this.#text.subarray(0, this.#end[0] - out) };
  }
}

type Memory = WebAssembly.Memory;
