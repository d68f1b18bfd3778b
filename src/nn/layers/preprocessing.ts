/** Normalization and Rescaling: inputs brought to a scale that is known before training. */
import type { Tensor } from '../../graph/graph.ts';
import { add, div, max, mul, reshape, sqrt, sub } from '../../graph/ops.ts';
import type { LayerOf } from '../../spec/spec.ts';
import { alongAxes, lengthsOf, otherAxes, sampleAxes } from '../axes.ts';
import { EPSILON } from '../epsilon.ts';
import { checkStretch, givenAlong } from './given-numbers.ts';
import {
  type ForwardContext,
  type LayerDefinition,
  noWeights,
  sameShape,
  statistic,
} from './layer.ts';

/**
 * (x − mean) / √variance, or the way back. Mean and variance are arguments, or weights that
 * training takes from its rows before the first step.
 */
export const normalization: LayerDefinition<LayerOf<'Normalization'>> = {
  className: 'Normalization',
  outputShape: sameShape,

  weights(spec, inputShape) {
    const shape = lengthsOf(inputShape, keptAxes(spec, inputShape.length));
    if (spec.mean !== null && spec.variance !== null) {
      checkStretch(spec.mean, shape, 'mean');
      checkStretch(spec.variance, shape, 'variance');
      return [];
    }
    return [
      statistic('mean', shape, { type: 'zeros' }),
      statistic('variance', shape, { type: 'ones' }),
      // Of Keras's own bookkeeping; it stays 0.
      { ...statistic('count', [], { type: 'zeros' }), isCount: true },
    ];
  },

  forward(spec, x, context) {
    const { inputShape } = context;
    const axes = keptAxes(spec, inputShape.length);
    return alongAxes(x, inputShape, axes, (rows) => {
      const { mean, variance } = statistics(rows, spec, lengthsOf(inputShape, axes), context);
      const deviation = max(sqrt(variance), EPSILON);
      return spec.invert ? add(mul(rows, deviation), mean) : div(sub(rows, mean), deviation);
    });
  },
};

/** The axes that have a mean and a variance for each place along them. */
export function keptAxes({ axis }: LayerOf<'Normalization'>, rank: number): number[] {
  return axis === null ? [] : sampleAxes(axis, rank, 'axis');
}

function statistics(
  { graph, shape: { cols } }: Tensor,
  spec: LayerOf<'Normalization'>,
  shape: readonly number[],
  { weight }: ForwardContext,
) {
  if (spec.mean !== null && spec.variance !== null) {
    return {
      mean: givenAlong(graph, spec.mean, shape, 'mean'),
      variance: givenAlong(graph, spec.variance, shape, 'variance'),
    };
  }
  return {
    mean: reshape(weight('mean'), 1, cols),
    variance: reshape(weight('variance'), 1, cols),
  };
}

/** x · scale + offset. */
export const rescaling: LayerDefinition<LayerOf<'Rescaling'>> = {
  className: 'Rescaling',
  outputShape({ scale, offset }, inputShape) {
    checkStretch(scale, inputShape, 'scale');
    checkStretch(offset, inputShape, 'offset');
    return inputShape;
  },
  weights: noWeights,
  forward({ scale, offset }, x, { inputShape }) {
    const all = otherAxes([], inputShape.length);
    return alongAxes(x, inputShape, all, (rows) => {
      const scaled = mul(rows, givenAlong(rows.graph, scale, inputShape, 'scale'));
      return add(scaled, givenAlong(rows.graph, offset, inputShape, 'offset'));
    });
  },
};
