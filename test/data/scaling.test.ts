import { describe, expect, test } from 'vitest';
import { fillOf, isOfUsualSize, scalingOf, trainingNumbers } from '../../src/data/scaling.ts';

const NONE = Number.NaN;
const withMissing = trainingNumbers(Float64Array.of(1, NONE, 2, 2, NONE, 7));

test('missing numbers are counted and set aside', () => {
  expect(withMissing).toEqual({ present: Float64Array.of(1, 2, 2, 7), missing: 2 });
});

test.each([
  ['mean', 3],
  ['indicator', 3],
  ['median', 2],
  ['mode', 2],
] as const)('%s fills with %d', (policy, expected) => {
  expect(fillOf(withMissing, policy)).toBe(expected);
});

describe('shift and scale', () => {
  test('are of the numbers with what is filled in', () => {
    // 1, 2, 2, 7 and twice 3: mean 3, squares 4 + 1 + 1 + 16 over 6.
    expect(scalingOf(withMissing, 3, 'zscore')).toEqual({ shift: 3, scale: Math.sqrt(22 / 6) });
    expect(scalingOf(withMissing, 9, 'minmax')).toEqual({ shift: 1, scale: 8 });
    // 1, 2, 2, 3, 3, 7: quartiles 2 and 3, median 2.5.
    expect(scalingOf(withMissing, 3, 'robust')).toEqual({ shift: 2.5, scale: 1 });
  });

  test('are of the numbers that are there where nothing is filled in', () => {
    expect(scalingOf(withMissing, undefined, 'zscore')).toEqual({
      shift: 3,
      scale: Math.sqrt(22 / 4),
    });
    expect(scalingOf(withMissing, undefined, 'robust')).toEqual({ shift: 2, scale: 1.5 });
  });

  test.each(['zscore', 'minmax', 'robust'] as const)(
    '%s only moves numbers that do not vary',
    (scaling) => {
      const constant = trainingNumbers(Float64Array.of(5, 5, 5));
      expect(scalingOf(constant, undefined, scaling)).toEqual({ shift: 5, scale: 1 });
    },
  );
});

test.each([
  [1, 0.25, true],
  [-1, 4, true],
  [1.01, 1, false],
  [0, 0.24, false],
  [0, 4.01, false],
  [0, 0, false],
])('a mean of %d and a deviation of %d need no scaling: %s', (mean, deviation, expected) => {
  expect(isOfUsualSize({ mean, deviation, min: -9, max: 9 })).toBe(expected);
});
