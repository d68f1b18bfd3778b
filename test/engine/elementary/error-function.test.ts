/** Holds the double erf, which the float32 one is measured by, to values of more digits. */
import { expect, test } from 'vitest';
import { erfInDouble } from '../../../src/engine/elementary/error-function.ts';

/** x and erf x, from mpmath 1.3 with 40 digits. */
const erfValues: [number, number][] = [
  [1e-300, 1.1283791670955126e-300],
  [1e-9, 1.1283791670955127e-9],
  [0.1, 0.1124629160182849],
  [0.25, 0.27632639016823696],
  [0.5, 0.5204998778130465],
  [0.84375, 0.7672256612323416],
  [1, 0.8427007929497149],
  [1.25, 0.9229001282564583],
  [1.5, 0.9661051464753108],
  [1.9375, 0.9938568063952132],
  [2, 0.9953222650189527],
  [2.0625, 0.9964637508747902],
  [2.5, 0.999593047982555],
  [3, 0.9999779095030014],
  [3.5, 0.9999992569016276],
  [4, 0.9999999845827421],
  [5, 0.9999999999984626],
  [5.875, 0.9999999999999999],
];

test('erf in double is within 1e-15 of the true value', () => {
  for (const [x, truth] of erfValues) {
    expect(Math.abs(erfInDouble(x) - truth) / truth, `at ${x}`).toBeLessThan(1e-15);
    expect(erfInDouble(-x)).toBe(-erfInDouble(x));
  }
  expect([0, -0, 6, Infinity, NaN].map(erfInDouble)).toEqual([0, -0, 1, 1, NaN]);
});
