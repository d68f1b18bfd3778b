import { describe, expect, test } from 'vitest';
import { BadRows } from '../../src/data/bad-rows.ts';
import type { Columns } from '../../src/data/columns.ts';
import { type InputOptions, readInputRows } from '../../src/data/predict-rows.ts';
import { failure, sourceOf, tableOf } from './text-source.ts';

const named: Columns = {
  header: true,
  features: [
    { name: 'a', position: 1, kind: 'number' },
    { name: 'b', position: 3, kind: 'number' },
  ],
  targets: [{ name: 'y', position: 2, kind: 'number' }],
};
const unnamed: Columns = {
  header: false,
  features: [
    { name: '1', position: 1, kind: 'number' },
    { name: '3', position: 3, kind: 'number' },
  ],
  targets: [{ name: '2', position: 2, kind: 'class', classes: ['no', 'yes'] }],
};

/** Whether there is a header, then each row as `line: numbers`. */
async function read(text: string, options: Partial<InputOptions> = {}, chunk = 2 ** 16) {
  const source = sourceOf(text, { name: 'new.csv', chunk });
  const { header, blocks } = await readInputRows(tableOf(source), {
    columns: named,
    width: 2,
    ...options,
  });
  const rows: string[] = [];
  for await (const { values, rows: count, firstLine } of blocks) {
    for (let row = 0; row < count; row++) {
      rows.push(`${firstLine + row}: ${values.slice(row * 2, row * 2 + 2).join(' ')}`);
    }
  }
  return { header, rows };
}

describe('the columns of a new table are found', () => {
  const cases: Record<
    string,
    [text: string, options: Partial<InputOptions>, header: boolean, rows: string[]]
  > = {
    'by name, in any order, without the target': [
      'b,x,a\n1,?,2\n3,,4\n',
      {},
      true,
      ['2: 2 1', '3: 4 3'],
    ],
    'by name, whatever stands in the target': ['a,y,b\n1,no idea,2\n', {}, true, ['2: 1 2']],
    'by position, if the first row is numbers': ['1,2\n3,4\n', {}, false, ['1: 1 2', '2: 3 4']],
    'by position, with the target where it stood': [
      '1,9,2\n3,9,4\n',
      {},
      false,
      ['1: 1 2', '2: 3 4'],
    ],
    'by name, if the user says that numbers are names': [
      '2,1\n3,4\n',
      {
        header: true,
        columns: {
          ...named,
          features: unnamed.features.map((f, i) => ({ ...f, name: String(i + 1) })),
        },
      },
      true,
      ['2: 4 3'],
    ],
    'by position in a model without names': [
      '1,yes,2\n3,no,4\n',
      { columns: unnamed },
      false,
      ['1: 1 2', '2: 3 4'],
    ],
    'by position below a header that the model does not know': [
      'p,q\n1,2\n',
      { columns: unnamed },
      true,
      ['2: 1 2'],
    ],
    'in order, where the model has no contract': [
      'p,q\n1,2\n3,4\n',
      { columns: null },
      true,
      ['2: 1 2', '3: 3 4'],
    ],
    'in order, without contract and header': ['1,2\n', { columns: null }, false, ['1: 1 2']],
    'in a header without rows': ['a,b\n', {}, true, []],
  };
  for (const [name, [text, options, header, rows]] of Object.entries(cases)) {
    test(name, async () => {
      expect(await read(text, options)).toEqual({ header, rows });
      expect(await read(text, options, 1)).toEqual({ header, rows });
    });
  }
});

