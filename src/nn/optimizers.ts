/**
 * Optimizers: the update rule of each, in ops, over all trainable parameters as one `[1, n]` block.
 * Formulas are those of Keras 3 as coded; what is memory between steps is a slot.
 */
import type { Tensor } from '../graph/graph.ts';
import { add, constant, div, max, mul, neg, pow, sqrt, square, sub } from '../graph/ops.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';

/** What a rule may use besides parameters and gradient. */
export interface UpdateContext {
  /** The rate in force at this step, `[1, 1]`. */
  readonly learningRate: Tensor;
  /** This step's number from 1, `[1, 1]`. */
  readonly step: Tensor;
  /** The optimizer's memory of this name, `[1, n]`, zeros at first. */
  slot(name: string): Tensor;
  /** Stores a slot's value for the next step. */
  keep(slot: Tensor, value: Tensor): void;
}

/** New parameters `[1, n]` from parameters `w` and gradient `g`. */
type Rule<S extends OptimizerSpec> = (
  w: Tensor,
  g: Tensor,
  spec: S,
  context: UpdateContext,
) => Tensor;

/** A slot moved towards `value` by a fraction of the way; stored and returned. */
function moveTowards(
  name: string,
  value: Tensor,
  fraction: number,
  context: UpdateContext,
): Tensor {
  const slot = context.slot(name);
  const moved = add(slot, mul(sub(value, slot), fraction));
  context.keep(slot, moved);
  return moved;
}

const rules: { readonly [K in OptimizerSpec['type']]: Rule<Extract<OptimizerSpec, { type: K }>> } =
  {
    // The learning rate is inside the momentum: m ← μ m − lr g.
    sgd: (w, g, { momentum, nesterov }, context) => {
      const move = neg(mul(g, context.learningRate));
      if (momentum === 0) return add(w, move);
      const slot = context.slot('momentum');
      const m = add(mul(slot, momentum), move);
      context.keep(slot, m);
      return add(w, nesterov ? add(mul(m, momentum), move) : m);
    },

    // ε is inside the root: w ← w − lr g / √(v + ε).
    rmsprop: (w, g, { rho, momentum, epsilon, centered }, context) => {
      const velocity = context.slot('velocity');
      const v = add(mul(velocity, rho), mul(square(g), 1 - rho));
      context.keep(velocity, v);
      let denominator = add(v, epsilon);
      if (centered) {
        const average = context.slot('average_gradient');
        const a = add(mul(average, rho), mul(g, 1 - rho));
        context.keep(average, a);
        denominator = add(sub(v, square(a)), epsilon);
      }
      const move = div(mul(g, context.learningRate), sqrt(denominator));
      if (momentum === 0) return sub(w, move);
      const slot = context.slot('momentum');
      const m = add(mul(slot, momentum), move);
      context.keep(slot, m);
      return sub(w, m);
    },

    // α = lr √(1 − β₂ᵗ) / (1 − β₁ᵗ);  w ← w − α m / (√v + ε): ε joins the uncorrected √v.
    adam: (w, g, { beta_1, beta_2, epsilon, amsgrad }, context) => {
      const m = moveTowards('momentum', g, 1 - beta_1, context);
      const v = moveTowards('velocity', square(g), 1 - beta_2, context);
      const correction1 = sub(1, power(beta_1, context.step));
      const correction2 = sub(1, power(beta_2, context.step));
      const alpha = div(mul(context.learningRate, sqrt(correction2)), correction1);
      let second = v;
      if (amsgrad) {
        const slot = context.slot('velocity_hat');
        second = max(slot, v);
        context.keep(slot, second);
      }
      return sub(w, div(mul(m, alpha), add(sqrt(second), epsilon)));
    },
  };

function power(base: number, exponent: Tensor): Tensor {
  return pow(constant(exponent.graph, base), exponent);
}

/** The parameters after one step of the optimizer, `[1, n]`. */
export function updateOf(
  parameters: Tensor,
  gradient: Tensor,
  spec: OptimizerSpec,
  context: UpdateContext,
): Tensor {
  const rule = rules[spec.type] as Rule<OptimizerSpec>;
  return rule(parameters, gradient, spec, context);
}
