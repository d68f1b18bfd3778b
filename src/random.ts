/**
 * The only file that makes chance. One seed drives everything: named streams (seedrandom's Alea)
 * give initial weights and the order of rows; chance inside layers is counter-based (see the
 * engine's `uniform` op), keyed by the same seed.
 */
import { randomInt } from 'node:crypto';
import alea from 'seedrandom/lib/alea';
import { naturalLog } from './natural-log.ts';

/** Seeds are whole numbers from 0 to 2³² − 1. */
export const MAX_SEED = 2 ** 32 - 1;

/** A seed for a run that named none; the caller prints it and stores it. */
export function pickSeed(): number {
  return randomInt(1_000_000_000);
}

/** A stream of uniform doubles in [0, 1), one per call. */
export type Random = () => number;

/** Where a stream has come to: Alea's carry, a whole number below 2²¹, and three fractions in [0, 1). */
export type RandomState = Readonly<Record<'c' | 's0' | 's1' | 's2', number>>;

/**
 * The stream that belongs to `seed` and `purpose` (for example `shuffle`, `dense/kernel`).
 * Streams of different purposes do not move each other.
 */
export function randomStream(seed: number, purpose: string): Random {
  return alea(`${seed}/${purpose}`);
}

/**
 * A standard normal number, by G. Marsaglia's polar method: it needs a square root and a logarithm
 * only. The logarithm is our own, so that the number is the same on every machine.
 */
export function normal(random: Random): number {
  for (;;) {
    const x = 2 * random() - 1;
    const y = 2 * random() - 1;
    const s = x * x + y * y;
    if (s > 0 && s < 1) return x * Math.sqrt((-2 * naturalLog(s)) / s);
  }
}

/** Alea's multiplier, and the unit that its fractions are multiples of. */
const MULTIPLIER = 2091639;
const UNIT = 2 ** -32;

/**
 * Puts rows into random orders, by a stream of its own.
 *
 * The stream is Alea's, number for number. Alea's doubles wait for each other, 20 cycles a number: the next
 * carry is cut off the last sum. Here the product's halves do not wait, and the carry is one addition of whole
 * numbers: half the time.
 */
export class Shuffler {
  /** Three fractions in units, and the carry. */
  readonly #words: Int32Array;

  /** Goes on where another one was when it gave its state. */
  constructor({ s0, s1, s2, c }: RandomState) {
    this.#words = Int32Array.of(s0 / UNIT, s1 / UNIT, s2 / UNIT, c);
  }

  /** The one that belongs to `seed` and `purpose`, as in `randomStream`. */
  static of(seed: number, purpose: string): Shuffler {
    return new Shuffler(alea(`${seed}/${purpose}`, { state: true }).state());
  }

  /** Puts `order` into a random order in place (Fisher–Yates); every permutation is equally likely. */
  shuffle(order: Int32Array): void {
    const words = this.#words;
    let [s0, s1, s2, c] = [words[0], words[1], words[2], words[3]];
    for (let last = order.length - 1; last > 0; last--) {
      const low = Math.imul(MULTIPLIER, s0);
      const high = (MULTIPLIER * (s0 >>> 0) * UNIT) | 0;
      s0 = s1;
      s1 = s2;
      s2 = (low + c) | 0;
      c = high + (s2 >>> 0 < c ? 1 : 0);
      const other = ((s2 >>> 0) * UNIT * (last + 1)) | 0;
      const kept = order[last];
      order[last] = order[other];
      order[other] = kept;
    }
    words.set([s0, s1, s2, c]);
  }

  state(): RandomState {
    const [s0, s1, s2, c] = this.#words;
    return { c, s0: (s0 >>> 0) * UNIT, s1: (s1 >>> 0) * UNIT, s2: (s2 >>> 0) * UNIT };
  }
}

/** A stream of chance inside layers. Streams that differ in any part are independent. */
export interface ChanceStream {
  /** What `number` is: a layer's position, or a seed that layers have of their own. */
  readonly kind: 'position' | 'seed';
  readonly number: number;
  /** Which of the draws that a layer makes in one step, from 0. */
  readonly draw: number;
}

/** What counter-based chance is a function of, besides the index of each number. */
interface ChanceKey {
  readonly seed: number;
  readonly stream: ChanceStream;
  readonly step: number;
}

/**
 * Fills `memory[offset … offset + count)` with uniform multiples of 2⁻²⁴ in [0, 1), each a function
 * of the key and of its index alone, so that threads and engines agree.
 *
 * The mixing function is a 32-bit finalizer found by C. Wellons ("lowbias32", bias 0.17). Two words
 * of 32 bits are made of the key, part after part, so that no part can stand in for another; then
 * each index is mixed with one and with the other.
 */
export function uniform24(
  memory: Float32Array | Float64Array,
  offset: number,
  count: number,
  key: ChanceKey,
): void {
  const [first, second] = streamWords(key).map(({ word, salt }) => mix(word + key.step + salt));
  for (let i = 0; i < count; i++) {
    memory[offset + i] = (mix(mix(i ^ first) + second) >>> 8) * 2 ** -24;
  }
}

/** Two words of 32 bits of all parts of a key but the step, and the salts that make them differ. */
export function streamWords({ seed, stream }: Omit<ChanceKey, 'step'>) {
  const kind = stream.kind === 'seed' ? 1 : 0;
  return [0x9e3779b9, 0x85ebca6b].map((salt) => {
    let word = mix(seed + salt);
    word = mix(word + kind + salt);
    word = mix(word + stream.number + salt);
    return { word: mix(word + stream.draw + salt), salt };
  });
}

function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}
