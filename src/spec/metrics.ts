/** What is measured besides the loss: Keras's metrics by name, with their arguments and defaults. */
import * as v from 'valibot';
import { formatThousands } from '../words.ts';
import { MAX_THRESHOLDS } from './limits.ts';
import { calledKind, named, type SchemaOf } from './named.ts';
import { expected, flag, fraction, notNegative, number, whole } from './values.ts';

const threshold = v.optional(number(), 0.5);
const k = v.optional(whole(1), 5);
const from_logits = v.optional(flag(), false);
const label_smoothing = v.optional(fraction(), 0);
const axis = v.optional(v.literal(-1, expected('-1, the last axis')));

const tooMany = `expected at most ${formatThousands(MAX_THRESHOLDS)} thresholds; found more`;
const thresholdsPhrase = 'a number from 0 to 1, or several in an array';
/** Null is the default of each metric. Several give one value each. */
const thresholds = v.optional(
  v.nullable(
    v.union(
      [
        fraction(),
        v.pipe(
          v.array(fraction()),
          v.nonEmpty(expected(thresholdsPhrase)),
          v.maxLength(MAX_THRESHOLDS, tooMany),
        ),
      ],
      expected(thresholdsPhrase),
    ),
  ),
  null,
);
const top_k = v.optional(v.nullable(whole(1)), null);
const class_id = v.optional(v.nullable(whole(0)), null);
const num_thresholds = v.optional(whole(1, MAX_THRESHOLDS), 200);

const averages = ['micro', 'macro', 'weighted'] as const;
const average = v.optional(
  v.nullable(v.picklist(averages, expected('"micro", "macro", "weighted" or null'))),
  null,
);
const aboveZero = expected('a number above 0, at most 1');
const scoreThreshold = v.optional(
  v.nullable(v.pipe(v.number(aboveZero), v.gtValue(0, aboveZero), v.maxValue(1, aboveZero))),
  null,
);
const betaMessage = expected('a number above 0');
const beta = v.optional(v.pipe(number(), v.gtValue(0, betaMessage)), 1);

const aggregations = ['uniform_average', 'variance_weighted_average'] as const;
const class_aggregation = v.optional(
  v.nullable(
    v.picklist(aggregations, expected('"uniform_average", "variance_weighted_average" or null')),
  ),
  'uniform_average',
);

/** The words of Keras's enumerations: each in the first form, or in the second, which means the same. */
const curves = {
  ROC: 'ROC',
  roc: 'ROC',
  PR: 'PR',
  pr: 'PR',
  PRGAIN: 'PRGAIN',
  prgain: 'PRGAIN',
} as const;
const curve = v.optional(
  v.pipe(
    v.picklist(['ROC', 'roc', 'PR', 'pr', 'PRGAIN', 'prgain'], expected('"ROC", "PR" or "PRGAIN"')),
    v.transform((word) => curves[word]),
  ),
  'ROC',
);
const methods = {
  interpolation: 'interpolation',
  Interpolation: 'interpolation',
  minoring: 'minoring',
  Minoring: 'minoring',
  majoring: 'majoring',
  Majoring: 'majoring',
} as const;
const summation_method = v.optional(
  v.pipe(
    v.picklist(
      ['interpolation', 'Interpolation', 'minoring', 'Minoring', 'majoring', 'Majoring'],
      expected('"interpolation", "minoring" or "majoring"'),
    ),
    v.transform((word) => methods[word]),
  ),
  'interpolation',
);

/**
 * Keras's metrics, each with Keras's words for it, its class last. Each comes out with a `name`, by which logs show it: the word as typed, or
 * `name` beside `type`. `accuracy` is one of the three accuracies below it, by the shapes of
 * targets and outputs. `rmse` is a word of ours; Keras 3 knows it as a name only.
 */
