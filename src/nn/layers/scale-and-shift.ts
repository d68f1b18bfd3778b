/** gamma and beta: the learned scale and shift behind what BatchNormalization and LayerNormalization do. */
import type { Tensor } from '../../graph/graph.ts';
import { add, mul, reshape } from '../../graph/ops.ts';
import type { LayerOf } from '../../spec/spec.ts';
import type { ForwardContext, WeightDefinition } from './layer.ts';

type Spec = LayerOf<'BatchNormalization'> | LayerOf<'LayerNormalization'>;

/** gamma where the layer scales, beta where it shifts. */
export function scaleAndShiftWeights(spec: Spec, shape: readonly number[]): WeightDefinition[] {
  const gamma: WeightDefinition = {
    name: 'gamma',
    shape,
    initializer: spec.gamma_initializer,
    regularizer: spec.gamma_regularizer,
    constraint: spec.gamma_constraint,
  };
  const beta: WeightDefinition = {
    name: 'beta',
    shape,
    initializer: spec.beta_initializer,
    regularizer: spec.beta_regularizer,
    constraint: spec.beta_constraint,
  };
  return [...(spec.scale ? [gamma] : []), ...(spec.center ? [beta] : [])];
}

/** x · gamma + beta, each as far as the layer has it: one number for each column. */
export function scaleAndShift(x: Tensor, spec: Spec, { weight }: ForwardContext): Tensor {
  const row = (name: string) => reshape(weight(name), 1, x.shape.cols);
  const scaled = spec.scale ? mul(x, row('gamma')) : x;
  return spec.center ? add(scaled, row('beta')) : scaled;
}
