import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { numberInBytes } from '../../src/data/byte-number.ts';
import { parseNumber } from '../../src/data/number.ts';

function inBytes(text: string): number {
  const bytes = Buffer.from(`9${text}9`);
  return numberInBytes(bytes, 1, bytes.length - 1);
}

/** NaN leaves the text to decide; all else is what the text would say. */
function expectSame(text: string): void {
  const found = inBytes(text);
  if (!Number.isNaN(found))
    expect(`${text}: ${show(found)}`).toBe(`${text}: ${show(parseNumber(text))}`);
}

function show(value: number | undefined): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

describe('a number that needs no text', () => {
  const numbers = [
    '7',
    '-0',
    '+5.1',
    '.5',
    '1.',
    ' 1.5 ',
    '1e3',
    '2E-1',
    '0003.3',
    '0e-999',
    '-0e5',
  ];
  const long = ['0.4967141530112327', '-1234567890123456789', '9.5367431640625e-07', '1e22'];
  for (const text of [...numbers, ...long]) {
    test(JSON.stringify(text), () => {
      expect(show(inBytes(text))).toBe(show(parseNumber(text)));
    });
  }
});

describe('what only the text can decide', () => {
  const empty = ['', ' ', '.', '-', '+', 'e5', '1e', '1e+', '1ex', '1e0001'];
  const others = [
    '0x10',
    '1_000',
    '1,5',
    '1 5',
    '--1',
    'NaN',
    '1.2.3',
    '½',
    '1e39',
    '12345678901234567890',
  ];
  for (const text of [...empty, ...others]) {
    test(JSON.stringify(text), () => {
      expect(inBytes(text)).toBeNaN();
    });
  }
});

test('any text is the number that it would be as a text', () => {
  const unit = fc.constantFrom(...'0123456789'.repeat(3), ...'..eE+- ', 'x');
  fc.assert(fc.property(fc.string({ unit, maxLength: 24 }), expectSame), { numRuns: 20_000 });
});

test('decimals of any length and exponent are rounded to the nearest double', () => {
  const digits = fc.stringMatching(/^\d{1,20}$/);
  const exponent = fc.integer({ min: -45, max: 25 });
  const decimal = fc
    .tuple(digits, fc.nat(20), exponent, fc.boolean())
    .map(([all, point, power, isExponential]) => {
      const mantissa = `${all.slice(0, point)}.${all.slice(point)}`;
      return isExponential ? `${mantissa}e${power}` : mantissa;
    });
  fc.assert(fc.property(decimal, expectSame), { numRuns: 50_000 });
});

test('every double within reach is read from its shortest text, and from one digit less or more', () => {
  const double = fc.double({ noNaN: true, min: -1e22, max: 1e22 });
  fc.assert(
    fc.property(double, fc.integer({ min: 15, max: 19 }), (value, count) => {
      expectSame(String(value));
      expectSame(value.toPrecision(count));
    }),
    { numRuns: 50_000 },
  );
});

test('halfway between two doubles the text decides, and just beside it the bytes are right', () => {
  for (const text of [
    '9007199254740993',
    '9007199254740995',
    '1152921504606846848.5',
    '4503599627370497.5',
  ]) {
    expectSame(text);
  }
  for (let i = 0; i < 2000; i++) {
    const half = 2n ** 53n + 1n + BigInt(2 * i);
    for (const shift of [-1n, 0n, 1n]) {
      expectSame(`${half}`);
      expectSame(`${half * 100n + shift}e-2`);
      expectSame(`${half * 1000n + shift}e-3`);
    }
  }
});
