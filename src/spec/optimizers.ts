/** How weights move: Keras's optimizers by name, with their arguments and defaults. */
import * as v from 'valibot';
import { kind, named, type SchemaOf } from './named.ts';
import { flag, fraction, fractionBelowOne, notNegative } from './values.ts';

const learning_rate = (rate: number) => v.optional(notNegative(), rate);
/** Keras's own ε, added where something is divided by. */
const epsilon = v.optional(notNegative(), 1e-7);
const momentum = v.optional(fraction(), 0);

/** Keras's optimizers. The word after each name is Keras's class. */
export const optimizers = Object.freeze({
  sgd: kind('sgd', ['SGD'], {
    learning_rate: learning_rate(0.01),
    momentum,
    nesterov: v.optional(flag(), false),
  }),
  rmsprop: kind('rmsprop', ['RMSprop'], {
    learning_rate: learning_rate(0.001),
    rho: v.optional(fraction(), 0.9),
    momentum,
    epsilon,
    centered: v.optional(flag(), false),
  }),
  adam: kind('adam', ['Adam'], {
    learning_rate: learning_rate(0.001),
    beta_1: v.optional(fractionBelowOne(), 0.9),
    beta_2: v.optional(fractionBelowOne(), 0.999),
    epsilon,
    amsgrad: v.optional(flag(), false),
  }),
});

export type OptimizerSpec = v.InferOutput<SchemaOf<typeof optimizers>>;

/** A place for an optimizer. Keras takes its names in any case. */
export const optimizer = named<SchemaOf<typeof optimizers>>(optimizers, {
  what: 'optimizer',
  caseMatters: false,
});
