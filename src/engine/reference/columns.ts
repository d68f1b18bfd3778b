/** Ops that move numbers within rows or samples. */

import type { Permutation } from '../../graph/graph.ts';
import { sizeOf } from '../../ndarray.ts';
import type { Bind, FloatArray } from './memory.ts';

/** Running sums from the first column on. */
export const bindCumsumCols: Bind = ({ out, inputs: [x] }, { memory: m, functions: { round } }) => {
  const { cols } = out;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0, i = 0; row < rows; row++) {
      let sum = 0;
      for (let col = 0; col < cols; col++, i++) {
        sum = round(sum + m[x.offset + i]);
        m[out.offset + i] = sum;
      }
    }
  };
};

/**
 * Makes the function that puts the columns of the row at `start` in falling order of their values:
 * equals keep their order, and NaN comes last. It returns the same array each time.
 */
function fallingOrder(m: FloatArray, cols: number): (start: number) => Int32Array {
  const order = new Int32Array(cols);
  let row = 0;
  const compare = (a: number, b: number): number => {
    const x = m[row + a];
    const y = m[row + b];
    if (x > y) return -1;
    if (x < y) return 1;
    // Neither is more: they are equal, or one or both are NaN.
    return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
  };
  return (start) => {
    row = start;
    for (let col = 0; col < cols; col++) order[col] = col;
    return order.sort(compare);
  };
}

export const bindRankCols: Bind = ({ out, inputs: [x] }, { memory: m }) => {
  const { cols } = out;
  const orderOf = fallingOrder(m, cols);
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0; row < rows; row++) {
      const order = orderOf(x.offset + row * cols);
      for (let rank = 0; rank < cols; rank++) m[out.offset + row * cols + order[rank]] = rank;
    }
  };
};

export const bindSortCols: Bind = ({ out, inputs: [x] }, { memory: m }) => {
  const { cols } = out;
  const orderOf = fallingOrder(m, cols);
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0; row < rows; row++) {
      const from = x.offset + row * cols;
      const order = orderOf(from);
      for (let rank = 0; rank < cols; rank++) {
        m[out.offset + row * cols + rank] = m[from + order[rank]];
      }
    }
  };
};

export const bindTakeCols: Bind = ({ out, inputs: [x, index] }, { memory: m }) => {
  const { cols } = out;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0, i = 0; row < rows; row++) {
      for (let col = 0; col < cols; col++, i++) {
        m[out.offset + i] = m[x.offset + row * x.cols + m[index.offset + i]];
      }
    }
  };
};

export const bindColumns: Bind = ({ out, inputs: [x], attributes }, { memory: m }) => {
  const from = x.offset + (attributes.offset ?? 0);
  const { cols } = out;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0; row < rows; row++) {
      for (let col = 0; col < cols; col++) {
        m[out.offset + row * cols + col] = m[from + row * x.cols + col];
      }
    }
  };
};

export const bindPlaceColumns: Bind = ({ out, inputs: [x], attributes }, { memory: m }) => {
  const first = attributes.offset ?? 0;
  const { cols } = out;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    m.fill(0, out.offset, out.offset + rows * cols);
    for (let row = 0; row < rows; row++) {
      for (let col = 0; col < x.cols; col++) {
        m[out.offset + row * cols + first + col] = m[x.offset + row * x.cols + col];
      }
    }
  };
};

/** For each number of a permuted sample, where it stands in the sample it comes from. */
function sourceIndices({ shape, order }: Permutation): Int32Array {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const lengths = order.map((axis) => shape[axis]);
  return Int32Array.from({ length: sizeOf(shape) }, (_, index) => {
    let rest = index;
    let source = 0;
    for (let i = order.length - 1; i >= 0; i--) {
      source += (rest % lengths[i]) * strides[order[i]];
      rest = Math.floor(rest / lengths[i]);
    }
    return source;
  });
}

export const bindPermute: Bind = ({ out, inputs: [x], attributes }, { memory: m }) => {
  if (!attributes.axes) throw new Error('internal: permute without axes');
  const source = sourceIndices(attributes.axes);
  const size = source.length;
  return (batch) => {
    const samples = out.batched ? batch : 1;
    for (let sample = 0; sample < samples; sample++) {
      const start = sample * size;
      for (let i = 0; i < size; i++) m[out.offset + start + i] = m[x.offset + start + source[i]];
    }
  };
};