describe('a table that does not fit is refused', () => {
  const CORRECT = '\n  correct the cells, or leave their rows out: --on-error skip';
  const cases: Record<string, [text: string, options: Partial<InputOptions>, message: string]> = {
    'a column is missing': [
      'a,B,c\n1,2,3\n',
      {},
      '3\nmlp: new.csv:1: expected the column "b"; found "a", "B", "c"\n  did you mean "B"?',
    ],
    'other positions': [
      '1,2,3,4\n',
      {},
      '3\nmlp: new.csv:1: expected 2 columns, or 3 with the target; found 4\n  with a header, columns are matched by name',
    ],
    'too many columns for a model without a contract': [
      'a,b,c\n1,2,3\n',
      { columns: null },
      '3\nmlp: new.csv:1: expected 2 columns, as many as the model has inputs; found 3: "a", "b", "c"\n  the model does not say which columns it wants, so the table must have these alone, in order',
    ],
    'two columns of one name': [
      'a,a,b\n1,2,3\n',
      {},
      '3\nmlp: new.csv:1: expected a name of its own for each column; found "a" in columns 1 and 2\n  rename the columns, or leave some out of the file',
    ],
    'very many columns are missing': [
      'x,y\n1,2\n',
      {
        columns: {
          header: true,
          features: Array.from({ length: 9 }, (_, i) => ({
            name: `feature ${i}`,
            position: i + 1,
            kind: 'number',
          })),
          targets: [],
        },
        width: 9,
      },
      '3\nmlp: new.csv:1: expected the columns "feature 0", "feature 1", "feature 2", "feature 3", "feature 4", "feature 5", … (9); found "x", "y"',
    ],
    'the first row is data': [
      '1,x\n3,4\n',
      {},
      '3\nmlp: new.csv:1: expected the columns "a", "b" (2); found "1", "x"\n  if this row is data and no header, say --no-header',
    ],
    'the first row may be data, for a model with names': [
      '1,NA\n3,4\n',
      {},
      '3\nmlp: new.csv:1: expected a header or a row of numbers; found both "1" and "NA"\n  say which it is: --header, or --no-header if this row is data',
    ],
    'the first row may be data, for a model without names': [
      'NA,?\n3,4\n',
      { columns: unnamed },
      '3\nmlp: new.csv:1: expected a header or a row of numbers; found only missing values ("NA")\n  say which it is: --header, or --no-header if this row is data',
    ],
    'only a header, of which the model knows no name': [
      'p,q\n',
      { columns: unnamed },
      '3\nmlp: new.csv:1: expected rows below the header; found none\n  if this row is data and no header, say --no-header',
    ],
    'only a header, for a model without a contract': [
      'p,q\n',
      { columns: null },
      '3\nmlp: new.csv:1: expected rows below the header; found none\n  if this row is data and no header, say --no-header',
    ],
    'only a header, because the user says it is one': [
      '1,2\n',
      { columns: null, header: true },
      '3\nmlp: new.csv:1: expected rows below the header; found none\n  if this row is data and no header, say --no-header',
    ],
    'JSON in place of a table': [
      '[[1,2]]',
      {},
      '3\nmlp: new.csv: expected a CSV table; found JSON\n  JSON is read from a file whose name ends in .json, or with --input-format json',
    ],
    'more cells that are no numbers than are shown': [
      `a,b\n${'x,2\n'.repeat(5)}`,
      {},
      `3\nmlp: new.csv:2 column "a": expected a number; found "x", and at least 4 more such cells${CORRECT}`,
    ],
    'a cell that is no number': [
      'a,b\n1,2\n3,n/a\n',
      {},
      `3\nmlp: new.csv:3 column "b": expected a number; found "n/a", a missing value\n  fill missing values when training: --missing mean (median, mode, indicator)\n  or leave such rows out: --on-error skip`,
    ],
    'a first row with text, in a model without names': [
      '1,yes,x\n',
      { columns: unnamed },
      `3\nmlp: new.csv:1 column 3: expected a number; found "x"${CORRECT}`,
    ],
    'no rows': ['', {}, '3\nmlp: new.csv: expected rows of cells; found an empty file'],
    'a contract for another network': [
      'a,b\n1,2\n',
      { width: 3 },
      '4\nmlp: the model: columns: expected 3 features, as many as the network has inputs; found 2',
    ],
  };
  for (const [name, [text, options, message]] of Object.entries(cases)) {
    test(name, async () => {
      expect(await failure(() => read(text, options))).toBe(`${message}\n`);
    });
  }
});

