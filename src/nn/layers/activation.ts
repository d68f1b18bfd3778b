/** Activation: a function of the input and nothing else. */
import type { LayerOf } from '../../spec/spec.ts';
import { activate, activationShape } from '../activate.ts';
import { type LayerDefinition, noWeights } from './layer.ts';

export const activation: LayerDefinition<LayerOf<'Activation'>> = {
  className: 'Activation',
  outputShape: (spec, inputShape) => activationShape(spec.activation, inputShape),
  weights: noWeights,
  forward: (spec, x, { inputShape }) => activate(x, spec.activation, inputShape),
};
