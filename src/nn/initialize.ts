/** First weights for a whole network. */
import type { LayerWeights } from '../ndarray.ts';
import { randomStream } from '../random.ts';
import { initialize } from './initializers.ts';
import type { Network, WeightSpec } from './network.ts';

/**
 * Draws all weights by their initializers. Each weight has a stream of its own, named after layer
 * and tensor, so that a change in one layer moves no other.
 */
export function initialWeights(network: Network, seed: number): LayerWeights[] {
  return network.layers.map((layer) => ({
    layer: layer.name,
    tensors: layer.weights.map((weight) => ({
      name: weight.name,
      shape: weight.shape,
      values: initialize(weight.initializer, weight.shape, streamOf(weight, seed)),
    })),
  }));
}

/** An initializer with a seed of its own gives the same numbers wherever it stands, as in Keras. */
function streamOf({ initializer, layer, name }: WeightSpec, seed: number) {
  const own = 'seed' in initializer ? initializer.seed : null;
  return own === null || own === undefined
    ? randomStream(seed, `${layer}/${name}`)
    : randomStream(own, 'initializer');
}
