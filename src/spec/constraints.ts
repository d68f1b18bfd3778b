/** What weights are held to after each step: Keras's constraints by name, with arguments and defaults. */
import * as v from 'valibot';
import { kind, named, type SchemaOf } from './named.ts';
import { expected, fraction, notNegative } from './values.ts';

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

/** Keras's constraints, each with Keras's class. */
export const constraints = Object.freeze({
  max_norm: kind('max_norm', ['MaxNorm'], { max_value: v.optional(notNegative(), 2), axis }),
  non_neg: kind('non_neg', ['NonNeg'], {}),
  unit_norm: kind('unit_norm', ['UnitNorm'], { axis }),
  min_max_norm: kind('min_max_norm', ['MinMaxNorm'], {
    min_value: v.optional(notNegative(), 0),
    max_value: v.optional(notNegative(), 1),
    /** How far a norm is brought towards the bounds: 1 is all the way. */
    rate: v.optional(fraction(), 1),
    axis,
  }),
});

export type ConstraintSpec = v.InferOutput<SchemaOf<typeof constraints>>;

/** A place for a constraint. */
export const constraint = named<SchemaOf<typeof constraints>>(constraints, { what: 'constraint' });
