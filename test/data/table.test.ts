import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { allColumns, type Columns } from '../../src/data/columns.ts';
import { openSource } from '../../src/data/source.ts';
import { readTable, type TableOptions } from '../../src/data/table.ts';
import type { TargetMode } from '../../src/data/targets.ts';
import { failure, sourceOf, tableOf } from './text-source.ts';

const fixture = (name: string) =>
  openSource(
    fileURLToPath(new URL(`../../fixtures/data/${name}`, import.meta.url)),
    sourceOf('').chunks,
  );

function read(text: string, mode: TargetMode = 'auto', targets: string[] = [], header?: boolean) {
  return readTable(tableOf(sourceOf(text)), { columns: { targets, mode }, header });
}

/** A table of one feature and these targets. */
const withTargets = (cells: readonly string[]) =>
  `x,y\n${cells.map((cell, i) => `${i},${cell}\n`).join('')}`;

/** What is decided about a target column, and its values. */
async function target(cells: readonly string[], mode: TargetMode = 'auto') {
  const { columns, y } = await read(withTargets(cells), mode);
  const [column] = columns.targets;
  const kind = column.kind === 'class' ? column.classes.join(' ') : column.kind;
  return `${kind}: ${[...y.values].slice(0, 8).join(' ')}`;
}

test('iris: four numbers and three classes', async () => {
  const { columns, rows, x, y } = await readTable(tableOf(await fixture('iris.csv')), {
    columns: { targets: ['species'], mode: 'auto' },
  });
  expect(columns).toEqual({
    header: true,
    features: ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'].map((name, i) => ({
      name,
      position: i + 1,
      kind: 'number',
    })),
    targets: [
      {
        name: 'species',
        position: 5,
        kind: 'class',
        classes: ['setosa', 'versicolor', 'virginica'],
      },
    ],
  });
  expect({ rows, x: x.shape, y: y.shape }).toEqual({ rows: 150, x: [150, 4], y: [150, 1] });
  expect([...x.values.slice(-4)]).toEqual([5.9, 3, 5.1, 1.8].map(Math.fround));
  expect([0, 50, 149].map((row) => y.values[row])).toEqual([0, 1, 2]);
});

test('wine without a header: columns are called by position, whole numbers are classes', async () => {
  const { columns, rows, x, y } = await readTable(tableOf(await fixture('wine_noheader.csv')), {
    columns: { targets: [], mode: 'auto' },
  });
  expect(columns.header).toBe(false);
  expect(columns.features.map(({ name }) => name).join()).toBe('1,2,3,4,5,6,7,8,9,10,11,12,13');
  expect(columns.targets).toEqual([
    { name: '14', position: 14, kind: 'class', classes: ['0', '1', '2'] },
  ]);
  expect({ rows, x: x.shape }).toEqual({ rows: 178, x: [178, 13] });
  expect([0, 59, 177].map((row) => y.values[row])).toEqual([0, 1, 2]);
});

test('targets anywhere, in the order asked for, by name or position', async () => {
  const { columns, x, y } = await read('a,b,c,d\n1,2,3,4\n5,6,7,8\n', 'auto', ['c', '1']);
  expect(columns).toEqual({
    header: true,
    features: [
      { name: 'b', position: 2, kind: 'number' },
      { name: 'd', position: 4, kind: 'number' },
    ],
    targets: [
      { name: 'c', position: 3, kind: 'number' },
      { name: 'a', position: 1, kind: 'number' },
    ],
  });
  expect([x, y]).toEqual([
    { shape: [2, 2], values: Float32Array.of(2, 4, 6, 8) },
    { shape: [2, 2], values: Float32Array.of(3, 1, 7, 5) },
  ]);
});

