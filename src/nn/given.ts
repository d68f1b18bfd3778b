/** What the arguments of an entry are when they have been checked and filled in. */
import type * as v from 'valibot';

export type Given<E extends v.ObjectEntries> = v.InferOutput<v.StrictObjectSchema<E, undefined>>;
