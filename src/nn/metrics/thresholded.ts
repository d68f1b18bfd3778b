/** Precision, recall, the four counts, and the best of one at a given value of another. */

import type { LogValue } from '../../records.ts';
import type { MetricSpec } from '../../spec/metrics.ts';
import { type Counts, countConfusion } from './confusion.ts';
import { type Measure, ratio, type SpecOf } from './measurement.ts';

type ByThreshold = 'precision' | 'recall';
type Count = 'true_positives' | 'true_negatives' | 'false_positives' | 'false_negatives';

/** What a quantity is at threshold i. */
type Quantity = (counts: Counts, i: number) => number;

const precisionAt: Quantity = ({ truePositives: tp, falsePositives: fp }, i) =>
  ratio(tp[i], tp[i] + fp[i]);
/** Recall, which is sensitivity too. */
const recallAt: Quantity = ({ truePositives: tp, falseNegatives: fn }, i) =>
  ratio(tp[i], tp[i] + fn[i]);
const specificityAt: Quantity = ({ trueNegatives: tn, falsePositives: fp }, i) =>
  ratio(tn[i], tn[i] + fp[i]);

/** Precision or recall at each threshold. With `top_k` the k highest are positive whatever their score. */
function atThresholds(quantity: Quantity): Measure<SpecOf<ByThreshold>> {
  return (y, p, { thresholds, top_k, class_id }, weights) => {
    const list = thresholdsOf(thresholds, top_k === null ? 0.5 : -1e10);
    const counting = { thresholds: list, topK: top_k, classId: class_id };
    return countConfusion(y, p, counting, weights, ([counts]) => atEach(list, counts, quantity));
  };
}

export const precision = atThresholds(precisionAt);
export const recall = atThresholds(recallAt);

/** One of the four counts at each threshold. */
export function countOf(which: keyof Counts): Measure<SpecOf<Count>> {
  return (y, p, { thresholds }, weights) => {
    const list = thresholdsOf(thresholds, 0.5);
    const quantity: Quantity = (counts, i) => counts[which][i];
    return countConfusion(y, p, { thresholds: list }, weights, ([counts]) =>
      atEach(list, counts, quantity),
    );
  };
}

type Constrained = Extract<MetricSpec, { num_thresholds: number; class_id: number | null }>;

/** The highest `wanted` among the thresholds where `held` is at least the given value; 0 if at none. */
function bestAt<S extends Constrained>(
  wanted: Quantity,
  held: Quantity,
  valueIn: (spec: S) => number,
): Measure<S> {
  return (y, p, spec, weights) => {
    const thresholds = evenThresholds(spec.num_thresholds);
    // Compared as float32, which is what Keras compares.
    const least = Math.fround(valueIn(spec));
    const counting = { thresholds, classId: spec.class_id };
    return countConfusion(y, p, counting, weights, ([counts]) => {
      const fits = thresholds.map((_, i) => Math.fround(held(counts, i)) >= least);
      return Math.max(0, ...thresholds.map((_, i) => (fits[i] ? wanted(counts, i) : 0)));
    });
  };
}

export const precisionAtRecall = bestAt<SpecOf<'precision_at_recall'>>(
  precisionAt,
  recallAt,
  (spec) => spec.recall,
);
export const recallAtPrecision = bestAt<SpecOf<'recall_at_precision'>>(
  recallAt,
  precisionAt,
  (spec) => spec.precision,
);
export const sensitivityAtSpecificity = bestAt<SpecOf<'sensitivity_at_specificity'>>(
  recallAt,
  specificityAt,
  (spec) => spec.specificity,
);
export const specificityAtSensitivity = bestAt<SpecOf<'specificity_at_sensitivity'>>(
  specificityAt,
  recallAt,
  (spec) => spec.sensitivity,
);

function thresholdsOf(given: number | readonly number[] | null, otherwise: number): number[] {
  return [given ?? otherwise].flat();
}

/** One value for one threshold, a list for several. */
function atEach(thresholds: readonly number[], counts: Counts, quantity: Quantity): LogValue {
  const values = thresholds.map((_, i) => quantity(counts, i));
  return values.length === 1 ? values[0] : values;
}

/** `count` thresholds from 0 to 1 in even steps; one alone is 0.5. */
function evenThresholds(count: number): number[] {
  return count === 1 ? [0.5] : Array.from({ length: count }, (_, i) => i / (count - 1));
}
