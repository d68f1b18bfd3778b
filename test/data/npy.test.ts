import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeNpy, encodeNpy } from '../../src/data/npy.ts';
import { type NdArray, sizeOf } from '../../src/ndarray.ts';
import { failure } from './text-source.ts';

const folder = new URL('../../fixtures/data/npy/', import.meta.url);
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(`${name}.npy`, folder)));
const read = (name: string) => decodeNpy(bytesOf(name), `${name}.npy`);

const array = (shape: number[], values: Iterable<number>): NdArray => ({
  shape,
  values: Float32Array.from(values),
});
const ones = (shape: number[]) => array(shape, new Array(sizeOf(shape)).fill(1));
const ramp = array(
  [2, 3, 4],
  Array.from({ length: 24 }, (_, i) => i / 8 - 1),
);
const square = array([2, 2], [0, 1, 100, 127]);

/** What each fixture holds. */
const contents: Record<string, NdArray> = {
  f4_2x3x4: ramp,
  f4_2x3x4_v2: ramp,
  f4_2x3x4_v3: ramp,
  f4_big_endian_2x3x4: ramp,
  f8_fortran_2x3x4: ramp,
  i1_2x2: square,
  be_i2_2x2: square,
  i4_2x2: square,
  be_i8_2x2: square,
  u1_2x2: square,
  u2_2x2: square,
  be_u4_2x2: square,
  u8_2x2: square,
  b1_2x2: array([2, 2], [0, 1, 1, 1]),
  f4_scalar: array([], [1.5]),
  f4_5: array([5], [0.1, -0, 1e-45, 3.4028235e38, 7]),
  f4_0x3: array([0, 3], []),
  f4_rank10: ones([1, 1, 1, 1, 1, 1, 1, 1, 1, 2]),
  f4_aligned: ones([1, 100, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
};

for (const [name, content] of Object.entries(contents)) {
  test(`${name}.npy, written by NumPy, reads as it was meant`, () => {
    expect(read(name)).toEqual(content);
  });
}

for (const name of ['f4_2x3x4', 'f4_scalar', 'f4_5', 'f4_0x3', 'f4_rank10', 'f4_aligned']) {
  test(`${name} is written in the bytes that NumPy writes`, () => {
    expect(encodeNpy(contents[name])).toEqual(bytesOf(name));
  });
}

const types = 'f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1';
const refused: Record<string, string> = {
  complex: `expected elements of one of the types ${types}; found "<c16"`,
  text: `expected elements of one of the types ${types}; found "<U1"`,
  object: `expected elements of one of the types ${types}; found "|O"`,
  fields: `expected elements of one of the types ${types}; found several fields`,
};
for (const [name, message] of Object.entries(refused)) {
  test(`elements that are no numbers are refused: ${name}`, async () => {
    expect(await failure(() => read(name))).toBe(
      `3\nmlp: ${name}.npy: ${message}\n  convert the array first: array.astype('float32')\n`,
    );
  });
}

test('a number that is not finite is refused with its place', async () => {
  expect(await failure(() => read('nan_2x2'))).toBe(
    '3\nmlp: nan_2x2.npy: [1][0]: expected a number within float32 (3.4e38); found NaN\n',
  );
});

test('every fixture has a test', () => {
  const tested = [...Object.keys(contents), ...Object.keys(refused), 'nan_2x2'];
  expect(readdirSync(folder).sort()).toEqual(tested.map((name) => `${name}.npy`).sort());
});

/** A version 1 file with this header and so many bytes of data. */
function fileWith(header: string, dataLength: number): Uint8Array {
  const start = Buffer.from(`\x93NUMPY\x01\x00`, 'latin1');
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  return Buffer.concat([start, length, Buffer.from(header, 'latin1'), Buffer.alloc(dataLength)]);
}

describe('a file that does not hold what it says is refused', () => {
  const header = (shape: string) =>
    `{'descr': '<f4', 'fortran_order': False, 'shape': ${shape}, }\n`;
  const whole = bytesOf('f4_5');
  const cases: Record<string, [bytes: Uint8Array, message: string]> = {
    'an empty file': [
      new Uint8Array(0),
      'expected a .npy file; found other data\n  write it with numpy.save',
    ],
    'a CSV file': [
      Buffer.from('a,b\n1,2\n'),
      'expected a .npy file; found other data\n  write it with numpy.save',
    ],
    'a version to come': [
      Uint8Array.from([...whole.slice(0, 6), 4, ...whole.slice(7)]),
      'expected .npy format version 1, 2 or 3; found 4',
    ],
    'a cut header': [whole.slice(0, 50), 'expected a whole header; found the end of the file'],
    'cut before the header': [whole.slice(0, 9), 'expected a header; found the end of the file'],
    'cut data': [
      whole.slice(0, -1),
      'expected 20 bytes of data for the shape (5) of 4-byte elements; found 19',
    ],
    'more data than the shape': [
      Uint8Array.from([...whole, 0]),
      'expected 20 bytes of data for the shape (5) of 4-byte elements; found 21',
    ],
    'a shape beyond any memory': [
      fileWith(header('(1000000, 1000000, 1000000)'), 4),
      'expected 4000000000000000000 bytes of data for the shape (1000000, 1000000, 1000000) of 4-byte elements; found 4',
    ],
    'a negative axis': [
      fileWith(header('(-1, 2)'), 8),
      `expected a header with descr, fortran_order and shape; found "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 2), }"`,
    ],
    'too many axes': [
      fileWith(header(`(${'1, '.repeat(65)})`), 4),
      'expected at most 64 axes; found 65',
    ],
  };
  for (const [name, [bytes, message]] of Object.entries(cases)) {
    test(name, async () => {
      expect(await failure(() => decodeNpy(bytes, 'x.npy'))).toBe(`3\nmlp: x.npy: ${message}\n`);
    });
  }
});

test('arrays of any shape survive writing and reading, bit for bit', () => {
  const arrays = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 }).chain((shape) =>
    fc
      .float32Array({
        minLength: sizeOf(shape),
        maxLength: sizeOf(shape),
        noNaN: true,
        noDefaultInfinity: true,
      })
      .map((values) => ({ shape, values })),
  );
  fc.assert(
    fc.property(arrays, (given) => {
      const back = decodeNpy(encodeNpy(given), 'x.npy');
      expect(back.shape).toEqual(given.shape);
      expect(Buffer.from(back.values.buffer)).toEqual(
        Buffer.from(given.values.buffer, given.values.byteOffset, given.values.byteLength),
      );
    }),
  );
});

test('damaged files give an array or a message, never anything else', async () => {
  const whole = bytesOf('f8_fortran_2x3x4');
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 4,
  });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(whole.length), async (changes, length) => {
      const bytes = whole.slice();
      for (const [place, byte] of changes) bytes[place] = byte;
      await failure(() => decodeNpy(bytes, 'x.npy'));
      await failure(() => decodeNpy(bytes.slice(0, length), 'x.npy'));
    }),
    { numRuns: 500 },
  );
});
