/**
 * What every evaluation says beside loss and metrics, by what the targets are; and the baseline: one
 * answer for all rows, made of their targets alone.
 */
import { table } from '../graph/column-ops.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import { broadcast, ne, reshape, square, sub, sumRows, where } from '../graph/ops.ts';
import type { NdArray } from '../ndarray.ts';
import { EPSILON } from '../nn/epsilon.ts';
import { matrixShape } from '../nn/forward.ts';
import { type Metric, metricOf } from '../nn/metrics.ts';
import type { Network } from '../nn/network.ts';
import type { Evaluation } from '../records.ts';
import type { LossSpec } from '../spec/losses.ts';
import type { MetricSpec } from '../spec/metrics.ts';
import { targetsOf } from './check.ts';

/** How the rows are scored. */
export interface Scoring {
  readonly targets: Evaluation['targets'];
  /** Whether outputs are logits, which the loss makes probabilities. */
  readonly fromLogits: boolean;
  /** The class number whose rows do not count; null where all do. */
  readonly ignored: number | null;
}

/**
 * How these targets are scored. The loss says what they are: numbers of classes, a column for each
 * class, or numbers; those of a binary cross-entropy are labels where all are 0 or 1.
 *
 * @param y  `[n, …]` as `checkTargets` leaves them
 * @param areNamed  whether the targets are known to be classes, whatever the loss
 */
export function scoringOf(
  network: Network,
  loss: LossSpec,
  y: NdArray,
  areNamed: boolean,
): Scoring {
  const kind = targetsOf(network, loss, y.shape);
  const areClasses = kind === 'class numbers' || kind === 'one per class';
  const areLabels = kind === 'probabilities' && y.values.every((v) => v === 0 || v === 1);
  return {
    targets: areClasses ? 'classes' : areLabels || areNamed ? 'labels' : 'numbers',
    fromLogits: 'from_logits' in loss && loss.from_logits === true,
    ignored: loss.type === 'sparse_categorical_crossentropy' ? (loss.ignore_class ?? null) : null,
  };
}

/** What the baseline answers. */
export interface Baseline {
  /** The outputs of any row, row-major. */
  readonly outputs: readonly number[];
  /** The index of the commonest class; null where a row does not have one class. */
  readonly commonest: number | null;
  /** By output: the sum of squares around its mean; for numbers only. */
  readonly squares: readonly number[];
}

/**
 * For classes and labels the share of each, as outputs that the loss takes (logits where it takes
 * logits); for numbers the mean of each output. Sample weights do not count.
 *
 * @param y  `[n, …]`, n at least 1
 */
export function baselineOf({ outputShape }: Network, y: NdArray, scoring: Scoring): Baseline {
  const { targets, fromLogits } = scoring;
  const { rows, cols } = matrixShape(outputShape);
  if (targets === 'classes') {
    const shares = sharesOf(y, cols, scoring.ignored);
    const outputs = fromLogits ? shares.map((share) => Math.log(Math.max(share, EPSILON))) : shares;
    const commonest = shares.reduce((best, share, i) => (share > shares[best] ? i : best), 0);
    return { outputs: Array.from({ length: rows }, () => outputs).flat(), commonest, squares: [] };
  }
  const means = meansOf(y.values, rows * cols, (value) => value);
  if (targets === 'numbers') {
    const variances = meansOf(y.values, rows * cols, (value, i) => (value - means[i]) ** 2);
    const squares = variances.map((variance) => variance * y.shape[0]);
    return { outputs: means, commonest: null, squares };
  }
  const commonest = means.length === 1 ? Number(means[0] > 0.5) : null;
  return { outputs: fromLogits ? means.map(logit) : means, commonest, squares: [] };
}

/** The share of each class in class numbers `[n, …, 1]` or columns `[n, …, c]`. */
function sharesOf(y: NdArray, classes: number, ignored: number | null): number[] {
  if (y.shape[y.shape.length - 1] !== 1) return meansOf(y.values, classes, (value) => value);
  const counts = new Array<number>(classes).fill(0);
  let total = 0;
  for (const number of y.values) {
    if (number === ignored) continue;
    counts[number]++;
    total++;
  }
  return counts.map((count) => (total === 0 ? 1 / classes : count / total));
}

