/** Parquet, databases and queries: values as the texts of cells, and that nothing is written or fetched. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDuckDb, readParquet, readQuery } from '../../src/data/duckdb-rows.ts';
import type { TableRows } from '../../src/data/row.ts';
import { failure, rowsOf } from './text-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlp-test-'));
const at = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs SQL that makes files. */
async function make(sql: string, path = ':memory:'): Promise<void> {
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run(sql);
  connection.closeSync();
  instance.closeSync();
}

async function read(table: TableRows): Promise<string[]> {
  const rows = await rowsOf(table.batches);
  return rows.map(({ cells, line }) => `${table.places.at(line)}: ${cells.join('|')}`);
}

const query = (sql: string, ...files: Parameters<typeof readQuery>[1]) => readQuery(sql, files, {});
const cells = async (sql: string) => (await read(query(sql)))[1].replace('--query: row 1: ', '');

describe('a value is the text of a cell', () => {
  test.each([
    ['0.1::FLOAT', '0.1'],
    ['16777216::FLOAT', '16777216'],
    ["'nan'::FLOAT", 'NaN'],
    ['0.1', '0.1'],
    ['0.1::DOUBLE', '0.1'],
    ['1e21::DOUBLE', '1e+21'],
    ['-0.0::DOUBLE', '-0'],
    ["'-inf'::DOUBLE", '-Infinity'],
    ['9007199254740993', '9007199254740993'],
    ['170141183460469231731687303715884105727', '170141183460469231731687303715884105727'],
    ['1.50::DECIMAL(9, 2)', '1.50'],
    ['12345678901234567890.123456789::DECIMAL(38, 9)', '12345678901234567890.123456789'],
    ['true', 'true'],
    ['NULL', ''],
    ["'a|b'", 'a|b'],
    ["DATE '2020-01-02'", '2020-01-02'],
    ["TIMESTAMP '2020-01-02 03:04:05.5'", '2020-01-02T03:04:05.5'],
    ["TIMESTAMP_NS '2020-01-02 03:04:05.123456789'", '2020-01-02T03:04:05.123456789'],
    ["TIMESTAMPTZ '2020-01-02 03:04:05+02'", '2020-01-02T01:04:05Z'],
    ["'b'::ENUM ('a', 'b')", 'b'],
    ['[1, 2]', '[1, 2]'],
  ])('%s', async (value, text) => {
    expect(await cells(`SELECT ${value}`)).toBe(text);
  });
});

test('a Parquet file is rows with names, each at its number, and of many blocks', async () => {
  const path = at('many.parquet');
  await make(`COPY (SELECT i, i / 4 AS x FROM range(5000) t(i)) TO '${path}' (FORMAT parquet)`);
  const rows = await read(readParquet(path));
  expect(rows).toHaveLength(5001);
  expect(rows[0]).toBe(`${path}: i|x`);
  expect(rows[5000]).toBe(`${path}: row 5000: 4999|1249.75`);
});

test('one without rows has its names', async () => {
  const path = at('none.parquet');
  await make(`COPY (SELECT 1 AS a WHERE false) TO '${path}' (FORMAT parquet)`);
  expect(await read(readParquet(path))).toEqual([`${path}: a`]);
});

test('a packed one is asked to be unpacked', async () => {
  const path = at('packed.parquet.gz');
  writeFileSync(path, gzipSync('PAR1'));
  expect(await failure(() => read(readParquet(path)))).toBe(
    `3\nmlp: ${path}: expected a Parquet file; found packed data\n  Parquet is read from its end: unpack it first, with gunzip\n`,
  );
});

test('one that is damaged inside is refused in one line', async () => {
  const path = at('damaged.parquet');
  writeFileSync(path, `PAR1${'x'.repeat(1000)}\x08\0\0\0PAR1`);
  const message = await failure(() => read(readParquet(path)));
  expect(message).toMatch(/^3\nmlp: .*damaged\.parquet: expected a whole Parquet file; found one /);
  expect(message.trimEnd().split('\n')).toHaveLength(2);
});

