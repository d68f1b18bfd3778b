/** The compiled kernels. They are decoded and compiled once in a process, when first asked for. */
import { kernels } from './kernels.generated.ts';
import { allocate } from './memory.ts';

/** The kernels on one memory. */
export interface Kernels {
  /** Runs the instructions from one byte address to another. */
  readonly run: (from: number, to: number) => void;
  /** See assembly/series.ts. Returns how many steps are done. */
  readonly series: (
    room: number,
    steps: number,
    firstStep: number,
    control: number,
    threads: number,
  ) => number;
  /** See assembly/finite.ts. */
  readonly finite: (from: number, count: number) => number;
  /** The number by which an instruction names a kernel. */
  readonly numberOf: (kernel: string) => number;
  /** Adds the functions of a module, which become kernels from the number TABLE_SIZE on. */
  readonly addChains: (module: Uint8Array) => void;
  readonly modules: Modules;
}

/** More than there are kernels in assembly/; numbers from here on are chains. */
export const TABLE_SIZE = 128;

/** What other threads need to have the same kernels. */
export interface Modules {
  readonly kernels: WebAssembly.Module;
  readonly chains: WebAssembly.Module | null;
}

let compiled: WebAssembly.Module | null | undefined;

/** The compiled module; null where this Node has no WebAssembly, or none with SIMD and shared memory. */
export function compiledKernels(): WebAssembly.Module | null {
  if (compiled === undefined) {
    try {
      compiled = new WebAssembly.Module(Buffer.from(kernels, 'base64'));
      // Where address space is rationed, there may be none for the smallest memory.
      allocate(1);
    } catch {
      compiled = null;
    }
  }
  return compiled;
}

/**
 * @param host  called by instructions of the kernel `hosted`
 */
export function instantiate(
  memory: WebAssembly.Memory,
  host: (index: number, batch: number) => void,
): Kernels {
  const module = compiledKernels();
  if (!module) throw new Error('internal: there is no WebAssembly');
  const table = new WebAssembly.Table({ initial: TABLE_SIZE, element: 'anyfunc' });
  const abort = () => {
    throw new Error('internal: a kernel gave up');
  };
  const env = { memory, table, host, abort };
  const { exports } = new WebAssembly.Instance(module, { env });
  const names = Object.keys(exports).filter((name) => typeof exports[name] === 'function');
  names.forEach((name, index) => {
    table.set(index, exports[name]);
  });
  let modules: Modules = { kernels: module, chains: null };
  const numbers = new Map(names.map((name, index) => [name, index]));
  return {
    run: exports.run as Kernels['run'],
    series: exports.series as Kernels['series'],
    finite: exports.finite as Kernels['finite'],
    numberOf(kernel) {
      const number = numbers.get(kernel);
      if (number === undefined) throw new Error(`internal: no kernel ${kernel}`);
      return number;
    },
    addChains(bytes) {
      const chains = new WebAssembly.Module(bytes);
      const added = Object.values(new WebAssembly.Instance(chains, { env: { memory } }).exports);
      table.grow(added.length);
      added.forEach((chain, i) => {
        table.set(TABLE_SIZE + i, chain);
      });
      modules = { kernels: module, chains };
    },
    get modules() {
      return modules;
    },
  };
}
