/**
 * The only file that makes chance. One seed drives everything: named streams (seedrandom's Alea)
 * give initial weights and the order of rows; chance inside layers is counter-based (see the
 * engine's `uniform` op), keyed by the same seed.
 */
import { randomInt } from 'node:crypto';
import alea from 'seedrandom/lib/alea';

/** Seeds are whole numbers from 0 to 2³² − 1. */
export const MAX_SEED = 2 ** 32 - 1;

/** A seed for a run that named none; the caller prints it and stores it. */
export function pickSeed(): number {
  return randomInt(1_000_000_000);
}

/** A stream of uniform doubles in [0, 1), one per call. */
export type Random = () => number;

/**
 * The stream that belongs to `seed` and `purpose` (for example `shuffle`, `dense/kernel`).
 * Streams of different purposes do not move each other.
 */
export function randomStream(seed: number, purpose: string): Random {
  return alea(`${seed}/${purpose}`);
}

/** A standard normal number from two uniform ones (Box–Muller, cosine half). */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

/** Puts `order` into a random order in place (Fisher–Yates); every permutation is equally likely. */
export function shuffle(order: Int32Array, random: Random): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const kept = order[last];
    order[last] = order[other];
    order[other] = kept;
  }
}
