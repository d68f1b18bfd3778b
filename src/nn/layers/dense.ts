/** Dense: `activation(x · kernel + bias)` along the last axis. */
import { add, matmul } from '../../graph/ops.ts';
import type { DenseSpec } from '../../spec/spec.ts';
import { activate } from '../activations.ts';
import type { LayerDefinition, WeightDefinition } from './layer.ts';

export const dense: LayerDefinition<DenseSpec> = {
  className: 'Dense',

  outputShape: (spec, inputShape) => [...inputShape.slice(0, -1), spec.units],

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

  forward(spec, x, { weight }) {
    const product = matmul(x, weight('kernel'));
    return activate(spec.use_bias ? add(product, weight('bias')) : product, spec.activation);
  },
};
