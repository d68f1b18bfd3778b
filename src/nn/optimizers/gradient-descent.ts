/** Optimizers that scale the gradient by what they have seen of it: SGD to Lion, as Keras 3 codes them. */
import { add, clip, div, mul, neg, pow, sign, sqrt, square, sub } from '../../graph/ops.ts';
import type { OptimizerOf } from '../../spec/optimizers.ts';
import { blend, oneMinus } from './averages.ts';
import type { BlockOptimizer } from './optimizer.ts';

/** The learning rate is inside the momentum: m ← μ m − lr g. */
export const sgd: BlockOptimizer<OptimizerOf<'sgd'>> = {
  over: 'block',
  slots: ({ momentum }) => (momentum === 0 ? [] : [['momentum']]),
  update(w, g, { momentum, nesterov }, context) {
    const move = neg(mul(g, context.learningRate));
    if (momentum === 0) return add(w, move);
    const slot = context.slot('momentum');
    const m = add(mul(slot, momentum), move);
    context.storeSlot(slot, m);
    return add(w, nesterov ? add(mul(m, momentum), move) : m);
  },
};

/** ε is inside the root: w ← w − lr g / √(v + ε). */
export const rmsprop: BlockOptimizer<OptimizerOf<'rmsprop'>> = {
  over: 'block',
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
};

/** a ← a + g²;  w ← w − lr g / √(a + ε). */
export const adagrad: BlockOptimizer<OptimizerOf<'adagrad'>> = {
  over: 'block',
  slots: () => [['accumulator']],
  update(w, g, { initial_accumulator_value, epsilon }, context) {
    const slot = context.slot('accumulator', initial_accumulator_value);
    const a = add(slot, square(g));
    context.storeSlot(slot, a);
    return sub(w, div(mul(context.learningRate, g), sqrt(add(a, epsilon))));
  },
};

/** The step has the size of the steps before it: d = −√(D + ε) g / √(A + ε);  w ← w + lr d. */
export const adadelta: BlockOptimizer<OptimizerOf<'adadelta'>> = {
  over: 'block',
  slots: () => [['accumulated_grad', 'accumulated_delta_var']],
  update(w, g, { rho, epsilon }, context) {
    const a = blend('accumulated_grad', square(g), rho, context);
    const before = context.slot('accumulated_delta_var');
    const delta = neg(div(mul(sqrt(add(before, epsilon)), g), sqrt(add(a, epsilon))));
    blend('accumulated_delta_var', square(delta), rho, context);
    return add(w, mul(context.learningRate, delta));
  },
};

/**
 * Follow the regularized leader (McMahan et al. 2013):
 * z ← z + g + 2 s w − (n′ᵖ − nᵖ) / lr · w;  w ← (clip(z, ±l1) − z) / (n′ᵖ / lr + 2 l2 + β / lr).
 */
export const ftrl: BlockOptimizer<OptimizerOf<'ftrl'>> = {
  over: 'block',
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
};

/** Only the sign of the averaged gradient counts; 0 does not move. */
export const lion: BlockOptimizer<OptimizerOf<'lion'>> = {
  over: 'block',
  slots: () => [['momentum']],
  update(w, g, { beta_1, beta_2 }, { learningRate, slot, storeSlot }) {
    const m = slot('momentum');
    const direction = sign(add(mul(m, beta_1), mul(g, oneMinus(beta_1))));
    const moved = sub(w, mul(learningRate, direction));
    storeSlot(m, add(mul(m, beta_2), mul(g, oneMinus(beta_2))));
    return moved;
  },
};
