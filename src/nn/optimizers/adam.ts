/** Adam and its kin: running averages of the gradient and its square, as Keras 3 codes them. */
import * as v from 'valibot';
import type { Tensor } from '../../graph/graph.ts';
import { abs, add, div, eq, max, min, mul, sqrt, square, sub, where } from '../../graph/ops.ts';
import { expected, flag, fractionBelowOne, notNegative, whole } from '../../spec/values.ts';
import { betas, CORRECTED_V, M, V } from './arguments.ts';
import { moveTowards, oneMinus, power } from './averages.ts';
import { blockOptimizer, type UpdateContext } from './optimizer.ts';

/** The numbers of Adam's rule. */
interface AdamArguments {
  readonly beta_1: number;
  readonly beta_2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;
}

/**
 * α = lr √(1 − β₂ᵗ) / (1 − β₁ᵗ);  w ← w − α m / (√v + ε): ε joins the uncorrected √v. (In the paper
 * ε joins the corrected root.)
 */
export function adamUpdate(
  w: Tensor,
  g: Tensor,
  { beta_1, beta_2, epsilon, amsgrad }: AdamArguments,
  context: UpdateContext,
): Tensor {
  const m = moveTowards('momentum', g, 1 - beta_1, context);
  const v = moveTowards('velocity', square(g), 1 - beta_2, context);
  const correction1 = sub(1, power(beta_1, context.step));
  const correction2 = sub(1, power(beta_2, context.step));
  const alpha = div(mul(context.learningRate, sqrt(correction2)), correction1);
  let second = v;
  if (amsgrad) {
    const slot = context.slot('velocity_hat');
    second = max(slot, v);
    context.storeSlot(slot, second);
  }
  return sub(w, div(mul(m, alpha), add(sqrt(second), epsilon)));
}

const adamSlots = ({ amsgrad }: { readonly amsgrad: boolean }) => [
  ['momentum', 'velocity'],
  ...(amsgrad ? [['velocity_hat']] : []),
];

const ADAM = {
  formula: `${M}; ${V}; w = w - lr * sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t) * m / (sqrt(v) + epsilon)`,
  where: 'with `amsgrad` the largest v so far in the place of v',
};

const fractionMessage = expected('a number above 0 and less than 1');
const aboveZeroBelowOne = v.pipe(
  v.number(fractionMessage),
  v.gtValue(0, fractionMessage),
  v.ltValue(1, fractionMessage),
);

