import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeNotNumber, parseNumber } from '../../src/data/number.ts';

describe('a cell that is a number', () => {
  const numbers: Record<string, number> = {
    '3': 3,
    '-1.5e3': -1500,
    '.5': 0.5,
    '1.': 1,
    '+5.1': 5.1,
    '  7 ': 7,
    '\t1.4\u00a0': 1.4,
    '2E-1': 0.2,
    '0003.3': 3.3,
    '-0': -0,
    '2.4999999999999999999999': 2.5,
    '1e-320': 1e-320,
    '3.4028235e38': 3.4028235e38,
    '123456789012345': 123456789012345,
    '0.123456789012345': 0.123456789012345,
    '1234567890123456800': 1234567890123456800,
  };
  for (const [text, value] of Object.entries(numbers)) {
    test(`${JSON.stringify(text)} is ${value}`, () => {
      expect(parseNumber(text)).toBe(value);
    });
  }
});

describe('a cell that is no number', () => {
  const others = ['', ' ', '.', '-', '+', 'e5', '1e', '1e+', '0x10', '1_000', '1,5', '1 5', '--1'];
  const words = ['inf', '-Infinity', 'NaN', 'nan', '1.2.3', '5%', '١', '1e39', '-1e400', '½'];
  for (const text of [...others, ...words]) {
    test(`${JSON.stringify(text)} is none`, () => {
      expect(parseNumber(text)).toBeUndefined();
    });
  }
});

test('every double reads back from its shortest text, if float32 can hold it', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -3e38, max: 3e38 }), (x) => {
      expect(parseNumber(String(x))).toBe(x === 0 ? 0 : x);
    }),
  );
});

test('short decimals are read as JavaScript reads them', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^-?\d{1,9}\.\d{0,9}$/), (text) => {
      expect(parseNumber(text)).toBe(Number(text));
    }),
    { numRuns: 1000 },
  );
});

test('a long cell that is no number is refused at once', () => {
  const text = `${'1'.repeat(200_000)}.${'1'.repeat(200_000)}x`;
  const start = performance.now();
  expect(parseNumber(text)).toBeUndefined();
  expect(performance.now() - start).toBeLessThan(1000);
});

test('a message says what was found instead of a number', () => {
  const found = ['', '  ', 'n/a', '1e39', '6\u0000'].map(describeNotNumber);
  expect(found).toEqual([
    'an empty cell',
    'an empty cell',
    '"n/a"',
    '"1e39", which is beyond float32 (3.4e38)',
    '"6\\u0000"',
  ]);
});