export const metrics = Object.freeze({
  mean_squared_error: calledKind('mean_squared_error', ['mse', 'MSE', 'MeanSquaredError'], {}),
  mean_absolute_error: calledKind('mean_absolute_error', ['mae', 'MAE', 'MeanAbsoluteError'], {}),
  root_mean_squared_error: calledKind(
    'root_mean_squared_error',
    ['rmse', 'RootMeanSquaredError'],
    {},
  ),
  mean_absolute_percentage_error: calledKind(
    'mean_absolute_percentage_error',
    ['mape', 'MAPE', 'MeanAbsolutePercentageError'],
    {},
  ),
  mean_squared_logarithmic_error: calledKind(
    'mean_squared_logarithmic_error',
    ['msle', 'MSLE', 'MeanSquaredLogarithmicError'],
    {},
  ),
  log_cosh_error: calledKind('log_cosh_error', ['LogCoshError'], {}, 'logcosh'),
  cosine_similarity: calledKind('cosine_similarity', ['CosineSimilarity'], { axis }),
  r2_score: calledKind('r2_score', ['R2Score'], {
    class_aggregation,
    num_regressors: v.optional(whole(0), 0),
  }),
  accuracy: calledKind('accuracy', ['acc'], {}),
  binary_accuracy: calledKind('binary_accuracy', ['BinaryAccuracy'], { threshold }),
  categorical_accuracy: calledKind('categorical_accuracy', ['CategoricalAccuracy'], {}),
  sparse_categorical_accuracy: calledKind(
    'sparse_categorical_accuracy',
    ['SparseCategoricalAccuracy'],
    {},
  ),
  top_k_categorical_accuracy: calledKind(
    'top_k_categorical_accuracy',
    ['TopKCategoricalAccuracy'],
    { k },
  ),
  sparse_top_k_categorical_accuracy: calledKind(
    'sparse_top_k_categorical_accuracy',
    ['SparseTopKCategoricalAccuracy'],
    { k },
  ),
  precision: calledKind('precision', ['Precision'], { thresholds, top_k, class_id }),
  recall: calledKind('recall', ['Recall'], { thresholds, top_k, class_id }),
  true_positives: calledKind('true_positives', ['TruePositives'], { thresholds }),
  true_negatives: calledKind('true_negatives', ['TrueNegatives'], { thresholds }),
  false_positives: calledKind('false_positives', ['FalsePositives'], { thresholds }),
  false_negatives: calledKind('false_negatives', ['FalseNegatives'], { thresholds }),
  precision_at_recall: calledKind('precision_at_recall', ['PrecisionAtRecall'], {
    recall: fraction(),
    num_thresholds,
    class_id,
  }),
  recall_at_precision: calledKind('recall_at_precision', ['RecallAtPrecision'], {
    precision: fraction(),
    num_thresholds,
    class_id,
  }),
  sensitivity_at_specificity: calledKind(
    'sensitivity_at_specificity',
    ['SensitivityAtSpecificity'],
    {
      specificity: fraction(),
      num_thresholds,
      class_id,
    },
  ),
  specificity_at_sensitivity: calledKind(
    'specificity_at_sensitivity',
    ['SpecificityAtSensitivity'],
    {
      sensitivity: fraction(),
      num_thresholds,
      class_id,
    },
  ),
  auc: calledKind('auc', ['AUC'], {
    num_thresholds: v.optional(whole(2, MAX_THRESHOLDS), 200),
    curve,
    summation_method,
    thresholds: v.optional(
      v.nullable(v.pipe(v.array(fraction()), v.maxLength(MAX_THRESHOLDS, tooMany))),
      null,
    ),
    multi_label: v.optional(flag(), false),
    num_labels: v.optional(v.nullable(whole(1)), null),
    label_weights: v.optional(v.nullable(v.array(notNegative())), null),
    from_logits,
  }),
  f1_score: calledKind('f1_score', ['F1Score'], { average, threshold: scoreThreshold }),
  f_beta_score: calledKind(
    'f_beta_score',
    ['FBetaScore'],
    { average, beta, threshold: scoreThreshold },
    'fbeta_score',
  ),
  binary_crossentropy: calledKind('binary_crossentropy', ['bce', 'BCE', 'BinaryCrossentropy'], {
    from_logits,
    label_smoothing,
  }),
  categorical_crossentropy: calledKind('categorical_crossentropy', ['CategoricalCrossentropy'], {
    from_logits,
    label_smoothing,
    axis,
  }),
  sparse_categorical_crossentropy: calledKind(
    'sparse_categorical_crossentropy',
    ['SparseCategoricalCrossentropy'],
    { from_logits, axis },
  ),
  kl_divergence: calledKind('kl_divergence', ['KLDivergence'], {}),
  poisson: calledKind('poisson', ['Poisson'], {}),
  hinge: calledKind('hinge', ['Hinge'], {}),
  squared_hinge: calledKind('squared_hinge', ['SquaredHinge'], {}),
  categorical_hinge: calledKind('categorical_hinge', ['CategoricalHinge'], {}),
});

export type MetricSpec = v.InferOutput<SchemaOf<typeof metrics>>;

/** A place for a metric. */
export const metric = named<SchemaOf<typeof metrics>>(metrics, { what: 'metric' });
