/** Running averages and powers, rounded where Keras rounds them: what most update rules are made of. */
import type { Tensor } from '../../graph/graph.ts';
import { add, constant, mul, pow, sub } from '../../graph/ops.ts';
import type { UpdateContext } from './optimizer.ts';

/** `slot + (value − slot) · fraction`, stored and returned. */
export function moveTowards(
  name: string,
  value: Tensor,
  fraction: number,
  context: UpdateContext,
): Tensor {
  const slot = context.slot(name);
  const moved = add(slot, mul(sub(value, slot), fraction));
  context.storeSlot(slot, moved);
  return moved;
}

/** `keep · slot + (1 − keep) · value`, stored and returned. */
export function blend(name: string, value: Tensor, keep: number, context: UpdateContext): Tensor {
  const slot = context.slot(name);
  const blended = add(mul(slot, keep), mul(value, 1 - keep));
  context.storeSlot(slot, blended);
  return blended;
}

/** `base^exponent`, `[1, 1]`, as a float32 power and not a product of steps. */
export function power(base: number, exponent: Tensor): Tensor {
  return pow(constant(exponent.graph, base), exponent);
}

/** `1 − x` where Keras has made x a float32 before it subtracts: 1 − 0.999 differs in the fifth digit. */
export function oneMinus(x: number): number {
  return Math.fround(1 - Math.fround(x));
}
