/** From a first training table to its features: every policy, by the contract and the inputs that come of it. */
import { describe, expect, test } from 'vitest';
import { type NewColumns, readTable } from '../../src/data/table.ts';
import { failure, sourceOf, tableOf } from './text-source.ts';

function read(text: string, wishes: Partial<NewColumns> = {}, split?: 'last half') {
  return readTable(tableOf(sourceOf(text)), {
    columns: { targets: ['y'], mode: 'number', ...wishes },
    ...(split
      ? {
          split: {
            word: { by: 'last' },
            validation: 0.5,
            test: 0,
            seed: 0,
            source: '--validation-split',
            isAskedFor: false,
          },
        }
      : {}),
  });
}

/** The features without their names and places, and the inputs row by row. */
async function decided(text: string, wishes: Partial<NewColumns> = {}, split?: 'last half') {
  const { columns, x, rows } = await read(text, wishes, split);
  const features = columns.features.map(({ name: _, position: __, ...rest }) => rest);
  const width = x.shape[1];
  const inputs = Array.from({ length: rows }, (_, row) => [
    ...x.values.subarray(row * width, (row + 1) * width),
  ]);
  return { features, inputs };
}

/** A number, a yes or no, and a category; each is missing once. */
const GAPS = 'n,b,c,y\n1,yes,u,1\n2,no,v,2\n,yes,v,3\n2,,u,4\n7,yes,,5\n';

describe('--missing', () => {
  const boolean = { kind: 'boolean', values: ['no', 'yes'] };
  const category = { kind: 'category', categories: ['u', 'v'] };
  const number = { kind: 'number' };

  test('by default fills numbers with their mean, and gives categories one of their own', async () => {
    expect(await decided(GAPS)).toEqual({
      features: [
        { ...number, missing: 'mean', fill: 3 },
        { ...boolean, missing: 'mean', fill: 0.75 },
        { ...category, missing: 'category' },
      ],
      inputs: [
        [1, 1, 1, 0, 0],
        [2, 0, 0, 1, 0],
        [3, 1, 0, 1, 0],
        [2, 0.75, 1, 0, 0],
        [7, 1, 0, 0, 1],
      ],
    });
  });

  test('median', async () => {
    const { features, inputs } = await decided(GAPS, { missing: 'median' });
    expect(features).toEqual([
      { ...number, missing: 'median', fill: 2 },
      { ...boolean, missing: 'median', fill: 1 },
      { ...category, missing: 'category' },
    ]);
    expect(inputs.slice(2)).toEqual([
      [2, 1, 0, 1, 0],
      [2, 1, 1, 0, 0],
      [7, 1, 0, 0, 1],
    ]);
  });

  test('mode: the commonest, and the first of the commonest categories', async () => {
    const { features, inputs } = await decided(GAPS, { missing: 'mode' });
    expect(features).toEqual([
      { ...number, missing: 'mode', fill: 2 },
      { ...boolean, missing: 'mode', fill: 1 },
      { ...category, missing: 'mode', fill: 'u' },
    ]);
    expect(inputs.slice(2)).toEqual([
      [2, 1, 0, 1],
      [2, 1, 1, 0],
      [7, 1, 1, 0],
    ]);
  });

  test('indicator: the mean, and an input that tells', async () => {
    const { features, inputs } = await decided(GAPS, { missing: 'indicator' });
    expect(features).toEqual([
      { ...number, missing: 'indicator', fill: 3 },
      { ...boolean, missing: 'indicator', fill: 0.75 },
      { ...category, missing: 'category' },
    ]);
    expect(inputs).toEqual([
      [1, 0, 1, 0, 1, 0, 0],
      [2, 0, 0, 0, 0, 1, 0],
      [3, 1, 1, 0, 0, 1, 0],
      [2, 0, 0.75, 1, 1, 0, 0],
      [7, 0, 1, 0, 0, 0, 1],
    ]);
  });

  test('indicator gives none to a column in which nothing is missing', async () => {
    expect((await decided('a,y\n1,1\n2,2\n', { missing: 'indicator' })).features).toEqual([
      { ...number, missing: 'mean', fill: 1.5 },
    ]);
  });

  test('drop: rows in which something is missing are left out, and counted', async () => {
    const { columns, rows, x, y, notes } = await read(GAPS, { missing: 'drop' });
    expect(columns.features.map(({ missing }) => missing)).toEqual(['drop', 'drop', 'drop']);
    expect(rows).toBe(2);
    expect([x.values, y.values]).toEqual([
      Float32Array.of(1, 1, 1, 0, 2, 0, 0, 1),
      Float32Array.of(1, 2),
    ]);
    expect(notes).toContain('left out 3 rows without a value (--missing drop)');
  });

  test('drop may leave nothing', async () => {
    expect(await failure(() => read('a,b,y\n1,,1\n,2,2\n', { missing: 'drop' }))).toBe(
      '3\nmlp: data.csv: expected a row in which nothing is missing; found none\n' +
        '  fill what is missing: --missing mean (median, mode, indicator)\n',
    );
  });

  test('error: a missing value is a mistake', async () => {
    expect(await failure(() => read(`${GAPS}NA,no,u,6\n`, { missing: 'error' }))).toBe(
      `3\nmlp: data.csv:4 column "n": expected a value; found an empty cell
mlp: data.csv:5 column "b": expected a value; found an empty cell
mlp: data.csv:6 column "c": expected a value; found an empty cell
mlp: data.csv:7 column "n": expected a value; found "NA"
  fill missing values with --missing mean (median, mode, indicator), or leave their rows out: --missing drop\n`,
    );
    expect((await decided('a,y\n1,1\n2,2\n', { missing: 'error' })).features).toEqual([number]);
  });

  test('fills are of the training rows, whatever the others hold', async () => {
    const { features } = await decided('a,y\n1,1\n3,2\n,3\n100,4\n', {}, 'last half');
    expect(features).toEqual([{ ...number, missing: 'mean', fill: 2 }]);
  });

  test('what only rows without a target lack is filled, too, as in rows to predict', async () => {
    const table = 'a,c,y\n1,u,1\n3,v,2\n3,v,4\n,,\n';
    expect((await decided(table, { missing: 'mean' })).features).toEqual([
      { ...number, missing: 'mean', fill: 7 / 3 },
      { ...category, missing: 'mode', fill: 'v' },
    ]);
  });
});

