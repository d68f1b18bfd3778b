/** Whether a run's numbers are still numbers. */
import type { Session } from '../engine/engine.ts';
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

/**
 * Looks through all weights, and through what the optimizer remembers: a gradient whose square is
 * infinite leaves the weights as they are, for ever.
 *
 * @param hasGradient  whether the session holds the gradient, too: where no op moves the weights by it,
 *   they do not show what it is
 * @returns null where all are finite
 */
export function findNonFinite(
  session: Session,
  { trainable, frozen, weights }: Parameters,
  memory: readonly Memory[],
  hasGradient: boolean,
): NonFinite | null {
  const size = trainable?.shape.cols ?? 0;
  const blocks = [
    { what: 'weights', place: BLOCKS.trainable, length: size },
    { what: 'weights', place: BLOCKS.frozen, length: frozen?.shape.cols ?? 0 },
    { what: 'gradients', place: GRADIENT, length: hasGradient ? size : 0 },
    ...memory.map(
      ({ name, length }) => ({ what: 'optimizer state', place: name, length }) as const,
    ),
  ] as const;
  for (const { what, place, length } of blocks) {
    const found = length > 0 ? session.firstNonFinite(place, length) : null;
    if (!found) continue;
    const isTrainable = place !== BLOCKS.frozen;
    const inBlock = what !== 'optimizer state' || length === size;
    const owner = inBlock
      ? weights.findLast(
          ({ spec, offset }) => spec.trainable === isTrainable && offset <= found.index,
        )
      : weights.find(({ spec }) => place.endsWith(`/${spec.layer}/${spec.name}`));
    if (!owner) throw new Error('internal: a number that is of no weight');
    const { layer, name } = owner.spec;
    return { what, layer, tensor: name, value: found.value };
  }
  return null;
}
