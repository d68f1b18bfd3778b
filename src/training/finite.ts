/** Whether a run's numbers are still numbers. */
import type { Session } from '../engine/engine.ts';
import type { Plan } from '../graph/plan.ts';
import { BLOCKS, type Parameters } from '../nn/forward.ts';
import { GRADIENT } from './compile.ts';

/** The first number that is NaN or infinite. */
export interface NonFinite {
  readonly what: 'weights' | 'gradients' | 'optimizer state';
  /** The layer and the tensor of it. */
  readonly layer: string;
  readonly tensor: string;
  readonly value: number;
}

/** Thrown where a run's numbers fail, before anybody has looked why. */
export class NotFinite extends Error {
  readonly found: { readonly what: 'loss' | 'val_loss'; readonly value: number } | NonFinite;

  constructor(found: NotFinite['found']) {
    super(`${found.what} is not finite`);
    this.name = 'NotFinite';
    this.found = found;
  }
}

/** A variable of the optimizer. */
export interface Memory {
  readonly name: string;
  readonly length: number;
}

/** The variables that are no weights. */
export function memoryOf({ variables, places }: Plan): Memory[] {
  const weights: readonly string[] = Object.values(BLOCKS);
  return variables.flatMap((name) => {
    const place = places.get(name);
    if (!place || weights.includes(name)) return [];
    return [{ name, length: place.rows * place.cols }];
  });
}

/** A block of numbers that have to be finite. */
interface Watched {
  readonly what: NonFinite['what'];
  /** The named tensor, and how many numbers of it. */
  readonly place: string;
  readonly length: number;
}

/** Looks through all weights and what the optimizer remembers. */
export class FiniteCheck {
  readonly #session: Session;
  readonly #parameters: Parameters;
  /** Made once: an epoch may take microseconds. */
  readonly #watched: readonly Watched[];

  /**
   * @param memory  of the optimizer: a gradient whose square is infinite leaves the weights as they are,
   *   for ever
   * @param hasGradient  whether the session holds the gradient, too: where no op moves the weights by
   *   it, they do not show what it is
   */
  constructor(
    session: Session,
    parameters: Parameters,
    memory: readonly Memory[],
    hasGradient: boolean,
  ) {
    this.#session = session;
    this.#parameters = parameters;
    const size = parameters.trainable?.shape.cols ?? 0;
    const watched: Watched[] = [
      { what: 'weights', place: BLOCKS.trainable, length: size },
      { what: 'weights', place: BLOCKS.frozen, length: parameters.frozen?.shape.cols ?? 0 },
      { what: 'gradients', place: GRADIENT, length: hasGradient ? size : 0 },
      ...memory.map(
        ({ name, length }) => ({ what: 'optimizer state', place: name, length }) as const,
      ),
    ];
    this.#watched = watched.filter(({ length }) => length > 0);
  }

  /** Null where all are finite. */
  find(): NonFinite | null {
    for (const watched of this.#watched) {
      const found = this.#session.firstNonFinite(watched.place, watched.length);
      if (found)
        return { what: watched.what, ...this.#ownerOf(watched, found.index), value: found.value };
    }
    return null;
  }

  #ownerOf({ what, place, length }: Watched, index: number): { layer: string; tensor: string } {
    const { trainable, weights } = this.#parameters;
    const isTrainable = place !== BLOCKS.frozen;
    const isBlock = what !== 'optimizer state' || length === trainable?.shape.cols;
    const owner = isBlock
      ? weights.findLast(({ spec, offset }) => spec.trainable === isTrainable && offset <= index)
      : weights.find(({ spec }) => place.endsWith(`/${spec.layer}/${spec.name}`));
    // A number that serves all weights is of no weight.
    if (!owner) return { layer: weights[0].spec.layer, tensor: place };
    return { layer: owner.spec.layer, tensor: owner.spec.name };
  }
}
