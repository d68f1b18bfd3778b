/** What an optimizer is: an update rule in ops, and the memory (slots) that it keeps between steps. */
import type * as v from 'valibot';
import type { Tensor } from '../../graph/graph.ts';
import type { Description } from '../../spec/families/family.ts';
import type { WeightTensor } from '../forward.ts';
import type { Given } from '../given.ts';

/** What a rule may use besides weights and gradient. */
export interface UpdateContext {
  /** The rate in force at this step, `[1, 1]`. */
  readonly learningRate: Tensor;
  /** This update's number from 1, `[1, 1]`. */
  readonly step: Tensor;
  /** The weights as they were before weight decay, in the shape that the rule works on. */
  readonly before: Tensor;
  /** The memory of this name: of that shape too, or `[rows, cols]`; `first` everywhere at first. */
  slot(name: string, first?: number, shape?: { rows: number; cols: number }): Tensor;
  /** One number of memory for all weights together, `[1, 1]`. */
  number(name: string, first: number): Tensor;
  /** Stores a value for the next step. Nothing may read the slot after this. */
  storeSlot(slot: Tensor, value: Tensor): void;
}

/** A slot of one weight, by Keras's name. */
interface SlotDefinition {
  readonly name: string;
  /** Its axes; null for Keras's placeholder, a number that is always 0 and stored nowhere. */
  readonly shape: readonly number[] | null;
}

/** Works element by element: all weights are one row. */
export interface BlockOptimizer<S> {
  readonly over: 'block';
  /** Slots in Keras's order: those of a group are made together, weight by weight. */
  slots(spec: S): readonly (readonly string[])[];
  /** Slots of one number, behind all others. */
  numbers?: readonly string[];
  /** The new weights `[1, n]` from weights `w` (decayed) and gradient `g` (clipped). */
  update(w: Tensor, g: Tensor, spec: S, context: UpdateContext): Tensor;
}

/** Looks at each weight as a whole. */
export interface WeightOptimizer<S> {
  readonly over: 'weight';
  slots(spec: S, weight: WeightTensor): readonly SlotDefinition[];
  /** The decay of one weight, where it is not the same for all. */
  decay?(spec: S, weight: WeightTensor): number | undefined;
  /** The new weight, in the shape of `weight.tensor`; so are `w` (decayed) and `g` (clipped). */
  update(w: Tensor, g: Tensor, spec: S, context: UpdateContext, weight: WeightTensor): Tensor;
}

export type Optimizer<S> = BlockOptimizer<S> | WeightOptimizer<S>;

/** What is said of an optimizer once and for all: words, arguments, and the formula for people. */
interface Declared<E extends v.ObjectEntries> extends Description {
  /** Keras's other words for it, its class last. */
  readonly aliases: readonly string[];
  /** The rate where none is said. */
  readonly learningRate: number;
  /** Besides the rate and what all optimizers take. */
  readonly arguments: E;
}

/**
 * An optimizer that works element by element, with all that is known of it. Who looks it up by name
 * has its arguments as an object only.
 */
export function blockOptimizer<const E extends v.ObjectEntries>(
  declared: Declared<E> & Omit<BlockOptimizer<Given<E>>, 'over'>,
): Declared<E> & BlockOptimizer<object> {
  return { over: 'block', ...declared };
}

/** The same for one that looks at each weight as a whole. */
export function weightOptimizer<const E extends v.ObjectEntries>(
  declared: Declared<E> & Omit<WeightOptimizer<Given<E>>, 'over'>,
): Declared<E> & WeightOptimizer<object> {
  return { over: 'weight', ...declared };
}

/** A slot as its weight is shaped. */
export const sameShape = (name: string, { spec }: WeightTensor): SlotDefinition => ({
  name,
  shape: spec.shape,
});