/** The mean of what is made of each of `width` columns, in doubles. */
function meansOf(
  values: Float32Array,
  width: number,
  made: (value: number, column: number) => number,
): number[] {
  const sums = new Array<number>(width).fill(0);
  for (let i = 0; i < values.length; i++) sums[i % width] += made(values[i], i % width);
  return sums.map((sum) => sum / (values.length / width));
}

function logit(share: number): number {
  const held = Math.min(Math.max(share, EPSILON), 1 - EPSILON);
  return Math.log(held / (1 - held));
}

/** The baseline's outputs for every row of a batch, in the shape of a network's. */
export function repeated(graph: Graph, { outputShape }: Network, { outputs }: Baseline): Tensor {
  const { rows, cols } = matrixShape(outputShape);
  const one = table(graph, 1, rows * cols, outputs);
  return reshape(broadcast(one, { rows: 1, cols: rows * cols, batched: true }), rows, cols);
}

/**
 * Accuracy and log loss of classes and labels; root mean square error, mean absolute error and r2 of
 * numbers. Sample weights do not count.
 *
 * Accuracy is the share of rows that `predict` gives the right class (of labels, the share of the
 * labels). Log loss is the mean cross-entropy, through the logits where the network has them.
 *
 * @param of  whose output it is
 */
export function scoresOf(
  y: Tensor,
  output: Tensor,
  { targets, fromLogits, ignored }: Scoring,
  { squares }: Baseline,
  of: 'model' | 'baseline',
): Metric[] {
  if (targets === 'numbers') {
    const specs: MetricSpec[] = [
      { type: 'root_mean_squared_error', name: 'rmse' },
      { type: 'mean_absolute_error', name: 'mae' },
    ];
    return [...specs.map((spec) => metricOf(y, output, spec)), r2(y, output, squares, of)];
  }
  const [accuracy, logLoss] = specsOf(targets, fromLogits, y.shape.cols === 1);
  if (ignored === null) return [metricOf(y, output, accuracy), metricOf(y, output, logLoss)];
  const counts = ne(y, ignored);
  const weights = reshape(counts, 1, counts.shape.rows);
  const counted = where(counts, y, 0);
  return [accuracy, logLoss].map((spec) => metricOf(counted, output, spec, weights));
}

function specsOf(
  targets: 'classes' | 'labels',
  from_logits: boolean,
  isSparse: boolean,
): readonly [MetricSpec, MetricSpec] {
  const name = 'log_loss';
  if (targets === 'labels') {
    return [
      { type: 'binary_accuracy', name: 'accuracy', threshold: from_logits ? 0 : 0.5 },
      { type: 'binary_crossentropy', name, from_logits, label_smoothing: 0 },
    ];
  }
  const logLoss: MetricSpec = isSparse
    ? { type: 'sparse_categorical_crossentropy', name, from_logits, axis: -1 }
    : { type: 'categorical_crossentropy', name, from_logits, label_smoothing: 0, axis: -1 };
  return [{ type: 'accuracy', name: 'accuracy' }, logLoss];
}

/**
 * The mean over the outputs of 1 − (sum of squared errors) / (sum of squares around the mean): scikit-learn's
 * `r2_score` with `uniform_average`. An output whose targets do not vary has none and is left out; NaN
 * where there is no other. Keras's metric subtracts two large float32 sums, and loses digits where the
 * mean is far from 0. The baseline's is 0 by definition.
 */
function r2(
  y: Tensor,
  output: Tensor,
  squares: readonly number[],
  of: 'model' | 'baseline',
): Metric {
  const errors = square(sub(output, y));
  const sums = sumRows(reshape(errors, 1, squares.length));
  const score = (error: number, i: number) => (of === 'model' ? 1 - error / squares[i] : 0);
  return {
    name: 'r2',
    sums,
    result: (totals) => {
      const scores = squares.flatMap((all, i) => (all > 0 ? [score(totals[i], i)] : []));
      return scores.reduce((sum, each) => sum + each, 0) / scores.length;
    },
  };
}
