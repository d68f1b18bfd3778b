/** Chance: one seed, streams that do not move each other, laws that hold. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_SEED, normal, pickSeed, randomStream, Shuffler } from '../src/random.ts';

/** So drawn on Node 20, x64. */
const PINNED_UNIFORM = [0.46212126268073916, 0.6429389067925513, 0.06378693087026477];
const PINNED_NORMAL = [1.0404106799102093, -1.0862265851071544, -0.6590933176416759];

const draw = (n: number, next: () => number) => Array.from({ length: n }, next);
const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;

test('a shuffle is a permutation, whatever the seed and the length', () => {
  const seeds = fc.integer({ min: 0, max: MAX_SEED });
  fc.assert(
    fc.property(seeds, fc.integer({ min: 0, max: 300 }), (seed, length) => {
      const order = Int32Array.from({ length }, (_, i) => i);
      Shuffler.of(seed, 'shuffle').shuffle(order);
      expect([...order].sort((a, b) => a - b)).toEqual([...Array(length).keys()]);
    }),
  );
});

test('a shuffle draws the numbers of its stream, from wherever its state is', () => {
  for (const [seed, length] of [
    [1, 200_000],
    [MAX_SEED, 3],
    [7, 2 ** 21 + 5],
  ]) {
    const random = randomStream(seed, 'shuffle');
    const expected = Int32Array.from({ length }, (_, i) => i);
    const order = expected.slice();
    let shuffler = Shuffler.of(seed, 'shuffle');
    for (let round = 0; round < 2; round++) {
      for (let last = length - 1; last > 0; last--) {
        const other = Math.floor(random() * (last + 1));
        [expected[last], expected[other]] = [expected[other], expected[last]];
      }
      shuffler.shuffle(order);
      expect(Buffer.compare(Buffer.from(order.buffer), Buffer.from(expected.buffer))).toBe(0);
      shuffler = new Shuffler(shuffler.state());
    }
  }
});

test('every order of four is equally likely', () => {
  const shuffler = Shuffler.of(3, 'shuffle');
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = Int32Array.of(0, 1, 2, 3);
    shuffler.shuffle(order);
    const key = order.join('');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  // 23 degrees of freedom: above 62 once in about 50,000 seeds; this one is fixed.
  const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
  expect(chiSquare).toBeLessThan(62);
});

describe('streams', () => {
  test('of the same seed and purpose are the same', () => {
    expect(draw(5, randomStream(7, 'a'))).toEqual(draw(5, randomStream(7, 'a')));
  });

  test('of other seeds or purposes are others', () => {
    const first = [randomStream(7, 'a'), randomStream(8, 'a'), randomStream(7, 'b')].map((next) =>
      next(),
    );
    expect(new Set(first).size).toBe(3);
  });

  test('are these numbers on every machine', () => {
    expect(draw(3, randomStream(1, 'shuffle'))).toEqual(PINNED_UNIFORM);
    const random = randomStream(1, 'dense/kernel');
    expect(draw(3, () => normal(random))).toEqual(PINNED_NORMAL);
  });
});

test('normal numbers have the moments and tails of the normal law', () => {
  const random = randomStream(5, 'normal');
  const n = 100_000;
  const numbers = draw(n, () => normal(random));
  // Five standard errors each: 1/√n, √(2/n), √(15/n), √(96/n), and of a share p √(p (1 − p) / n).
  const within = 5 / Math.sqrt(n);
  expect(Math.abs(mean(numbers))).toBeLessThan(within);
  expect(Math.abs(mean(numbers.map((z) => z ** 2)) - 1)).toBeLessThan(within * Math.sqrt(2));
  expect(Math.abs(mean(numbers.map((z) => z ** 3)))).toBeLessThan(within * Math.sqrt(15));
  expect(Math.abs(mean(numbers.map((z) => z ** 4)) - 3)).toBeLessThan(within * Math.sqrt(96));
  const beyondTwo = numbers.filter((z) => Math.abs(z) > 2).length / n;
  expect(Math.abs(beyondTwo - 0.0455)).toBeLessThan(within * Math.sqrt(0.0455 * 0.9545));
});

test('a picked seed is one that a run takes', () => {
  const seed = pickSeed();
  expect(Number.isInteger(seed) && seed >= 0 && seed <= MAX_SEED).toBe(true);
});
