/**
 * Metrics: what is summed over a batch, in ops, and what an epoch's sums come to. Because sums and
 * not means travel from batch to batch, a metric is exact over an epoch whatever the batches.
 */
import type { Tensor } from '../graph/graph.ts';
import { argmaxCols, eq, gt, lt, meanCols, neg, pick, sumCols } from '../graph/ops.ts';
import type { LossSpec } from '../spec/losses.ts';
import type { MetricSpec } from '../spec/metrics.ts';
import type { Targets } from './losses/loss.ts';
import { forEachRow, losses, lossOf } from './losses.ts';
import { auc } from './metrics/auc.ts';
import { f1Score, fBetaScore } from './metrics/f-score.ts';
import { type Measure, type Measurement, meanOf, type SpecOf } from './metrics/measurement.ts';
import { r2Score } from './metrics/r2-score.ts';
import {
  countOf,
  precision,
  precisionAtRecall,
  recall,
  recallAtPrecision,
  sensitivityAtSpecificity,
  specificityAtSensitivity,
} from './metrics/thresholded.ts';

/** A metric in a graph. */
export interface Metric extends Measurement {
  /** As it stands in the log. */
  readonly name: string;
}

interface MetricEntry<S> {
  /** Whether a lower or a higher value is better. */
  readonly better: 'min' | 'max';
  /** What it can be measured against; more columns than one where it is `one per class`. */
  readonly targets: Targets;
  readonly measure: Measure<S>;
}

type Values<S> = (target: Tensor, prediction: Tensor, spec: S) => Tensor;

/** A metric that is a mean over rows. */
function mean<S>(better: 'min' | 'max', targets: Targets, values: Values<S>): MetricEntry<S> {
  return { better, targets, measure: meanOf(values) };
}

/** The mean of a loss with Keras's defaults. */
function meanLoss<S>(spec: LossSpec): MetricEntry<S> {
  return mean('min', losses[spec.type].targets, (y, p) => lossOf(y, p, spec));
}

/** The mean of a loss whose arguments the metric has too. */
function sameLoss<S extends LossSpec>(targets: Targets): MetricEntry<S> {
  return mean('min', targets, lossOf);
}

const binaryAccuracy = (y: Tensor, p: Tensor, threshold: number) =>
  meanCols(eq(y, gt(p, threshold)));
const categoricalAccuracy = (y: Tensor, p: Tensor) => eq(argmaxCols(y), argmaxCols(p));
const sparseCategoricalAccuracy = (y: Tensor, p: Tensor) => eq(y, argmaxCols(p));

/** Keras's rule, which looks at shapes only: one output, class numbers for several, or one-hot rows. */
function accuracy(y: Tensor, p: Tensor): Tensor {
  if (p.shape.cols === 1) return binaryAccuracy(y, p, 0.5);
  return (y.shape.cols === 1 ? sparseCategoricalAccuracy : categoricalAccuracy)(y, p);
}

/** 1 where fewer than k classes score higher than the class of the row, `[r, 1]`. */
function isAmongHighest(classNumber: Tensor, p: Tensor, k: number): Tensor {
  return lt(sumCols(gt(p, pick(p, classNumber))), k);
}

