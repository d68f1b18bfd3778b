/** Penalties on weights and outputs: Keras's regularizers by name, with their arguments and defaults. */
import * as v from 'valibot';
import { kind, named, type SchemaOf } from './named.ts';
import { expected, notNegative } from './values.ts';

/**
 * Keras's regularizers, each with Keras's words for it, its class last. The penalty of the first three is `l1 · Σ|w| + l2 · Σw²`.
 *
 * As a bare word, `l1_l2` is no penalty at all in Keras 3 (both factors are 0), an error there in
 * this spelling, and 0.01 of each in Keras 2: so here it exists as an object only.
 */
export const regularizers = Object.freeze({
  l1: kind('l1', ['L1'], { l1: v.optional(notNegative(), 0.01) }),
  l2: kind('l2', ['L2'], { l2: v.optional(notNegative(), 0.01) }),
  l1_l2: kind('l1_l2', ['l1l2', 'L1L2'], {
    l1: v.optional(notNegative(), 0),
    l2: v.optional(notNegative(), 0),
  }),
  /** Penalizes rows (or columns) of a matrix that are not at right angles. */
  orthogonal_regularizer: kind('orthogonal_regularizer', ['orthogonal', 'OrthogonalRegularizer'], {
    factor: v.optional(notNegative(), 0.01),
    mode: v.optional(v.picklist(['rows', 'columns'], expected('"rows" or "columns"')), 'rows'),
  }),
});

export type RegularizerSpec = v.InferOutput<SchemaOf<typeof regularizers>>;

/** A place for a regularizer; `{"l2": 0.001}` says by its key which one it is. */
export const regularizer = named<SchemaOf<typeof regularizers>>(regularizers, {
  what: 'regularizer',
  wordFor: (keys) => {
    const l1 = keys.includes('l1');
    if (!keys.includes('l2')) return l1 ? 'l1' : undefined;
    return l1 ? 'l1_l2' : 'l2';
  },
  notAsText: {
    words: regularizers.l1_l2.words,
    because: 'the word alone means other factors in Keras 2 and 3',
    write: '{"l1": 0.01, "l2": 0.01}',
  },
});
