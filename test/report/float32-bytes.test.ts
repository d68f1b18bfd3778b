import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shortestFloat32 } from '../../src/float32.ts';
import { TextBytes } from '../../src/report/float32-bytes.ts';

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

function ofBits(pattern: number): number {
  bits[0] = pattern;
  return float[0];
}

/** Writes all of them at once, for what one leaves behind the next would read. */
function expectSame(values: readonly number[]): void {
  const bytes = new TextBytes(8);
  for (const value of values) {
    bytes.float32(value);
    bytes.byte(10);
  }
  const written = Buffer.from(bytes.take()).toString('latin1').split('\n').slice(0, -1);
  const expected = values.map(shortestFloat32);
  expect(written).toEqual(expected);
  const rows = expected.map((text, i) => text + (i % WIDTH === WIDTH - 1 ? '\n' : ',')).join('');
  expect(rowsOf(values)).toBe(rows);
  expect(rowsOf(values, kernel)).toBe(rows);
}

const WIDTH = 3;
const kernel = new TextBytes();
// There is a kernel once there were many numbers.
rowsOf(new Array(2000).fill(1), kernel);

/** Numbers in rows of three. */
function rowsOf(values: readonly number[], bytes = new TextBytes(8)): string {
  bytes.float32Rows(Float32Array.from(values), { width: WIDTH, between: 44, last: 10 });
  return Buffer.from(bytes.take()).toString('latin1');
}

test('zeros, what is not finite, and the ends of the range', () => {
  const ends = [0x00000001, 0x007fffff, 0x00800000, 0x00800001, 0x7f7ffffe, 0x7f7fffff].map(ofBits);
  expectSame([0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, ...ends]);
});

test('every exponent: random mantissas, and those around powers of two', () => {
  for (let exponent = 0; exponent < 255; exponent++) {
    const at = exponent * 2 ** 23;
    const near = [0, 1, 2, 3, 2 ** 22, 2 ** 23 - 2, 2 ** 23 - 1].map((mantissa) => at + mantissa);
    const random = Array.from(
      { length: 2000 },
      (_, i) => at + (Math.imul(i + exponent, 0x9e3779b1) >>> 9),
    );
    expectSame([...near, ...random].map(ofBits));
  }
});

test('short decimals and their neighbours, of every exponent', () => {
  for (let exponent = -38; exponent <= 38; exponent++) {
    const values: number[] = [];
    for (let digits = 1; digits < 1000; digits += 7) {
      float[0] = Number(`${digits}e${exponent - 2}`);
      const [middle] = bits;
      values.push(...[middle - 1, middle, middle + 1].map(ofBits).filter(Number.isFinite));
    }
    expectSame(values);
  }
});

test('whole numbers, halves and other ties', () => {
  for (let i = 0; i < 20_000; i += 10) {
    expectSame(Array.from({ length: 10 }, (_, k) => Math.fround(2097152 + (i + k) / 4)));
    expectSame(Array.from({ length: 10 }, (_, k) => i + k));
    expectSame(Array.from({ length: 10 }, (_, k) => -(i + k) / 1024));
  }
});

test('any float32', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 50 }),
      (patterns) => {
        expectSame(patterns.map(ofBits));
      },
    ),
    { numRuns: 5000 },
  );
});

test('rows that are longer than what is written at once, and a row for each number', () => {
  const values = Float32Array.from({ length: 10_000 }, (_, i) => (i - 5000) / 7);
  const text = Array.from(values, shortestFloat32);
  for (const width of [1, 5000, 10_000]) {
    const bytes = new TextBytes();
    bytes.float32Rows(values, { width, between: 44, last: 10 });
    const expected = text.map((number, i) => number + ((i + 1) % width === 0 ? '\n' : ','));
    expect(Buffer.from(bytes.take()).toString('latin1')).toBe(expected.join(''));
  }
});

test('texts and characters stand between the numbers', () => {
  const bytes = new TextBytes(1);
  bytes.text('é: ');
  bytes.float32(-0.25);
  bytes.byte(44);
  bytes.text('');
  bytes.float32(1e21);
  expect(Buffer.from(bytes.take()).toString('utf8')).toBe('é: -0.25,1e+21');
  expect(bytes.take()).toHaveLength(0);
});
