/**
 * keras.config.epsilon(): what keeps quotients from 0 below and logarithms from 0 inside. Epsilons that
 * are arguments of an optimizer or a layer are other numbers.
 */
export const EPSILON = 1e-7;
