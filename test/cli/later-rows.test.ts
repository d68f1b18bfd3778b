/** Later rows mean what the rows of the training table meant, whatever form and company they come in. */
import { describe, expect, test } from 'vitest';
import { done, Folder, refused } from './run.ts';

const QUIET = ['--epochs', '2', '--seed', '1', '--verbose', '0', '-q'];

/** Rows of a table, by number. */
const rows = (count: number, row: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');

/** A folder with a table and a model trained on it. */
function trained(table: string, ...options: string[]): Folder {
  const folder = new Folder().write('data.csv', table);
  const words = ['train', '--data', 'data.csv', '--layers', 'none', ...QUIET, ...options];
  expect(folder.mlp(words)).toEqual(done(''));
  return folder;
}

const PLAIN = 'a,b,y\n1,2,3\n2,3,5\n3,1,4\n4,4,8\n5,,9\n';

test('rows that are wrong as a whole are left out in every file of several', () => {
  const folder = trained(PLAIN)
    .write('p1.csv', 'a,b\n1,2\n')
    .write('p2.csv', 'a,b\n1\n1,2,3\n1,2\n');
  const { status, stdout, stderr } = folder.mlp([
    ...['predict', '--data', 'p?.csv', '--on-error', 'skip'],
  ]);
  expect({ status, rows: stdout.trimEnd().split('\n').length - 1 }).toEqual({ status: 0, rows: 2 });
  expect(stderr).toContain('left out 2 of 4 rows');
});

test('a column of one fraction is only shifted, not divided by what rounding leaves', () => {
  const table = `a,c,y\n${rows(20, (i) => `${i * 0.05},${i < 16 ? 0.1 : 0.2},${i / 10}`)}`;
  const folder = trained(table, '--normalize', 'zscore', '--validation-split', '0.2');
  const { features } = folder.json('model.trained.json').columns;
  expect(features[1]).toMatchObject({ name: 'c', shift: 0.1, scale: 1 });
});

test('numbers that name classes are these classes in JSON arrays, too', () => {
  const y = Array.from({ length: 30 }, (_, i) => 1 + (i % 3));
  const folder = new Folder()
    .write('all.json', { x: y.map((value) => [value]), y })
    .write('some.json', { x: [[1], [2]], y: [1, 2] });
  const train = ['train', '--data', 'all.json', '--layers', 'none', ...QUIET];
  expect(folder.mlp([...train, '--epochs', '300', '--learning-rate', '0.1'])).toEqual(done(''));
  const accuracy = (data: string) =>
    JSON.parse(folder.mlp(['evaluate', '--data', data, '--json']).stdout).accuracy;
  expect([accuracy('all.json'), accuracy('some.json')]).toEqual([1, 1]);
});

describe('dates', () => {
  const minute = (i: number) =>
    new Date(Date.UTC(2020, 0, 1) + i * 37 * 60_000).toISOString().slice(0, 19);

  test('in any number do not hide cells that are none', () => {
    const table = `d,y\n${rows(10_200, (i) => `${minute(i)},${(i % 97) / 10}`)}garbage,1.5\n`;
    const folder = new Folder().write('data.csv', table);
    expect(folder.mlp(['columns', 'data.csv'])).toEqual(
      refused(
        3,
        'mlp: data.csv:10202 column "d": expected a date; found "garbage"\n  correct the cells, or treat them as missing: --na TEXTS\n',
      ),
    );
  });

  test('that stand for a missing value are no dates', () => {
    const day = (i: number) => (i % 4 === 0 ? '1900-01-01' : `2020-0${1 + (i % 9)}-1${i % 7}`);
    const table = `d,y\n${rows(40, (i) => `${day(i)},${i * 0.37}`)}`;
    const folder = trained(table, '--na', '1900-01-01', '--missing', 'indicator');
    const [{ missing, parts }] = folder.json('model.trained.json').columns.features;
    expect(missing).toBe('indicator');
    expect(parts.map(({ part }: { part: string }) => part)).not.toContain('year');
  });
});

describe('arrays on the command line mean what rows of a table mean', () => {
  const same = (folder: Folder, array: string, table: string) => {
    const fromTable = folder.mlp(['predict', '-q'], table);
    expect(fromTable.status).toBe(0);
    expect(folder.mlp(['predict', '-q', '--input', array])).toEqual(fromTable);
  };

  test('with a number for what is missing', () => {
    same(trained(PLAIN.replace('5,,9', '5,-999,9'), '--na=-999'), '[[1,-999]]', 'a,b\n1,-999\n');
  });

  test('with texts', () => {
    const table = 'a,b,y\n1,p,3\n2,q,5\n3,p,4\n4,q,8\n5,q,9\n';
    const folder = trained(table);
    same(folder, '[[1,"p"],[2,"q"]]', 'a,b\n1,p\n2,q\n');
    same(folder, '[["b","a"],["p",1]]', 'a,b\n1,p\n');
  });

  test('with categories that are numbers', () => {
    const table = 'a,b,y\n1,0.1,3\n2,0.2,5\n3,0.1,4\n4,0.3,8\n5,0.2,9\n';
    same(trained(table, '--categorical', 'b'), '[[1,0.1],[2,0.3]]', 'a,b\n1,0.1\n2,0.3\n');
  });
});

test('names that are numbers are a header where they are those of the model', () => {
  const folder = trained('0,1,2\n1,10,3\n2,30,5\n3,12,4\n4,41,8\n', '--header', '--target', '2');
  const { stdout } = folder.mlp(['predict', '-q'], '1,0\n10,1\n30,2\n');
  expect(stdout).toBe(folder.mlp(['predict', '-q'], '0,1\n1,10\n2,30\n').stdout);
  expect(stdout.split('\n')).toHaveLength(4);
});

test('a first row of which the number is missing is asked about where there is no header', () => {
  const folder = trained('1,a,u\n2,b,v\n,a,u\n4,b,v\n5,a,u\n6,b,v\n', '--no-header');
  expect(folder.mlp(['predict'], ',a\n2,b\n')).toEqual(
    refused(
      3,
      'mlp: standard input:1: expected a header or a row of numbers; found a missing value beside "a"\n  say which it is: --header, or --no-header if this row is data\n',
    ),
  );
  expect(folder.mlp(['predict', '--no-header', '-q'], ',a\n2,b\n').stdout).toMatch(
    /^[uv]\n[uv]\n$/,
  );
});

test('several files without a header are read with the decimal commas of one', () => {
  const folder = new Folder()
    .write('p1.csv', '1,5;2,5;3,5\n2,5;1,5;4,5\n')
    .write('p2.csv', '1,5;2,5;3,5\n9,5;2,5;3,5\n2,5;1,5;4,5\n');
  const { stdout } = folder.mlp(['columns', '--data', 'p?.csv', '--decimal-comma', '--json']);
  expect(JSON.parse(stdout).rows).toBe(5);
});

test('numbers of JSON are numbers for a model of decimal commas, too', () => {
  const folder = trained('a;y\n1,5;2\n2,5;3\n3,5;4\n', '--decimal-comma');
  const { stdout } = folder.mlp(['predict'], 'a;z\n1,5;0\n');
  expect(folder.mlp(['predict', '--input-format', 'jsonl'], '{"a":1.5}\n')).toEqual(done(stdout));
  expect(folder.mlp(['predict'], 'a\n1.5\n').stderr).toContain('expected a number; found "1.5"\n');
});

test('a JSON table may have more rows than a call may have arguments', () => {
  const table = Array.from({ length: 130_000 }, (_, i) => [i % 7, i % 5]);
  const folder = new Folder().write('big.json', JSON.stringify(table));
  expect(JSON.parse(folder.mlp(['columns', 'big.json', '--json']).stdout).rows).toBe(130_000);
});

test('where all rows to learn from are of one class, no feature is said to tell it', () => {
  const table = `a,b,y\n${rows(40, (i) => `${(i * 7) % 13},${i < 20 ? 'p' : 'pq'[i % 2]},${i < 24 ? 'u' : 'v'}`)}`;
  const folder = new Folder().write('data.csv', table);
  const { stderr } = folder.mlp([
    ...['train', '--data', 'data.csv', '--validation-split', '0.5', '--epochs', '1'],
  ]);
  expect(stderr).not.toContain('says the same as the target');
});

test('class numbers are outputs for a model that does not name its classes, whichever occur', () => {
  const table = (of: (i: number) => number) =>
    `a,y\n${rows(30, (i) => `${of(i)}.${i % 10},${of(i)}`)}`;
  const folder = trained(
    table((i) => i % 3),
    '--target',
    'y',
    '--epochs',
    '300',
  );
  const { columns: _, data: __, training: ___, ...bare } = folder.json('model.trained.json');
  folder.write('bare.json', bare).write(
    'some.csv',
    table((i) => 1 + (i % 2)),
  );
  const accuracy = (...words: string[]) =>
    JSON.parse(folder.mlp(['evaluate', ...words, '--data', 'some.csv', '--json']).stdout).accuracy;
  expect(accuracy('bare.json', '--target', 'y')).toBe(accuracy('bare.json'));
});

test('rows that begin with # are test rows, not comments', () => {
  const table = `a,b,y\n${rows(10, (i) => `"#${'pq'[i % 2]}",${i % 3},${'uv'[i % 2]}`)}`;
  const folder = trained(table, '--test-split', '0.4', '--test-out', 'test.csv');
  const { stdout } = folder.mlp(['evaluate', '--data', 'test.csv', '--comment', '#', '--json']);
  expect(JSON.parse(stdout).rows).toBe(4);
});
