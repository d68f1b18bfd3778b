/** Holds pow to its promises: nearly correct rounding and IEEE 754's special cases. */
import { expect, test } from 'vitest';
import { float32Functions, float64Functions } from '../../../src/engine/elementary.ts';
import { randomStream } from '../../../src/random.ts';
import { anyFloat, errorInUlps } from '../ulp.ts';

/** Half an ulp for the one rounding, and what the double in front of it may add. */
const POW_ULPS = 0.501;

test('pow in float32 stays within its promised error over the whole range', () => {
  const random = randomStream(1, 'pow');
  let worst = 0;
  let at: number[] = [];
  for (let i = 0; i < 200_000; i++) {
    const base = i % 4 === 0 ? anyFloat(random) : Math.fround(random() * 4);
    const x = i % 3 === 0 ? -base : base;
    // Exponents that make results of all sizes, whole ones, and any at all.
    const wide = Math.fround((random() * 300 - 150) / (Math.log2(Math.abs(base)) || 1));
    const y = [wide, Math.round(random() * 40 - 20), anyFloat(random)][i % 5 < 3 ? 0 : (i % 5) - 2];
    const error = errorInUlps(float32Functions.pow(x, y), float64Functions.pow(x, y));
    if (error > worst) [worst, at] = [error, [x, y]];
  }
  expect(worst, `at ${at}`).toBeLessThanOrEqual(POW_ULPS);
});

test('pow(x, 1) is x and pow(x, 2) is the rounded square', () => {
  const random = randomStream(2, 'pow');
  let unequal = 0;
  let worst = 0;
  for (let i = 0; i < 50_000; i++) {
    const x = anyFloat(random);
    unequal += Object.is(float32Functions.pow(x, 1), x) ? 0 : 1;
    worst = Math.max(worst, errorInUlps(float32Functions.pow(x, 2), x * x));
  }
  expect(unequal).toBe(0);
  expect(worst).toBeLessThanOrEqual(POW_ULPS);
});

const smallest = 2 ** -149;
/** x, y and x to the power y by IEEE 754-2019, section 9.2.1. */
const powers: [number, number, number][] = [
  [NaN, 0, 1],
  [Infinity, -0, 1],
  [1, NaN, 1],
  [1, -Infinity, 1],
  [-1, Infinity, 1],
  [-1, -Infinity, 1],
  [NaN, 1, NaN],
  [2, NaN, NaN],
  [-8, 0.5, NaN],
  [-smallest, -1.5, NaN],
  [-2, 3, -8],
  [-2, -3, -0.125],
  [-2, 4, 16],
  [-2, 2 ** 25, Infinity],
  [0, 3, 0],
  [-0, 3, -0],
  [-0, 2.5, 0],
  [-0, 4, 0],
  [0, -1, Infinity],
  [-0, -1, -Infinity],
  [-0, -2, Infinity],
  [0, -Infinity, Infinity],
  [0, Infinity, 0],
  [0.5, Infinity, 0],
  [0.5, -Infinity, Infinity],
  [-2, Infinity, Infinity],
  [-2, -Infinity, 0],
  [Infinity, 0.1, Infinity],
  [Infinity, -0.1, 0],
  [-Infinity, 3, -Infinity],
  [-Infinity, 2.5, Infinity],
  [-Infinity, -3, -0],
  [2, 127, 2 ** 127],
  [2, 128, Infinity],
  [2, -149, smallest],
  [2, -151, 0],
  [smallest, 0.5, Math.fround(2 ** -74.5)],
  [4, 0.5, 2],
];

test.each([
  ['float32', float32Functions],
  ['float64', float64Functions],
])('pow in %s follows IEEE 754 at its special cases', (_, functions) => {
  const results = powers.map(([x, y]) => [x, y, Math.fround(functions.pow(x, y))]);
  expect(results).toEqual(powers);
});
