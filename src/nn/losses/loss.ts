/** What a loss is, said once: words, arguments, ops, and the formula for people. */
import type * as v from 'valibot';
import type { Tensor } from '../../graph/graph.ts';
import type { Description } from '../../spec/families/family.ts';
import type { Given } from '../given.ts';

/** What a loss takes as targets: the output's shape of numbers, or the number of a class per row. */
export type Targets = 'numbers' | 'probabilities' | 'one per class' | 'class numbers' | 'by shape';

interface Declaration<E extends v.ObjectEntries, Args> extends Description {
  /** Keras's other words for it, its class last. */
  readonly aliases: readonly string[];
  /** By name, each with its range and default. */
  readonly arguments: E;
  readonly targets: Targets;
  /** Whether it is least where the outputs are the targets, number by number. */
  readonly isDistance?: true;
  /** False where targets below 0 are as good as 0, or cannot be. */
  readonly takesNegative?: false;
  /** What it takes as outputs (unless `from_logits`), where that is not any number. */
  readonly outputs?: 'probabilities' | 'not negative';
  /** 1 for the rows that count, `[r, 1]`; null, or no such function, where all do. */
  readonly counts?: (target: Tensor, args: Args) => Tensor | null;
  /**
   * `[r, c]` or `[r, 1]` class numbers, `[r, c]` → `[r, 1]`, or `[1, 1]` for the whole batch. Null where
   * it stands for one of the others, by the shapes.
   */
  readonly values: ((target: Tensor, prediction: Tensor, args: Args) => Tensor) | null;
}

/** An entry of the table; who looks it up by name has its arguments as an object only. */
export function loss<const E extends v.ObjectEntries>(
  declared: Declaration<E, Given<E>>,
): Declaration<E, object> {
  const { counts, values, ...known } = declared;
  return {
    ...known,
    ...(counts && { counts: (y: Tensor, args: object) => counts(y, args as Given<E>) }),
    values: values && ((y, p, args) => values(y, p, args as Given<E>)),
  };
}
