/** Initial weights: Keras's initializers by name, with their arguments and defaults. */
import * as v from 'valibot';
import { MAX_SEED } from '../random.ts';
import { kind, named, type SchemaOf } from './named.ts';
import { number, whole } from './values.ts';

/** Null where the run's own seed is to serve. */
const seed = v.optional(v.nullable(whole(0, MAX_SEED)), null);

const normal = { mean: v.optional(number(), 0), stddev: v.optional(number(), 0.05), seed };
const uniform = { minval: v.optional(number(), -0.05), maxval: v.optional(number(), 0.05), seed };

/** Keras's initializers. The words after each name are Keras's aliases for it. */
export const initializers = Object.freeze({
  zeros: kind('zeros', ['zero', 'Zeros'], {}),
  ones: kind('ones', ['one', 'Ones'], {}),
  constant: kind('constant', ['Constant'], { value: v.optional(number(), 0) }),
  glorot_uniform: kind('glorot_uniform', ['GlorotUniform'], { seed }),
  glorot_normal: kind('glorot_normal', ['GlorotNormal'], { seed }),
  he_uniform: kind('he_uniform', ['HeUniform'], { seed }),
  he_normal: kind('he_normal', ['HeNormal'], { seed }),
  lecun_uniform: kind('lecun_uniform', ['LecunUniform'], { seed }),
  lecun_normal: kind('lecun_normal', ['LecunNormal'], { seed }),
  random_normal: kind('random_normal', ['normal', 'RandomNormal'], normal),
  random_uniform: kind('random_uniform', ['uniform', 'RandomUniform'], uniform),
  truncated_normal: kind('truncated_normal', ['TruncatedNormal'], normal),
});

export type InitializerSpec = v.InferOutput<SchemaOf<typeof initializers>>;

/** A place for an initializer. */
export const initializer = named<SchemaOf<typeof initializers>>(initializers, {
  what: 'initializer',
});
