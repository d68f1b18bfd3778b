/** Where the memory of an optimizer lies in a plan, by Keras's names and in Keras's order. */
import type { StepOptimizerSpec } from '../../spec/optimizers.ts';
import type { WeightTensor } from '../forward.ts';
import type { WeightSpec } from '../network.ts';
import { optimizerOf } from './table.ts';

/** The place of a slot: of all weights in one block, or of one weight alone. */
export function slotPlace(name: string, weight?: WeightSpec): string {
  return weight ? `slot/${name}/${weight.layer}/${weight.name}` : `slot/${name}`;
}

export const AVERAGE = slotPlace('average');
export const GRADIENT_ACCUMULATOR = slotPlace('gradient_accumulator');

/** One variable of an optimizer, as Keras lists them behind iteration and learning rate. */
export interface OptimizerVariable {
  /** Keras's word for it: `momentum`. */
  readonly name: string;
  /** Whose memory it is; null for a number that serves all weights. */
  readonly weight: WeightSpec | null;
  readonly shape: readonly number[];
  /** The named tensor that holds it, and the first number there; null for Keras's placeholders (0). */
  readonly place: string | null;
  readonly offset: number;
}

/**
 * All variables of an optimizer in Keras's order (`optimizer.variables` without the first two).
 *
 * @param weights  the trainable ones, in order
 */
export function optimizerVariables(
  spec: StepOptimizerSpec,
  weights: readonly WeightTensor[],
): OptimizerVariable[] {
  const optimizer = optimizerOf(spec);
  const inBlock = (name: string) => (weight: WeightTensor) => ({
    name,
    weight: weight.spec,
    shape: weight.spec.shape,
    place: slotPlace(name),
    offset: weight.offset,
  });
  const shared = [
    ...(spec.use_ema ? weights.map(inBlock('average')) : []),
    ...(spec.gradient_accumulation_steps ? weights.map(inBlock('gradient_accumulator')) : []),
  ];
  if (optimizer.over === 'block') {
    const groups = optimizer.slots(spec);
    const numbers = optimizer.numbers ?? [];
    return [
      ...shared,
      ...groups.flatMap((names) => weights.flatMap((w) => names.map((name) => inBlock(name)(w)))),
      ...numbers.map((name) => ({
        name,
        weight: null,
        shape: [],
        place: slotPlace(name),
        offset: 0,
      })),
    ];
  }
  const own = weights.flatMap((weight) =>
    optimizer.slots(spec, weight).map(({ name, shape }) => ({
      name,
      weight: weight.spec,
      shape: shape ?? [],
      place: shape ? slotPlace(name, weight.spec) : null,
      offset: 0,
    })),
  );
  return [...shared, ...own];
}
