/**
 * Constraints, each said once: words, arguments, formula for people, and what a weight becomes after each
 * update, in ops (keras.constraints). Norms run along `axis`;
 * axis 0 of a Dense kernel is the incoming weights of each unit. ε shrinks even what conforms, as in Keras.
 */
import * as v from 'valibot';
import type { Tensor } from '../graph/graph.ts';
import { add, clip, div, max, mul, sqrt, square, sumCols, sumRows } from '../graph/ops.ts';
import type { ConstraintSpec } from '../spec/constraints.ts';
import type { Description } from '../spec/families/family.ts';
import { expected, fraction, notNegative } from '../spec/values.ts';
import { alongAxes } from './axes.ts';
import { EPSILON } from './epsilon.ts';
import type { Given } from './given.ts';
import { ShapeError } from './shape-error.ts';

const axisMessage = expected('an axis: a whole number, or several in an array');
const oneAxis = v.pipe(v.number(axisMessage), v.integer(axisMessage));

/** The axes along which the norm is taken; 0 on a Dense kernel is all that goes into one unit. */
const axis = v.optional(
  v.pipe(
    v.union([oneAxis, v.array(oneAxis, axisMessage)], axisMessage),
    v.transform((axes) => (typeof axes === 'number' ? [axes] : axes)),
  ),
  0,
);

/** What a constraint makes of a weight, given its norm. */
type Rule = (weight: Tensor, norm: Tensor) => Tensor;

interface Declaration<E extends v.ObjectEntries, Args> extends Description {
  /** Keras's other words for it, its class last. */
  readonly aliases: readonly string[];
  /** By name, each with its range and default. */
  readonly arguments: E;
  /** @param shape  the weight's own: a bias is `[n]` though its tensor is `[1, n]` */
  readonly apply: (weight: Tensor, args: Args, shape: readonly number[]) => Tensor;
}

/** An entry of the table; who looks it up by name has its arguments as an object only. */
function constraint<const E extends v.ObjectEntries>(
  declared: Declaration<E, Given<E>>,
): Declaration<E, object> {
  const { apply, ...known } = declared;
  return { ...known, apply: (weight, args, shape) => apply(weight, args as Given<E>, shape) };
}

/** Keras's constraints. */
export const constraints = Object.freeze({
  max_norm: constraint({
    aliases: ['MaxNorm'],
    arguments: { max_value: v.optional(notNegative(), 2), axis },
    formula: 'w * clip(norm(w), 0, max_value) / (norm(w) + 1e-7)',
    apply: (weight, args, shape) =>
      byNorm(weight, args.axis, shape, (w, norm) =>
        mul(w, div(clip(norm, 0, args.max_value), add(norm, EPSILON))),
      ),
  }),
  non_neg: constraint({
    aliases: ['NonNeg'],
    arguments: {},
    formula: 'max(w, 0)',
    apply: (weight) => max(weight, 0),
  }),
  unit_norm: constraint({
    aliases: ['UnitNorm'],
    arguments: { axis },
    formula: 'w / (norm(w) + 1e-7)',
    apply: (weight, args, shape) =>
      byNorm(weight, args.axis, shape, (w, norm) => div(w, add(norm, EPSILON))),
  }),
  min_max_norm: constraint({
    aliases: ['MinMaxNorm'],
    arguments: {
      min_value: v.optional(notNegative(), 0),
      max_value: v.optional(notNegative(), 1),
      /** How far a norm is brought towards the bounds: 1 is all the way. */
      rate: v.optional(fraction(), 1),
      axis,
    },
    formula:
      'w * (rate * clip(norm(w), min_value, max_value) + (1 - rate) * norm(w)) / (norm(w) + 1e-7)',
    apply: (weight, args, shape) =>
      byNorm(weight, args.axis, shape, (w, norm) => {
        const held = mul(clip(norm, args.min_value, args.max_value), args.rate);
        const desired = add(held, mul(norm, 1 - args.rate));
        return mul(w, div(desired, add(norm, EPSILON)));
      }),
  }),
});

/** The constrained weight. `shape` is the weight's own: a bias is `[n]` though its tensor is `[1, n]`. */
export function constrain(weight: Tensor, spec: ConstraintSpec, shape: readonly number[]): Tensor {
  return constraints[spec.type].apply(weight, spec, shape);
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
