/**
 * Losses: the value of each sample, `[r, 1]`, from targets and predictions, in ops, and the one number
 * that a batch comes to.
 */
import { table } from '../graph/column-ops.ts';
import type { Tensor } from '../graph/graph.ts';
import {
  abs,
  add,
  batchSize,
  broadcast,
  clip,
  div,
  eq,
  le,
  log,
  logSoftmax,
  max,
  maxCols,
  meanCols,
  mul,
  ne,
  neg,
  pick,
  pow,
  reshape,
  rsqrt,
  sigmoid,
  softmax,
  softplus,
  square,
  sub,
  sumAll,
  sumCols,
  sumRows,
  where,
} from '../graph/ops.ts';
import type { LossSpec } from '../spec/losses.ts';
import {
  binaryCrossentropy,
  logitsOf,
  normalisedProbability,
  smoothed,
  sparseCrossentropy,
} from './crossentropy.ts';
import { EPSILON } from './epsilon.ts';

/** What a loss takes as targets: the output's shape of numbers, or the number of a class per row. */
export type Targets = 'numbers' | 'probabilities' | 'one per class' | 'class numbers' | 'by shape';

interface Loss<S extends LossSpec> {
  readonly targets: Targets;
  /** `[r, c]` or `[r, 1]` class numbers, `[r, c]` → `[r, 1]`, or `[1, 1]` for the whole batch. */
  readonly values: (target: Tensor, prediction: Tensor, spec: S) => Tensor;
}

