/**
 * Constraints: what a weight becomes after each update (keras.constraints). Norms run along `axis`;
 * axis 0 of a Dense kernel is the incoming weights of each unit. ε shrinks even what conforms, as in Keras.
 */
import type { Tensor } from '../graph/graph.ts';
import { add, clip, div, max, mul, sqrt, square, sumCols, sumRows } from '../graph/ops.ts';
import type { ConstraintSpec } from '../spec/constraints.ts';
import { alongAxes } from './axes.ts';
import { EPSILON } from './epsilon.ts';
import { ShapeError } from './shape-error.ts';

/** What a constraint makes of a weight, given its norm. */
type Rule = (weight: Tensor, norm: Tensor) => Tensor;

/** The constrained weight. `shape` is the weight's own: a bias is `[n]` though its tensor is `[1, n]`. */
export function constrain(weight: Tensor, spec: ConstraintSpec, shape: readonly number[]): Tensor {
  switch (spec.type) {
    case 'non_neg':
      return max(weight, 0);
    case 'unit_norm':
      return byNorm(weight, spec.axis, shape, (w, norm) => div(w, add(norm, EPSILON)));
    case 'max_norm':
      return byNorm(weight, spec.axis, shape, (w, norm) =>
        mul(w, div(clip(norm, 0, spec.max_value), add(norm, EPSILON))),
      );
    case 'min_max_norm':
      return byNorm(weight, spec.axis, shape, (w, norm) => {
        const held = mul(clip(norm, spec.min_value, spec.max_value), spec.rate);
        const desired = add(held, mul(norm, 1 - spec.rate));
        return mul(w, div(desired, add(norm, EPSILON)));
      });
  }
}

/** @throws {ShapeError} where the weight has no such axis */
export function checkConstraint(
  spec: ConstraintSpec | null,
  shape: readonly number[],
  key: string,
): void {
  if (spec && 'axis' in spec) ownAxes(spec.axis, shape.length, key);
}

/** Keras's axes as axes from 0, rising, each once. */
function ownAxes(axes: readonly number[], rank: number, key: string): number[] {
  const own = axes.map((axis) => {
    if (axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
    const expected = `expected an axis of the weight: -${rank} to ${rank - 1}`;
    throw new ShapeError(`${expected}; found ${axis}`, `${key}.axis`);
  });
  return [...new Set(own)].sort((a, b) => a - b);
}

/** Applies a rule with the Euclidean norm along axes. */
function byNorm(
  weight: Tensor,
  axes: readonly number[],
  shape: readonly number[],
  rule: Rule,
): Tensor {
  const own = ownAxes(axes, shape.length, 'constraint');
  const isLast = own.includes(shape.length - 1);
  const alongRows = (w: Tensor) => rule(w, sqrt(sumCols(square(w))));
  if (shape.length === 1) return alongRows(weight);
  if (shape.length > 2) return alongAxes(weight, shape, own, alongRows);
  // Of a matrix, rows and columns are summed where they lie.
  const squares = isLast ? sumCols(square(weight)) : square(weight);
  return rule(weight, sqrt(own.includes(0) ? sumRows(squares) : squares));
}
