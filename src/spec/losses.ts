/** What training makes small: Keras's losses as documents name them, from what `nn/losses/` declares. */
import type * as v from 'valibot';
import { losses as declared } from '../nn/losses.ts';
import { kindsOf, named, type SchemaOf } from './named.ts';

/** Keras's losses. The words after each name are Keras's for it, its class last. */
export const losses = kindsOf(declared);

export type LossSpec = v.InferOutput<SchemaOf<typeof losses>>;

/** A place for a loss. */
export const loss = named<SchemaOf<typeof losses>>(losses, { what: 'loss' });
