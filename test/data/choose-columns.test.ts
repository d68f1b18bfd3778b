import { describe, expect, test } from 'vitest';
import { type ColumnWishes, chooseColumns } from '../../src/data/choose-columns.ts';
import type { Heading } from '../../src/data/heading.ts';
import { failure } from './text-source.ts';

const heading: Heading = {
  source: 'data.csv',
  at: (line) => `data.csv:${line}`,
  line: 1,
  header: true,
  names: ['id', 'bill_length', 'bill_depth', 'year', '2', 'mass (g)', 'weight', 'y'],
};

const choose = (wishes: Partial<ColumnWishes>) =>
  chooseColumns(heading, { targets: ['y'], ...wishes });

describe('columns are named', () => {
  test.each<[string[], number[]]>([
    [['id'], [0]],
    [['bill_*'], [1, 2]],
    [['*'], [0, 1, 2, 3, 4, 5, 6]],
    [['????'], [3]],
    [['mass (g)'], [5]],
    [['*(?)'], [5]],
    [['1'], [0]],
    [['2-4'], [1, 2, 3]],
    [['3-3'], [2]],
    // A name stands above a position.
    [['2'], [4]],
    [
      ['year', 'id', 'bill_*', '1'],
      [0, 1, 2, 3],
    ],
  ])('by %j', (features, expected) => {
    expect(choose({ features }).features).toEqual(expected);
  });

  test.each<[string[], string]>([
    [
      ['yaer'],
      'the column "yaer"; found "id", "bill_length", "bill_depth", "year", "2", "mass (g)" and 2 more\n  did you mean "year"?\n',
    ],
    [
      ['zzz*'],
      'a column like "zzz*"; found "id", "bill_length", "bill_depth", "year", "2", "mass (g)" and 2 more\n',
    ],
    [
      ['9'],
      'the column "9"; found "id", "bill_length", "bill_depth", "year", "2", "mass (g)" and 2 more\n',
    ],
    [
      ['4-3'],
      'the column "4-3"; found "id", "bill_length", "bill_depth", "year", "2", "mass (g)" and 2 more\n',
    ],
    [
      ['0'],
      'the column "0"; found "id", "bill_length", "bill_depth", "year", "2", "mass (g)" and 2 more\n',
    ],
  ])('and %j is none', async (features, message) => {
    expect(await failure(() => choose({ features }))).toBe(
      `3\nmlp: data.csv: expected for --features ${message}`,
    );
  });
});

test('what is neither target, weight, split nor ignored is a feature', () => {
  expect(choose({ ignore: ['id', 'bill_*'], sampleWeight: 'weight', split: 'year' })).toEqual({
    features: [4, 5],
    targets: [7],
    sampleWeight: 6,
    split: 3,
    ignored: new Set([0, 1, 2]),
    wanted: new Set(),
    categorical: new Set(),
    numeric: new Set(),
  });
});

test('a feature that is ignored is none, and a target among the features stays the target', () => {
  const { features, targets } = choose({ features: ['1-8'], ignore: ['4'] });
  expect([features, targets]).toEqual([[0, 1, 2, 4, 5, 6], [7]]);
});

test('columns whose kind is said are wanted', () => {
  const { wanted, categorical, numeric } = choose({ categorical: ['id'], numeric: ['year'] });
  expect({ wanted, categorical, numeric }).toEqual({
    wanted: new Set([0, 3]),
    categorical: new Set([0]),
    numeric: new Set([3]),
  });
});

test('the last column is the target where none is named', () => {
  expect(choose({ targets: [] }).targets).toEqual([7]);
});

test.each<[string, Partial<ColumnWishes>, string]>([
  [
    'a target that is ignored',
    { ignore: ['y'] },
    '2\nmlp: data.csv: expected column "y" in one of --target and --ignore; found it in both\n',
  ],
  [
    'a weight that is no column',
    { sampleWeight: 'wieght' },
    '3\nmlp: data.csv: expected the column of sample weights "wieght"; found "id", "bill_length", "bill_depth", "year", "2", "mass (g)" and 2 more\n  did you mean "weight"?\n',
  ],
  [
    'a split that is no column',
    { split: 'fold' },
    '3\nmlp: data.csv: expected the column of the split "fold"; found "id", "bill_length", "bill_depth", "year", "2", "mass (g)" and 2 more\n',
  ],
  [
    'no feature that is left',
    { ignore: ['1-7'] },
    '3\nmlp: data.csv: expected at least one column besides the target; found none\n  the other columns are the features that the network learns from\n',
  ],
])('%s is refused', async (_, wishes, message) => {
  expect(await failure(() => choose(wishes))).toBe(message);
});
