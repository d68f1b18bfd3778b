import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mode, momentsOf, quantile } from '../../src/data/statistics.ts';

const numbers = fc
  .array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 50 })
  .map((values) => Float64Array.from(values));

test('mean and population deviation, as NumPy has them', () => {
  expect(momentsOf(Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9))).toEqual({
    mean: 5,
    deviation: 2,
    min: 2,
    max: 9,
  });
  expect(momentsOf(Float64Array.of(-3))).toEqual({ mean: -3, deviation: 0, min: -3, max: -3 });
});

test('quantiles lie between the two nearest ranks, as by default in NumPy', () => {
  const sorted = Float64Array.of(1, 2, 4, 8);
  expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile(sorted, share))).toEqual([
    1, 1.75, 3, 5, 8,
  ]);
  expect(quantile(Float64Array.of(7), 0.3)).toBe(7);
});

test('the mode is the smallest of the commonest numbers', () => {
  expect(mode(Float64Array.of(1, 2, 2, 3, 3))).toBe(2);
  expect(mode(Float64Array.of(5, 6, 7))).toBe(5);
  expect(mode(Float64Array.of(-1, 0, 0))).toBe(0);
});

test('whatever the numbers, all lie within the least and the largest', () => {
  fc.assert(
    fc.property(numbers, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
      const { mean, deviation, min, max } = momentsOf(values);
      const sorted = values.slice().sort();
      expect([min, max]).toEqual([sorted[0], sorted.at(-1)]);
      for (const value of [mean, quantile(sorted, share), mode(sorted)]) {
        expect(value).toBeGreaterThanOrEqual(min - 1e-9);
        expect(value).toBeLessThanOrEqual(max + 1e-9);
      }
      expect(deviation).toBeLessThanOrEqual((max - min) / 2 + 1e-9);
      expect(values).toContain(mode(sorted));
    }),
  );
});
