/** Packed bytes, known by how they begin, unpacked on the way; all others go through as they are. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ExitCode, UserError } from '../errors.ts';
import { formatThousands } from '../words.ts';

/** What every member of a gzip file begins with (RFC 1952); no UTF-8 text does. */
const MAGIC = [0x1f, 0x8b] as const;

/** Bytes that packed data may be where nobody says how many: gzip makes a thousand bytes of one. 4 GiB. */
export const MAX_UNPACKED = 2 ** 32;

/** Bytes that come at once, where there are so many: each time costs as much, however many they are. */
const MOST_AT_ONCE = 2 ** 18;

/**
 * The bytes of a stream, unpacked if they are gzip: of all members, one after the other. Each chunk is
 * handed on as soon as it is there.
 *
 * @param name      the file, for messages
 * @param maxBytes  that may come out; without it any number, of packed data `MAX_UNPACKED`
 * @throws {UserError} exit 3 for packed bytes that end early or are damaged, and for more bytes
 */
export async function* unpacked(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  maxBytes?: number,
): AsyncGenerator<Uint8Array> {
  const rest = chunks[Symbol.asyncIterator]();
  const start = await firstBytes(rest);
  const isPacked = MAGIC.every((byte, index) => start[index] === byte);
  const whole = resumed(start, rest);
  const limit = maxBytes ?? (isPacked ? MAX_UNPACKED : Number.POSITIVE_INFINITY);
  yield* limited(isPacked ? gunzip(name, whole) : whole, limit, () =>
    tooManyBytes(name, limit, isPacked),
  );
}

/** The chunks of a stream up to a number of bytes. @throws what `failure` makes where there are more */
async function* limited(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
  failure: () => Error,
): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > limit) throw failure();
    yield chunk;
  }
}

/** The error for data of more bytes than are allowed. */
function tooManyBytes(name: string, limit: number, isPacked: boolean): UserError {
  const unpacked = isPacked ? ' unpacked' : '';
  return new UserError(
    ExitCode.data,
    `${name}: expected at most ${formatThousands(limit)} bytes${unpacked}; found more`,
    'if it is meant to be so large, say how large: --max-bytes 20G',
  );
}

/** As many chunks as it takes to know what these bytes are, in one. */
async function firstBytes(chunks: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let start: Uint8Array = new Uint8Array(0);
  while (start.length < MAGIC.length && (start.length === 0 || start[0] === MAGIC[0])) {
    const next = await chunks.next();
    if (next.done) break;
    start = start.length === 0 ? next.value : Buffer.concat([start, next.value]);
  }
  return start;
}

/** The stream as it was before its start was looked at; closes it at the end. */
export async function* resumed(
  start: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    if (start.length > 0) yield start;
    for (;;) {
      const next = await rest.next();
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}

async function* gunzip(
  name: string,
  packed: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const unpacking = createGunzip({ chunkSize: MOST_AT_ONCE });
  // What goes wrong on either side comes out of the loop below.
  pipeline(Readable.from(packed, { highWaterMark: 1 }), unpacking, () => {});
  try {
    for await (const chunk of unpacking) yield chunk;
  } catch (error) {
    throw unpackingFailed(name, error);
  }
}

/** What zlib says, as a message; anything else is passed on as it is. */
function unpackingFailed(name: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const expected = `${name}: expected a whole gzip file`;
  switch (error.code) {
    case 'Z_BUF_ERROR':
      return new UserError(
        ExitCode.data,
        `${expected}; found one that ends early`,
        'it seems to be cut off: copy it again',
      );
    case 'Z_DATA_ERROR':
      return new UserError(
        ExitCode.data,
        `${expected}; found damaged data (${error.message})`,
        'copy it again; "gzip -t FILE" tests it',
      );
    default:
      return error;
  }
}
