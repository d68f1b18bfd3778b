/** Initial weights: Keras's initializers by name, with their arguments and defaults. */
import * as v from 'valibot';
import { MAX_SEED } from '../random.ts';
import { givenNumbers } from './arrays.ts';
import { kind, named, type SchemaOf } from './named.ts';
import { expected, number, positive, whole } from './values.ts';

/** Null where the run's own seed is to serve. */
const seed = v.optional(v.nullable(whole(0, MAX_SEED)), null);

const axesPhrase = 'an array of axes, such as [0]';
const fanAxes = v.optional(
  v.nullable(v.array(v.pipe(v.number(), v.integer()), expected(axesPhrase))),
);
/** Where both are given, fans are the products of the lengths along them. */
const scaled = { seed, input_axes: fanAxes, output_axes: fanAxes };

const distributions = ['truncated_normal', 'untruncated_normal', 'uniform'] as const;
const distributionMessage = expected(
  '"truncated_normal" (or "normal"), "untruncated_normal" or "uniform"',
);
const distribution = v.pipe(
  v.string(distributionMessage),
  v.transform((text) => (text.toLowerCase() === 'normal' ? distributions[0] : text.toLowerCase())),
  v.picklist(distributions, distributionMessage),
);

const normal = { mean: v.optional(number(), 0), stddev: v.optional(number(), 0.05), seed };
const uniform = { minval: v.optional(number(), -0.05), maxval: v.optional(number(), 0.05), seed };

/** One number, or all of them: so Keras writes the latter, for which it has no other form. */
const constantValue = v.union(
  [number(), givenNumbers],
  expected('a number, or nested arrays of numbers'),
);
const constant = kind('constant', ['Constant'], { value: v.optional(constantValue, 0) });

/** Keras's initializers. The words after each name are Keras's for it, its class last. */
export const initializers = Object.freeze({
  zeros: kind('zeros', ['zero', 'Zeros'], {}),
  ones: kind('ones', ['one', 'Ones'], {}),
  constant: {
    ...constant,
    schema: v.pipe(
      constant.schema,
      v.transform(({ type, value }) =>
        typeof value === 'number' ? { type, value } : { type: 'given' as const, ...value },
      ),
    ),
  },
  glorot_uniform: kind('glorot_uniform', ['GlorotUniform'], scaled),
  glorot_normal: kind('glorot_normal', ['GlorotNormal'], scaled),
  he_uniform: kind('he_uniform', ['HeUniform'], scaled),
  he_normal: kind('he_normal', ['HeNormal'], scaled),
  lecun_uniform: kind('lecun_uniform', ['LecunUniform'], scaled),
  lecun_normal: kind('lecun_normal', ['LecunNormal'], scaled),
  random_normal: kind('random_normal', ['normal', 'RandomNormal'], normal),
  random_uniform: kind('random_uniform', ['uniform', 'RandomUniform'], uniform),
  truncated_normal: kind('truncated_normal', ['TruncatedNormal'], normal),
  variance_scaling: kind('variance_scaling', ['VarianceScaling'], {
    scale: v.optional(positive(), 1),
    mode: v.optional(
      v.picklist(['fan_in', 'fan_out', 'fan_avg'], expected('"fan_in", "fan_out" or "fan_avg"')),
      'fan_in',
    ),
    distribution: v.optional(distribution, 'truncated_normal'),
    ...scaled,
  }),
  orthogonal: kind('orthogonal', ['OrthogonalInitializer', 'Orthogonal'], {
    gain: v.optional(number(), 1),
    seed,
  }),
  identity: kind('identity', ['IdentityInitializer', 'Identity'], {
    gain: v.optional(number(), 1),
  }),
});

/** Numbers given in the place of a law, of the weight's own shape. */
const given = v.pipe(
  givenNumbers,
  v.transform(({ shape, values }) => ({ type: 'given' as const, shape, values })),
);

/** What an initializer may be: a law by name, or all the numbers in nested arrays. */
type InitializerSchema = SchemaOf<typeof initializers> | typeof given;

export type InitializerSpec = v.InferOutput<InitializerSchema>;

/** A place for an initializer. */
export const initializer = named<InitializerSchema>(initializers, { what: 'initializer' }, given);
