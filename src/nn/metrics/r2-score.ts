/** The share of the targets' variance that predictions explain: keras.metrics.R2Score. */
import type { Tensor } from '../../graph/graph.ts';
import { broadcast, constant, pack, square, sub } from '../../graph/ops.ts';
import type { LogValue } from '../../records.ts';
import { type Measure, type SpecOf, weightedSum } from './measurement.ts';

type R2Spec = SpecOf<'r2_score'>;

export const r2Score: Measure<R2Spec> = (y, p, spec, weights) => {
  const sum = (x: Tensor) => weightedSum(x, weights);
  const ones = broadcast(constant(p.graph, 1), { ...p.shape, cols: 1 });
  const parts = [sum(y), sum(square(y)), sum(square(sub(p, y))), sum(ones)];
  // Keras 3.15 counts every output of a row as a data point.
  const points = (samples: number) => samples * p.shape.cols;
  return {
    sums: pack(p.graph, parts),
    result: (totals, samples) => scoreOf(totals, p.shape.cols, points(samples), spec),
  };
};

/** From Σwy, Σwy², Σw(p − y)² of the outputs, and Σw. */
function scoreOf(totals: Float64Array, outputs: number, points: number, spec: R2Spec): LogValue {
  const weight = totals[3 * outputs];
  const variances: number[] = [];
  const scores: number[] = [];
  for (let i = 0; i < outputs; i++) {
    const sum = totals[i];
    const variance = totals[outputs + i] - (sum * sum) / weight;
    const score = 1 - totals[2 * outputs + i] / variance;
    variances.push(variance);
    // Infinite for targets that do not vary; 0/0 stays NaN, as in Keras.
    scores.push(Math.abs(score) === Number.POSITIVE_INFINITY ? 0 : score);
  }
  const adjust = (score: number) => adjusted(score, points, spec.num_regressors);
  if (spec.class_aggregation === null) return scores.map(adjust);
  if (spec.class_aggregation === 'uniform_average') return adjust(total(scores) / outputs);
  return adjust(total(scores.map((score, i) => score * variances[i])) / total(variances));
}

/** Lower the more regressors there are for few points; the plain score where points do not suffice. */
function adjusted(score: number, points: number, regressors: number): number {
  if (regressors === 0 || regressors >= points - 1) return score;
  return 1 - ((1 - score) * (points - 1)) / (points - regressors - 1);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
