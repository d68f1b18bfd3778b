/** What each metric measures. */

import { losses } from '../../nn/losses.ts';
import type { Family } from '../../records.ts';
import { metrics } from '../metrics.ts';
import { type Description, type Descriptions, familyOf } from './family.ts';

/** A metric that is the mean of a loss. */
function asLoss({ formula, variants, where }: Description): Description {
  return { formula, ...(variants ? { variants } : {}), ...(where ? { where } : {}) };
}

const POSITIVE =
  'p is positive above `thresholds` (null: 0.5), y where it is not 0; counted over all outputs';
const RANKED = `${POSITIVE}, or those of \`class_id\`; with \`top_k\` only the k largest p of a row can be positive, at any value where \`thresholds\` is null; 0 where nothing is counted`;
const EVEN =
  'at `num_thresholds` even thresholds from 0 to 1; over all outputs, or those of `class_id`; 0 where none fits';
const F_SCORE =
  'for each class precision = TP / (TP + FP + 1e-7), recall = TP / (TP + FN + 1e-7); p counts above `threshold`, or where it is null as the largest of its row. `average` null gives each class, `"macro"` their mean, `"weighted"` that by how often they are, `"micro"` counts all together';

export const descriptions: Descriptions<typeof metrics> = {
  mean_squared_error: asLoss(losses.mean_squared_error),
  mean_absolute_error: asLoss(losses.mean_absolute_error),
  root_mean_squared_error: {
    formula: 'sqrt(mean((p - y) ** 2))',
    where: 'the mean is that of all rows of the epoch',
    differences: ['`rmse` is a word; Keras knows it as a name only'],
  },
  mean_absolute_percentage_error: asLoss(losses.mean_absolute_percentage_error),
  mean_squared_logarithmic_error: asLoss(losses.mean_squared_logarithmic_error),
  log_cosh_error: asLoss(losses.log_cosh),
  cosine_similarity: {
    formula: 'sum(y * p) / (norm(y) * norm(p))',
    where: 'norms are held above 1e-7; the loss of this name has the other sign',
  },
  r2_score: {
    formula: '1 - sum((y - p) ** 2) / sum((y - mean(y)) ** 2)',
    where:
      'for each output, over all rows of the epoch; infinity counts as 0. `class_aggregation` `"uniform_average"` is the mean of the outputs, `"variance_weighted_average"` that by the variance of y, null gives each. `num_regressors` r > 0 makes it 1 - (1 - score) * (n - 1) / (n - r - 1), where n is rows * outputs',
  },
  accuracy: {
    formula: 'one of the three accuracies below',
    where:
      'by the shapes: binary for one output; for several sparse_categorical where there is one target, else categorical',
    differences: [
      'in lower case, where Keras takes any',
      'the class `Accuracy`, which asks for equal numbers, is not there',
    ],
  },
  binary_accuracy: {
    formula: 'mean(y == (p > threshold))',
  },
  categorical_accuracy: {
    formula: 'argmax(y) == argmax(p)',
    where: '1 or 0; the first of equal numbers counts',
  },
  sparse_categorical_accuracy: {
    formula: 'y == argmax(p)',
    where: '1 or 0; y is the number of a class; the first of equal numbers counts',
  },
  top_k_categorical_accuracy: {
    formula: 'count(p > p[argmax(y)]) < k',
    where: '1 or 0',
  },
  sparse_top_k_categorical_accuracy: {
    formula: 'count(p > p[y]) < k',
    where: '1 or 0; y is the number of a class',
  },
  precision: { formula: 'TP / (TP + FP)', where: RANKED },
  recall: { formula: 'TP / (TP + FN)', where: RANKED },
  true_positives: { formula: 'TP = sum(y != 0 and p > threshold)', where: POSITIVE },
  true_negatives: { formula: 'TN = sum(y == 0 and p <= threshold)', where: POSITIVE },
  false_positives: { formula: 'FP = sum(y == 0 and p > threshold)', where: POSITIVE },
  false_negatives: { formula: 'FN = sum(y != 0 and p <= threshold)', where: POSITIVE },
  precision_at_recall: {
    formula: 'the largest TP / (TP + FP) where TP / (TP + FN) >= recall',
    where: EVEN,
  },
  recall_at_precision: {
    formula: 'the largest TP / (TP + FN) where TP / (TP + FP) >= precision',
    where: EVEN,
  },
  sensitivity_at_specificity: {
    formula: 'the largest TP / (TP + FN) where TN / (TN + FP) >= specificity',
    where: EVEN,
  },
  specificity_at_sensitivity: {
    formula: 'the largest TN / (TN + FP) where TP / (TP + FN) >= sensitivity',
    where: EVEN,
  },
  auc: {
    formula: 'the area under TP / (TP + FN) over FP / (FP + TN)',
    where:
      'at `num_thresholds` even thresholds, or at `thresholds`; `curve` `"PR"`: TP / (TP + FP) over TP / (TP + FN), `"PRGAIN"`: precision gain over recall gain; between thresholds the mean, or with `summation_method` `"minoring"` the lower and `"majoring"` the higher value. `multi_label` takes the mean of the outputs, by `label_weights`; with `from_logits` p is sigmoid(p)',
  },
  f1_score: {
    formula: '2 * precision * recall / (precision + recall + 1e-7)',
    where: F_SCORE,
  },
  f_beta_score: {
    formula: '(1 + beta ** 2) * precision * recall / (beta ** 2 * precision + recall + 1e-7)',
    where: F_SCORE,
  },
  binary_crossentropy: asLoss(losses.binary_crossentropy),
  categorical_crossentropy: asLoss(losses.categorical_crossentropy),
  sparse_categorical_crossentropy: {
    formula: '-log(p[y] / sum(p))',
    variants: { from_logits: 'log(sum(exp(p))) - p[y]' },
    where:
      'y is the number of a class; p is held in [1e-7, 1 - 1e-7]; the last layer before a softmax is looked at, as TensorFlow does',
  },
  kl_divergence: asLoss(losses.kl_divergence),
  poisson: asLoss(losses.poisson),
  hinge: asLoss(losses.hinge),
  squared_hinge: asLoss(losses.squared_hinge),
  categorical_hinge: asLoss(losses.categorical_hinge),
};

export const family: Family = familyOf(
  {
    name: 'metrics',
    about: [
      'What is measured besides the loss, of targets y and predictions p: where nothing else is said, the mean over the rows of an epoch, exact whatever the batches. mean and sum run along the last axis; TP, FP, TN and FN count true and false positives and negatives.',
      'A log shows a metric by its word as typed, or by `name` beside `type`.',
    ],
    differences: [
      'Sums over an epoch are kept in double precision, where Keras adds float32 to float32.',
      'A metric that does not fit the output is refused before the first epoch: one over columns with class numbers as targets (Keras broadcasts them against each other), one over classes on a single output, `class_id` and `top_k` beyond the outputs. A vector is not taken as what a callback monitors.',
      'Metrics without a name of their own are called by their kind, and duplicates get `_1`, `_2` in the order of the spec. Keras numbers them by how many were made in the process before.',
      '`pearson_correlation`, `concordance_correlation`, the `io_u` family, `mean` and `sum` are not there.',
    ],
  },
  metrics,
  descriptions,
);
