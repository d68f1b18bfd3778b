/** The area under a curve of counts at many thresholds: keras.metrics.AUC. */
import { sigmoid } from '../../graph/ops.ts';
import { naturalLog } from '../../natural-log.ts';
import { EPSILON } from '../epsilon.ts';
import { type Counts, countConfusion } from './confusion.ts';
import { type Measure, ratio, type SpecOf } from './measurement.ts';

type AucSpec = SpecOf<'auc'>;

/** One number: of all outputs together, or with `multi_label` the mean of the outputs' own. */
export const auc: Measure<AucSpec> = (y, given, spec, weights) => {
  const p = spec.from_logits ? sigmoid(given) : given;
  const { multi_label: byLabel, label_weights } = spec;
  const counting = {
    thresholds: thresholdsOf(spec),
    byLabel,
    labelWeights: byLabel ? null : label_weights,
  };
  return countConfusion(y, p, counting, weights, (labels) => {
    const areas = labels.map((counts) => areaOf(counts, spec));
    const factors = byLabel && label_weights ? label_weights : areas.map(() => 1);
    return ratio(sum(areas.map((area, i) => area * factors[i])), sum(factors));
  });
};

function thresholdsOf({ thresholds, num_thresholds: count }: AucSpec): number[] {
  const inner = thresholds
    ? [...thresholds].sort((a, b) => a - b)
    : Array.from({ length: count - 2 }, (_, i) => (i + 1) / (count - 1));
  // Below and above all predictions, so that the curve has both its ends.
  return [-EPSILON, ...inner, 1 + EPSILON];
}

function areaOf(counts: Counts, { curve, summation_method }: AucSpec): number {
  if (curve === 'PR' && summation_method === 'interpolation') return interpolatedPrArea(counts);
  const points = Array.from(counts.truePositives, (_, i) => pointOn(curve, counts, i));
  const height = heights[summation_method];
  return sum(
    points.slice(1).map(([x, y], i) => {
      const [previousX, previousY] = points[i];
      return (previousX - x) * height(previousY, y);
    }),
  );
}

const heights: Readonly<Record<AucSpec['summation_method'], (a: number, b: number) => number>> = {
  interpolation: (a, b) => (a + b) / 2,
  minoring: Math.min,
  majoring: Math.max,
};

/** Where the curve is at threshold i, `[x, y]`. */
function pointOn(
  curve: AucSpec['curve'],
  { truePositives, falsePositives, trueNegatives, falseNegatives }: Counts,
  i: number,
): readonly [number, number] {
  const tp = truePositives[i];
  const fp = falsePositives[i];
  const fn = falseNegatives[i];
  const tn = trueNegatives[i];
  const recall = ratio(tp, tp + fn);
  if (curve === 'ROC') return [ratio(fp, fp + tn), recall];
  if (curve === 'PR') return [recall, ratio(tp, tp + fp)];
  if (tp === 0) return [0, 1];
  // Flach and Kull 2015: gains over the classifier that calls everything positive.
  const scale = ratio(tp + fn, tn + fp);
  return [Math.max(0, 1 - (scale * fn) / tp), 1 - (scale * fp) / tp];
}

/**
 * Davis and Goadrich 2006: between two thresholds true and false positives grow evenly, so precision
 * does not grow along a straight line; this is its integral.
 */
function interpolatedPrArea({ truePositives: tp, falsePositives: fp, falseNegatives: fn }: Counts) {
  let area = 0;
  for (let i = 0; i + 1 < tp.length; i++) {
    const [p, nextP] = [tp[i] + fp[i], tp[i + 1] + fp[i + 1]];
    const rise = tp[i] - tp[i + 1];
    const slope = ratio(rise, Math.max(p - nextP, 0));
    const intercept = tp[i + 1] - slope * nextP;
    const growth = p > 0 && nextP > 0 ? p / nextP : 1;
    const part = slope * (rise + intercept * naturalLog(growth));
    area += ratio(part, Math.max(tp[i + 1] + fn[i + 1], 0));
  }
  return area;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