describe('the kind of a target, where nobody says it', () => {
  const many = (count: number, cell: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => cell(i));
  const decisions: Record<string, [cells: string[], decided: string]> = {
    'text is classes, by code unit': [['b', 'a', 'é', 'B'], 'B a b é: 2 1 3 0'],
    'booleans are classes': [['true', 'false', 'true'], 'false true: 1 0 1'],
    'zero and one are classes': [['1', '0', '1', '1'], '0 1: 1 0 1 1'],
    'two whole numbers are classes, in rising order': [['10', '-1', '10'], '-1 10: 1 0 1'],
    'three whole numbers in few rows are numbers': [['0', '1', '2'], 'number: 0 1 2'],
    'three whole numbers in thirty rows are classes': [
      many(30, (i) => String(i % 3)),
      '0 1 2: 0 1 2 0 1 2 0 1',
    ],
    'fractions are numbers': [['0.5', '1', '0.5', '1'], 'number: 0.5 1 0.5 1'],
    'twenty whole numbers in many rows are classes': [
      many(400, (i) => String(100 + (i % 20))),
      `${many(20, (i) => String(100 + i)).join(' ')}: 0 1 2 3 4 5 6 7`,
    ],
    'twenty-one are numbers': [many(420, (i) => String(i % 21)), 'number: 0 1 2 3 4 5 6 7'],
    'spellings of one number are one class': [['1', '0', '1.0', '00'], '0 1: 1 0 1 0'],
    'a class that never occurs keeps its index': [
      many(40, (i) => String([0, 1, 3][i % 3])),
      '0 1 2 3: 0 1 3 0 1 3 0 1',
    ],
    'far-off whole numbers are coded': [['0', '100', '0'], '0 100: 0 1 0'],
  };
  for (const [name, [cells, decided]] of Object.entries(decisions)) {
    test(name, async () => {
      expect(await target(cells)).toBe(decided);
    });
  }
});

test('a loss over classes takes whole numbers from 0 for indices, even with large gaps', async () => {
  expect(await target(['0', '9', '0'], 'class')).toBe('0 1 2 3 4 5 6 7 8 9: 0 9 0');
  expect(await target(['1', '2', '3'], 'class')).toBe('1 2 3: 0 1 2');
  expect(await target(['1', '2', 'x'], 'class')).toBe('1 2 x: 0 1 2');
  expect(await target(['0', '1000000', '0'], 'class')).toBe('0 1000000: 0 1 0');
});

test('a loss over numbers takes zero and one for numbers', async () => {
  expect(await target(['1', '0', '1'], 'number')).toBe('number: 1 0 1');
});

describe('a first row is a header', () => {
  const cases: Record<string, [text: string, names: string]> = {
    'where it has no number': ['a,b\n1,2\n3,4\n', 'a b'],
    'not where it is all numbers': ['1,2\n3,4\n', '1 2'],
    'where a number stands below a name': ['label,0,1\n5,7,8\n6,7,9\n', 'label 0 1'],
    'where blank lines come before it': ['\n\na,b\n1,2\n3,4\n', 'a b'],
    'where a name is missing beside names': [',a,b\n0,1,2\n1,3,5\n', ' a b'],
  };
  for (const [name, [text, names]] of Object.entries(cases)) {
    test(name, async () => {
      const { columns } = await read(text);
      const inOrder = allColumns(columns).sort((a, b) => a.position - b.position);
      expect(inOrder.map((column) => column.name).join(' ')).toBe(names);
    });
  }

  const notes = async (text: string, header?: boolean) =>
    (await read(text, 'auto', [], header)).notes;

  test('with a note where some of its cells are numbers and nobody said so', async () => {
    const sklearn = '150,2,setosa,versicolor\n5.1,3.5,1.4,0\n4.9,3.0,1.5,1\n';
    expect(await notes(sklearn)).toEqual(['note: data.csv:1 is taken as the header']);
    expect(await notes(`\n${sklearn}`)).toEqual(['note: data.csv:2 is taken as the header']);
    expect(await notes(sklearn, true)).toEqual([]);
    expect(await notes('a,b\n1,2\n3,4\n')).toEqual([]);
    expect(await notes('1,2\n3,4\n')).toEqual([]);
  });

  test.each(['', 'NA', 'N/A', 'nan', 'null', 'None', '?', ' NaN '])(
    'perhaps, where it has numbers and %j only: that is asked',
    async (cell) => {
      expect(await failure(() => read(`5.1,${cell},0\n4.9,3.0,1\n`))).toBe(
        `3\nmlp: data.csv:1: expected a header or a row of numbers; found both "5.1" and "${cell}"\n  say which it is: --header, or --no-header if this row is data\n`,
      );
      expect(await failure(() => read(`?,${cell},?\n4.9,3.0,1\n`))).toBe(
        '3\nmlp: data.csv:1: expected a header or a row of numbers; found only missing values ("?")\n  say which it is: --header, or --no-header if this row is data\n',
      );
    },
  );

  test('not because a missing value stands over a number', async () => {
    expect(await failure(() => read('5.1,NA,setosa\n4.9,3.0,setosa\n'))).toBe(
      '3\nmlp: data.csv:1: expected a header or a row of numbers; found both "5.1" and "setosa"\n  say which it is: --header, or --no-header if this row is data\n',
    );
  });

  test('where the user says so', async () => {
    const { columns, rows } = await read('2019,2020\n1,2\n3,5\n', 'auto', [], true);
    expect([columns.features[0].name, rows]).toEqual(['2019', 2]);
  });
});

