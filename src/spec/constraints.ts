/** What weights are held to after each step: constraints as documents name them, from what `nn/` declares. */
import type * as v from 'valibot';
import { constraints as declared } from '../nn/constraints.ts';
import { kindsOf, named, type SchemaOf } from './named.ts';

/** Keras's constraints, each with Keras's class. */
export const constraints = kindsOf(declared);

export type ConstraintSpec = v.InferOutput<SchemaOf<typeof constraints>>;

/** A place for a constraint. */
export const constraint = named<SchemaOf<typeof constraints>>(constraints, { what: 'constraint' });
