/**
 * Constraints: what a weight becomes after each update (keras.constraints). Norms run along `axis`;
 * axis 0 of a Dense kernel is the incoming weights of each unit. ε shrinks even what conforms, as in Keras.
 */
import type { Tensor } from '../graph/graph.ts';
import { add, clip, div, max, mul, sqrt, square, sumCols, sumRows } from '../graph/ops.ts';
import type { ConstraintSpec } from '../spec/constraints.ts';

const EPSILON = 1e-7;

/**
 * The constrained weight, same shape.
 *
 * @param rank  the weight's own rank: a bias is rank 1 though its tensor is `[1, n]`
 */
export function constrain(weight: Tensor, spec: ConstraintSpec, rank: number): Tensor {
  switch (spec.type) {
    case 'non_neg':
      return max(weight, 0);
    case 'unit_norm':
      return div(weight, add(norm(weight, spec.axis, rank), EPSILON));
    case 'max_norm': {
      const length = norm(weight, spec.axis, rank);
      return mul(weight, div(clip(length, 0, spec.max_value), add(length, EPSILON)));
    }
  }
}

/** Euclidean norm along axes, kept as axes of length 1 so that it stretches back. */
function norm(weight: Tensor, axes: readonly number[], rank: number): Tensor {
  const along = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  let squares = square(weight);
  // The matrix of a rank 1 weight is one row, so that its axis 0 runs along the columns.
  if (along.has(rank - 1)) squares = sumCols(squares);
  if (rank > 1 && along.has(rank - 2)) squares = sumRows(squares);
  return sqrt(squares);
}
