/** Penalties on weights and outputs: regularizers as documents name them, from what `nn/` declares. */
import type * as v from 'valibot';
import { regularizers as declared } from '../nn/regularizers.ts';
import { kindsOf, named, type SchemaOf } from './named.ts';

/**
 * Keras's regularizers, each with Keras's words for it, its class last.
 *
 * As a bare word, `l1_l2` is no penalty at all in Keras 3 (both factors are 0), an error there in
 * this spelling, and 0.01 of each in Keras 2: so here it exists as an object only.
 */
export const regularizers = kindsOf(declared);

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