test('rows before one that does not fit are given, wherever the bytes are cut', async () => {
  const text = 'a,b\n1,2\n3,4\n5,x\n7,8\n';
  for (const chunk of [1, 7, 100]) {
    const source = sourceOf(text, { name: 'new.csv', chunk });
    const { blocks } = await readInputRows(tableOf(source), { columns: named, width: 2 });
    const seen: number[] = [];
    const failed = await failure(async () => {
      for await (const { values } of blocks) seen.push(...values);
    });
    expect(failed).toMatch(/^3\nmlp: new\.csv:4 column "b": expected a number; found "x"\n/);
    expect(seen).toEqual([1, 2, 3, 4]);
  }
});

test('rows that do not fit are marked where they are asked for', async () => {
  const bad = new BadRows();
  const source = sourceOf('a,b\nx,y\n3,4\n5,\n', { name: 'new.csv' });
  const { blocks } = await readInputRows(tableOf(source), { columns: named, width: 2, bad });
  for await (const { rows, wrong, values } of blocks) {
    expect({ rows, wrong: [...(wrong ?? [])] }).toEqual({ rows: 3, wrong: [1, 0, 1] });
    expect([...values.subarray(2, 4)]).toEqual([3, 4]);
  }
  expect(bad.take()).toEqual([
    'new.csv:2 column "a": expected a number; found "x" (and 1 more cell of this row)',
    'new.csv:4 column "b": expected a number; found an empty cell',
  ]);
  expect(bad.take()).toEqual([]);
  expect(bad.summary('left out', 1000)).toEqual(['left out 2 of 1,000 rows']);
});

test('rows come in blocks of at most 1024, as they arrive', async () => {
  let given = 0;
  const chunks = (async function* () {
    for (const count of [1, 2, 2500]) {
      given++;
      yield Buffer.from('1,2\n'.repeat(count));
    }
  })();
  const { blocks } = await readInputRows(tableOf({ name: 'x', chunks }), {
    columns: null,
    width: 2,
  });
  const seen: string[] = [];
  for await (const { rows, values, firstLine } of blocks) {
    seen.push(`chunk ${given}: ${rows} rows from line ${firstLine}, ${values.length} numbers`);
  }
  expect(seen).toEqual([
    'chunk 1: 1 rows from line 1, 2 numbers',
    'chunk 2: 2 rows from line 2, 4 numbers',
    'chunk 3: 1024 rows from line 4, 2048 numbers',
    'chunk 3: 1024 rows from line 1028, 2048 numbers',
    'chunk 3: 452 rows from line 2052, 904 numbers',
  ]);
});

test('a reader that stops early closes the source', async () => {
  let closed = 0;
  const endless = async function* () {
    try {
      for (;;) yield Buffer.from('1,2\n');
    } finally {
      closed++;
    }
  };
  const open = (width: number) =>
    readInputRows(tableOf({ name: 'x', chunks: endless() }), { columns: null, width });
  for await (const _ of (await open(2)).blocks) break;
  await failure(() => open(3));
  expect(closed).toBe(2);
});

test('numbers are scaled, and one that may be missing has an input that tells', async () => {
  const columns: Columns = {
    header: true,
    features: [
      { name: 'a', position: 1, kind: 'number', missing: 'indicator', fill: 3, shift: 1, scale: 2 },
      { name: 'b', position: 2, kind: 'number', shift: 1, scale: 4 },
    ],
    targets: [],
  };
  const source = sourceOf('a,b\n5,9\n,1\n-1,0\n', { chunk: 8 });
  const { blocks } = await readInputRows(tableOf(source), { columns, width: 3 });
  const inputs: number[] = [];
  for await (const { values } of blocks) inputs.push(...values);
  expect(inputs).toEqual([2, 0, 2, 1, 1, 0, -1, 0, -0.25]);
});
