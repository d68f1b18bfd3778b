/** What training makes small: Keras's losses by name, with their arguments and defaults. */
import * as v from 'valibot';
import { kind, named, type SchemaOf } from './named.ts';
import { expected, flag, fraction } from './values.ts';

/** What Keras writes into every serialised loss; only its default is computed here. */
const reduction = v.optional(
  v.literal('sum_over_batch_size', expected('"sum_over_batch_size", the mean over the batch')),
);
const axis = v.optional(v.literal(-1, expected('-1, the last axis')));
const from_logits = v.optional(flag(), false);
const label_smoothing = v.optional(fraction(), 0);

/** Keras's losses. The words after each name are Keras's aliases for it. */
export const losses = Object.freeze({
  mean_squared_error: kind('mean_squared_error', ['mse', 'MSE', 'MeanSquaredError'], {
    reduction,
  }),
  mean_absolute_error: kind('mean_absolute_error', ['mae', 'MAE', 'MeanAbsoluteError'], {
    reduction,
  }),
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
    { from_logits, axis, reduction },
  ),
});

export type LossSpec = v.InferOutput<SchemaOf<typeof losses>>;

/** A place for a loss. */
export const loss = named<SchemaOf<typeof losses>>(losses, { what: 'loss' });
