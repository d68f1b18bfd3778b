import { expect, test } from 'vitest';
import { isJsonTable } from '../../src/data/json-table.ts';
import { readJsonTable } from '../../src/data/rows.ts';
import { readTable } from '../../src/data/table.ts';
import type { JsonValue } from '../../src/spec/json.ts';
import { failure, rowsOf } from './text-source.ts';

function open(text: string) {
  const values: JsonValue = JSON.parse(text);
  if (!isJsonTable(values)) throw new Error('this is no table');
  return readJsonTable(values, text, 'x.json', null);
}

const train = (text: string, targets: string[] = []) =>
  readTable(open(text), { columns: { targets, mode: 'number' } });

test('an array is a table if its first element is an object', () => {
  expect([[{ a: 1 }], [{}], [[1]], [1], [], { x: [] }, null].map(isJsonTable)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('keys are columns in the order of the text, and values are what CSV would hold', async () => {
  const text = '[\n  {"b": 1.50, "10": {"z": [1]}, "a": null},\n  {"a": true, "b": "x"}\n]';
  expect(await rowsOf(open(text).batches)).toEqual([
    { line: 0, cells: ['b', '10', 'a'], isHeader: true },
    { line: 0, cells: ['1.5', '{"z":[1]}', ''] },
    { line: 1, cells: ['x', '', 'true'] },
  ]);
});

test('a table has its columns by name, the last one as target', async () => {
  const { columns, x, y } = await train('[{"10": 1, "2": 2}, {"2": 4, "10": 3}]');
  expect(columns).toEqual({
    header: true,
    features: [{ name: '10', position: 1, kind: 'number' }],
    targets: [{ name: '2', position: 2, kind: 'number' }],
  });
  expect([[...x.values], [...y.values]]).toEqual([
    [1, 3],
    [2, 4],
  ]);
});

test.each([
  [
    '[{"x": 1, "y": 2}, {"x": true, "y": 3}, {"y": 1}, {"x": 4, "y": {}}]',
    `mlp: x.json: [1] column "x": expected a number; found "true"
mlp: x.json: [3] column "y": expected a number; found "{}"
  treat it as missing: --na "true"; or take the column for categories: --categorical NAME\n`,
  ],
  [
    '[{"x": 1, "y": 2}, {"x": 1, "y": 2, "yy": 3}]',
    'mlp: x.json: [1]: expected the keys of [0]; found the key "yy", which is not among them\n  the first object has all columns; null stands for a value that is missing\n',
  ],
  [
    '[{"x": 1, "y": 2}, [1, 2]]',
    'mlp: x.json: [1]: expected an object as in [0]; found an array\n',
  ],
  ['[{"x": 1, "y": 2}, 7]', 'mlp: x.json: [1]: expected an object or an array; found 7\n'],
  ['[{}]', 'mlp: x.json: [0]: expected at least one key; found an empty object\n'],
])('what does not fit in %s is named with its index', async (text, message) => {
  expect(await failure(() => train(text))).toBe(`3\n${message}`);
});
