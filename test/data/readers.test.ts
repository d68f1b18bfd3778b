/** What all readers of text have in common: chunks may be cut anywhere, and two parsers agree. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { readQuery } from '../../src/data/duckdb-rows.ts';
import { type RowOptions, readRows, type TableFormat } from '../../src/data/rows.ts';
import { rowsOf } from './text-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlp-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** All rows of bytes that come in these pieces. */
async function read(pieces: readonly Uint8Array[], format: TableFormat, options: RowOptions) {
  const chunks = (async function* () {
    yield* pieces;
  })();
  return rowsOf(readRows({ name: 'data', chunks }, format, options).batches);
}

const NASTY =
  'name,"quoted ""name""",é€😀\n' +
  '"a\nb","c\n\nd",e\n' +
  '\n' +
  ',"",\n' +
  '#,"no row\n' +
  '"😀,"," x ",y""z\n' +
  '\n   \n' +
  'last,row,"no newline"';

const LINES = '{"a": "x\\n€", "b": 1}\n\n{"b": -0.5, "a": "😀\\""}\n{"a": null}';
const ALIGNED = 'a  b\tc\n\n1 "x y" "€ ""😀"""\n  2\t3  4  \n';

const crlf = (text: string) => text.replaceAll('\n', '\r\n');
const cr = (text: string) => text.replaceAll('\n', '\r');
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');

const texts: Record<string, [Uint8Array, TableFormat, RowOptions?]> = {
  'a nasty CSV': [Buffer.from(NASTY), 'csv', { comment: '#' }],
  'one that ends lines in CRLF': [Buffer.from(crlf(NASTY)), 'csv', { comment: '#' }],
  'one that ends lines in CR': [Buffer.from(cr(NASTY)), 'csv', { comment: '#' }],
  'one with a byte-order mark': [Buffer.from(`\uFEFF${NASTY}`), 'csv', { comment: '#' }],
  'one in UTF-16': [utf16(NASTY), 'csv', { comment: '#' }],
  'one in UTF-16, big-endian, with CRLF': [utf16(crlf(NASTY)).swap16(), 'csv', { comment: '#' }],
  "one with Excel's line": [Buffer.from(`sep=,\r\n${crlf(NASTY)}`), 'csv', { comment: '#' }],
  'JSON lines': [Buffer.from(crlf(LINES)), 'jsonl'],
  'JSON lines in UTF-16': [utf16(LINES), 'jsonl'],
  'cells with blanks between them': [Buffer.from(crlf(ALIGNED)), 'csv', { delimiter: ' ' }],
};

test.each(Object.entries(texts))(
  '%s is the same cut at every byte',
  async (_, [bytes, format, options = {}]) => {
    const whole = await read([bytes], format, options);
    expect(whole.length).toBeGreaterThan(2);
    for (let at = 0; at <= bytes.length; at++) {
      const pieces = [bytes.subarray(0, at), bytes.subarray(at)];
      expect(await read(pieces, format, options)).toEqual(whole);
    }
    const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(await read(single, format, options)).toEqual(whole);
  },
);

test('a nasty CSV has the same cells in every encoding and with every line end', async () => {
  const cells = async (name: string) => {
    const [bytes, format, options = {}] = texts[name];
    const rows = await read([bytes], format, options);
    return rows.map((row) => row.cells.map((cell) => cell.replace(/\r\n?/g, '\n')));
  };
  const expected = await cells('a nasty CSV');
  expect(expected).toEqual([
    ['name', 'quoted "name"', 'é€😀'],
    ['a\nb', 'c\n\nd', 'e'],
    ['', '', ''],
    ['😀,', ' x ', 'y""z'],
    ['last', 'row', 'no newline'],
  ]);
  for (const name of Object.keys(texts).slice(0, 7)) expect(await cells(name)).toEqual(expected);
});

describe('papaparse and DuckDB', () => {
  const cell = fc.oneof(
    fc.constantFrom('', 'a', '1.5', ' x ', 'NA', '-0', '😀', 'é€', '#', 'sep=;'),
    fc.string({ unit: fc.constantFrom('a', ',', ';', '"', '\n', ' ', '€', '1'), maxLength: 6 }),
  );
  const tables = fc.integer({ min: 2, max: 5 }).chain((width) =>
    fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
      minLength: 1,
      maxLength: 8,
    }),
  );
  const written = (text: string, delimiter: string, always: boolean) =>
    always || /["\n\r]/.test(text) || text.includes(delimiter)
      ? `"${text.replaceAll('"', '""')}"`
      : text;

  test('read the same cells from every well-formed file', async () => {
    const path = join(folder, 'table.csv');
    const ends = fc.constantFrom('\n', '\r\n');
    const delimiters = fc.constantFrom(',', ';', '\t', '|');
    await fc.assert(
      fc.asyncProperty(
        tables,
        ends,
        delimiters,
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (table, end, delimiter, always, size) => {
          // What Excel begins a file with is no row here, and one there.
          fc.pre(!table[0][0].startsWith('sep='));
          // DuckDB refuses a file with two kinds of line ends, in cells, too.
          const rows = table.map((row) => row.map((text) => text.replaceAll('\n', end)));
          const text = rows
            .map((row) => row.map((c) => written(c, delimiter, always)).join(delimiter) + end)
            .join('');
          writeFileSync(path, text);
          const bytes = Buffer.from(text);
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
            bytes.subarray(i * size, (i + 1) * size),
          );
          const ours = await read(pieces, 'csv', { delimiter });
          const columns = rows[0].map((_, i) => `c${i}: 'VARCHAR'`).join(', ');
          const sql = `SELECT * FROM read_csv('${path}', delim = '${delimiter}', quote = '"', escape = '"', header = false, auto_detect = false, columns = {${columns}})`;
          const theirs = (await rowsOf(readQuery(sql, [], {}).batches)).slice(1);
          expect(ours.map(({ cells }) => cells)).toEqual(rows);
          expect(theirs.map(({ cells }) => cells)).toEqual(rows);
        },
      ),
      { numRuns: 60 },
    );
  });
});
