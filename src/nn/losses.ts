/**
 * Losses by name, and what they come to: the value of each sample, `[r, 1]`, from targets and
 * predictions, in ops, and the one number of a batch. The files beside this one declare them.
 */
import type { Tensor } from '../graph/graph.ts';
import {
  batchSize,
  broadcast,
  div,
  mul,
  ne,
  reshape,
  sumAll,
  sumRows,
  where,
} from '../graph/ops.ts';
import type { LossSpec } from '../spec/losses.ts';
import { reduction } from './losses/arguments.ts';
import { hinges } from './losses/hinge.ts';
import { overlap } from './losses/overlap.ts';
import { probabilistic } from './losses/probabilistic.ts';
import { regression } from './losses/regression.ts';

/** Each loss by its Keras name. */
export const losses = Object.freeze({ ...regression, ...probabilistic, ...hinges, ...overlap });

/** What nearly every loss takes. */
export const commonArguments = { reduction };

/** The loss of each sample, `[r, 1]`; `[1, 1]` where the batch has only one. */
export function lossOf(target: Tensor, prediction: Tensor, spec: LossSpec): Tensor {
  const { values } = losses[spec.type];
  if (values) return values(target, prediction, spec);
  return lossOf(target, prediction, crossentropyFor(prediction.shape.cols, target.shape.cols));
}

/**
 * The loss of the batch, `[1, 1]`: the values weighted and reduced as keras.losses.Loss does it. The
 * usual reduction divides by how many values there are, and not by the sum of the weights.
 *
 * @param weights  `[batch, 1]`, or `[batch, k]` for outputs of k rows each; null where all count alike
 */
export function batchLossOf(
  target: Tensor,
  prediction: Tensor,
  spec: LossSpec,
  weights: Tensor | null,
): Tensor {
  const values = lossOf(target, prediction, spec);
  const counts = losses[spec.type].counts?.(target, spec) ?? null;
  // One value for the whole batch is weighted as if each sample had it.
  const each = weights && values.shape.batched ? forEachRow(weights, values.shape.rows) : weights;
  const factors = counts && each ? mul(counts, each) : (counts ?? each);
  const weighted = factors ? mul(values, factors) : values;
  if (!weighted.shape.batched) return weighted;
  const total = sumAll(weighted);
  const reduction = spec.type === 'crossentropy' ? undefined : spec.reduction;
  if (reduction === 'sum') return total;
  if (reduction === 'mean_with_sample_weight' && weights) {
    return ratio(total, sumAll(counts ? mul(counts, each ?? 1) : weights));
  }
  if (counts) return ratio(total, sumRows(counts));
  return div(total, mul(batchSize(total.graph), weighted.shape.rows * weighted.shape.cols));
}

/** Sample weights, `[batch, 1]` or `[batch, k]`, as one for each of k rows: `[k·batch, 1]`. */
export function forEachRow(weights: Tensor, rows: number): Tensor {
  return reshape(broadcast(weights, { ...weights.shape, cols: rows }), rows, 1);
}

/** a / b, and 0 where b is 0. */
function ratio(a: Tensor, b: Tensor): Tensor {
  const isThere = ne(b, 0);
  return where(isThere, div(a, where(isThere, b, 1)), 0);
}

/** What `crossentropy` means for outputs and targets of so many columns, by Keras's rule. */
export function crossentropyFor(outputCols: number, targetCols: number): LossSpec {
  const plain = { from_logits: false, label_smoothing: 0 };
  if (outputCols === 1) return { type: 'binary_crossentropy', ...plain };
  return targetCols === 1
    ? { type: 'sparse_categorical_crossentropy', from_logits: false }
    : { type: 'categorical_crossentropy', ...plain };
}
