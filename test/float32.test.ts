import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shortestDigits, shortestFloat32 } from '../src/float32.ts';

test.each([
  [0.1, '0.1'],
  [-0.5661065, '-0.5661065'],
  [1 / 3, '0.33333334'],
  [1e-7, '1e-7'],
  [3.4028235e38, '3.4028235e+38'],
  [16777216, '16777216'],
  [123456789, '123456790'],
  [1e-45, '1e-45'],
  [1e-40, '1e-40'],
  [0, '0'],
  [-0, '-0'],
  [Number.NaN, 'NaN'],
  [Number.NEGATIVE_INFINITY, '-Infinity'],
])('%d is written %s', (x, text) => {
  expect(shortestFloat32(Math.fround(x))).toBe(text);
});

test('of two decimals that are equally near it is the even one', () => {
  expect(shortestFloat32(2097152.25)).toBe('2097152.2');
  expect(shortestFloat32(2097152.75)).toBe('2097152.8');
});

test('at a power of two the decimal above may be shorter than the nearest one', () => {
  // 2^90 is 1.23794003928…e27. Of eight digits 1.2379400e27 is nearest and does not read back.
  expect(shortestFloat32(2 ** 90)).toBe('1.2379401e+27');
});

test.each([
  [0.25, '25', -1],
  [-1500, '15', 3],
  [0, '0', 0],
  [1e-10, '1', -10],
])('the digits of %d are %s with the first at 10^%d', (x, digits, exponent) => {
  expect(shortestDigits(Math.fround(x))).toEqual({ digits, exponent });
});

describe('for any float32', () => {
  const float32 = fc.float({ noNaN: true, noDefaultInfinity: true });

  test('the text reads back to the same bits', () => {
    fc.assert(
      fc.property(float32, (x) => {
        expect(Math.fround(Number(shortestFloat32(x)))).toBe(x);
      }),
      { numRuns: 20000 },
    );
  });

  test('it has no more digits than the first precision that reads back', () => {
    fc.assert(
      fc.property(float32, (x) => {
        const precisions = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        const enough = precisions.find((p) => Math.fround(Number(x.toPrecision(p))) === x);
        expect(shortestDigits(x).digits.length).toBeLessThanOrEqual(enough ?? 0);
      }),
      { numRuns: 20000 },
    );
  });
});
