/** A BLAS: how its matrix product is called, who made it, and how many threads it takes. */

import type { Libraries, Library } from './library.ts';
import { makerOf } from './makers.ts';

/** A product of row-major matrices in float32, whose rows lie one behind the other. */
export interface Product {
  /** How the operands lie: a · b, aᵀ · b, a · bᵀ. */
  readonly lie: 'plain' | 'transposeA' | 'transposeB';
  /** Of the output. */
  readonly rows: number;
  readonly cols: number;
  /** Of a sum. */
  readonly length: number;
}

export interface Blas {
  /** Maker and version, as far as it says them: `OpenBLAS 0.3.21`. Nothing of machine or path. */
  readonly name: string;
  /** Where numbers lie, in bytes. */
  addressOf(values: Float32Array): number;
  /** Writes out = a · b, of addresses in bytes. `out` is not read before, and overlaps with neither. */
  multiply(product: Product, out: number, a: number, b: number): void;
  /** For all products from now on; what a library takes by itself depends on machine and environment. */
  setThreads(threads: number): void;
}

/** Of cblas.h. */
const ROW_MAJOR = 101;
const AS_IT_IS = 111;
const TRANSPOSED = 112;

/** Order, how a and b lie, m, n, k, alpha, a, its row length, b, its row length, beta, c, its row length. */
const SGEMM =
  'void NAME(int, int, int, int, int, int, float, uintptr_t, int, uintptr_t, int, float, uintptr_t, int)';

/**
 * The BLAS of a library.
 *
 * @returns a text that says what it is instead, `which …`, where it is none that can be used
 */
export function blasOf(library: Library, libraries: Libraries): Blas | string {
  const sgemm = library.find('cblas_sgemm', SGEMM);
  if (!sgemm) return 'which has no cblas_sgemm';
  const { name, setThreads, isWide } = makerOf(library, libraries);
  if (isWide) return `which is ${name} for 64-bit integers`;
  const blas: Blas = {
    name,
    setThreads,
    addressOf: libraries.addressOf,
    multiply({ lie, rows, cols, length }, out, a, b) {
      const [lieA, nextA] = lie === 'transposeA' ? [TRANSPOSED, rows] : [AS_IT_IS, length];
      const [lieB, nextB] = lie === 'transposeB' ? [TRANSPOSED, length] : [AS_IT_IS, cols];
      const shape = [rows, cols, length] as const;
      sgemm(ROW_MAJOR, lieA, lieB, ...shape, 1, a, nextA, b, nextB, 0, out, cols);
    },
  };
  return multipliesRightly(blas) ? blas : `whose products are wrong (${name})`;
}

/**
 * Whether products of small whole numbers, which float32 has exactly, are what they must be: a library for
 * other integers, or one with kernels for another processor, is found out before it computes anything.
 */
function multipliesRightly({ multiply, addressOf }: Blas): boolean {
  const [rows, cols, length] = [37, 53, 41];
  const a = Float32Array.from({ length: rows * length }, (_, i) => ((i * 7) % 11) - 5);
  const b = Float32Array.from({ length: length * cols }, (_, i) => ((i * 5) % 13) - 6);
  const out = new Float32Array(rows * cols).fill(Number.NaN);
  return (['plain', 'transposeA', 'transposeB'] as const).every((lie) => {
    multiply({ lie, rows, cols, length }, addressOf(out), addressOf(a), addressOf(b));
    const ofA = (row: number, k: number) =>
      a[lie === 'transposeA' ? k * rows + row : row * length + k];
    const ofB = (k: number, col: number) =>
      b[lie === 'transposeB' ? col * length + k : k * cols + col];
    return out.every((found, i) => {
      const [row, col] = [Math.floor(i / cols), i % cols];
      let sum = 0;
      for (let k = 0; k < length; k++) sum += ofA(row, k) * ofB(k, col);
      return found === sum;
    });
  });
}
