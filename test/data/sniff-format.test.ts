/** Which format content is in, whatever the chunks, and that nothing of it is lost by looking. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sniffFormat } from '../../src/data/sniff-format.ts';
import { collect, sourceOf } from './text-source.ts';

const npy = new URL('../../fixtures/data/npy/f4_5.npy', import.meta.url);

test.each<[string | Uint8Array, string]>([
  ['', 'csv'],
  ['a,b\n1,2\n', 'csv'],
  ['[kg],y\n1,2\n', 'csv'],
  ['{a},b\n', 'csv'],
  ['PAR1,b\n1,2\n', 'csv'],
  [Buffer.from([0xe9, 0x2c, 0x31]), 'csv'],
  ['[[1, 2], [3, 4]]', 'json'],
  ['\uFEFF \n[\n[1, 2]\n]', 'json'],
  ['[{"a": 1},\n {"a": 2}]', 'json'],
  ['{"x": [[1]], "y": [2]}', 'json'],
  ['{\n  "x": [[1]],\n  "y": [2]\n}\n', 'json'],
  ['[]', 'json'],
  ['[1, 2]', 'json'],
  ['[1, 2]\n \n', 'json'],
  ['{"x": 1, "y": 2}\n{"x": 3, "y": 4}\n', 'jsonl'],
  ['{"x": 1, "y": 2}', 'jsonl'],
  ['\n{"a": null}\r\n{"a": 1}', 'jsonl'],
  ['[1, "a"]\n[2, "b"]\n', 'jsonl'],
  [Buffer.from('\uFEFF{"a": 1}\n{"a": 2}', 'utf16le'), 'jsonl'],
  [Buffer.from('PAR1\x15\x04\x15PAR1', 'latin1'), 'parquet'],
  [Buffer.from('12345678DUCK\x40\0', 'latin1'), 'duckdb'],
  [readFileSync(npy), 'npy'],
])('%j is %s', async (content, format) => {
  // What is known by its bytes comes in one piece.
  const chunks = typeof content === 'string' ? [1, 2, 7, 2 ** 16] : [2 ** 16];
  for (const chunk of chunks) {
    const sniffed = await sniffFormat(sourceOf(content, { chunk }));
    expect(sniffed.format).toBe(format);
    expect(Buffer.concat(await collect(sniffed.source.chunks))).toEqual(Buffer.from(content));
  }
});

test('no more is read than the first line of objects, so that rows go on as they come', async () => {
  const chunks = (async function* () {
    yield Buffer.from('{"a": 1}\n');
    throw new Error('read too far');
  })();
  expect((await sniffFormat({ name: 'x', chunks })).format).toBe('jsonl');
});
