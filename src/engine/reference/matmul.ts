/**
 * Matrix products. Each output element sums over its inputs in rising order; every product and
 * every sum is rounded by itself. Four outputs are kept at a time, which changes no bit.
 */
import type { Place } from '../../graph/layout.ts';
import type { Bind, FloatArray } from './memory.ts';

/** How far apart an operand's neighbours are: along the output, and along what is summed over. */
interface Steps {
  readonly outer: number;
  readonly inner: number;
}

/**
 * `out[row, col] = Σₖ a[row, k] · b[k, col]` for row-major `out`, wherever the steps say that a and b
 * have their elements.
 */
function multiply(
  m: FloatArray,
  round: (x: number) => number,
  [rows, cols, length]: readonly [rows: number, cols: number, length: number],
  [out, a, b]: readonly [out: number, a: number, b: number],
  as: Steps,
  bs: Steps,
): void {
  const stepA = as.inner;
  const stepB = bs.inner;
  const next = bs.outer;
  for (let row = 0; row < rows; row++) {
    const x = a + row * as.outer;
    const o = out + row * cols;
    let col = 0;
    for (; col + 3 < cols; col += 4) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      for (let k = 0, i = x, j = b + col * next; k < length; k++, i += stepA, j += stepB) {
        const v = m[i];
        s0 = round(s0 + round(v * m[j]));
        s1 = round(s1 + round(v * m[j + next]));
        s2 = round(s2 + round(v * m[j + 2 * next]));
        s3 = round(s3 + round(v * m[j + 3 * next]));
      }
      m[o + col] = s0;
      m[o + col + 1] = s1;
      m[o + col + 2] = s2;
      m[o + col + 3] = s3;
    }
    for (; col < cols; col++) {
      let sum = 0;
      for (let k = 0, i = x, j = b + col * next; k < length; k++, i += stepA, j += stepB) {
        sum = round(sum + round(m[i] * m[j]));
      }
      m[o + col] = sum;
    }
  }
}

/** Rows of a place in this run. */
function rowsOf(place: Place, batch: number): number {
  return place.batched ? place.rows * batch : place.rows;
}

/** a · b: `[r, k], [k, c] → [r, c]`. */
export const bindMatmul: Bind = ({ out, inputs: [a, b] }, { memory, functions: { round } }) => {
  const offsets = [out.offset, a.offset, b.offset] as const;
  const as = { outer: a.cols, inner: 1 };
  const bs = { outer: 1, inner: b.cols };
  return (batch) =>
    multiply(memory, round, [rowsOf(out, batch), out.cols, a.cols], offsets, as, bs);
};

/** aᵀ · b: `[n, r], [n, c] → [r, c]`, summed over the n rows of the batch. */
export const bindMatmulTransposeA: Bind = (
  { out, inputs: [a, b] },
  { memory, functions: { round } },
) => {
  const offsets = [out.offset, a.offset, b.offset] as const;
  const as = { outer: 1, inner: a.cols };
  const bs = { outer: 1, inner: b.cols };
  return (batch) =>
    multiply(memory, round, [out.rows, out.cols, rowsOf(a, batch)], offsets, as, bs);
};

/** a · bᵀ: `[r, k], [c, k] → [r, c]`. */
export const bindMatmulTransposeB: Bind = (
  { out, inputs: [a, b] },
  { memory, functions: { round } },
) => {
  const offsets = [out.offset, a.offset, b.offset] as const;
  const as = { outer: a.cols, inner: 1 };
  const bs = { outer: b.cols, inner: 1 };
  return (batch) =>
    multiply(memory, round, [rowsOf(out, batch), out.cols, a.cols], offsets, as, bs);
};
