/** Ops over whole rows or columns: sums, largest values, softmax, class numbers, chance. */
import { uniform24 } from '../../random.ts';
import type { Bind, FloatArray } from './memory.ts';

/** Sum over rows in rising order: `[r, c] → [1, c]`. */
export const bindSumRows: Bind = ({ out, inputs: [x] }, { memory: m }) => {
  const { cols } = out;
  return (batch) => {
    const rows = x.batched ? x.rows * batch : x.rows;
    for (let col = 0; col < cols; col++) m[out.offset + col] = 0;
    for (let row = 0, a = x.offset; row < rows; row++) {
      for (let col = 0; col < cols; col++, a++) m[out.offset + col] += m[a];
    }
  };
};

/** Sum over columns in rising order: `[r, c] → [r, 1]`. */
export const bindSumCols: Bind = ({ out, inputs: [x] }, { memory: m, functions: { round } }) => {
  const { cols } = x;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0, a = x.offset; row < rows; row++) {
      let sum = 0;
      for (let col = 0; col < cols; col++, a++) sum = round(sum + m[a]);
      m[out.offset + row] = sum;
    }
  };
};

/** Largest of each row: `[r, c] → [r, 1]`; NaN wins. */
export const bindMaxCols: Bind = ({ out, inputs: [x] }, { memory: m }) => {
  const { cols } = x;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0, a = x.offset; row < rows; row++) {
      let largest = -Infinity;
      for (let col = 0; col < cols; col++, a++) largest = Math.max(largest, m[a]);
      m[out.offset + row] = largest;
    }
  };
};

/** Column of the largest of each row, the first of equals: `[r, c] → [r, 1]`. */
export const bindArgmaxCols: Bind = ({ out, inputs: [x] }, { memory: m }) => {
  const { cols } = x;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0; row < rows; row++) {
      const a = x.offset + row * cols;
      let best = 0;
      for (let col = 1; col < cols; col++) if (m[a + col] > m[a + best]) best = col;
      m[out.offset + row] = best;
    }
  };
};

/** The largest of `cols` numbers from `start` on: NaN where one of them is. */
function largestOf(m: FloatArray, start: number, cols: number): number {
  let largest = -Infinity;
  for (let col = 0; col < cols; col++) largest = Math.max(largest, m[start + col]);
  return largest;
}

/** `exp(x − max) / sum` by row. */
export const bindSoftmax: Bind = ({ out, inputs: [x] }, { memory: m, functions: f }) => {
  const { cols } = x;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0; row < rows; row++) {
      const a = x.offset + row * cols;
      const o = out.offset + row * cols;
      const largest = largestOf(m, a, cols);
      let sum = 0;
      for (let col = 0; col < cols; col++) {
        const value = f.exp(f.round(m[a + col] - largest));
        m[o + col] = value;
        sum = f.round(sum + value);
      }
      for (let col = 0; col < cols; col++) m[o + col] /= sum;
    }
  };
};

/** `(x − max) − log(sum of exp(x − max))` by row. */
export const bindLogSoftmax: Bind = ({ out, inputs: [x] }, { memory: m, functions: f }) => {
  const { cols } = x;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0; row < rows; row++) {
      const a = x.offset + row * cols;
      const o = out.offset + row * cols;
      const largest = largestOf(m, a, cols);
      let sum = 0;
      for (let col = 0; col < cols; col++) {
        const shifted = f.round(m[a + col] - largest);
        m[o + col] = shifted;
        sum = f.round(sum + f.exp(shifted));
      }
      const logSum = f.log(sum);
      for (let col = 0; col < cols; col++) m[o + col] -= logSum;
    }
  };
};

/** `x[r, index[r]]`: `[r, c], [r, 1] → [r, 1]`; NaN where the index is no column. */
export const bindPick: Bind = ({ out, inputs: [x, index] }, { memory: m }) => {
  const { cols } = x;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0; row < rows; row++) {
      const col = m[index.offset + row];
      const isColumn = Number.isInteger(col) && col >= 0 && col < cols;
      m[out.offset + row] = isColumn ? m[x.offset + row * cols + col] : NaN;
    }
  };
};

/** 1 in the column that the index names: `[r, 1] → [r, c]`. */
export const bindOneHot: Bind = ({ out, inputs: [index] }, { memory: m }) => {
  const { cols } = out;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0, o = out.offset; row < rows; row++) {
      const hot = m[index.offset + row];
      for (let col = 0; col < cols; col++, o++) m[o] = col === hot ? 1 : 0;
    }
  };
};

/** The number of samples in this run. */
export const bindBatchSize: Bind = ({ out }, { memory: m }) => {
  return (batch) => {
    m[out.offset] = batch;
  };
};

/** Uniform numbers in [0, 1): each depends on seed, stream, step and its own index only. */
export const bindUniform: Bind = ({ out, attributes }, { memory: m, seed, run }) => {
  const { stream } = attributes;
  if (!stream) throw new Error('internal: chance without a stream');
  const count = out.rows * out.cols;
  return (batch) => {
    const n = out.batched ? count * batch : count;
    uniform24(m, out.offset, n, { seed, stream, step: run.step });
  };
};
