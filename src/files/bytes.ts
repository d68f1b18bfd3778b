/** Arrays of numbers as bytes in files, and checksums of them: in one order of bytes on every machine. */
import { createHash } from 'node:crypto';
import { endianness } from 'node:os';

/** Arrays that files hold. */
type Numbers = Float32Array | Float64Array | Int32Array;

/**
 * So many hexadecimal digits of a SHA-256 are enough for a checksum: 64 bits, so that a change by accident is not
 * found in one of 10¹⁹ cases. A change on purpose can bring its digest with it, however long that is.
 */
export const SHORT = 16;

/** The bytes of the numbers, little-endian; they may be those of the array itself. */
export function bytesOf({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT }: Numbers): Buffer {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  return endianness() === 'LE' ? bytes : swapped(Buffer.from(bytes), BYTES_PER_ELEMENT);
}

/**
 * The numbers of such bytes, copied.
 *
 * @param bytes  as many as whole numbers take
 */
export function numbersOf<Kind extends Numbers>(
  kind: { new (buffer: ArrayBuffer): Kind; readonly BYTES_PER_ELEMENT: number },
  bytes: Uint8Array,
): Kind {
  const own = new Uint8Array(bytes);
  if (endianness() === 'BE') swapped(Buffer.from(own.buffer), kind.BYTES_PER_ELEMENT);
  return new kind(own.buffer);
}

function swapped(bytes: Buffer, size: number): Buffer {
  return size === 8 ? bytes.swap64() : bytes.swap32();
}

/** The SHA-256 of texts, as UTF-8, and bytes, one after the other, in hexadecimal. */
export function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