describe('a table that does not fit is refused', () => {
  const numbers = Array.from({ length: 30 }, (_, i) => String(i % 7));
  const REMEDY = (cell: string) =>
    `\n  treat it as missing: --na "${cell}"; or take the column for categories: --categorical NAME`;
  const cases: Record<string, [work: () => unknown, message: string]> = {
    'a target that is not there': [
      () => read('age,income,owner\n1,2,3\n', 'auto', ['incone']),
      'data.csv: expected the target column "incone"; found "age", "income", "owner"\n  did you mean "income"?',
    ],
    'a target whose name has a comma': [
      () => read('"price, EUR",size\n1,2\n', 'auto', ['price', 'EUR']),
      'data.csv: expected the target column "price"; found "price, EUR", "size"\n  a name with a comma goes by its position, from 1',
    ],
    'a target among very many columns': [
      () => read('a,b,c,d,e,f,g,h\n1,2,3,4,5,6,7,8\n', 'auto', ['target']),
      'data.csv: expected the target column "target"; found "a", "b", "c", "d", "e", "f" and 2 more',
    ],
    'a target by position beyond the last': [
      () => read('1,2\n3,4\n', 'auto', ['3']),
      'data.csv: expected the target column "3"; found 2 without names\n  columns go by their positions, 1 to 2',
    ],
    'a target twice': [
      () => read('a,b\n1,2\n', 'auto', ['b', '2']),
      'data.csv: expected each target once; found column "b" twice',
    ],
    'no feature': [
      () => read('a\n1\n2\n'),
      'data.csv: expected at least one column besides the target; found one column\n  the other columns are the features that the network learns from',
    ],
    'two targets for a loss over class indices': [
      () => read('a,b,c\n1,2,3\n', 'class', ['b', 'c']),
      'data.csv: expected one target column for a loss over class indices; found 2',
    ],
    'text in a number column': [
      () => read('age,y\n1,2\nn.a.,4\n5,low\n', 'number'),
      'data.csv:3 column "age": expected a number; found "n.a."\nmlp: data.csv:4 column "y": expected a number; found "low"' +
        REMEDY('n.a.'),
    ],
    'text in a column without a name': [
      () => read('1,2\n3,4\nx,6\n'),
      `data.csv:3 column 1: expected a number; found "x"${REMEDY('x')}`,
    ],
    'a target of texts for a loss over numbers': [
      () => read('x,y\n1,low\n2,high\n3,4\n', 'number'),
      'data.csv:2 column "y": expected a number; found "low"\nmlp: data.csv:3 column "y": expected a number; found "high"\n  the loss wants numbers; for classes choose sparse_categorical_crossentropy, or binary_crossentropy for two',
    ],
    'texts among several targets': [
      () => read('x,y,z\n1,a,2\n2,b,3\n', 'auto', ['y', 'z']),
      'data.csv:2 column "y": expected a number; found "a"\nmlp: data.csv:3 column "y": expected a number; found "b"\n  several targets are numbers; classes are for one target alone',
    ],
    'text in a target for numbers': [
      () => read('x,y\n1,2\n3,low\n', 'number'),
      'data.csv:3 column "y": expected a number; found "low"\n  correct the cells, or leave the rows out of the file',
    ],
    'some text in a target of numbers': [
      () => read(withTargets([...numbers, 'n.a.', ...numbers])),
      'data.csv:32 column "y": expected a number as in most rows; found "n.a."\n  correct the cell, or leave the row out; for classes, choose a loss for classes',
    ],
    'text after many different numbers': [
      () => read(withTargets([...Array.from({ length: 25 }, (_, i) => String(i)), 'n.a.'])),
      'data.csv:27 column "y": expected a number as in most rows; found "n.a."\n  correct the cell, or leave the row out; for classes, choose a loss for classes',
    ],
    'a target with another text in each row': [
      () => read(withTargets(Array.from({ length: 21 }, (_, i) => `id${i}`))),
      'data.csv column "y": expected numbers or classes as target; found another text in each row\n  name the target column: --target NAME',
    ],
    'one class': [
      () => read(withTargets(['3', '3'])),
      'data.csv column "y": expected at least two classes; found only "3"\n  name another target column, or give rows of other classes',
    ],
    'more classes than any network has units for': [
      () => read(withTargets(Array.from({ length: 10_001 }, (_, i) => `id${i}`)), 'class'),
      'data.csv column "y": expected at most 10000 classes; found more\n  name another target column, or choose a loss for numbers',
    ],
    'only a header': [
      () => read('a,b\n'),
      'data.csv:1: expected rows below the header; found none',
    ],
    'names and numbers alike in both rows': [
      () => read('country,2019\nFrance,5\n'),
      'data.csv:1: expected a header or a row of numbers; found both "2019" and "country"\n  say which it is: --header, or --no-header if this row is data',
    ],
  };
  for (const [name, [work, message]] of Object.entries(cases)) {
    test(name, async () => {
      expect(await failure(work)).toBe(`3\nmlp: ${message}\n`);
    });
  }

  test('bad cells are counted to the end, however the file comes in', async () => {
    const rows = 'a,y\n'.concat(`x,2\n${'1,2\n'.repeat(19)}`.repeat(250), '1,z\n');
    const message =
      'mlp: data.csv:2 column "a": expected a number; found "x", and 249 more such cells\nmlp: data.csv:5002 column "y": expected a number; found "z"';
    for (const chunk of [7, 2 ** 16]) {
      const work = () =>
        readTable(tableOf(sourceOf(rows, { chunk })), { columns: { targets: [], mode: 'number' } });
      expect(await failure(work)).toBe(`3\n${message}${REMEDY('x')}\n`);
    }
  });

  test('bad cells come before what stops the reading, counted so far', async () => {
    const rows = `a,y\n${'x,2\n'.repeat(5)}${'1,2\n'.repeat(60)}1\n`;
    expect(await failure(() => read(rows))).toBe(
      `3\nmlp: data.csv:2 column "a": expected a number; found "x", and at least 4 more such cells${REMEDY('x')}\n`,
    );
  });

  test('at most ten problems are listed, a column with many of them once', async () => {
    const names = Array.from({ length: 12 }, (_, i) => `c${i}`).join();
    const row = (cell: string) => new Array(12).fill(cell).join();
    const lines = (
      await failure(() =>
        read(`${names}\n${row('x')}\n${row('y')}\n${`${row('1')}\n`.repeat(30)}`, 'number'),
      )
    ).split('\n');
    expect(lines.length).toBe(14);
    expect(lines[1]).toBe('mlp: data.csv:2 column "c0": expected a number; found "x"');
    expect(lines[11]).toBe('mlp: and 14 more');
  });
});

