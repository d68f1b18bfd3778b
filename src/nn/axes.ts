/** Axes of a sample: as Keras counts them, and how ops that know rows and columns work along any. */
import { permute } from '../graph/column-ops.ts';
import type { Tensor } from '../graph/graph.ts';
import { reshape } from '../graph/ops.ts';
import { sizeOf } from '../ndarray.ts';
import { ShapeError } from './shape-error.ts';

/**
 * Keras's axes as axes of one sample, from 0, rising, each once.
 *
 * @param axes  1 is the first axis of a sample, −1 the last
 * @param rank  how many axes a sample has
 * @param key   the argument's name, for the message
 * @throws {ShapeError} where one is the batch axis or beyond the last
 */
export function sampleAxes(axes: readonly number[], rank: number, key: string): number[] {
  const found = axes.map((axis) => {
    const own = axis < 0 ? axis + rank : axis - 1;
    if (own >= 0 && own < rank) return own;
    const expected = `expected an axis of the rows: 1 to ${rank}, or -${rank} to -1`;
    const isBatch = axis === 0 || axis === -rank - 1;
    throw new ShapeError(`${expected}; found ${axis}${isBatch ? ', the batch' : ''}`, key);
  });
  return [...new Set(found)].sort((a, b) => a - b);
}

/** The axes of a sample that are not among these. */
export function otherAxes(axes: readonly number[], rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => axis).filter((axis) => !axes.includes(axis));
}

/** The lengths of these axes. */
export function lengthsOf(shape: readonly number[], axes: readonly number[]): number[] {
  return axes.map((axis) => shape[axis]);
}

/**
 * Does something along axes that are not the last one.
 *
 * @param x      a batch of samples of `shape`
 * @param axes   of a sample, rising
 * @param action gets x with these axes as its columns, in row-major order, and all other axes as
 *   rows; keeps that shape
 * @returns the result with the axes back in their order, in the form of x
 */
export function alongAxes(
  x: Tensor,
  shape: readonly number[],
  axes: readonly number[],
  action: (x: Tensor) => Tensor,
): Tensor {
  const order = [...otherAxes(axes, shape.length), ...axes];
  const cols = sizeOf(lengthsOf(shape, axes));
  const rows = sizeOf(shape) / cols;
  const result = action(reshape(permute(x, shape, order), rows, cols));
  const back = order.map((_, axis) => order.indexOf(axis));
  return reshape(permute(result, lengthsOf(shape, order), back), x.shape.rows, x.shape.cols);
}
