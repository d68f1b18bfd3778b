/** gamma and beta: what BatchNormalization and LayerNormalization learn to scale and shift by. */
import type { LayerOf } from '../../spec/spec.ts';
import type { WeightDefinition } from './layer.ts';

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