describe('columns that are of no use', () => {
  const CONSTANT = 'a,one,word,none,y\n1,5,w,,1\n2,5,w,,2\n';
  const left = ['a'];

  test('are left out, and recorded', async () => {
    const { columns } = await read(CONSTANT);
    expect(columns.features.map(({ name }) => name)).toEqual(left);
    expect(columns.unused).toEqual([
      { name: 'one', position: 2, reason: '5 in every row' },
      { name: 'word', position: 3, reason: '"w" in every row' },
      { name: 'none', position: 4, reason: 'missing in every row' },
    ]);
  });

  test('are kept where the network has an input for them', async () => {
    const { columns, x } = await read(CONSTANT, { inputs: 2, normalize: 'zscore' });
    expect(columns.features.map(({ name }) => name)).toEqual(['a', 'one']);
    expect(columns.features[1]).toMatchObject({ kind: 'number', shift: 5, scale: 1 });
    expect(x.values).toEqual(Float32Array.of(-1, 0, 1, 0));
  });

  test('are left out all the same where that is not what the input size comes from', async () => {
    const names = async (inputs: number) =>
      (await read(CONSTANT, { inputs })).columns.features.map(({ name }) => name);
    expect(await names(1)).toEqual(left);
    expect(await names(3)).toEqual(left);
  });

  test('are kept where they are asked for by name', async () => {
    const { columns } = await read(CONSTANT, { features: ['a', 'one'] });
    expect(columns.features.map(({ name }) => name)).toEqual(['a', 'one']);
    expect(columns.unused?.map(({ reason }) => reason)).toEqual([
      'not among the features',
      'not among the features',
    ]);
  });

  test('must not be all', async () => {
    expect(await failure(() => read('a,y\n5,1\n5,2\n'))).toBe(
      '3\nmlp: data.csv: expected a feature to learn from; found none: column "a" left out: 5 in every row\n' +
        '  name columns that are to be used: --features NAMES\n',
    );
  });

  test('may be row numbers in a first column without a name', async () => {
    const { columns } = await read(',a,y\n1,5,1\n2,6,2\n3,8,4\n');
    expect(columns.features.map(({ name }) => name)).toEqual(left);
    expect(columns.unused).toEqual([
      { name: '', position: 1, reason: 'the numbers of the 3 rows' },
    ]);
  });
});

