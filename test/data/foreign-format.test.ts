/** Files of other formats where a table should be: known whatever the chunks they come in. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readCsv } from '../../src/data/csv.ts';
import { collect, failure, sourceOf } from './text-source.ts';

const read = (content: string | Uint8Array, chunk: number) =>
  failure(() => collect(readCsv(sourceOf(content, { chunk, name: 'data' }))));

const JSON_REMEDY =
  'JSON is read from a file whose name ends in .json, or with --input-format json';
const others: Readonly<
  Record<string, [content: string | Uint8Array, found: string, remedy: string]>
> = {
  'gzip that was unpacked to gzip': [
    gzipSync('a,b\n1,2\n'),
    'gzip within gzip',
    'unpack it once more on the way: zcat FILE | mlp … --data -',
  ],
  'a zip archive': [
    Buffer.concat([Buffer.from('PK\x03\x04\x14\x00'), Buffer.from([0xff, 0xfe, 0x00])]),
    'a zip archive, as .xlsx and .npz are',
    'zip is not read: take the table out of it first, or save the sheet as CSV',
  ],
  Parquet: [
    Buffer.concat([
      Buffer.from('PAR1\x15\x04\x15'),
      Buffer.from([0xff, 0x00]),
      Buffer.from('PAR1'),
    ]),
    'Parquet',
    'Parquet is read from a file whose name ends in .parquet, or with --input-format parquet',
  ],
  'a JSON array of arrays': ['[[1, 2], [3, 4]]', 'JSON', JSON_REMEDY],
  'a JSON array of objects': ['\uFEFF \n[{"a": 1}]\n', 'JSON', JSON_REMEDY],
  'a JSON array of numbers': ['[-1, 2]', 'JSON', JSON_REMEDY],
  'JSON over several lines': ['{\n  "x": [[1]],\n  "y": [2]\n}\n', 'JSON', JSON_REMEDY],
  'an empty array': ['[]', 'JSON', JSON_REMEDY],
};

test.each(Object.entries(others))(
  '%s is called by its name',
  async (_, [content, found, remedy]) => {
    const message = `3\nmlp: data: expected a CSV table; found ${found}\n  ${remedy}\n`;
    for (const chunk of [1, 3, 2 ** 16]) expect(await read(content, chunk)).toBe(message);
  },
);

test.each(['{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n', '[1, 2]\n\n[3, 4]'])(
  'JSON lines are told from JSON where two came at once: %j',
  async (text) => {
    expect(await read(text, 2 ** 16)).toBe(
      '3\nmlp: data: expected a CSV table; found JSON lines\n  JSON lines are read from a file whose name ends in .jsonl or .ndjson, or with --input-format jsonl\n',
    );
  },
);

test.each(['[kg],[m]\n1,2\n', '"[1]",b\n1,2\n', 'PK,b\n1,2\n', '{a},b\n1,2\n', 'PAR,1\n2,3\n'])(
  'a table may begin with %j',
  async (text) => {
    for (const chunk of [1, 2 ** 16]) expect(await read(text, chunk)).toBe('no failure');
  },
);