/** Each metric by its Keras name. */
export const metrics: { readonly [K in MetricSpec['type']]: MetricEntry<SpecOf<K>> } = {
  mean_squared_error: meanLoss({ type: 'mean_squared_error' }),
  mean_absolute_error: meanLoss({ type: 'mean_absolute_error' }),
  root_mean_squared_error: {
    better: 'min',
    targets: 'numbers',
    // The root of the epoch's mean square, not a mean of roots.
    measure: meanOf((y, p) => lossOf(y, p, { type: 'mean_squared_error' }), Math.sqrt),
  },
  mean_absolute_percentage_error: meanLoss({ type: 'mean_absolute_percentage_error' }),
  mean_squared_logarithmic_error: meanLoss({ type: 'mean_squared_logarithmic_error' }),
  log_cosh_error: meanLoss({ type: 'log_cosh' }),
  // The loss is this with the other sign.
  cosine_similarity: mean('max', 'numbers', (y, p) =>
    neg(lossOf(y, p, { type: 'cosine_similarity' })),
  ),
  r2_score: { better: 'max', targets: 'numbers', measure: r2Score },

  accuracy: mean('max', 'by shape', accuracy),
  binary_accuracy: mean('max', 'numbers', (y, p, spec) => binaryAccuracy(y, p, spec.threshold)),
  categorical_accuracy: mean('max', 'one per class', categoricalAccuracy),
  sparse_categorical_accuracy: mean('max', 'class numbers', sparseCategoricalAccuracy),
  top_k_categorical_accuracy: mean('max', 'one per class', (y, p, { k }) =>
    isAmongHighest(argmaxCols(y), p, k),
  ),
  sparse_top_k_categorical_accuracy: mean('max', 'class numbers', (y, p, { k }) =>
    isAmongHighest(y, p, k),
  ),

  precision: { better: 'max', targets: 'numbers', measure: precision },
  recall: { better: 'max', targets: 'numbers', measure: recall },
  true_positives: { better: 'max', targets: 'numbers', measure: countOf('truePositives') },
  true_negatives: { better: 'max', targets: 'numbers', measure: countOf('trueNegatives') },
  false_positives: { better: 'min', targets: 'numbers', measure: countOf('falsePositives') },
  false_negatives: { better: 'min', targets: 'numbers', measure: countOf('falseNegatives') },
  precision_at_recall: { better: 'max', targets: 'numbers', measure: precisionAtRecall },
  recall_at_precision: { better: 'max', targets: 'numbers', measure: recallAtPrecision },
  sensitivity_at_specificity: {
    better: 'max',
    targets: 'numbers',
    measure: sensitivityAtSpecificity,
  },
  specificity_at_sensitivity: {
    better: 'max',
    targets: 'numbers',
    measure: specificityAtSensitivity,
  },
  auc: { better: 'max', targets: 'numbers', measure: auc },
  f1_score: { better: 'max', targets: 'numbers', measure: f1Score },
  f_beta_score: { better: 'max', targets: 'numbers', measure: fBetaScore },

  binary_crossentropy: sameLoss('numbers'),
  categorical_crossentropy: sameLoss('one per class'),
  sparse_categorical_crossentropy: sameLoss('class numbers'),
  kl_divergence: meanLoss({ type: 'kl_divergence' }),
  poisson: meanLoss({ type: 'poisson' }),
  hinge: meanLoss({ type: 'hinge' }),
  squared_hinge: meanLoss({ type: 'squared_hinge' }),
  categorical_hinge: meanLoss({ type: 'categorical_hinge' }),
};

/** Whether a metric is one number, and not one for each class, output or threshold. */
export function hasOneValue(spec: MetricSpec): boolean {
  if ('average' in spec) return spec.average !== null;
  if ('class_aggregation' in spec) return spec.class_aggregation !== null;
  const isList = 'thresholds' in spec && typeof spec.thresholds === 'object' && spec.thresholds;
  return spec.type === 'auc' || !isList || isList.length === 1;
}

/**
 * The metric of a spec on these targets and predictions.
 *
 * @param weights  `[batch, 1]`, or `[batch, k]` for outputs of k rows each; null where all count alike
 */
export function metricOf(
  target: Tensor,
  prediction: Tensor,
  spec: MetricSpec,
  weights: Tensor | null = null,
): Metric {
  const { measure }: MetricEntry<MetricSpec> = metrics[spec.type] as MetricEntry<MetricSpec>;
  const each = weights && forEachRow(weights, prediction.shape.rows);
  return { name: spec.name, ...measure(target, prediction, spec, each) };
}
