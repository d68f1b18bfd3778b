/** What is measured besides the loss: Keras's metrics by name, with their arguments and defaults. */
import * as v from 'valibot';
import { calledKind, named, type SchemaOf } from './named.ts';
import { number } from './values.ts';

/**
 * Keras's metrics. Each comes out with a `name`, by which logs show it: the word as typed, or
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
  accuracy: calledKind('accuracy', ['acc'], {}),
  binary_accuracy: calledKind('binary_accuracy', ['BinaryAccuracy'], {
    threshold: v.optional(number(), 0.5),
  }),
  categorical_accuracy: calledKind('categorical_accuracy', ['CategoricalAccuracy'], {}),
  sparse_categorical_accuracy: calledKind(
    'sparse_categorical_accuracy',
    ['SparseCategoricalAccuracy'],
    {},
  ),
});

export type MetricSpec = v.InferOutput<SchemaOf<typeof metrics>>;

/** A place for a metric. */
export const metric = named<SchemaOf<typeof metrics>>(metrics, { what: 'metric' });
