/** What a network is made of: Keras's layers by name, with their arguments and defaults. */
import * as v from 'valibot';
import { MAX_SEED } from '../random.ts';
import { activation } from './activations.ts';
import { constraint } from './constraints.ts';
import { initializer } from './initializers.ts';
import { snakeCase } from './layer-names.ts';
import { MAX_UNITS } from './limits.ts';
import { named, type SchemaOf, typedKind } from './named.ts';
import { regularizer } from './regularizers.ts';
import { batchShape, shape } from './shapes.ts';
import { flag, fraction, nameText, whole } from './values.ts';

/** What every layer takes; the three shapes are Keras 2's way to state the input on the first layer. */
const common = {
  name: v.optional(nameText()),
  trainable: v.optional(flag(), true),
  input_shape: v.optional(shape),
  input_dim: v.optional(whole(1, MAX_UNITS)),
  batch_input_shape: v.optional(batchShape),
};

const noRegularizer = v.optional(v.nullable(regularizer), null);
const noConstraint = v.optional(v.nullable(constraint), null);

/** A layer is called by its class name or by that in snake_case. */
function layerKind<const T extends string, const E extends v.ObjectEntries>(type: T, entries: E) {
  return typedKind(type, [snakeCase(type)], entries);
}

/** Keras's layers. */
export const layers = Object.freeze({
  Dense: layerKind('Dense', {
    ...common,
    units: whole(1, MAX_UNITS),
    activation: v.optional(activation, null),
    use_bias: v.optional(flag(), true),
    kernel_initializer: v.nullish(initializer, 'glorot_uniform'),
    bias_initializer: v.nullish(initializer, 'zeros'),
    kernel_regularizer: noRegularizer,
    bias_regularizer: noRegularizer,
    activity_regularizer: noRegularizer,
    kernel_constraint: noConstraint,
    bias_constraint: noConstraint,
  }),
  InputLayer: layerKind('InputLayer', {
    name: v.optional(nameText()),
    shape: v.optional(shape),
    batch_shape: v.optional(batchShape),
    batch_input_shape: v.optional(batchShape),
  }),
  Activation: layerKind('Activation', { ...common, activation }),
  Flatten: layerKind('Flatten', common),
  Dropout: layerKind('Dropout', {
    ...common,
    rate: fraction(),
    seed: v.optional(v.nullable(whole(0, MAX_SEED)), null),
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
