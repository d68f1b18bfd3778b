/** Several files as one table: the order of columns, headers, and the places of rows. */
import { expect, test } from 'vitest';
import { readRows, type TableFormat } from '../../src/data/rows.ts';
import { joinTables, type SeveralOptions } from '../../src/data/several-tables.ts';
import { failure, rowsOf, sourceOf } from './text-source.ts';

function join(
  files: Readonly<Record<string, string>>,
  options: SeveralOptions = {},
  chunk = 2 ** 16,
) {
  const parts = Object.entries(files).map(([name, text]) => ({
    name,
    open: async () => {
      const format: TableFormat = name.endsWith('.jsonl') ? 'jsonl' : 'csv';
      return readRows(sourceOf(text, { name, chunk }), format);
    },
  }));
  return joinTables(parts, options);
}

async function read(...args: Parameters<typeof join>): Promise<string[]> {
  const { batches, places } = join(...args);
  return (await rowsOf(batches)).map(({ cells, line, isHeader }) => {
    return `${isHeader ? 'header ' : ''}${places.at(line)} ${cells.join(' ')}`;
  });
}

test('columns are found by name, and rows keep their places', async () => {
  const files = {
    'a.csv': 'x,y,name\n\n1,2,p\n',
    'b.csv': '"name",y,x\nq,4,"3\n"\nr,6,5',
    'c.csv': 'y,x,name\n',
    'd.jsonl': '{"y": 8, "name": "s", "x": 7}\n',
    'e.csv': 'x,y,name\n9,10,t\n',
  };
  for (const chunk of [1, 2 ** 16]) {
    expect(await read(files, {}, chunk)).toEqual([
      'header a.csv:1 x y name',
      'a.csv:3 1 2 p',
      'b.csv:2 3\n 4 q',
      'b.csv:4 5 6 r',
      'd.jsonl:1 7 8 s',
      'e.csv:2 9 10 t',
    ]);
  }
});

test('without headers columns go by position', async () => {
  const files = { 'a.csv': '1,2\n3,4\n', 'b.csv': '5,6\n', 'c.jsonl': '[7, 8]\n' };
  expect(await read(files)).toEqual(['a.csv:1 1 2', 'a.csv:2 3 4', 'b.csv:1 5 6', 'c.jsonl:1 7 8']);
  const words = { 'a.csv': 'p,2\n', 'b.csv': 'q,6\n' };
  expect(await read(words, { header: false })).toEqual(['a.csv:1 p 2', 'b.csv:1 q 6']);
});

test('numbers are names where the header is said to be one', async () => {
  const files = { 'a.csv': '1,2\n3,4\n', 'b.csv': '2,1\n5,6\n' };
  expect(await read(files, { header: true })).toEqual([
    'header a.csv:1 1 2',
    'a.csv:2 3 4',
    'b.csv:2 6 5',
  ]);
});

test('the table is called by its first file, and says what it took for a header', async () => {
  const table = join({ 'a.csv': 'y,0\n5,0\n', 'b.csv': 'y,0\n6,1\n' });
  expect(table.places.name).toBe('a.csv and 1 more');
  const rows = await rowsOf(table.batches);
  expect(table.notes()).toEqual(['note: a.csv:1 is taken as the header']);
  expect(rows.map(({ line }) => table.places.within(line))).toEqual([
    'line 1 of a.csv',
    'line 2 of a.csv',
    'line 2 of b.csv',
  ]);
});

const SAME = '  several files are one table only if they have the same columns\n';

test.each<[string, Record<string, string>, string]>([
  [
    'a column is missing',
    { 'a.csv': 'x,y\n1,2\n', 'b.csv': '\nx,z\n1,2\n' },
    `b.csv:2: expected the column "y" of a.csv; found "x", "z"\n${SAME}`,
  ],
  [
    'there is one more',
    { 'a.csv': 'x,y\n1,2\n', 'b.csv': 'y,z,x\n1,2,3\n' },
    `b.csv:1: expected the columns of a.csv alone; found "z" besides\n${SAME}`,
  ],
  [
    'one is there twice',
    { 'a.csv': 'x,y\n1,2\n', 'b.csv': 'y,x,x\n1,2,3\n' },
    `b.csv:1: expected the columns of a.csv alone; found "x" besides\n${SAME}`,
  ],
  [
    'the header is missing',
    { 'a.csv': 'x,y\n1,2\n', 'b.csv': '3,4\n' },
    'b.csv:1: expected the header of a.csv; found "3", "4"\n  each file needs the header; or join them: cat FILES | mlp … --data -\n',
  ],
  [
    'there are more columns without names',
    { 'a.csv': '1,2\n', 'b.csv': '3,4,5\n' },
    `b.csv:1: expected 2 columns as in a.csv; found 3\n${SAME}`,
  ],
  [
    'there are names where the first file has none',
    { 'a.csv': '1,2\n', 'b.jsonl': '{"x": 1, "y": 2}\n' },
    `b.jsonl:1: expected rows without a header, as in a.csv; found one: "x", "y"\n${SAME}`,
  ],
  [
    'a file is empty',
    { 'a.csv': '1,2\n', 'b.csv': '' },
    'b.csv: expected rows of cells; found an empty file\n',
  ],
])('a file is refused where %s', async (_, files, message) => {
  expect(await failure(() => read(files))).toBe(`3\nmlp: ${message}`);
});

test('later tables have a header where a model knows its names', async () => {
  const columns = {
    header: true,
    features: [{ name: 'x', position: 1, kind: 'number' }],
    targets: [{ name: 'y', position: 2, kind: 'number' }],
  } as const;
  const files = { 'a.csv': 'x\n1\n', 'b.csv': 'x\n2\n' };
  expect(await read(files, { later: { columns } })).toEqual([
    'header a.csv:1 x',
    'a.csv:2 1',
    'b.csv:2 2',
  ]);
  expect(await read({ 'a.csv': '1\n', 'b.csv': '2\n' }, { later: { columns: null } })).toEqual([
    'a.csv:1 1',
    'b.csv:1 2',
  ]);
});

test('each file is closed, also where reading stops early', async () => {
  const closed: string[] = [];
  const part = (name: string) => ({
    name,
    open: async () => {
      const chunks = (async function* () {
        try {
          yield Buffer.from('x,y\n1,2\n');
          yield Buffer.from('3,4\n');
        } finally {
          closed.push(name);
        }
      })();
      return readRows({ name, chunks }, 'csv');
    },
  });
  const table = joinTables([part('a'), part('b')], {});
  await table.batches.next();
  await table.batches.return();
  expect(closed).toEqual(['a']);
});
