/**
 * Dropout, GaussianDropout, GaussianNoise, AlphaDropout: chance in training, nothing in inference.
 * Laws as in Keras; the numbers are a function of seed, step, layer and element alone.
 */
import type { Tensor } from '../../graph/graph.ts';
import {
  add,
  broadcast,
  constant,
  cos,
  ge,
  log,
  mul,
  sqrt,
  sub,
  uniform,
  where,
} from '../../graph/ops.ts';
import type { ChanceStream } from '../../random.ts';
import type { LayerOf } from '../../spec/spec.ts';
import { type ForwardContext, type LayerDefinition, noWeights, sameShape } from './layer.ts';

/** SELU's limit for very negative inputs, −scale · α: what AlphaDropout drops to. */
const DROPPED = -1.7580993408473766;

/** Each number is kept with probability 1 − rate and scaled by 1 / (1 − rate). */
export const dropout: LayerDefinition<LayerOf<'Dropout'>> = {
  className: 'Dropout',
  outputShape: sameShape,
  weights: noWeights,
  forward({ rate, seed }, x, context) {
    if (!context.training || rate === 0) return x;
    if (rate === 1) return broadcast(constant(x.graph, 0), x.shape);
    const kept = ge(uniform(x.graph, streamOf(seed, context, 0), x.shape), rate);
    return where(kept, mul(x, 1 / (1 - rate)), 0);
  },
};

/** Each number times a normal one of mean 1 and variance rate / (1 − rate). */
export const gaussianDropout: LayerDefinition<LayerOf<'GaussianDropout'>> = {
  className: 'GaussianDropout',
  outputShape: sameShape,
  weights: noWeights,
  forward({ rate, seed }, x, context) {
    if (!context.training || rate === 0) return x;
    const deviation = Math.sqrt(rate / (1 - rate));
    return mul(x, add(mul(normalLike(x, seed, context), deviation), 1));
  },
};

/** A normal number added to each. */
export const gaussianNoise: LayerDefinition<LayerOf<'GaussianNoise'>> = {
  className: 'GaussianNoise',
  outputShape: sameShape,
  weights: noWeights,
  forward({ stddev, seed }, x, context) {
    if (!context.training || stddev === 0) return x;
    return add(x, mul(normalLike(x, seed, context), stddev));
  },
};

/** Dropout to SELU's lower limit, then scaled and moved so that mean 0 and variance 1 stay. */
export const alphaDropout: LayerDefinition<LayerOf<'AlphaDropout'>> = {
  className: 'AlphaDropout',
  outputShape: sameShape,
  weights: noWeights,
  forward({ rate, seed }, x, context) {
    if (!context.training || rate === 0) return x;
    const a = 1 / Math.sqrt((1 - rate) * (1 + rate * DROPPED * DROPPED));
    const b = -a * DROPPED * rate;
    const kept = ge(uniform(x.graph, streamOf(seed, context, 0), x.shape), rate);
    return add(mul(where(kept, x, DROPPED), a), b);
  },
};

/** Layers without a seed have a stream by their position; those with the same seed share one. */
function streamOf(seed: number | null, { index }: ForwardContext, draw: number): ChanceStream {
  return seed === null
    ? { kind: 'position', number: index, draw }
    : { kind: 'seed', number: seed, draw };
}

/** Standard normal numbers of the shape of x, from pairs of uniform ones (Box and Muller 1958). */
function normalLike({ graph, shape }: Tensor, seed: number | null, context: ForwardContext) {
  const draw = (which: number) => uniform(graph, streamOf(seed, context, which), shape);
  // Uniform numbers may be 0 and are never 1.
  const radius = sqrt(mul(log(sub(1, draw(0))), -2));
  return mul(radius, cos(mul(draw(1), 2 * Math.PI)));
}
