import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { expandPaths } from '../../src/data/path-pattern.ts';
import { failure } from './text-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'mlp-test-'));
const names = ['b.csv', 'a.csv', 'a10.csv', 'a2.csv', 'z[1].csv', '.hidden.csv', 'a-.csv', 'A.CSV'];
for (const name of names) writeFileSync(join(folder, name), '');
mkdirSync(join(folder, 'folder.csv'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['*.csv', ['a-.csv', 'a.csv', 'a10.csv', 'a2.csv', 'b.csv', 'z[1].csv']],
  ['a?.csv', ['a-.csv', 'a2.csv']],
  ['a*.csv', ['a-.csv', 'a.csv', 'a10.csv', 'a2.csv']],
  ['[ab].csv', ['a.csv', 'b.csv']],
  ['[!a].csv', ['b.csv']],
  ['a[0-9].csv', ['a2.csv']],
  ['a[]9-].csv', ['a-.csv']],
  ['.h*', ['.hidden.csv']],
  ['z[1].csv', ['z[1].csv']],
  ['plain', ['plain']],
])('%s stands for %j', async (pattern, expected) => {
  const found = await expandPaths([join(folder, pattern)]);
  expect(found).toEqual(expected.map((name) => join(folder, name)));
});

test('standard input and plain names stay as they are, in the order given', async () => {
  expect(await expandPaths(['-', 'x.csv', '-'])).toEqual(['-', 'x.csv', '-']);
});

test.each(['q*.csv', '[z-a].csv', 'none/*.csv'])('%s matches nothing', async (pattern) => {
  expect(await failure(() => expandPaths([pattern]))).toBe(
    `6\nmlp: ${pattern}: expected files that match this pattern; found none\n  in the last part of a path, * stands for any text, ? for one character, [ab] for one of these\n`,
  );
});
