/** The block of all trainable weights, taken apart into weights and put together again. */
import type { Tensor } from '../graph/graph.ts';
import { pack, part } from '../graph/ops.ts';
import type { Parameters, WeightTensor } from './forward.ts';

/** The weights that the optimizer moves, in the order in which they lie in their block. */
export function trainableWeights({ weights }: Parameters): readonly WeightTensor[] {
  return weights.filter(({ spec }) => spec.trainable);
}

/**
 * Does something with each weight's part of a block.
 *
 * @param block    `[1, n]`, laid out as the trainable weights are
 * @param action   gets the part in the weight's matrix form, and keeps that
 * @returns the results in one block again
 */
export function eachWeight(
  block: Tensor,
  weights: readonly WeightTensor[],
  action: (part: Tensor, weight: WeightTensor) => Tensor,
): Tensor {
  const pieces = weights.map((weight) => {
    const { rows, cols } = weight.tensor.shape;
    return action(part(block, weight.offset, rows, cols), weight);
  });
  return pack(block.graph, pieces);
}
