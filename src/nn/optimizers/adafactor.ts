/**
 * Adafactor (Shazeer & Stern 2018): of a matrix's squared gradients only the means of rows and
 * columns are kept, and steps are as long as the weight is large. As Keras 3 codes it.
 */
import * as v from 'valibot';
import type { Tensor } from '../../graph/graph.ts';
import {
  add,
  div,
  max,
  min,
  mul,
  pack,
  part,
  pow,
  sqrt,
  square,
  sub,
  sumAll,
  sumCols,
  sumRows,
} from '../../graph/ops.ts';
import { flag, notNegative, number, positive } from '../../spec/values.ts';
import type { WeightTensor } from '../forward.ts';
import { sameShape, type UpdateContext, weightOptimizer } from './optimizer.ts';

/** By the names that documents use. */
export const factoredMoments = {
  adafactor: weightOptimizer({
    aliases: ['Adafactor'],
    learningRate: 0.001,
    arguments: {
      beta_2_decay: v.optional(number(), -0.8),
      epsilon_1: v.optional(notNegative(), 1e-30),
      epsilon_2: v.optional(notNegative(), 1e-3),
      clip_threshold: v.optional(positive(), 1),
      relative_step: v.optional(flag(), true),
    },
    formula:
      'b = 1 - t ** beta_2_decay; v = b * v + (1 - b) * (g ** 2 + epsilon_1); u = g / sqrt(v); w = w - max(rms(w), epsilon_2) * min(lr, 1 / sqrt(t)) * u / max(rms(u) / clip_threshold, 1)',
    where:
      'of a matrix v = r cᵀ / mean(r), from running means r of the rows and c of the columns; `relative_step` changes nothing, as in Keras',

    slots(_spec, weight) {
      const { shape } = weight.spec;
      const isFactored = shape.length >= 2;
      const rows = isFactored ? shape.slice(0, -1) : null;
      const columns = isFactored ? [...shape.slice(0, -2), ...shape.slice(-1)] : null;
      return [
        { name: 'r', shape: rows },
        { name: 'c', shape: columns },
        sameShape('velocity', weight),
      ];
    },

    update(w, g, spec, context, weight) {
      const { step, learningRate } = context;
      // `relative_step` takes this minimum once more, which changes nothing.
      const rate = min(learningRate, div(1, sqrt(step)));
      const alpha = mul(max(rms(w), spec.epsilon_2), rate);
      const keep = sub(1, pow(step, spec.beta_2_decay));
      const squares = add(square(g), spec.epsilon_1);
      const velocity = context.slot('velocity');
      const v =
        weight.spec.shape.length < 2
          ? blend(velocity, squares, keep)
          : factored(squares, keep, weight, context);
      context.storeSlot(velocity, v);
      const u = div(g, sqrt(v));
      const held = div(u, max(div(rms(u), spec.clip_threshold), 1));
      return sub(w, mul(alpha, held));
    },
  }),
};

/** Root of the mean square of all numbers, `[1, 1]`. */
function rms(x: Tensor): Tensor {
  return sqrt(div(sumAll(square(x)), x.shape.rows * x.shape.cols));
}

function blend(old: Tensor, value: Tensor, keep: Tensor): Tensor {
  return add(mul(keep, old), mul(sub(1, keep), value));
}

/** What the means of rows (r) and columns (c) say of each square: r cᵀ / mean(r), matrix by matrix. */
function factored(
  squares: Tensor,
  keep: Tensor,
  weight: WeightTensor,
  context: UpdateContext,
): Tensor {
  const [rows, cols] = weight.spec.shape.slice(-2);
  const { graph, shape } = squares;
  const count = shape.rows / rows;
  const r = context.slot('r', 0, { rows: 1, cols: count * rows });
  const c = context.slot('c', 0, { rows: 1, cols: count * cols });
  const block = pack(graph, [squares]);
  const matrices = Array.from({ length: count }, (_, i) => {
    const matrix = part(block, i * rows * cols, rows, cols);
    const rowMeans = blend(part(r, i * rows, rows, 1), div(sumCols(matrix), cols), keep);
    const columnMeans = blend(part(c, i * cols, 1, cols), div(sumRows(matrix), rows), keep);
    const shares = div(rowMeans, div(sumRows(rowMeans), rows));
    return { rowMeans, columnMeans, product: mul(shares, columnMeans) };
  });
  const packed = (pieces: readonly Tensor[]) => pack(graph, pieces);
  context.storeSlot(r, packed(matrices.map(({ rowMeans }) => rowMeans)));
  context.storeSlot(c, packed(matrices.map(({ columnMeans }) => columnMeans)));
  const products = matrices.map(({ product }) => product);
  if (count === 1) return products[0];
  return part(packed(products), 0, shape.rows, shape.cols);
}
