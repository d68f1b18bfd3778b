/**
 * Metrics: what is summed over a batch, in ops, and what an epoch's sums come to. Because sums and
 * not means travel from batch to batch, a metric is exact over an epoch whatever the batches.
 */
import type { Tensor } from '../graph/graph.ts';
import { abs, argmaxCols, eq, gt, meanCols, square, sub, sumRows } from '../graph/ops.ts';
import type { MetricSpec } from '../spec/metrics.ts';

/** A metric in a graph. */
export interface Metric {
  /** As it stands in the log. */
  readonly name: string;
  /** What a batch adds to the epoch, `[1, n]`. */
  readonly sums: Tensor;
  /** The metric of `samples` samples whose batches' sums add up to `totals` (n numbers). */
  readonly result: (totals: Float64Array, samples: number) => number;
}

type Values = (target: Tensor, prediction: Tensor, spec: MetricSpec) => Tensor;

const squaredError: Values = (y, p) => meanCols(square(sub(p, y)));

const binaryAccuracy: Values = (y, p, spec) =>
  meanCols(eq(y, gt(p, 'threshold' in spec ? spec.threshold : 0.5)));
const categoricalAccuracy: Values = (y, p) => eq(argmaxCols(y), argmaxCols(p));
const sparseCategoricalAccuracy: Values = (y, p) => eq(y, argmaxCols(p));

/** Keras's rule, which looks at shapes only: one output, class numbers for several, or one-hot rows. */
const accuracy: Values = (y, p, spec) => {
  if (p.shape.cols === 1) return binaryAccuracy(y, p, spec);
  return (y.shape.cols === 1 ? sparseCategoricalAccuracy : categoricalAccuracy)(y, p, spec);
};

/** What each metric measures of a row: `[r, c]` or `[r, 1]`, `[r, c]` → `[r, 1]`. */
export const metrics: Readonly<Record<MetricSpec['type'], Values>> = {
  mean_squared_error: squaredError,
  root_mean_squared_error: squaredError,
  mean_absolute_error: (y, p) => meanCols(abs(sub(p, y))),
  accuracy,
  binary_accuracy: binaryAccuracy,
  categorical_accuracy: categoricalAccuracy,
  sparse_categorical_accuracy: sparseCategoricalAccuracy,
};

/** Whether a metric is better when it is lower or higher. */
export const metricDirections: Readonly<Record<MetricSpec['type'], 'min' | 'max'>> = {
  mean_squared_error: 'min',
  root_mean_squared_error: 'min',
  mean_absolute_error: 'min',
  accuracy: 'max',
  binary_accuracy: 'max',
  categorical_accuracy: 'max',
  sparse_categorical_accuracy: 'max',
};

/** The metric of a spec on these targets and predictions. */
export function metricOf(target: Tensor, prediction: Tensor, spec: MetricSpec): Metric {
  const values = metrics[spec.type](target, prediction, spec);
  const valuesPerSample = values.shape.rows;
  const mean = (total: number, samples: number) => total / (samples * valuesPerSample);
  // The root of the epoch's mean square, not a mean of roots.
  const isRoot = spec.type === 'root_mean_squared_error';
  return {
    name: spec.name,
    sums: sumRows(values),
    result: ([total], samples) => (isRoot ? Math.sqrt(mean(total, samples)) : mean(total, samples)),
  };
}
