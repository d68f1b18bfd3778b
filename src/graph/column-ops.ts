/**
 * Ops that move numbers within rows or samples: what sorting activations, gated activations and
 * layers along other axes than the last are written in.
 */
import type { Graph, Tensor } from './graph.ts';

/** Fixed numbers, `[rows, cols]` row-major. */
export function table(graph: Graph, rows: number, cols: number, values: readonly number[]): Tensor {
  if (values.length !== rows * cols) throw new Error(`internal: table of ${values.length} numbers`);
  return graph.tensor('table', [], { rows, cols, batched: false }, { values });
}

/** Sum of each column and all before it, same shape. */
export const cumsumCols = (x: Tensor) => x.graph.tensor('cumsumCols', [x], x.shape);
/** Each row in falling order, same shape. */
export const sortCols = (x: Tensor) => x.graph.tensor('sortCols', [x], x.shape);
/** Where each value stands in its row's falling order, from 0; no gradient. */
export const rankCols = (x: Tensor) => x.graph.tensor('rankCols', [x], x.shape);
/** `x[r, index[r, c]]`, the shape of `index`; made for gradients, it has none itself. */
export const takeCols = (x: Tensor, index: Tensor) =>
  x.graph.tensor('takeCols', [x, index], index.shape);

/** Columns `from … from + cols − 1`. */
export function columns(x: Tensor, from: number, cols: number): Tensor {
  if (from < 0 || from + cols > x.shape.cols) {
    throw new Error(`internal: columns ${from}+${cols} of ${x.shape.cols}`);
  }
  return x.graph.tensor('columns', [x], { ...x.shape, cols }, { offset: from });
}

/** `x` in columns `from …` of `cols`, 0 elsewhere. */
export function placeColumns(x: Tensor, from: number, cols: number): Tensor {
  return x.graph.tensor('placeColumns', [x], { ...x.shape, cols }, { offset: from });
}

/**
 * The axes of every sample in another order.
 *
 * @param shape  of one sample, without the batch axis; its product is the numbers per sample
 * @param order  `order[i]` is the axis of `shape` that becomes axis i
 */
export function permute(x: Tensor, shape: readonly number[], order: readonly number[]): Tensor {
  if (order.every((axis, i) => axis === i)) return x;
  const cols = shape[order[order.length - 1]];
  const rows = (x.shape.rows * x.shape.cols) / cols;
  return x.graph.tensor(
    'permute',
    [x],
    { rows, cols, batched: x.shape.batched },
    {
      axes: { shape, order },
    },
  );
}
