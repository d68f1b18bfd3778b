/** What a metric is made of: sums that travel from batch to batch, and what they come to. */
import type { Tensor } from '../../graph/graph.ts';
import { mul, pack, sumRows } from '../../graph/ops.ts';
import type { LogValue } from '../../records.ts';
import type { MetricSpec } from '../../spec/metrics.ts';

/** One metric on one batch. */
export interface Measurement {
  /** What a batch adds to the epoch, `[1, n]`. */
  readonly sums: Tensor;
  /** The metric of `samples` samples whose batches' sums add up to `totals` (n numbers). */
  readonly result: (totals: Float64Array, samples: number) => LogValue;
}

/**
 * How a metric is measured on targets and predictions, `[r, c]` each (or `[r, 1]` class numbers).
 *
 * @param weights  `[r, 1]`, one for each row; null where rows count alike
 */
export type Measure<S> = (
  target: Tensor,
  prediction: Tensor,
  spec: S,
  weights: Tensor | null,
) => Measurement;

/** The spec of one type. */
export type SpecOf<T extends MetricSpec['type']> = Extract<MetricSpec, { type: T }>;

/**
 * A metric that is a mean of one value per row: with weights, sum(w v) / sum(w).
 *
 * @param values  `[r, 1]`
 * @param finish  what is done to the mean at the end
 */
export function meanOf<S>(
  values: (target: Tensor, prediction: Tensor, spec: S) => Tensor,
  finish: (mean: number) => number = (mean) => mean,
): Measure<S> {
  return (target, prediction, spec, weights) => {
    const measured = values(target, prediction, spec);
    if (weights) {
      const sums = pack(measured.graph, [sumRows(mul(measured, weights)), sumRows(weights)]);
      return { sums, result: ([total, count]) => finish(ratio(total, count)) };
    }
    const valuesPerSample = measured.shape.rows;
    return {
      sums: sumRows(measured),
      result: ([total], samples) => finish(total / (samples * valuesPerSample)),
    };
  };
}

/** a / b, and 0 where b is 0. */
export function ratio(a: number, b: number): number {
  return b === 0 ? 0 : a / b;
}

/** The columns' sums over rows that are weighted. */
export function weightedSum(x: Tensor, weights: Tensor | null): Tensor {
  return sumRows(weights ? mul(x, weights) : x);
}
