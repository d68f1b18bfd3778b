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

/** What counter-based chance is a function of, besides the index of each number. */
export interface ChanceKey {
  readonly seed: number;
  readonly stream: number;
  readonly step: number;
}

/**
 * Fills `memory[offset … offset + count)` with uniform multiples of 2⁻²⁴ in [0, 1), each a function
 * of the key and of its index alone, so that threads and engines agree.
 *
 * The mixing function is a 32-bit finalizer found by C. Wellons ("lowbias32", bias 0.17), applied
 * to the key and then, twice, to key and index.
 */
export function uniform24(
  memory: Float32Array | Float64Array,
  offset: number,
  count: number,
  { seed, stream, step }: ChanceKey,
): void {
  const key = mix(mix(mix(seed) + Math.imul(stream, 0x9e3779b9)) + step);
  const second = mix(key ^ 0x85ebca6b);
  for (let i = 0; i < count; i++) {
    memory[offset + i] = (mix(mix(i ^ key) + second) >>> 8) * 2 ** -24;
  }
}

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}
