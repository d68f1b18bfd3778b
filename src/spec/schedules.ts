/** How the learning rate falls from step to step: Keras's schedules by name, with arguments and defaults. */
import * as v from 'valibot';
import { kind, named, type SchemaOf } from './named.ts';
import { expected, flag, notNegative, number, positive } from './values.ts';

const initial_learning_rate = notNegative();
/** Steps, not epochs. */
const decay_steps = positive();
const staircase = v.optional(flag(), false);
const alpha = v.optional(number(), 0);
const boundariesPhrase = 'an array of steps, such as [100, 200]';
const valuesPhrase = 'an array of rates, such as [0.1, 0.01, 0.001]';

const piecewise = kind('PiecewiseConstantDecay', ['piecewise_constant_decay'], {
  boundaries: v.pipe(
    v.array(number(), expected(boundariesPhrase)),
    v.nonEmpty(expected(boundariesPhrase)),
  ),
  values: v.array(notNegative(), expected(valuesPhrase)),
});

/** Keras's schedules. In each, steps count from 0. */
export const schedules = Object.freeze({
  ExponentialDecay: kind('ExponentialDecay', ['exponential_decay'], {
    initial_learning_rate,
    decay_steps,
    decay_rate: notNegative(),
    staircase,
  }),
  InverseTimeDecay: kind('InverseTimeDecay', ['inverse_time_decay'], {
    initial_learning_rate,
    decay_steps,
    decay_rate: notNegative(),
    staircase,
  }),
  PiecewiseConstantDecay: {
    ...piecewise,
    schema: v.pipe(
      piecewise.schema,
      v.check(
        ({ boundaries, values }) => values.length === boundaries.length + 1,
        ({ input: { boundaries, values } }) => {
          const wanted = `${boundaries.length + 1} values, one more than boundaries`;
          return `expected ${wanted}; found ${values.length}`;
        },
      ),
    ),
  },
  PolynomialDecay: kind('PolynomialDecay', ['polynomial_decay'], {
    initial_learning_rate,
    decay_steps,
    end_learning_rate: v.optional(notNegative(), 0.0001),
    power: v.optional(notNegative(), 1),
    cycle: v.optional(flag(), false),
  }),
  CosineDecay: kind('CosineDecay', ['cosine_decay'], {
    initial_learning_rate,
    decay_steps,
    alpha,
    /** Null: no warm-up, whatever `warmup_steps` says. */
    warmup_target: v.optional(v.nullable(notNegative()), null),
    warmup_steps: v.optional(notNegative(), 0),
  }),
  CosineDecayRestarts: kind('CosineDecayRestarts', ['cosine_decay_restarts'], {
    initial_learning_rate,
    first_decay_steps: positive(),
    t_mul: v.optional(positive(), 2),
    m_mul: v.optional(notNegative(), 1),
    alpha,
  }),
});

export type ScheduleSpec = v.InferOutput<SchemaOf<typeof schedules>>;

/** A place for a schedule. */
export const schedule = named<SchemaOf<typeof schedules>>(schedules, {
  what: 'schedule',
  asText: false,
});
