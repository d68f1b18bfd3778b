/** Dense: `activation(x · kernel + bias)` along the last axis. */
import { add, matmul } from '../../graph/ops.ts';
import type { DenseSpec } from '../../spec/spec.ts';
import { activate, activationShape } from '../activate.ts';
import type { LayerDefinition, WeightDefinition } from './layer.ts';

export const dense: LayerDefinition<DenseSpec> = {
  className: 'Dense',

  outputShape: (spec, inputShape) =>
    activationShape(spec.activation, productShape(spec, inputShape)),

  weights(spec, inputShape) {
    const kernel: WeightDefinition = {
      name: 'kernel',
      shape: [inputShape[inputShape.length - 1], spec.units],
      initializer: spec.kernel_initializer,
      regularizer: spec.kernel_regularizer,
      constraint: spec.kernel_constraint,
    };
    const bias: WeightDefinition = {
      name: 'bias',
      shape: [spec.units],
      initializer: spec.bias_initializer,
      regularizer: spec.bias_regularizer,
      constraint: spec.bias_constraint,
    };
    return spec.use_bias ? [kernel, bias] : [kernel];
  },

  forward(spec, x, { weight, inputShape }) {
    const product = matmul(x, weight('kernel'));
    const shifted = spec.use_bias ? add(product, weight('bias')) : product;
    return activate(shifted, spec.activation, productShape(spec, inputShape));
  },
};

/** What the activation gets. */
function productShape({ units }: DenseSpec, inputShape: readonly number[]): readonly number[] {
  return [...inputShape.slice(0, -1), units];
}
