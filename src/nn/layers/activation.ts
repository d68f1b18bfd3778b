/** Activation: a function of the input and nothing else. */
import type { LayerOf } from '../../spec/spec.ts';
import { activate } from '../activations.ts';
import { type LayerDefinition, noWeights, sameShape } from './layer.ts';

export const activation: LayerDefinition<LayerOf<'Activation'>> = {
  className: 'Activation',
  outputShape: sameShape,
  weights: noWeights,
  forward: (spec, x) => activate(x, spec.activation),
};
