import { expect, test } from 'vitest';
import { formatFixed, formatScientific } from '../../src/report/python.ts';

test.each([
  [0.03125, 4, '0.0312'],
  [0.09375, 4, '0.0938'],
  [0.5, 0, '0'],
  [1.5, 0, '2'],
  [2.5, 0, '2'],
  [-2.5, 0, '-2'],
  [-0.4, 0, '-0'],
  [-0, 2, '-0.00'],
  [0.1 + 0.2, 2, '0.30'],
  [1.005, 2, '1.00'],
  [99999.99995, 4, '99999.9999'],
  [1e21, 0, '1000000000000000000000'],
  [-1e23, 2, '-99999999999999991611392.00'],
  [Number.NaN, 4, 'nan'],
  [Number.POSITIVE_INFINITY, 4, 'inf'],
  [Number.NEGATIVE_INFINITY, 4, '-inf'],
])('%d with %d decimals is %s', (x, decimals, text) => {
  expect(formatFixed(x, decimals)).toBe(text);
});

test.each([
  [0.00099, 4, '9.9000e-04'],
  [0, 4, '0.0000e+00'],
  [-0, 1, '-0.0e+00'],
  [1e100, 4, '1.0000e+100'],
  [2.5, 0, '2e+00'],
  [3.5, 0, '4e+00'],
  [1.125, 2, '1.12e+00'],
  [-1.375, 2, '-1.38e+00'],
  [250, 0, '2e+02'],
  [9.5, 0, '1e+01'],
  [5e-324, 2, '4.94e-324'],
  [Number.NaN, 4, 'nan'],
])('%d with an exponent and %d decimals is %s', (x, decimals, text) => {
  expect(formatScientific(x, decimals)).toBe(text);
});
