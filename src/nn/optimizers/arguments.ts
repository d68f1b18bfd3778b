/** Arguments of optimizers, and the formulas for people, that several of them share. */
import * as v from 'valibot';
import { fraction, fractionBelowOne, notNegative } from '../../spec/values.ts';

/** Keras's own ε, added where something is divided by. */
export const epsilon = v.optional(notNegative(), 1e-7);
export const momentum = v.optional(fraction(), 0);
/** How much the running averages of the gradient and its square keep. */
export const betas = {
  beta_1: v.optional(fractionBelowOne(), 0.9),
  beta_2: v.optional(fractionBelowOne(), 0.999),
  epsilon,
};

/** The running averages, and that of the square corrected for its start. */
export const M = 'm = m + (1 - beta_1) * (g - m)';
export const V = 'v = v + (1 - beta_2) * (g ** 2 - v)';
export const CORRECTED_V = 'v / (1 - beta_2 ** t)';
