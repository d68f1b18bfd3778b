/** Many float32 numbers as text with a WebAssembly kernel: several times as fast as one after the other. */
import { kernels } from './kernels.generated.ts';

const PAGE = 65536;
/** So many numbers at a time. */
const AT_ONCE = 4096;
/** No number that the kernel writes takes more, a byte behind it included; it may write as many beyond. */
const MOST_BYTES = 24;

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

  /**
   * Writes rows of numbers from an index on, some thousand at most, up to one that it leaves to others.
   *
   * @returns  the index of the first that was not written, and the text, which the next call overwrites
   */
  write(
    numbers: Float32Array,
    from: number,
    { width, between, last }: Separators,
  ): { readonly next: number; readonly text: Uint8Array } {
    const count = Math.min(AT_ONCE, numbers.length - from);
    this.#values.set(numbers.subarray(from, from + count));
    const left = width - (from % width);
    const { byteOffset: values } = this.#values;
    const { byteOffset: out } = this.#text;
    const places = [values, count, width, left, between, last, out] as const;
    const written = this.#format(...places, this.#least, this.#doubt);
    return { next: from + written, text: this.#text.subarray(0, this.#end[0] - out) };
  }
}

type Memory = WebAssembly.Memory;
