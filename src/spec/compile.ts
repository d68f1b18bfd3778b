/** Keras's compile and fit arguments, and what the spec says about the data. */
import * as v from 'valibot';
import { MAX_SEED } from '../random.ts';
import { callback } from './callbacks.ts';
import { loss } from './losses.ts';
import { metric } from './metrics.ts';
import { objectOf } from './objects.ts';
import { optimizer } from './optimizers.ts';
import { expected, flag, fractionBelowOne, notNegative, whole } from './values.ts';

const metricsPhrase = 'an array of metrics, such as ["accuracy"]';

/** `compile`: Keras's defaults where the section is there at all. */
export const compileSection = objectOf({
  optimizer: v.nullish(optimizer, 'rmsprop'),
  loss: v.optional(v.nullable(loss), null),
  metrics: v.nullish(v.array(metric, expected(metricsPhrase)), []),
  weighted_metrics: v.nullish(v.array(metric, expected(metricsPhrase)), []),
});

const verbosity = v.picklist([0, 1, 2, 'auto'], expected('0, 1, 2 or "auto"'));

const freqMessage = expected('a whole number, 1 or more, or several in an array');
/** Validate after every n-th epoch, or after the epochs of a list, counted from 1. */
const validationFreq = v.union([whole(1), v.array(whole(1), freqMessage)], freqMessage);

const classWeightPhrase = 'an object of weights by class, such as {"0": 1, "1": 3}, or "balanced"';
/** By class number, or by the class's text where a table has texts. */
const classWeight = v.union(
  [v.literal('balanced'), v.record(v.string(), notNegative())],
  expected(classWeightPhrase),
);

/** `fit`: Keras's arguments, and the seed of the run. Epochs count up to `epochs` from `initial_epoch`. */
export const fitSection = objectOf({
  epochs: v.optional(whole(1), 1),
  /** Null: 32, or all rows with lbfgs. */
  batch_size: v.nullish(whole(1), null),
  validation_split: v.optional(fractionBelowOne(), 0),
  shuffle: v.optional(flag(), true),
  seed: v.optional(v.nullable(whole(0, MAX_SEED)), null),
  initial_epoch: v.optional(whole(0), 0),
  validation_batch_size: v.nullish(whole(1), null),
  validation_freq: v.optional(validationFreq, 1),
  callbacks: v.nullish(v.array(callback, expected('an array of callbacks')), []),
  class_weight: v.optional(v.nullable(classWeight), null),
  verbose: v.optional(verbosity, 'auto'),
});

const columnName = v.pipe(
  v.string(expected('the name of a column')),
  v.nonEmpty(expected('the name of a column')),
);
const targetPhrase = 'the name of the target column, or several in an array';
const columnsPhrase = 'the name of a column, or several in an array';

/** One text, or several: always several. */
function columnNames(phrase: string) {
  return v.pipe(
    v.union(
      [columnName, v.pipe(v.array(columnName), v.nonEmpty(expected(phrase)))],
      expected(phrase),
    ),
    v.transform((names) => (typeof names === 'string' ? [names] : names)),
  );
}

function oneOf<const Words extends readonly string[]>(words: Words) {
  return v.picklist(words, expected(words.map((word) => `"${word}"`).join(', ')));
}

/** What is done with numbers of different size. */
export const NORMALIZATIONS = ['none', 'zscore', 'minmax', 'robust'] as const;
/** What a missing value becomes. */
export const MISSING_CHOICES = ['error', 'mean', 'median', 'mode', 'drop', 'indicator'] as const;
/** What a category that training never saw is. */
export const UNKNOWN_CATEGORIES = ['error', 'other'] as const;

const naPhrase = 'an array of the texts that stand for missing values, such as ["NA", "-"]';

/** `data`: how the columns of a training table are read. Null is "not said". */
export const dataSection = objectOf({
  target: v.optional(v.nullable(columnNames(targetPhrase)), null),
  header: v.optional(v.nullable(flag()), null),
  features: v.nullish(columnNames(columnsPhrase), null),
  ignore: v.nullish(columnNames(columnsPhrase), null),
  categorical: v.nullish(columnNames(columnsPhrase), null),
  numeric: v.nullish(columnNames(columnsPhrase), null),
  sample_weight: v.nullish(columnName, null),
  normalize: v.nullish(oneOf(NORMALIZATIONS), null),
  normalize_target: v.nullish(flag(), null),
  missing: v.nullish(oneOf(MISSING_CHOICES), null),
  unknown_category: v.nullish(oneOf(UNKNOWN_CATEGORIES), null),
  one_hot_limit: v.nullish(whole(1), null),
  na: v.nullish(v.array(v.string(expected(naPhrase)), expected(naPhrase)), null),
  decimal_comma: v.nullish(flag(), null),
});
