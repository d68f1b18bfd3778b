/** ReLU, LeakyReLU, PReLU, ELU, Softmax: activations that are layers, with arguments of their own. */
import { mul, neg, relu, reshape, softmax, sub } from '../../graph/ops.ts';
import type { LayerOf } from '../../spec/spec.ts';
import { alongAxes, otherAxes, sampleAxes } from '../axes.ts';
import { elu as eluOf, leakyRelu as leakyReluOf, reluOf } from '../rectifiers.ts';
import { type LayerDefinition, noWeights, sameShape } from './layer.ts';

export const reluLayer: LayerDefinition<LayerOf<'ReLU'>> = {
  className: 'ReLU',
  outputShape: sameShape,
  weights: noWeights,
  forward: ({ negative_slope, max_value, threshold }, x) =>
    reluOf(x, negative_slope, max_value ?? undefined, threshold),
};

export const leakyRelu: LayerDefinition<LayerOf<'LeakyReLU'>> = {
  className: 'LeakyReLU',
  outputShape: sameShape,
  weights: noWeights,
  forward: ({ negative_slope, alpha }, x) => leakyReluOf(x, alpha ?? negative_slope),
};

/** relu(x) − α relu(−x), with a learned α for each number of a sample, or shared along axes. */
export const prelu: LayerDefinition<LayerOf<'PReLU'>> = {
  className: 'PReLU',
  outputShape: sameShape,

  weights(spec, inputShape) {
    const own = unsharedAxes(spec, inputShape.length);
    return [
      {
        name: 'alpha',
        shape: inputShape.map((length, axis) => (own.includes(axis) ? length : 1)),
        initializer: spec.alpha_initializer,
        regularizer: spec.alpha_regularizer,
        constraint: spec.alpha_constraint,
      },
    ];
  },

  forward(spec, x, { weight, inputShape }) {
    const axes = unsharedAxes(spec, inputShape.length);
    return alongAxes(x, inputShape, axes, (rows) => {
      const slopes = reshape(weight('alpha'), 1, rows.shape.cols);
      return sub(relu(rows), mul(slopes, relu(neg(rows))));
    });
  },
};

function unsharedAxes({ shared_axes }: LayerOf<'PReLU'>, rank: number): number[] {
  return otherAxes(shared_axes ? sampleAxes(shared_axes, rank, 'shared_axes') : [], rank);
}

export const elu: LayerDefinition<LayerOf<'ELU'>> = {
  className: 'ELU',
  outputShape: sameShape,
  weights: noWeights,
  forward: ({ alpha }, x) => eluOf(x, alpha),
};

/** Softmax over one axis, or over several together. */
export const softmaxLayer: LayerDefinition<LayerOf<'Softmax'>> = {
  className: 'Softmax',
  outputShape({ axis }, inputShape) {
    sampleAxes(axis, inputShape.length, 'axis');
    return inputShape;
  },
  weights: noWeights,
  forward: ({ axis }, x, { inputShape }) =>
    alongAxes(x, inputShape, sampleAxes(axis, inputShape.length, 'axis'), softmax),
};
