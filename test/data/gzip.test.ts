import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unpacked } from '../../src/data/gzip.ts';
import { collect, failure, sourceOf } from './text-source.ts';

const first = gzipSync('a,b\n1,2\n');
const both = Buffer.concat([first, gzipSync('3,4\n')]);

async function unpack(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  return Buffer.concat(await collect(unpacked('data.gz', chunks))).toString('latin1');
}

async function* inChunks(...chunks: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

test('all members are unpacked, wherever the bytes are cut', async () => {
  for (let cut = 0; cut <= both.length; cut++) {
    const chunks = inChunks(both.subarray(0, cut), both.subarray(cut));
    expect(await unpack(chunks)).toBe('a,b\n1,2\n3,4\n');
  }
  const { chunks } = sourceOf(both, { chunk: 1 });
  expect(await unpack(chunks)).toBe('a,b\n1,2\n3,4\n');
});

test('other bytes go through as they are', async () => {
  const bytes = fc.uint8Array({ maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(bytes, fc.integer({ min: 1, max: 6 }), async (content, chunk) => {
      fc.pre(!(content[0] === 0x1f && content[1] === 0x8b));
      const text = await unpack(sourceOf(content, { chunk }).chunks);
      expect(text).toBe(Buffer.from(content).toString('latin1'));
    }),
  );
  expect(await unpack(sourceOf('\u001f').chunks)).toBe('\u001f');
});

test('an end at any byte but that of a member is too early', async () => {
  const message =
    '3\nmlp: data.gz: expected a whole gzip file; found one that ends early\n  it seems to be cut off: copy it again\n';
  for (let end = 2; end < both.length; end++) {
    const told = await failure(() => unpack(inChunks(both.subarray(0, end))));
    expect(told).toBe(end === first.length ? 'no failure' : message);
  }
});

test('damaged data are said, in the words of zlib', async () => {
  const damaged = Buffer.from(both);
  damaged[first.length - 8] ^= 1;
  expect(await failure(() => unpack(inChunks(damaged)))).toBe(
    '3\nmlp: data.gz: expected a whole gzip file; found damaged data (incorrect data check)\n  copy it again; "gzip -t FILE" tests it\n',
  );
});

test('what goes wrong in reading is passed on', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield both.subarray(0, 20);
    throw new Error('no more of this');
  }
  await expect(unpack(broken())).rejects.toThrow('no more of this');
});

test('the source is closed when nobody wants more', async () => {
  let isClosed = false;
  async function* endless(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield chunk;
    } finally {
      isClosed = true;
    }
  }
  for (const chunk of [Buffer.from('1,2\n'), first]) {
    isClosed = false;
    for await (const part of unpacked('x', endless(chunk))) {
      expect(part.length).toBeGreaterThan(0);
      break;
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(isClosed).toBe(true);
  }
});