/** By the names that documents use. */
export const adamAndKin = {
  adam: blockOptimizer({
    aliases: ['Adam'],
    learningRate: 0.001,
    arguments: { ...betas, amsgrad: v.optional(flag(), false) },
    ...ADAM,
    slots: adamSlots,
    update: adamUpdate,
  }),
  /** Adam; what makes it AdamW is that `weight_decay` is never nothing. */
  adamw: blockOptimizer({
    aliases: ['AdamW'],
    learningRate: 0.001,
    arguments: {
      ...betas,
      amsgrad: v.optional(flag(), false),

      weight_decay: v.optional(notNegative(), 0.004),
    },
    ...ADAM,
    where: `${ADAM.where}; \`weight_decay\` is never null`,
    slots: adamSlots,
    update: adamUpdate,
  }),
  /** The largest gradient, fading, in place of the mean square: w ← w − lr m / ((1 − β₁ᵗ)(u + ε)). */
  adamax: blockOptimizer({
    aliases: ['Adamax'],
    learningRate: 0.001,
    arguments: { ...betas },
    formula: `${M}; u = max(beta_2 * u, abs(g)); w = w - lr * m / ((1 - beta_1 ** t) * (u + epsilon))`,
    slots: () => [['momentum', 'norm']],
    update(w, g, { beta_1, beta_2, epsilon }, context) {
      const m = moveTowards('momentum', g, 1 - beta_1, context);
      const slot = context.slot('norm');
      const u = max(mul(slot, beta_2), abs(g));
      context.storeSlot(slot, u);
      const correction = sub(1, power(beta_1, context.step));
      return sub(w, div(mul(context.learningRate, m), mul(correction, add(u, epsilon))));
    },
  }),
  /** Adam that looks ahead, with Nesterov's momentum and a schedule for it (Dozat 2016). */
  nadam: blockOptimizer({
    aliases: ['Nadam'],
    learningRate: 0.001,
    arguments: { ...betas },
    formula: `a = beta_1 * (1 - 0.96 ** t / 2); b = beta_1 * (1 - 0.96 ** (t + 1) / 2); k = k * a; ${M}; ${V}; w = w - lr * (b * m / (1 - k * b) + (1 - a) * g / (1 - k)) / (sqrt(${CORRECTED_V}) + epsilon)`,
    where: 'k starts at 1',
    slots: () => [['momentum', 'velocity']],
    numbers: ['u_product'],
    update(w, g, { beta_1, beta_2, epsilon }, context) {
      const { step, learningRate } = context;
      const warmed = (t: Tensor) => sub(1, mul(power(0.96, t), 0.5));
      const slot = context.number('u_product', 1);
      const product = mul(mul(slot, beta_1), warmed(step));
      context.storeSlot(slot, product);
      const u = mul(warmed(step), beta_1);
      const next = mul(warmed(add(step, 1)), beta_1);

      const m = moveTowards('momentum', g, oneMinus(beta_1), context);
      const v = moveTowards('velocity', square(g), oneMinus(beta_2), context);
      const ahead = add(
        div(mul(m, next), sub(1, mul(product, next))),
        div(mul(g, sub(1, u)), sub(1, product)),
      );
      const corrected = div(v, sub(1, power(beta_2, step)));
      return sub(w, div(mul(ahead, learningRate), add(sqrt(corrected), epsilon)));
    },
  }),
  /**
   * Schedule-free AdamW (Defazio et al. 2024): z moves, x is the mean of all z, and the gradient is
   * taken between them at w = (1 − β₁) z + β₁ x. Keras calls z "momentum".
   *
   * As Keras on TensorFlow and PyTorch has it, x is found again from w with the z that has already
   * moved: x = (w − (1 − β₁) z′) / β₁.
   */
  schedulefreeadamw: blockOptimizer({
    aliases: ['ScheduleFreeAdamW'],
    learningRate: 0.0025,
    arguments: {
      beta_1: v.optional(aboveZeroBelowOne, 0.9),
      beta_2: v.optional(fractionBelowOne(), 0.999),
      epsilon: v.optional(notNegative(), 1e-8),
      warmup_steps: v.optional(whole(0), 0),
    },
    formula: `r = lr * min(t / warmup_steps, 1); ${V}; z = z - r * g / (sqrt(${CORRECTED_V}) + epsilon); x = (w - (1 - beta_1) * z) / beta_1; x = (1 - 1 / t) * x + z / t; w = (1 - beta_1) * z + beta_1 * x`,
    where: 'z starts at w; r is lr where `warmup_steps` is 0',
    slots: () => [['momentum', 'velocity']],
    update(w, g, { beta_1, beta_2, epsilon, warmup_steps }, context) {
      const { step } = context;
      const warming = warmup_steps > 0 ? min(div(step, warmup_steps), 1) : null;
      const rate = warming ? mul(context.learningRate, warming) : context.learningRate;
      const v = moveTowards('velocity', square(g), oneMinus(beta_2), context);
      const root = sqrt(div(v, sub(1, power(beta_2, step))));

      const slot = context.slot('momentum');
      const before = where(eq(step, 1), context.before, slot);
      const z = sub(before, div(mul(g, rate), add(root, epsilon)));
      context.storeSlot(slot, z);
      const share = div(1, step);
      const x = div(sub(w, mul(z, oneMinus(beta_1))), beta_1);
      const mean = add(mul(x, sub(1, share)), mul(z, share));
      return add(mul(z, oneMinus(beta_1)), mul(mean, beta_1));
    },
  }),
};
