/** Numbers as bytes: the same on machines of either order of bytes. */
import { describe, expect, test, vi } from 'vitest';

const swapped: readonly [Float32Array | Float64Array | Int32Array, string][] = [
  [Float32Array.of(1, -2), '0000803f000000c0'],
  [Int32Array.of(1, -2), '01000000feffffff'],
  [Float64Array.of(1), '000000000000f03f'],
];

/** The module as a machine of this order has it; of the other order, arrays lie swapped in memory. */
async function bytesFor(order: 'LE' | 'BE') {
  vi.resetModules();
  vi.doMock('node:os', () => ({ endianness: () => order }));
  const module = await import('../../src/files/bytes.ts');
  vi.doUnmock('node:os');
  return module;
}

/** As a machine of the other order would have it in memory. */
function inOtherOrder<Kind extends Float32Array | Float64Array | Int32Array>(array: Kind): Kind {
  const copy = array.slice() as Kind;
  const bytes = Buffer.from(copy.buffer);
  if (copy.BYTES_PER_ELEMENT === 8) bytes.swap64();
  else bytes.swap32();
  return copy;
}

describe.each(['LE', 'BE'] as const)('on a machine whose order is %s', (order) => {
  test.each(swapped)('%j is written little-endian and read back', async (array, hex) => {
    const { bytesOf, numbersOf } = await bytesFor(order);
    const own = order === 'LE' ? array : inOtherOrder(array);
    const before = own.slice();
    const bytes = bytesOf(own);
    expect(bytes.toString('hex')).toBe(hex);
    expect(own).toEqual(before);
    const kind = array.constructor as Parameters<typeof numbersOf<typeof array>>[0];
    expect(numbersOf<typeof array>(kind, bytes)).toEqual(own);
  });
});
