/**
 * Matrix products. Each output element sums over its inputs in rising order; every product and
 * every sum is rounded by itself. Four outputs are kept at a time, which changes no bit.
 */
import type { Bind } from './memory.ts';

/** a · b: `[r, k], [k, c] → [r, c]`. */
export const bindMatmul: Bind = ({ out, inputs: [a, b] }, { memory: m, functions: { round } }) => {
  const inner = a.cols;
  const { cols, offset } = out;
  const left = a.offset;
  const right = b.offset;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0; row < rows; row++) {
      const x = left + row * inner;
      const o = offset + row * cols;
      let col = 0;
      for (; col + 3 < cols; col += 4) {
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        for (let k = 0, w = right + col; k < inner; k++, w += cols) {
          const v = m[x + k];
          s0 = round(s0 + round(v * m[w]));
          s1 = round(s1 + round(v * m[w + 1]));
          s2 = round(s2 + round(v * m[w + 2]));
          s3 = round(s3 + round(v * m[w + 3]));
        }
        m[o + col] = s0;
        m[o + col + 1] = s1;
        m[o + col + 2] = s2;
        m[o + col + 3] = s3;
      }
      for (; col < cols; col++) {
        let sum = 0;
        for (let k = 0, w = right + col; k < inner; k++, w += cols) {
          sum = round(sum + round(m[x + k] * m[w]));
        }
        m[o + col] = sum;
      }
    }
  };
};

/** aᵀ · b: `[n, r], [n, c] → [r, c]`, summed over the n rows of the batch. */
export const bindMatmulTransposeA: Bind = (
  { out, inputs: [a, b] },
  { memory: m, functions: { round } },
) => {
  const { rows, cols, offset } = out;
  const left = a.offset;
  const right = b.offset;
  return (batch) => {
    const inner = a.batched ? a.rows * batch : a.rows;
    for (let row = 0; row < rows; row++) {
      const o = offset + row * cols;
      let col = 0;
      for (; col + 3 < cols; col += 4) {
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        for (let k = 0, x = left + row, y = right + col; k < inner; k++, x += rows, y += cols) {
          const v = m[x];
          s0 = round(s0 + round(v * m[y]));
          s1 = round(s1 + round(v * m[y + 1]));
          s2 = round(s2 + round(v * m[y + 2]));
          s3 = round(s3 + round(v * m[y + 3]));
        }
        m[o + col] = s0;
        m[o + col + 1] = s1;
        m[o + col + 2] = s2;
        m[o + col + 3] = s3;
      }
      for (; col < cols; col++) {
        let sum = 0;
        for (let k = 0, x = left + row, y = right + col; k < inner; k++, x += rows, y += cols) {
          sum = round(sum + round(m[x] * m[y]));
        }
        m[o + col] = sum;
      }
    }
  };
};

/** a · bᵀ: `[r, k], [c, k] → [r, c]`. */
export const bindMatmulTransposeB: Bind = (
  { out, inputs: [a, b] },
  { memory: m, functions: { round } },
) => {
  const inner = a.cols;
  const { cols, offset } = out;
  const left = a.offset;
  const right = b.offset;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0; row < rows; row++) {
      const x = left + row * inner;
      const o = offset + row * cols;
      let col = 0;
      for (; col + 3 < cols; col += 4) {
        const w = right + col * inner;
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        for (let k = 0; k < inner; k++) {
          const v = m[x + k];
          s0 = round(s0 + round(v * m[w + k]));
          s1 = round(s1 + round(v * m[w + inner + k]));
          s2 = round(s2 + round(v * m[w + 2 * inner + k]));
          s3 = round(s3 + round(v * m[w + 3 * inner + k]));
        }
        m[o + col] = s0;
        m[o + col + 1] = s1;
        m[o + col + 2] = s2;
        m[o + col + 3] = s3;
      }
      for (; col < cols; col++) {
        const w = right + col * inner;
        let sum = 0;
        for (let k = 0; k < inner; k++) sum = round(sum + round(m[x + k] * m[w + k]));
        m[o + col] = sum;
      }
    }
  };
};
