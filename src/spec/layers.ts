/** What a network is made of: Keras's layers by name, with their arguments and defaults. */
import * as v from 'valibot';
import { MAX_SEED } from '../random.ts';
import { activation } from './activations.ts';
import { givenNumbers } from './arrays.ts';
import { arrayedAxis, axes } from './axes.ts';
import { constraint } from './constraints.ts';
import { initializer } from './initializers.ts';
import { snakeCase } from './layer-names.ts';
import { MAX_UNITS } from './limits.ts';
import { named, type SchemaOf, typedKind } from './named.ts';
import { regularizer } from './regularizers.ts';
import { batchShape, shape, targetShape } from './shapes.ts';
import {
  expected,
  flag,
  fraction,
  fractionBelowOne,
  nameText,
  notNegative,
  number,
  whole,
} from './values.ts';

const noRegularizer = v.optional(v.nullable(regularizer), null);
const noConstraint = v.optional(v.nullable(constraint), null);

/** What every layer takes; the three shapes are Keras 2's way to state the input on the first layer. */
export const commonArguments = {
  name: v.optional(nameText()),
  trainable: v.optional(flag(), true),
  /** Of the layer's output. */
  activity_regularizer: noRegularizer,
  input_shape: v.optional(shape),
  input_dim: v.optional(whole(1, MAX_UNITS)),
  batch_input_shape: v.optional(batchShape),
};

/** Null where the run's own seed is to serve. */
const seed = v.optional(v.nullable(whole(0, MAX_SEED)), null);
const lastAxis = v.optional(axes, -1);

/** Scale and shift of the layers that normalise. */
const scaleAndShift = {
  center: v.optional(flag(), true),
  scale: v.optional(flag(), true),
  beta_initializer: v.nullish(initializer, 'zeros'),
  gamma_initializer: v.nullish(initializer, 'ones'),
  beta_regularizer: noRegularizer,
  gamma_regularizer: noRegularizer,
  beta_constraint: noConstraint,
  gamma_constraint: noConstraint,
};

const deviationMessage = expected('a number from 0 to 1');

/** A layer is called by its class name or by that in snake_case. */
function layerKind<const T extends string, const E extends v.ObjectEntries>(type: T, entries: E) {
  return typedKind(type, [snakeCase(type)], { ...commonArguments, ...entries });
}

const normalization = layerKind('Normalization', {
  /** Null: one mean and one variance for all numbers. */
  axis: v.optional(v.nullable(axes), -1),
  mean: v.optional(v.nullable(givenNumbers), null),
  variance: v.optional(v.nullable(givenNumbers), null),
  invert: v.optional(flag(), false),
});

/** Keras's layers. */
export const layers = Object.freeze({
  Dense: layerKind('Dense', {
    units: whole(1, MAX_UNITS),
    activation: v.optional(activation, null),
    use_bias: v.optional(flag(), true),
    kernel_initializer: v.nullish(initializer, 'glorot_uniform'),
    bias_initializer: v.nullish(initializer, 'zeros'),
    kernel_regularizer: noRegularizer,
    bias_regularizer: noRegularizer,
    kernel_constraint: noConstraint,
    bias_constraint: noConstraint,
  }),
  InputLayer: typedKind('InputLayer', ['input_layer'], {
    name: v.optional(nameText()),
    shape: v.optional(shape),
    batch_shape: v.optional(batchShape),
    batch_input_shape: v.optional(batchShape),
  }),

  Activation: layerKind('Activation', { activation }),
  ReLU: layerKind('ReLU', {
    max_value: v.optional(v.nullable(notNegative()), null),
    negative_slope: v.nullish(notNegative(), 0),
    threshold: v.nullish(notNegative(), 0),
  }),
  LeakyReLU: layerKind('LeakyReLU', {
    negative_slope: v.optional(notNegative(), 0.3),
    /** Keras 2's name of the slope. */
    alpha: v.optional(notNegative()),
  }),
  PReLU: layerKind('PReLU', {
    alpha_initializer: v.nullish(initializer, 'zeros'),
    alpha_regularizer: noRegularizer,
    alpha_constraint: noConstraint,
    shared_axes: v.optional(v.nullable(axes), null),
  }),
  ELU: layerKind('ELU', { alpha: v.optional(number(), 1) }),
  Softmax: layerKind('Softmax', { axis: lastAxis }),

  Dropout: layerKind('Dropout', { rate: fraction(), seed }),
  GaussianDropout: layerKind('GaussianDropout', { rate: fractionBelowOne(), seed }),
  GaussianNoise: layerKind('GaussianNoise', {
    stddev: v.pipe(
      v.number(deviationMessage),
      v.minValue(0, deviationMessage),
      v.maxValue(1, deviationMessage),
    ),
    seed,
  }),
  AlphaDropout: layerKind('AlphaDropout', { rate: fractionBelowOne(), seed }),
  ActivityRegularization: layerKind('ActivityRegularization', {
    l1: v.optional(notNegative(), 0),
    l2: v.optional(notNegative(), 0),
  }),

  BatchNormalization: layerKind('BatchNormalization', {
    axis: v.optional(arrayedAxis, -1),
    momentum: v.optional(number(), 0.99),
    epsilon: v.optional(notNegative(), 1e-3),
    ...scaleAndShift,
    moving_mean_initializer: v.nullish(initializer, 'zeros'),
    moving_variance_initializer: v.nullish(initializer, 'ones'),
  }),
  LayerNormalization: layerKind('LayerNormalization', {
    axis: lastAxis,
    epsilon: v.optional(notNegative(), 1e-3),
    ...scaleAndShift,
  }),
  RMSNormalization: layerKind('RMSNormalization', {
    axis: lastAxis,
    epsilon: v.optional(notNegative(), 1e-6),
  }),
  UnitNormalization: layerKind('UnitNormalization', { axis: lastAxis }),
  Normalization: {
    ...normalization,
    schema: v.pipe(
      normalization.schema,
      v.check(
        ({ mean, variance }) => (mean === null) === (variance === null),
        'expected mean and variance, both or neither; found one of them',
      ),
    ),
  },
  Rescaling: layerKind('Rescaling', {
    scale: givenNumbers,
    offset: v.optional(givenNumbers, 0),
  }),

  Flatten: layerKind('Flatten', {}),
  Reshape: layerKind('Reshape', { target_shape: targetShape }),
  Permute: layerKind('Permute', {
    dims: v.pipe(
      v.array(whole(1), expected('an array of axes, such as [2, 1]')),
      v.nonEmpty(expected('an array of axes, such as [2, 1]')),
    ),
  }),
});

/** A layer as written, defaults filled in, activations not yet looked up. */
export type LayerFields = v.InferOutput<SchemaOf<typeof layers>>;

/** A place for a layer. */
export const layer = named<SchemaOf<typeof layers>>(layers, {
  what: 'layer type',
  asText: false,
  nameIsWord: false,
  wordFor: () => 'Dense',
});
