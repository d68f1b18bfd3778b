/** Arrays of NumPy as tables: every element is written exactly, whatever its type. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readNpyTable } from '../../src/data/rows.ts';
import { collect, failure, rowsOf } from './text-source.ts';

const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/data/npy/${name}.npy`, import.meta.url));

/** A file of version 1.0 with these bytes of data. */
function npy(type: string, shape: string, data: Uint8Array): Uint8Array {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117);
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1'),
    Buffer.from(`${header}\n`),
    data,
  ]);
}

async function read(bytes: Uint8Array): Promise<string[]> {
  const { batches, places } = readNpyTable(bytes, 'a.npy');
  return (await rowsOf(batches)).map(({ cells, line }) => `${places.at(line)} ${cells.join(' ')}`);
}

test.each<[string, Uint8Array, string]>([
  ['<i8', Buffer.from(BigInt64Array.of(-(2n ** 53n) - 1n, 7n).buffer), '-9007199254740993 7'],
  ['<u8', Buffer.from(BigUint64Array.of(2n ** 64n - 1n, 0n).buffer), '18446744073709551615 0'],
  ['<f8', Buffer.from(Float64Array.of(0.1, -0).buffer), '0.1 -0'],
  ['<f8', Buffer.from(Float64Array.of(Number.NaN, 1e300).buffer), 'NaN 1e+300'],
  ['<f4', Buffer.from(Float32Array.of(0.1, Number.NEGATIVE_INFINITY).buffer), '0.1 -Infinity'],
  ['|b1', Buffer.from([1, 0]), '1 0'],
])('%s %j is written as %s', async (type, data, cells) => {
  expect(await read(npy(type, '1, 2', data))).toEqual([`a.npy: [0] ${cells}`]);
});

test('rows are rows, and come in blocks', async () => {
  expect(await read(fixture('i1_2x2'))).toEqual(['a.npy: [0] 0 1', 'a.npy: [1] 100 127']);
  const values = Float32Array.from({ length: 100_000 * 2 }, (_, i) => i);
  const { batches } = readNpyTable(npy('<f4', '100000, 2', Buffer.from(values.buffer)), 'a.npy');
  const blocks = await collect(batches);
  expect(blocks.length).toBeGreaterThan(2);
  expect(blocks.flat().at(-1)).toEqual({ line: 99_999, cells: ['199998', '199999'] });
});

test.each(['f4_5', 'f4_2x3x4', 'f4_0x3', 'f4_scalar'])('%s is no table', async (name) => {
  expect(await failure(() => read(fixture(name)))).toMatch(
    /^3\nmlp: a\.npy: expected an array of rows and columns, features and targets; found the shape \(/,
  );
});