describe('a database', () => {
  const one = at('one.duckdb');
  const two = at("two's.db");
  beforeAll(async () => {
    await make('CREATE TABLE "my rows" AS SELECT 1 AS a, 2.5 AS y', one);
    await make('CREATE TABLE t AS SELECT 1 AS a; CREATE TABLE u AS SELECT 2 AS b', two);
  });

  test('is its one table', async () => {
    expect(await read(readDuckDb(one))).toEqual([`${one}: a|y`, `${one}: row 1: 1|2.5`]);
  });

  test('of several tables is asked which', async () => {
    expect(await failure(() => read(readDuckDb(two)))).toBe(
      `3\nmlp: ${two}: expected one table in this database; found "t", "u"\n  say which: --query "SELECT * FROM t" beside --data\n`,
    );
    const file = { path: two, format: 'duckdb' } as const;
    expect(await read(query('SELECT b + 1 AS c FROM u', file))).toEqual([
      '--query: c',
      '--query: row 1: 3',
    ]);
  });

  test('has its one table by the name data, too', async () => {
    const file = { path: one, format: 'duckdb' } as const;
    for (const name of ['data', '"my rows"']) {
      expect(await read(query(`SELECT y FROM ${name}`, file))).toEqual([
        '--query: y',
        '--query: row 1: 2.5',
      ]);
    }
  });

  test('is not changed by being read', async () => {
    const before = readdirSync(folder);
    await read(readDuckDb(one));
    expect(readdirSync(folder)).toEqual(before);
  });

  test('of another kind is called by its name', async () => {
    const path = at('lite.db');
    writeFileSync(path, `SQLite format 3\0${'\0'.repeat(100)}`);
    expect(await failure(() => read(readDuckDb(path)))).toBe(
      `3\nmlp: ${path}: expected a DuckDB database; found an SQLite database\n  take the table out of it: sqlite3 -csv -header FILE 'SELECT * FROM t' | mlp … --data -\n`,
    );
  });
});

describe('a query', () => {
  test('has its files as one view, columns by name', async () => {
    writeFileSync(at('a.csv'), 'x,y\n1,p\n2,"q,r"\n');
    writeFileSync(at('b.csv'), 'y,x\ns,3.5\n');
    const files = ['a.csv', 'b.csv'].map((name) => ({ path: at(name), format: 'csv' }) as const);
    expect(await read(query('SELECT x * 2 AS x, y FROM data', ...files))).toEqual([
      '--query: x|y',
      '--query: row 1: 2|p',
      '--query: row 2: 4|q,r',
      '--query: row 3: 7|s',
    ]);
    writeFileSync(at('c.jsonl'), '{"x": 1, "y": null}\n{"x": 2.5, "y": "t"}\n');
    const lines = { path: at('c.jsonl'), format: 'jsonl' } as const;
    expect(await read(query('SELECT * FROM data', lines))).toEqual([
      '--query: x|y',
      '--query: row 1: 1|',
      '--query: row 2: 2.5|t',
    ]);
  });

  const COPY = `COPY (SELECT 1) TO '${at('out.csv')}'`;
  test.each([
    ['SELEC 1', 'a query that DuckDB can run; found Parser Error: syntax error at or near "SELEC"'],
    ['SELECT 1; SELECT 2', 'one SELECT; found SELECT, SELECT\n  a query reads and changes nothing'],
    [COPY, 'one SELECT; found COPY\n  a query reads and changes nothing'],
    [`ATTACH '${at('new.db')}'`, 'one SELECT; found ATTACH\n  a query reads and changes nothing'],
    ['INSTALL httpfs', 'one SELECT; found LOAD\n  a query reads and changes nothing'],
    ['', 'one SELECT; found none\n  a query reads and changes nothing'],
    ['-- a comment', 'one SELECT; found none\n  a query reads and changes nothing'],
    [
      'SELECT * FROM data',
      "a query that DuckDB can run; found Catalog Error: Table with name data does not exist!\n  name the files with --data FILE, or in the query: FROM 'file.csv'",
    ],
    [
      "SELECT * FROM 'https://example.org/a.parquet'",
      'a query that DuckDB can run; found Missing Extension Error: File https://example.org/a.parquet requires the extension httpfs to be loaded',
    ],
    [
      "SELECT i::INT FROM (VALUES ('1'), ('x')) t(i)",
      "a query that DuckDB can run; found Conversion Error: Could not convert string 'x' to INT32 when casting from source column i",
    ],
  ])('%j is refused', async (sql, message) => {
    const before = readdirSync(folder);
    expect(await failure(() => read(query(sql)))).toBe(`2\nmlp: --query: expected ${message}\n`);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('writes no log either', async () => {
    const before = readdirSync(folder);
    const storage = `storage = 'file', storage_path = '${at('logs')}'`;
    await read(query(`SELECT 1 FROM enable_logging('QueryLog', ${storage})`)).catch(() => {});
    expect(readdirSync(folder)).toEqual(before);
  });

  test('over a CSV file with a mistake says where that is', async () => {
    writeFileSync(at('ragged.csv'), 'x,y\n1,2\n3\n4,5\n');
    const file = { path: at('ragged.csv'), format: 'csv' } as const;
    expect(await failure(() => read(query('FROM data', file)))).toContain(
      `3\nmlp: ${at('ragged.csv')}:3: expected 2 cells as in line 1; found 1\n`,
    );
  });

  test('names files that are not there', async () => {
    expect(await failure(() => read(query("SELECT * FROM 'none.csv'")))).toBe(
      '6\nmlp: --query: expected a query that DuckDB can run; found IO Error: No files found that match the pattern "none.csv"\n',
    );
  });

  test('may be left before its end', async () => {
    const table = query('SELECT * FROM range(1000000)');
    await table.batches.next();
    await table.batches.next();
    await table.batches.return();
    expect((await table.batches.next()).done).toBe(true);
  });
});
