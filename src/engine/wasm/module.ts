/** The compiled kernels. They are decoded and compiled once in a process, when first asked for. */
import { kernels } from './kernels.generated.ts';

/** The kernels on one memory. */
export interface Kernels {
  /** Runs the instructions from one byte address to another. */
  readonly run: (from: number, to: number) => void;
  /** See assembly/run.ts. Returns how many steps are done. */
  readonly series: (...words: number[]) => number;
  /** The number by which an instruction names a kernel. */
  readonly numberOf: (kernel: string) => number;
  /** Adds the functions of a module, which become kernels, and gives their numbers. */
  readonly add: (module: Uint8Array) => readonly number[];
}

/** More than there are kernels in assembly/. */
const TABLE_SIZE = 128;

let compiled: WebAssembly.Module | null | undefined;

/** The compiled module; null where this Node has no WebAssembly, or none with SIMD. */
export function compiledKernels(): WebAssembly.Module | null {
  if (compiled === undefined) {
    try {
      compiled = new WebAssembly.Module(Buffer.from(kernels, 'base64'));
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
  const numbers = new Map(names.map((name, index) => [name, index]));
  return {
    run: exports.run as Kernels['run'],
    series: exports.series as Kernels['series'],
    numberOf(kernel) {
      const number = numbers.get(kernel);
      if (number === undefined) throw new Error(`internal: no kernel ${kernel}`);
      return number;
    },
    add(bytes) {
      const module = new WebAssembly.Module(bytes);
      const added = Object.values(new WebAssembly.Instance(module, { env: { memory } }).exports);
      const first = table.grow(added.length);
      added.forEach((chain, i) => {
        table.set(first + i, chain);
      });
      return added.map((_, i) => first + i);
    },
  };
}
