/** ActivityRegularization: changes nothing; its output costs something. */
import type { LayerOf } from '../../spec/spec.ts';
import { type LayerDefinition, noWeights, sameShape } from './layer.ts';

export const activityRegularization: LayerDefinition<LayerOf<'ActivityRegularization'>> = {
  className: 'ActivityRegularization',
  outputShape: sameShape,
  weights: noWeights,
  forward: (_spec, x) => x,
  activityRegularizer: ({ l1, l2 }) => ({ type: 'l1_l2', l1, l2 }),
};
