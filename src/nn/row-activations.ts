/** Activations of a whole row: softmax and its kin work along an axis of a sample. */
import { columns, cumsumCols, sortCols, table } from '../graph/column-ops.ts';
import type { Tensor } from '../graph/graph.ts';
import { div, gt, max, mul, reshape, sigmoid, sub, sumCols, where } from '../graph/ops.ts';
import { sizeOf } from '../ndarray.ts';
import { alongAxes, sampleAxes } from './axes.ts';
import { ShapeError } from './shape-error.ts';

type Shape = readonly number[];

/** The axis of an activation in a sample, counted from 0. */
export function ownAxis(axis: number, shape: Shape): number {
  return sampleAxes([axis], shape.length, 'activation.axis')[0];
}

/** Does something along an axis of the samples of x. */
export function alongAxis(
  x: Tensor,
  axis: number,
  shape: Shape,
  action: (x: Tensor) => Tensor,
): Tensor {
  return alongAxes(x, shape, [ownAxis(axis, shape)], action);
}

/**
 * Keras's sparsemax along each row. As coded there, τ adds up the cumulative sums of the whole
 * support, where the paper (Martins & Astudillo 2016) takes the last one only.
 */
export function sparsemax(x: Tensor): Tensor {
  const { cols } = x.shape;
  const sorted = sortCols(x);
  const sums = cumsumCols(sorted);
  const ranks = Array.from({ length: cols }, (_, index) => index + 1);
  const bound = div(sub(sums, 1), table(x.graph, 1, cols, ranks));
  const isSupport = gt(sub(sorted, bound), 0);
  const tau = div(sub(sumCols(where(isSupport, sums, 0)), 1), sumCols(isSupport));
  return max(sub(x, tau), 0);
}

/** a σ(b), where a and b are the halves of x along the axis. */
export function glu(x: Tensor, axis: number, shape: Shape): Tensor {
  const own = ownAxis(axis, shape);
  const halves = gluShape(own, shape);
  const width = halves[own];
  // Behind the axis there may be others: what is halved is a run of numbers that spans them too.
  const behind = sizeOf(shape.slice(own + 1));
  const runs = reshape(x, sizeOf(shape.slice(0, own)), shape[own] * behind);
  const half = width * behind;
  const gated = mul(columns(runs, 0, half), sigmoid(columns(runs, half, half)));
  const cols = halves[halves.length - 1];
  return reshape(gated, sizeOf(halves) / cols, cols);
}

/** @throws {ShapeError} where the axis, from 0, cannot be halved */
export function gluShape(axis: number, shape: Shape): number[] {
  if (shape[axis] % 2 !== 0) {
    throw new ShapeError(
      `glu: expected an even number of inputs, which it halves; found ${shape[axis]}`,
      'activation',
    );
  }
  return shape.map((length, i) => (i === axis ? length / 2 : length));
}
