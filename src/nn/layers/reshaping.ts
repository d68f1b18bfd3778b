/** Flatten, Reshape, Permute: the same numbers under other axes. */
import { permute } from '../../graph/column-ops.ts';
import { reshape } from '../../graph/ops.ts';
import { formatShape, sizeOf } from '../../ndarray.ts';
import type { LayerOf } from '../../spec/spec.ts';
import { ShapeError } from '../shape-error.ts';
import { type LayerDefinition, noWeights } from './layer.ts';

/** All axes of a sample in one, in row-major order. */
export const flatten: LayerDefinition<LayerOf<'Flatten'>> = {
  className: 'Flatten',
  outputShape: (_spec, inputShape) => [sizeOf(inputShape)],
  weights: noWeights,
  forward: (_spec, x) => reshape(x, 1, x.shape.rows * x.shape.cols),
};

/** Other lengths for the same numbers; −1 is what remains. */
export const reshaping: LayerDefinition<LayerOf<'Reshape'>> = {
  className: 'Reshape',
  outputShape: ({ target_shape }, inputShape) => targetOf(target_shape, inputShape),
  weights: noWeights,
  forward({ target_shape }, x, { inputShape }) {
    const cols = targetOf(target_shape, inputShape).at(-1) ?? 1;
    return reshape(x, sizeOf(inputShape) / cols, cols);
  },
};

function targetOf(target: readonly number[], inputShape: readonly number[]): number[] {
  const known = sizeOf(target.filter((length) => length !== -1));
  const size = sizeOf(inputShape);
  const fits = target.includes(-1) ? size % known === 0 : size === known;
  if (!fits) {
    const numbers = `expected a shape of the ${size} numbers of ${formatShape(inputShape)}`;
    throw new ShapeError(`${numbers}; found ${JSON.stringify(target)}`, 'target_shape');
  }
  return target.map((length) => (length === -1 ? size / known : length));
}

/** The axes of a sample in another order; `dims[i]`, from 1, is the one that becomes axis i. */
export const permutation: LayerDefinition<LayerOf<'Permute'>> = {
  className: 'Permute',
  outputShape: ({ dims }, inputShape) => orderOf(dims, inputShape).map((axis) => inputShape[axis]),
  weights: noWeights,
  forward: ({ dims }, x, { inputShape }) => permute(x, inputShape, orderOf(dims, inputShape)),
};

function orderOf(dims: readonly number[], inputShape: readonly number[]): number[] {
  const rank = inputShape.length;
  const isOrder =
    dims.length === rank && new Set(dims).size === rank && dims.every((axis) => axis <= rank);
  if (!isOrder) {
    const expected = `expected the axes 1 to ${rank} in some order`;
    throw new ShapeError(`${expected}; found ${JSON.stringify(dims)}`, 'dims');
  }
  return dims.map((axis) => axis - 1);
}
