/** Dropout: in training each number is kept with probability 1 − rate and scaled by 1 / (1 − rate). */
import { broadcast, constant, ge, mul, uniform, where } from '../../graph/ops.ts';
import type { LayerOf } from '../../spec/spec.ts';
import { type LayerDefinition, noWeights, sameShape } from './layer.ts';

export const dropout: LayerDefinition<LayerOf<'Dropout'>> = {
  className: 'Dropout',
  outputShape: sameShape,
  weights: noWeights,
  forward({ rate, seed }, x, { training, index }) {
    if (!training || rate === 0) return x;
    if (rate === 1) return broadcast(constant(x.graph, 0), x.shape);
    const kept = ge(uniform(x.graph, seed ?? index, x.shape), rate);
    return where(kept, mul(x, 1 / (1 - rate)), 0);
  },
};
