/** Finds the cells of plain rows with a WebAssembly kernel: what `ByteScanner` finds, in half the time. */
import type { RowForm, Scanner, ScanState } from '../scanner.ts';
import { kernels } from './kernels.generated.ts';

const PAGE = 65536;
/** Pages that a memory may have: all that 32 bits address. */
const MOST_PAGES = 65536;
/** The kernel may read so many bytes behind those it is given. */
const BEHIND = 16;

let compiled: WebAssembly.Module | undefined;

interface Exports {
  readonly state: () => number;
  readonly free: () => number;
  readonly scan: (...words: number[]) => void;
}

/** Undefined where this Node has no WebAssembly with SIMD, or no address space for a memory. */
export function kernelScanner(form: RowForm): KernelScanner | undefined {
  try {
    compiled ??= new WebAssembly.Module(Buffer.from(kernels, 'base64'));
    const memory = new WebAssembly.Memory({ initial: 1, maximum: MOST_PAGES, shared: true });
    return new KernelScanner(form, compiled, memory);
  } catch {
    return undefined;
  }
}

/** What a thread is told of the memory in which it scans for another. */
export interface SharedScan {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Bytes that it has room for. */
  readonly length: number;
}

/** A scanner with room for so many bytes, and what makes one of the same memory in another thread. */
export interface SharedScanner {
  readonly scanner: Scanner;
  readonly shared: SharedScan;
}

/** @throws where there is no `kernelScanner` */
export function sharedScanner(form: RowForm, length: number): SharedScanner {
  const scanner = kernelScanner(form);
  if (!scanner || !compiled) throw new Error('there is no kernel');
  if (!scanner.reserve(length)) throw new Error('there is no memory');
  return { scanner, shared: { module: compiled, memory: scanner.memory, length } };
}

/** A scanner of the memory of another thread, with all views where that one has them. */
export function scannerIn(form: RowForm, { module, memory, length }: SharedScan): Scanner {
  const scanner = new KernelScanner(form, module, memory);
  scanner.reserve(length);
  return scanner;
}

class KernelScanner implements Scanner {
  bytes: Buffer = Buffer.alloc(0);
  begins: Uint32Array = new Uint32Array(0);
  lines: Float64Array = new Float64Array(0);
  ends: Uint32Array = new Uint32Array(0);
  numbers: Float64Array = new Float64Array(0);
  readonly #form: RowForm;
  readonly memory: WebAssembly.Memory;
  readonly #kernel: Exports;
  /** What it shares with the kernel: see assembly/index.ts. */
  #words: Uint32Array = new Uint32Array(0);
  #line: Float64Array = new Float64Array(0);

  constructor(form: RowForm, module: WebAssembly.Module, memory: WebAssembly.Memory) {
    this.#form = form;
    this.memory = memory;
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    this.#kernel = exports as unknown as Exports;
  }

  reserve(length: number): boolean {
    if (this.bytes.length >= length) return true;
    const size = align(2 * length);
    const base = this.#kernel.free();
    const rows = align(Math.ceil(size / this.#form.width));
    // Every cell takes a byte, and every row as many as its cells.
    const ends = align(base + size + BEHIND);
    const numbers = ends + 4 * size;
    const begins = numbers + 8 * size;
    const lines = begins + 4 * rows;
    const missing = lines + 8 * rows - this.memory.buffer.byteLength;
    if (missing > 0 && !this.#grow(missing)) return false;
    const { buffer } = this.memory;
    this.bytes = Buffer.from(buffer, base, size);
    this.ends = new Uint32Array(buffer, ends, size);
    this.numbers = new Float64Array(buffer, numbers, size);
    this.begins = new Uint32Array(buffer, begins, rows);
    this.lines = new Float64Array(buffer, lines, rows);
    const state = this.#kernel.state();
    this.#words = new Uint32Array(buffer, state, 4);
    this.#line = new Float64Array(buffer, state + 16, 1);
    return true;
  }

  #grow(bytes: number): boolean {
    try {
      this.memory.grow(Math.ceil(bytes / PAGE));
      return true;
    } catch {
      return false;
    }
  }

  scan(state: ScanState, end: number): void {
    const words = this.#words;
    words[0] = state.at;
    words[1] = state.rows;
    this.#line[0] = state.line;
    const { width, delimiter } = this.#form;
    const places = [this.begins, this.lines, this.ends, this.numbers].map(
      ({ byteOffset }) => byteOffset,
    );
    this.#kernel.scan(this.bytes.byteOffset, end, delimiter, width, ...places);
    [state.at, state.rows, state.cells, state.next] = words;
    state.line = this.#line[0];
  }
}

function align(bytes: number): number {
  return Math.ceil(bytes / 16) * 16;
}