/** Each loss by its Keras name. */
export const losses: { readonly [K in LossSpec['type']]: Loss<Extract<LossSpec, { type: K }>> } = {
  mean_squared_error: {
    targets: 'numbers',
    values: (y, p) => meanCols(square(sub(p, y))),
  },
  mean_absolute_error: {
    targets: 'numbers',
    values: (y, p) => meanCols(abs(sub(p, y))),
  },
  mean_absolute_percentage_error: {
    targets: 'numbers',
    values: (y, p) => mul(meanCols(abs(div(sub(y, p), max(abs(y), EPSILON)))), 100),
  },
  mean_squared_logarithmic_error: {
    targets: 'numbers',
    values: (y, p) => meanCols(square(sub(logOfOneMore(p), logOfOneMore(y)))),
  },
  huber: {
    targets: 'numbers',
    values: (y, p, { delta }) => {
      const error = sub(p, y);
      const size = abs(error);
      const far = sub(mul(size, delta), 0.5 * delta * delta);
      return meanCols(where(le(size, delta), mul(square(error), 0.5), far));
    },
  },
  log_cosh: {
    targets: 'numbers',
    values: (y, p) => {
      const error = sub(p, y);
      return meanCols(sub(add(error, softplus(mul(error, -2))), Math.LN2));
    },
  },
  binary_crossentropy: {
    targets: 'probabilities',
    values: (y, p, spec) => {
      const smooth = smoothed(y, spec.label_smoothing, 2);
      return meanCols(binaryCrossentropy(smooth, p, logitsOf(p, 'sigmoid', spec.from_logits)));
    },
  },
  categorical_crossentropy: {
    targets: 'one per class',
    values: (y, p, spec) => {
      const smooth = smoothed(y, spec.label_smoothing, p.shape.cols);
      const logits = logitsOf(p, 'softmax', spec.from_logits);
      const logProbability = logits ? logSoftmax(logits) : log(normalisedProbability(p));
      return neg(sumCols(mul(smooth, logProbability)));
    },
  },
  sparse_categorical_crossentropy: {
    targets: 'class numbers',
    values: (y, p, spec) => {
      const counts = countedRows(y, spec);
      if (counts === null) return sparseCrossentropy(y, p, spec.from_logits);
      // As Keras: rows that do not count are taken out before, so that no softmax is seen behind them.
      const values = sparseCrossentropy(where(counts, y, 0), where(counts, p, 0), spec.from_logits);
      return where(counts, values, 0);
    },
  },
  crossentropy: {
    targets: 'by shape',
    values: (y, p) => lossOf(y, p, crossentropyFor(p.shape.cols, y.shape.cols)),
  },
  binary_focal_crossentropy: {
    targets: 'probabilities',
    values: (y, given, spec) => {
      const smooth = smoothed(y, spec.label_smoothing, 2);
      const p = spec.from_logits ? sigmoid(given) : given;
      const entropy = binaryCrossentropy(smooth, p, logitsOf(p, 'sigmoid', false));
      const opposite = sub(1, smooth);
      const ofTruth = add(mul(smooth, p), mul(opposite, sub(1, p)));
      const focal = mul(pow(sub(1, ofTruth), spec.gamma), entropy);
      if (!spec.apply_class_balancing) return meanCols(focal);
      const balance = add(mul(smooth, spec.alpha), mul(opposite, 1 - spec.alpha));
      return meanCols(mul(balance, focal));
    },
  },
  categorical_focal_crossentropy: {
    targets: 'one per class',
    values: (y, given, spec) => {
      const smooth = smoothed(y, spec.label_smoothing, given.shape.cols);
      const p = normalisedProbability(spec.from_logits ? softmax(given) : given);
      const { alpha } = spec;
      const weight = typeof alpha === 'number' ? alpha : table(p.graph, 1, alpha.length, alpha);
      const entropy = neg(mul(smooth, log(p)));
      return sumCols(mul(mul(pow(sub(1, p), spec.gamma), weight), entropy));
    },
  },
  categorical_generalized_cross_entropy: {
    targets: 'class numbers',
    values: (y, p, { q }) => div(sub(1, pow(pick(p, y), q)), q),
  },
  kl_divergence: {
    targets: 'numbers',
    values: (y, p) => {
      const target = clip(y, EPSILON, 1);
      return sumCols(mul(target, log(div(target, clip(p, EPSILON, 1)))));
    },
  },
  poisson: {
    targets: 'numbers',
    values: (y, p) => meanCols(sub(p, mul(y, log(add(p, EPSILON))))),
  },
  hinge: {
    targets: 'numbers',
    values: (y, p) => meanCols(hinge(y, p)),
  },
  squared_hinge: {
    targets: 'numbers',
    values: (y, p) => meanCols(square(hinge(y, p))),
  },
  categorical_hinge: {
    targets: 'one per class',
    values: (y, p) => {
      const others = maxCols(mul(sub(1, y), p));
      return max(add(sub(others, sumCols(mul(y, p))), 1), 0);
    },
  },
  cosine_similarity: {
    targets: 'numbers',
    values: (y, p) => neg(sumCols(mul(unitRows(y), unitRows(p)))),
  },
  dice: {
    targets: 'numbers',
    values: (y, p, { axis }) => {
      const sum = axis === null ? sumAll : sumCols;
      const all = add(add(sum(y), sum(p)), EPSILON);
      return sub(1, div(mul(sum(mul(y, p)), 2), all));
    },
  },
  tversky: {
    targets: 'numbers',
    // alpha with the misses and beta with the false alarms: so it is in Keras 3.15.1, not in later ones.
    values: (y, p, { alpha, beta, axis }) => {
      const sum = axis === null ? sumAll : sumCols;
      const both = sum(mul(y, p));
      const missed = mul(sum(mul(y, sub(1, p))), alpha);
      const falseAlarms = mul(sum(mul(sub(1, y), p)), beta);
      return sub(1, div(both, add(add(add(both, missed), falseAlarms), EPSILON)));
    },
  },
};

/** The loss of each sample, `[r, 1]`; `[1, 1]` where the batch has only one. */
export function lossOf(target: Tensor, prediction: Tensor, spec: LossSpec): Tensor {
  const { values }: Loss<LossSpec> = losses[spec.type] as Loss<LossSpec>;
  return values(target, prediction, spec);
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
  const counts = countedRows(target, spec);
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

/** 1 for the rows whose class counts, `[r, 1]`; null where all do. */
function countedRows(target: Tensor, spec: LossSpec): Tensor | null {
  if (spec.type !== 'sparse_categorical_crossentropy') return null;
  const { ignore_class } = spec;
  return ignore_class === undefined || ignore_class === null ? null : ne(target, ignore_class);
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

/** ln(max(x, ε) + 1). */
function logOfOneMore(x: Tensor): Tensor {
  return log(add(max(x, EPSILON), 1));
}

/** max(1 − y p, 0). Labels that are all 0 or 1 in this batch become −1 and 1. */
function hinge(y: Tensor, p: Tensor): Tensor {
  const others = sumAll(mul(ne(y, 0), ne(y, 1)));
  const labels = where(eq(others, 0), sub(mul(y, 2), 1), y);
  return max(sub(1, mul(labels, p)), 0);
}

/** Each row divided by its length, which is held above ε. */
function unitRows(x: Tensor): Tensor {
  return mul(x, rsqrt(max(sumCols(square(x)), EPSILON * EPSILON)));
}
