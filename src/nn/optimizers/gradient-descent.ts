/** Optimizers that scale the gradient by what they have seen of it: SGD to Lion, as Keras 3 codes them. */
import * as v from 'valibot';
import { add, clip, div, mul, neg, pow, sign, sqrt, square, sub } from '../../graph/ops.ts';
import { expected, flag, fraction, notNegative } from '../../spec/values.ts';
import { epsilon, momentum } from './arguments.ts';
import { blend, oneMinus } from './averages.ts';
import { blockOptimizer } from './optimizer.ts';

const MOMENTUM = 'm = momentum * m';
const AVERAGE_OF_SQUARES = 'v = rho * v + (1 - rho) * g ** 2';

const lionMessage = expected('a number above 0, at most 1');
const notAboveZeroMessage = expected('a number, 0 or less');

/** By the names that documents use. */
export const gradientDescent = {
  /** The learning rate is inside the momentum: m ← μ m − lr g. */
  sgd: blockOptimizer({
    aliases: ['SGD'],
    learningRate: 0.01,
    arguments: { momentum, nesterov: v.optional(flag(), false) },
    formula: `${MOMENTUM} - lr * g; w = w + m`,
    variants: { nesterov: `${MOMENTUM} - lr * g; w = w + momentum * m - lr * g` },
    slots: ({ momentum }) => (momentum === 0 ? [] : [['momentum']]),
    update(w, g, { momentum, nesterov }, context) {
      const move = neg(mul(g, context.learningRate));
      if (momentum === 0) return add(w, move);
      const slot = context.slot('momentum');
      const m = add(mul(slot, momentum), move);
      context.storeSlot(slot, m);
      return add(w, nesterov ? add(mul(m, momentum), move) : m);
    },
  }),
  /** ε is inside the root: w ← w − lr g / √(v + ε). */
  rmsprop: blockOptimizer({
    aliases: ['RMSprop'],
    learningRate: 0.001,
    arguments: {
      rho: v.optional(fraction(), 0.9),
      momentum,
      epsilon,
      centered: v.optional(flag(), false),
    },
    formula: `${AVERAGE_OF_SQUARES}; ${MOMENTUM} + lr * g / sqrt(v + epsilon); w = w - m`,
    variants: {
      centered: `${AVERAGE_OF_SQUARES}; a = rho * a + (1 - rho) * g; ${MOMENTUM} + lr * g / sqrt(v - a ** 2 + epsilon); w = w - m`,
    },
    slots: ({ momentum, centered }) => [
      ['velocity'],
      ...(momentum > 0 ? [['momentum']] : []),
      ...(centered ? [['average_gradient']] : []),
    ],
    update(w, g, { rho, momentum, epsilon, centered }, context) {
      const v = blend('velocity', square(g), rho, context);
      const average = centered ? blend('average_gradient', g, rho, context) : null;
      const variance = average ? sub(v, square(average)) : v;
      const move = div(mul(g, context.learningRate), sqrt(add(variance, epsilon)));
      if (momentum === 0) return sub(w, move);
      const slot = context.slot('momentum');
      const m = add(mul(slot, momentum), move);
      context.storeSlot(slot, m);
      return sub(w, m);
    },
  }),
  /** a ← a + g²;  w ← w − lr g / √(a + ε). */
  adagrad: blockOptimizer({
    aliases: ['Adagrad'],
    learningRate: 0.001,
    arguments: { initial_accumulator_value: v.optional(notNegative(), 0.1), epsilon },
    formula: 'a = a + g ** 2; w = w - lr * g / sqrt(a + epsilon)',
    where: 'a starts at initial_accumulator_value',
    slots: () => [['accumulator']],
    update(w, g, { initial_accumulator_value, epsilon }, context) {
      const slot = context.slot('accumulator', initial_accumulator_value);
      const a = add(slot, square(g));
      context.storeSlot(slot, a);
      return sub(w, div(mul(context.learningRate, g), sqrt(add(a, epsilon))));
    },
  }),
  /** The step has the size of the steps before it: d = −√(D + ε) g / √(A + ε);  w ← w + lr d. */
  adadelta: blockOptimizer({
    aliases: ['Adadelta'],
    learningRate: 0.001,
    arguments: { rho: v.optional(fraction(), 0.95), epsilon },
    formula: `${AVERAGE_OF_SQUARES}; d = sqrt(u + epsilon) * g / sqrt(v + epsilon); u = rho * u + (1 - rho) * d ** 2; w = w - lr * d`,
    slots: () => [['accumulated_grad', 'accumulated_delta_var']],
    update(w, g, { rho, epsilon }, context) {
      const a = blend('accumulated_grad', square(g), rho, context);
      const before = context.slot('accumulated_delta_var');
      const delta = neg(div(mul(sqrt(add(before, epsilon)), g), sqrt(add(a, epsilon))));
      blend('accumulated_delta_var', square(delta), rho, context);
      return add(w, mul(context.learningRate, delta));
    },
  }),
  /**
   * Follow the regularized leader (McMahan et al. 2013):
   * z ← z + g + 2 s w − (n′ᵖ − nᵖ) / lr · w;  w ← (clip(z, ±l1) − z) / (n′ᵖ / lr + 2 l2 + β / lr).
   */
  ftrl: blockOptimizer({
    aliases: ['Ftrl'],
    learningRate: 0.001,
    arguments: {
      learning_rate_power: v.optional(
        v.pipe(v.number(notAboveZeroMessage), v.maxValue(0, notAboveZeroMessage)),
        -0.5,
      ),
      initial_accumulator_value: v.optional(notNegative(), 0.1),
      l1_regularization_strength: v.optional(notNegative(), 0),
      l2_regularization_strength: v.optional(notNegative(), 0),
      l2_shrinkage_regularization_strength: v.optional(notNegative(), 0),
      beta: v.optional(notNegative(), 0),
    },
    formula:
      'k = a ** -learning_rate_power; a = a + g ** 2; q = a ** -learning_rate_power; z = z + g + 2 * l2_shrinkage_regularization_strength * w - (q - k) / lr * w; w = (clip(z, -l1_regularization_strength, l1_regularization_strength) - z) / (q / lr + 2 * l2_regularization_strength + beta / lr)',
    where: 'a starts at initial_accumulator_value',
    slots: () => [['accumulator', 'linear']],
    update(w, g, spec, { learningRate, slot, storeSlot }) {
      const exponent = -spec.learning_rate_power;
      const l1 = spec.l1_regularization_strength;
      const accumulator = slot('accumulator', spec.initial_accumulator_value);
      const linear = slot('linear');
      const l2 = add(div(spec.beta, mul(2, learningRate)), spec.l2_regularization_strength);
      const shrunk = add(g, mul(w, 2 * spec.l2_shrinkage_regularization_strength));
      const n = add(accumulator, square(g));
      const grown = pow(n, exponent);
      const pull = mul(div(sub(grown, pow(accumulator, exponent)), learningRate), w);
      const z = add(linear, sub(shrunk, pull));
      const quadratic = add(div(grown, learningRate), mul(2, l2));
      const moved = div(sub(clip(z, -l1, l1), z), quadratic);
      storeSlot(linear, z);
      storeSlot(accumulator, n);
      return moved;
    },
  }),
  /** Only the sign of the averaged gradient counts; 0 does not move. */
  lion: blockOptimizer({
    aliases: ['Lion'],
    learningRate: 0.001,
    arguments: {
      beta_1: v.optional(
        v.pipe(v.number(lionMessage), v.gtValue(0, lionMessage), v.maxValue(1, lionMessage)),
        0.9,
      ),
      beta_2: v.optional(fraction(), 0.99),
    },
    formula: 'w = w - lr * sign(beta_1 * m + (1 - beta_1) * g); m = beta_2 * m + (1 - beta_2) * g',
    slots: () => [['momentum']],
    update(w, g, { beta_1, beta_2 }, { learningRate, slot, storeSlot }) {
      const m = slot('momentum');
      const direction = sign(add(mul(m, beta_1), mul(g, oneMinus(beta_1))));
      const moved = sub(w, mul(learningRate, direction));
      storeSlot(m, add(mul(m, beta_2), mul(g, oneMinus(beta_2))));
      return moved;
    },
  }),
};
