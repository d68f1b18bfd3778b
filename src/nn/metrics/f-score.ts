/** F1 and F-beta: the harmonic mean of precision and recall, by class: keras.metrics.FBetaScore. */
import type { Tensor } from '../../graph/graph.ts';
import { abs, ge, gt, maxCols, mul, pack, sub } from '../../graph/ops.ts';
import type { LogValue } from '../../records.ts';
import { EPSILON } from '../epsilon.ts';
import { type Measure, type SpecOf, weightedSum } from './measurement.ts';

/** A row of zeros has no highest class. */
const NO_SCORE = 1e-9;

type Scores = Omit<SpecOf<'f_beta_score'>, 'type' | 'name'>;

export const fBetaScore: Measure<Scores> = (y, p, spec, weights) => {
  const predicted = isPredicted(p, spec.threshold);
  const sum = (x: Tensor) => weightedSum(x, weights);
  const truePositives = sum(mul(predicted, y));
  const falsePositives = sum(mul(predicted, sub(1, y)));
  const falseNegatives = sum(mul(sub(1, predicted), y));
  const sums = pack(p.graph, [truePositives, falsePositives, falseNegatives, sum(y)]);
  return { sums, result: (totals) => scoreOf(totals, spec) };
};

export const f1Score: Measure<Omit<Scores, 'beta'>> = (y, p, spec, weights) =>
  fBetaScore(y, p, { ...spec, beta: 1 }, weights);

/** 1 for the classes above the threshold; without one, for the highest of the row. */
function isPredicted(p: Tensor, threshold: number | null): Tensor {
  if (threshold !== null) return gt(p, threshold);
  return mul(ge(p, maxCols(p)), gt(abs(p), NO_SCORE));
}

/** From true positives, false positives, false negatives and weights of the classes in a row. */
function scoreOf(totals: Float64Array, { average, beta }: Scores): LogValue {
  const classes = totals.length / 4;
  const counts = [0, 1, 2, 3].map((i) => totals.subarray(i * classes, (i + 1) * classes));
  if (average === 'micro') {
    const [tp, fp, fn] = counts.map(sum);
    return fBeta(tp, fp, fn, beta);
  }
  const [tp, fp, fn, weights] = counts;
  const scores = Array.from(tp, (_, i) => fBeta(tp[i], fp[i], fn[i], beta));
  if (average === null) return scores;
  if (average === 'macro') return sum(scores) / classes;
  return sum(scores.map((score, i) => (score * weights[i]) / (sum(weights) + EPSILON)));
}

function fBeta(tp: number, fp: number, fn: number, beta: number): number {
  const precision = tp / (tp + fp + EPSILON);
  const recall = tp / (tp + fn + EPSILON);
  const squared = beta * beta;
  return ((precision * recall) / (squared * precision + recall + EPSILON)) * (1 + squared);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
