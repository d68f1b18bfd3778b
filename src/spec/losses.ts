/** What training makes small: Keras's losses by name, with their arguments and defaults. */
import * as v from 'valibot';
import { kind, named, type SchemaOf } from './named.ts';
import { expected, flag, fraction, notNegative, number } from './values.ts';

const reductionPhrase = '"sum_over_batch_size", "mean", "mean_with_sample_weight" or "sum"';

/** How the batch's values become one number. Without it: the sum over how many there are. */
const reduction = v.optional(
  v.picklist(
    ['sum_over_batch_size', 'mean', 'mean_with_sample_weight', 'sum'],
    expected(`${reductionPhrase}: training needs one number`),
  ),
);

/** What every loss takes. */
export const commonArguments = { reduction };

const axisMessage = expected('-1, the last axis');
/** The classes' axis; only the last one is computed, by either of its numbers. */
const axis = v.optional(
  v.pipe(
    v.number(axisMessage),
    v.integer(axisMessage),
    v.check((value) => value === -1 || value >= 1, axisMessage),
  ),
);
const batchAxisMessage = expected('null, the whole batch, or -1, the last axis');
/** Null is the whole batch: one number for all its samples. */
const batchAxis = v.optional(v.nullable(v.literal(-1, batchAxisMessage)), null);
const from_logits = v.optional(flag(), false);
const label_smoothing = v.optional(fraction(), 0);
const classNumber = expected('the number of a class, or null');

const alphaPhrase = 'a number, or an array of one for each class';
const classAlpha = v.union([number(), v.array(number())], expected(alphaPhrase));

const qMessage = expected('a number between 0 and 1');
const betweenZeroAndOne = v.pipe(
  v.number(qMessage),
  v.gtValue(0, qMessage),
  v.ltValue(1, qMessage),
);

/** Keras's losses. The words after each name are Keras's for it, its class last. */
export const losses = Object.freeze({
  mean_squared_error: kind('mean_squared_error', ['mse', 'MSE', 'MeanSquaredError'], {
    reduction,
  }),
  mean_absolute_error: kind('mean_absolute_error', ['mae', 'MAE', 'MeanAbsoluteError'], {
    reduction,
  }),
  mean_absolute_percentage_error: kind(
    'mean_absolute_percentage_error',
    ['mape', 'MAPE', 'MeanAbsolutePercentageError'],
    { reduction },
  ),
  mean_squared_logarithmic_error: kind(
    'mean_squared_logarithmic_error',
    ['msle', 'MSLE', 'MeanSquaredLogarithmicError'],
    { reduction },
  ),
  huber: kind('huber', ['Huber'], { delta: v.optional(notNegative(), 1), reduction }),
  log_cosh: kind('log_cosh', ['LogCosh'], { reduction }),
  binary_crossentropy: kind('binary_crossentropy', ['bce', 'BCE', 'BinaryCrossentropy'], {
    from_logits,
    label_smoothing,
    axis,
    reduction,
  }),
  categorical_crossentropy: kind('categorical_crossentropy', ['CategoricalCrossentropy'], {
    from_logits,
    label_smoothing,
    axis,
    reduction,
  }),
  sparse_categorical_crossentropy: kind(
    'sparse_categorical_crossentropy',
    ['SparseCategoricalCrossentropy'],
    {
      from_logits,
      ignore_class: v.optional(v.nullable(v.pipe(v.number(classNumber), v.integer(classNumber)))),
      axis,
      reduction,
    },
  ),
  /** One of the three above, by the shapes of targets and outputs. Keras takes it in any case. */
  crossentropy: kind('crossentropy', ['ce', 'CE', 'Crossentropy', 'CrossEntropy'], {}),
  binary_focal_crossentropy: kind('binary_focal_crossentropy', ['BinaryFocalCrossentropy'], {
    apply_class_balancing: v.optional(flag(), false),
    alpha: v.optional(number(), 0.25),
    gamma: v.optional(number(), 2),
    from_logits,
    label_smoothing,
    axis,
    reduction,
  }),
  categorical_focal_crossentropy: kind(
    'categorical_focal_crossentropy',
    ['CategoricalFocalCrossentropy'],
    {
      alpha: v.optional(classAlpha, 0.25),
      gamma: v.optional(number(), 2),
      from_logits,
      label_smoothing,
      axis,
      reduction,
    },
  ),
  categorical_generalized_cross_entropy: kind(
    'categorical_generalized_cross_entropy',
    ['CategoricalGeneralizedCrossEntropy'],
    { q: v.optional(betweenZeroAndOne, 0.5), reduction },
  ),
  kl_divergence: kind('kl_divergence', ['kld', 'KLD', 'KLDivergence'], { reduction }),
  poisson: kind('poisson', ['Poisson'], { reduction }),
  hinge: kind('hinge', ['Hinge'], { reduction }),
  squared_hinge: kind('squared_hinge', ['SquaredHinge'], { reduction }),
  categorical_hinge: kind('categorical_hinge', ['CategoricalHinge'], { reduction }),
  cosine_similarity: kind('cosine_similarity', ['CosineSimilarity'], { axis, reduction }),
  dice: kind('dice', ['Dice'], { axis: batchAxis, reduction }),
  tversky: kind('tversky', ['Tversky'], {
    alpha: v.optional(number(), 0.5),
    beta: v.optional(number(), 0.5),
    axis: batchAxis,
    reduction,
  }),
});

export type LossSpec = v.InferOutput<SchemaOf<typeof losses>>;

/** A place for a loss. */
export const loss = named<SchemaOf<typeof losses>>(losses, { what: 'loss' });