describe('categories', () => {
  const sorts = Array.from({ length: 12 }, (_, i) => `c${i % 4},${i}\n`).join('');

  test('are ordered by code unit, or by value where all are numbers', async () => {
    const categories = async (cells: string[]) => {
      const table = `c,y\n${cells.map((cell, i) => `${cell},${i}\n`).join('')}`;
      const { columns } = await read(table, { categorical: ['c'] });
      const [feature] = columns.features;
      return feature.kind === 'category' ? feature.categories : [];
    };
    expect(await categories(['b', 'a', 'é', 'B', 'a'])).toEqual(['B', 'a', 'b', 'é']);
    expect(await categories(['10', '9', '2', '9.0'])).toEqual(['2', '9', '10']);
    expect(await categories(['10', 'x', '9'])).toEqual(['10', '9', 'x']);
  });

  test('are those of the rows to validate with, too, in which nothing is unknown', async () => {
    const { features } = await decided('c,y\na,1\nb,2\na,3\nc,4\n', {}, 'last half');
    expect(features).toEqual([{ kind: 'category', categories: ['a', 'b', 'c'] }]);
  });

  test('that training never saw are zeros with --unknown-category other', async () => {
    const { features } = await decided('c,y\na,1\nb,2\n', { unknownCategory: 'other' });
    expect(features).toEqual([{ kind: 'category', categories: ['a', 'b'], unknown: 'other' }]);
  });

  test('beyond --one-hot-limit leave the column out, or are refused where it is asked for', async () => {
    const { columns } = await read(`c,a,y\n${sorts.replaceAll(',', ',1.5,')}0,2,3\n`, {
      oneHotLimit: 3,
    });
    expect(columns.unused).toEqual([
      { name: 'c', position: 1, reason: '5 categories, more than --one-hot-limit 3' },
    ]);
    expect(await failure(() => read(`c,y\n${sorts}`, { oneHotLimit: 3, categorical: ['c'] }))).toBe(
      '3\nmlp: data.csv column "c": expected at most 3 categories; found 4\n' +
        '  allow more of them with --one-hot-limit N, or leave the column out: --ignore NAME\n',
    );
  });
});

describe('--numeric and --categorical', () => {
  test('say what a column is', async () => {
    const { features } = await decided('a,b,y\n1,1,1\n2,2,2\n', { categorical: ['b'] });
    expect(features).toEqual([{ kind: 'number' }, { kind: 'category', categories: ['1', '2'] }]);
  });

  test('make mistakes of texts', async () => {
    expect(await failure(() => read('a,y\n1,1\nx,2\nz,3\n', { numeric: ['a'] }))).toBe(
      '3\nmlp: data.csv:3 column "a": expected a number; found "x"\nmlp: data.csv:4 column "a": expected a number; found "z"\n' +
        '  treat it as missing: --na "x"; or take the column for categories: --categorical NAME\n',
    );
  });

  test('are not both said of one column', async () => {
    const both = { numeric: ['a'], categorical: ['a'] };
    expect(await failure(() => read('a,y\n1,1\n2,2\n', both))).toBe(
      '2\nmlp: data.csv: expected column "a" in one of --categorical and --numeric; found it in both\n',
    );
  });
});

describe('--normalize', () => {
  const SIZES = 'a,b,y\n0,100,1\n2,300,2\n4,800,3\n';

  test.each([
    ['zscore', [2, Math.sqrt(8 / 3)], [400, Math.sqrt(260_000 / 3)]],
    ['minmax', [0, 4], [100, 700]],
    ['robust', [2, 2], [300, 350]],
  ] as const)('%s', async (normalize, [shiftA, scaleA], [shiftB, scaleB]) => {
    expect((await decided(SIZES, { normalize })).features).toEqual([
      { kind: 'number', normalize, shift: shiftA, scale: scaleA },
      { kind: 'number', normalize, shift: shiftB, scale: scaleB },
    ]);
  });

  test('auto is zscore for all number columns if one needs it', async () => {
    const normalized = async (table: string) =>
      (await read(table, { normalize: 'auto' })).columns.features.map((feature) =>
        'normalize' in feature ? feature.normalize : undefined,
      );
    expect(await normalized('a,b,y\n-1,0,1\n1,1000,2\n')).toEqual(['zscore', 'zscore']);
    expect(await normalized('a,b,y\n-1,0.5,1\n1,-0.5,2\n')).toEqual([undefined, undefined]);
  });

  test('leaves words and categories as they are', async () => {
    const table = 'a,b,c,y\n0,yes,u,1\n200,no,v,2\n';
    expect((await decided(table, { normalize: 'zscore' })).features.slice(1)).toEqual([
      { kind: 'boolean', values: ['no', 'yes'] },
      { kind: 'category', categories: ['u', 'v'] },
    ]);
  });
});

test('a date is the parts of it that vary, each scaled by itself', async () => {
  const dates = 'd,y\n2020-01-31,1\n2022-01-31,2\n2024-01-31,3\n';
  expect(await decided(dates, { normalize: 'minmax' })).toEqual({
    features: [
      {
        kind: 'date',
        normalize: 'minmax',
        parts: [
          { part: 'year', shift: 2020, scale: 4 },
          { part: 'weekday', shift: 1, scale: 4 },
        ],
      },
    ],
    inputs: [
      [0, 1],
      [0.5, 0],
      [1, Math.fround(0.5)],
    ],
  });
});