describe('a contract applies to a later table', () => {
  const contract: Columns = {
    header: true,
    features: [
      { name: 'a', position: 2, kind: 'number' },
      { name: 'b', position: 3, kind: 'number' },
    ],
    targets: [{ name: 'kind', position: 1, kind: 'class', classes: ['no', 'yes'] }],
  };
  const later = (text: string, header?: boolean) => {
    const options: TableOptions = { columns: { contract }, header };
    return readTable(tableOf(sourceOf(text, { name: 'later.csv' })), options);
  };

  test('by name, in any order, with other columns', async () => {
    const table = await later('b,extra,kind,a\n1,x,yes,2\n3,y,no,4\n');
    expect(table).toEqual({
      columns: contract,
      rows: 2,
      x: { shape: [2, 2], values: Float32Array.of(2, 1, 4, 3) },
      y: { shape: [2, 1], values: Float32Array.of(1, 0) },
      sampleWeight: null,
      validation: null,
      test: null,
      notes: [],
      scaleHint: null,
    });
  });

  test('by position without a header, as the columns stood in training', async () => {
    const table = await later('no,1,2\nyes,3,4\n', false);
    expect([table.x.values, table.y.values]).toEqual([
      Float32Array.of(1, 2, 3, 4),
      Float32Array.of(0, 1),
    ]);
  });

  const cases: Record<string, [text: string, message: string]> = {
    'a class that training never saw': [
      'kind,a,b\nyse,1,2\nyes,3,4\n',
      'later.csv:2 column "kind": expected one of the classes "no", "yes"; found "yse" (did you mean "yes"?)\n  correct the cells, or leave the rows out of the file',
    ],
    'missing columns': [
      'kind,A,c\nyes,1,2\n',
      'later.csv:1: expected the columns "a", "b" (2); found "kind", "A", "c"\n  did you mean "A" for "a"?',
    ],
    'missing columns that are near others': [
      'knid,A,B\nyes,1,2\n',
      'later.csv:1: expected the columns "a", "b" (2); found "knid", "A", "B"\n  did you mean "A" for "a", "B" for "b"?',
    ],
    'a first row that is data': [
      'yes,1,NA\nno,3,4\n',
      'later.csv:1: expected the columns "a", "b" (2); found "yes", "1", "NA"\n  if this row is data and no header, say --no-header',
    ],
    'a first row that may be data': [
      '1,NA,\n2,3,4\n',
      'later.csv:1: expected a header or a row of numbers; found both "1" and "NA"\n  say which it is: --header, or --no-header if this row is data',
    ],
    'a header with numbers in which a name is known': [
      'kind,a,2019\nyes,1,2\n',
      'later.csv:1: expected the column "b"; found "kind", "a", "2019"',
    ],
    'a missing target': [
      'a,b\n1,2\n',
      'later.csv:1: expected the target column "kind"; found "a", "b"',
    ],
  };
  for (const [name, [text, message]] of Object.entries(cases)) {
    test(`${name} is an error`, async () => {
      expect(await failure(() => later(text))).toBe(`3\nmlp: ${message}\n`);
    });
  }

  test('numbers find their class by value', async () => {
    const numbers: Columns = {
      ...contract,
      targets: [{ name: 'kind', position: 1, kind: 'class', classes: ['1', '2'] }],
    };
    const table = await readTable(tableOf(sourceOf('kind,a,b\n2.0,1,2\n1,3,4\n')), {
      columns: { contract: numbers },
    });
    expect([...table.y.values]).toEqual([1, 0]);
  });
});

test('the source is closed when the first rows are wrong', async () => {
  let closed = false;
  const chunks = (async function* () {
    try {
      for (;;) yield Buffer.from('a,b\n1,2\n');
    } finally {
      closed = true;
    }
  })();
  await failure(() =>
    readTable(tableOf({ name: 'x', chunks }), { columns: { targets: ['no'], mode: 'auto' } }),
  );
  expect(closed).toBe(true);
});
