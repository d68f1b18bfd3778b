/** Flatten: all axes of a sample in one, in row-major order. */
import { reshape } from '../../graph/ops.ts';
import { sizeOf } from '../../ndarray.ts';
import type { LayerOf } from '../../spec/spec.ts';
import { type LayerDefinition, noWeights } from './layer.ts';

export const flatten: LayerDefinition<LayerOf<'Flatten'>> = {
  className: 'Flatten',
  outputShape: (_spec, inputShape) => [sizeOf(inputShape)],
  weights: noWeights,
  forward: (_spec, x) => reshape(x, 1, x.shape.rows * x.shape.cols),
};
