import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSource, readBytes } from '../../src/data/source.ts';
import { failure, sourceOf } from './text-source.ts';

let folder = '';
const nothing = sourceOf('').chunks;
const open = (name: string) => openSource(join(folder, name), nothing);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-source-'));
  mkdirSync(join(folder, 'folder'));
  writeFileSync(join(folder, 'train.csv'), 'a,b\n1,2\n');
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(600_000, 'abc'));
});

afterAll(() => rmSync(folder, { recursive: true }));

test('a file is read whole, in chunks', async () => {
  const source = await open('large.bin');
  expect(source.name).toBe(join(folder, 'large.bin'));
  const bytes = await readBytes(source);
  expect(Buffer.from(bytes).equals(Buffer.alloc(600_000, 'abc'))).toBe(true);
});

test('a dash is standard input', async () => {
  const source = await openSource('-', sourceOf('1,2\n', { chunk: 1 }).chunks);
  expect(source.name).toBe('standard input');
  expect(Buffer.from(await readBytes(source)).toString()).toBe('1,2\n');
});

test('a missing file is named, with the file that may have been meant', async () => {
  expect(await failure(() => open('trian.csv'))).toBe(
    `6\nmlp: ${folder}/trian.csv: expected a file; found none of that name\n  did you mean "train.csv"?\n`,
  );
  expect(await failure(() => open('other/x.csv'))).toBe(
    `6\nmlp: ${folder}/other/x.csv: expected a file; found none of that name\n`,
  );
});

test('a folder is no file', async () => {
  expect(await failure(() => open('folder'))).toBe(
    `6\nmlp: ${folder}/folder: expected a file; found a folder\n  name a file in it\n`,
  );
});

test.skipIf(process.getuid?.() === 0)('a file that may not be read is named', async () => {
  writeFileSync(join(folder, 'secret.csv'), '1\n');
  chmodSync(join(folder, 'secret.csv'), 0);
  expect(await failure(() => open('secret.csv'))).toBe(
    `6\nmlp: ${folder}/secret.csv: expected a file that may be read; found no permission to read it\n`,
  );
});

test('a file that goes away before it is read is named', async () => {
  writeFileSync(join(folder, 'brief.csv'), '1\n');
  const source = await open('brief.csv');
  rmSync(join(folder, 'brief.csv'));
  expect(await failure(() => readBytes(source))).toBe(
    `6\nmlp: ${folder}/brief.csv: expected a file; found none of that name\n`,
  );
});

test('a file above the limit is refused before it is held in memory', async () => {
  const whole = { limit: 500_000, exitCode: 2, remedy: 'take less' } as const;
  const message = `2\nmlp: ${folder}/large.bin: expected at most 500,000 bytes in this format; found more\n  take less\n`;
  const source = await open('large.bin');
  expect(await failure(() => readBytes(source, whole))).toBe(message);
  // Where nobody knows how large it is, not much more than the limit is read.
  let read = 0;
  async function* counted() {
    for await (const chunk of source.chunks) {
      read += chunk.length;
      yield chunk;
    }
  }
  const pipe = { name: source.name, chunks: counted() };
  expect(await failure(() => readBytes(pipe, whole))).toBe(message);
  expect(read).toBeGreaterThan(500_000);
  expect(read).toBeLessThan(500_000 + 2 ** 19);
});

test('more bytes than were allowed are refused, of packed ones those that they stand for', async () => {
  const path = join(folder, 'large.bin');
  const large = await openSource(path, nothing, 500_000);
  expect(await failure(() => readBytes(large))).toBe(
    `3\nmlp: ${path}: expected at most 500,000 bytes; found more\n  if it is meant to be so large, say how large: --max-bytes 20G\n`,
  );
  const packed = join(folder, 'bomb.gz');
  writeFileSync(packed, gzipSync(Buffer.alloc(2 ** 22)));
  const bomb = await openSource(packed, nothing, 500_000);
  expect(await failure(() => readBytes(bomb))).toBe(
    `3\nmlp: ${packed}: expected at most 500,000 bytes unpacked; found more\n  if it is meant to be so large, say how large: --max-bytes 20G\n`,
  );
  const allowed = await openSource(packed, nothing, 2 ** 22);
  expect((await readBytes(allowed)).length).toBe(2 ** 22);
});
