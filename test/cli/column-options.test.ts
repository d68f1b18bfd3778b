/** What the options for columns do, by the real program. */
import { describe, expect, test } from 'vitest';
import { done, Folder, refused } from './run.ts';

const QUIET = ['--epochs', '2', '--seed', '1', '--verbose', '0', '-q', '-f'];
const train = (...words: string[]) => ['train', '--data', 'data.csv', ...QUIET, ...words];

/** Rows of a table, by number. */
const rows = (count: number, row: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');

/** What a run wrote, or why it did not. */
function trained(folder: Folder, words: readonly string[]) {
  const { status, stdout, stderr } = folder.mlp(words);
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  return folder.json('model.trained.json');
}

/** What was said about the work, but for where the model is and what it is. */
function told(folder: Folder, words: readonly string[]): string[] {
  const { stderr } = folder.mlp(words.filter((word) => word !== '-q'));
  return stderr.split('\n').filter((line) => /^(?:warning|hint)/.test(line));
}

describe('a feature that says the same as the target', () => {
  const CLASSES = `a,code,y\n${rows(12, (i) => `${i % 5},${'pq'[i % 2]},${['no', 'yes'][i % 2]}`)}`;
  const NUMBERS = `a,b,y\n${rows(12, (i) => `${i % 5},${i}.50,${i}.5`)}`;
  const warning = (name: string) =>
    `warning: column "${name}" says the same as the target in every row; if it is not known beforehand, leave it out: --ignore "${name}"`;

  test('is warned about, be it classes or numbers', () => {
    const folder = new Folder().write('data.csv', CLASSES);
    expect(told(folder, train('--layers', 'none'))).toEqual([warning('code')]);
    folder.write('data.csv', NUMBERS);
    expect(told(folder, train('--layers', 'none'))).toEqual([warning('b')]);
  });

  test('is not where a row differs, where it is left out, or where rows are few', () => {
    const folder = new Folder().write('data.csv', `${CLASSES}1,p,yes\n`);
    expect(told(folder, train('--layers', 'none'))).toEqual([]);
    folder.write('data.csv', CLASSES);
    expect(told(folder, train('--layers', 'none', '--ignore', 'code'))).toEqual([]);
    folder.write('data.csv', CLASSES.split('\n').slice(0, 10).join('\n'));
    expect(told(folder, train('--layers', 'none'))).toEqual([]);
  });
});

describe('columns of very different size', () => {
  const data = `a,b,y\n${rows(10, (i) => `${i % 3},${i * 1000},${i}.5`)}`;
  const HINT =
    'hint: column "a" varies by 0.8307, column "b" varies by 2872; --normalize zscore brings columns to one size';
  const spec = { layers: [{ units: 1 }], compile: { loss: 'mse' } };

  test('are hinted at where a spec is given and says nothing', () => {
    const folder = new Folder().write('data.csv', data).write('model.json', spec);
    expect(told(folder, train())).toEqual([HINT]);
  });

  test('are not where they are scaled, by an option, the spec or a layer, or made so', () => {
    const folder = new Folder().write('data.csv', data).write('model.json', spec);
    expect(told(folder, train('--normalize', 'robust'))).toEqual([]);
    folder.write('model.json', { ...spec, data: { normalize: 'minmax' } });
    expect(told(folder, train())).toEqual([]);
    folder.write('model.json', { ...spec, layers: [{ type: 'Normalization' }, ...spec.layers] });
    expect(told(folder, train())).toEqual([]);
  });

  test('are not where they are alike', () => {
    const folder = new Folder().write('data.csv', data.replaceAll('000,', '.5,'));
    expect(told(folder.write('model.json', spec), train())).toEqual([]);
  });
});

describe('--sample-weight-col', () => {
  const spec = { layers: [{ units: 1 }], compile: { loss: 'mse' } };
  const data = `a,w,y\n${rows(6, (i) => `${i},${i % 3},${i * i}`)}`;

  test('counts as sample weights of arrays do, and is no feature', () => {
    const folder = new Folder().write('data.csv', data).write('model.json', spec);
    const numbers = Array.from({ length: 6 }, (_, i) => i);
    folder.write('data.json', {
      x: numbers.map((i) => [i]),
      y: numbers.map((i) => i * i),
      sample_weight: numbers.map((i) => i % 3),
    });
    const { weights, columns } = trained(folder, train('--sample-weight-col', 'w'));
    expect(columns.features.map(({ name }: { name: string }) => name)).toEqual(['a']);
    expect(columns.sample_weight).toEqual({ name: 'w', position: 2 });
    expect(trained(folder, ['train', '--data', 'data.json', ...QUIET]).weights).toEqual(weights);
    expect(folder.mlp(['predict'], 'a\n1\n').status).toBe(0);
  });

  test('takes no weight that is none', () => {
    const folder = new Folder().write('model.json', spec);
    const refuse = (cell: string, problem: string) => {
      folder.write('data.csv', `${data}7,${cell},3\n`);
      expect(folder.mlp(train('--sample-weight-col', 'w'))).toEqual(
        refused(3, `mlp: ${problem}\n  correct the cell; 0 leaves a row out\n`),
      );
    };
    const where = 'data.csv:8 column "w": expected a weight, a number from 0 on; found';
    refuse('', `${where} an empty cell`);
    refuse('-', `${where} "-"`);
    refuse('-1', 'data.csv column "w": expected a weight, a number from 0 on; found "-1"');
  });
});

test('--class-weight balanced counts classes of a table as scikit-learn does', () => {
  const folder = new Folder().write(
    'data.csv',
    `a,y\n${rows(12, (i) => `${i},${i < 9 ? 'often' : 'rare'}`)}`,
  );
  const words = train('--layers', 'none');
  const { weights } = trained(folder, [...words, '--class-weight', 'balanced']);
  // rows / (classes · rows of the class)
  const json = JSON.stringify({ often: 12 / (2 * 9), rare: 12 / (2 * 3) });
  expect(trained(folder, [...words, '--class-weight', json]).weights).toEqual(weights);
  expect(trained(folder, words).weights).not.toEqual(weights);
});

describe('how cells are written', () => {
  test('--decimal-comma is kept with the model, for every later table', () => {
    const folder = new Folder();
    folder.write('data.csv', 'a,y\n"1,5","2,5"\n"2,5","4,5"\n"-1,5","0,25"\n');
    folder.write('point.csv', 'a,y\n1.5,2.5\n2.5,4.5\n-1.5,0.25\n');
    const { weights, columns } = trained(folder, train('--layers', 'none', '--decimal-comma'));
    expect(columns.decimal_comma).toBe(true);
    const predicted = folder.mlp(['predict', '--data', 'data.csv']);
    const again = ['train', '--data', 'point.csv', ...QUIET, '--layers', 'none'];
    expect(trained(folder, again).weights).toEqual(weights);
    expect(folder.mlp(['predict', '--data', 'point.csv'])).toEqual(predicted);
    trained(folder, train('--layers', 'none', '--decimal-comma'));
    expect(folder.mlp(['predict'], 'a\n1.5\n')).toMatchObject({ status: 3, stdout: '' });
  });

  test('--na says what is missing, instead of the usual words, for every later table', () => {
    const folder = new Folder().write('data.csv', 'a,y\n1,1.5\n-,2.5\n3,3.5\n999,0\n');
    const { columns } = trained(
      folder,
      train('--layers', 'none', '--na', '-,999', '--normalize', 'none'),
    );
    expect(columns).toEqual({
      header: true,
      na: ['-', '999'],
      features: [{ name: 'a', position: 1, kind: 'number', missing: 'mean', fill: 2 }],
      targets: [{ name: 'y', position: 2, kind: 'number' }],
    });
    const [, known, dash] = folder.mlp(['predict'], 'a\n2\n-\n').stdout.split('\n');
    expect(dash).toBe(known);
    expect(folder.mlp(['predict'], 'a\n2\nNA\n').status).toBe(3);
  });

  test('an option for one of both leaves the other as the model has it', () => {
    const folder = new Folder().write('data.csv', 'a,y\n"1,5",1\n,2\n"2,5",4\n');
    trained(folder, train('--layers', 'none', '--decimal-comma'));
    folder.write('data.csv', 'a,y\n"1,5",1\n-,2\n"2,5",4\n');
    const again = ['train', 'model.trained.json', '--data', 'data.csv', ...QUIET, '-o', 'm.json'];
    expect(folder.mlp([...again, '--na', '-'])).toEqual(done(''));
    expect(folder.mlp(again).status).toBe(3);
  });
});

test('what a model has settled is not decided anew', () => {
  const folder = new Folder().write('data.csv', 'a,y\n1,1.5\n2,2.5\n');
  trained(folder, train('--layers', 'none'));
  const again = ['train', 'model.trained.json', '--data', 'data.csv', ...QUIET, '-o', 'm.json'];
  expect(folder.mlp([...again, '--missing', 'median'])).toEqual(
    refused(
      2,
      'mlp: --missing: expected none, since model.trained.json was trained with columns that are settled; found one\n  give the spec instead of the trained model, to decide anew\n',
    ),
  );
});

test('a made spec says what was asked for, so that it trains alike', () => {
  const data = `id,code,size,c,y\n${rows(30, (i) => `${i},${i % 3},${i * 100},${'pqr'[i % 3]},${i}00`)}`;
  const asked = [
    ...['--ignore', 'id', '--categorical', 'code', '--missing', 'median'],
    ...['--unknown-category', 'other', '--one-hot-limit', '9', '--na', '-', '--layers', '4'],
  ];
  const folder = new Folder().write('data.csv', data);
  const make = ['new', '--data', 'data.csv', ...asked, '-o', 'model.json', '-q'];
  expect(folder.mlp(make)).toEqual(done(''));
  expect(folder.json('model.json').data).toEqual({
    target: 'y',
    ignore: ['id'],
    categorical: ['code'],
    normalize: 'zscore',
    normalize_target: true,
    missing: 'median',
    unknown_category: 'other',
    one_hot_limit: 9,
    na: ['-'],
  });
  const { weights, columns } = trained(folder, train());
  const direct = trained(new Folder().write('data.csv', data), train(...asked));
  expect({ weights: direct.weights, columns: direct.columns }).toEqual({ weights, columns });
});

test('predictions do not hang on the order of columns and rows', () => {
  const folder = new Folder().take('data/penguins.csv');
  const words = ['train', '--data', 'penguins.csv', '--target', 'body_mass_g', ...QUIET];
  trained(folder, [...words, '--layers', '8']);
  const [head, ...lines] = folder.read('penguins.csv').trimEnd().split('\n');
  const turned = (line: string) => [...line.split(',').reverse(), 'more'].join();
  folder.write('turned.csv', `${[head, ...lines.toReversed()].map(turned).join('\n')}\n`);
  const predict = (file: string) => {
    const { stdout } = folder.mlp(['predict', '--data', file]);
    return stdout.trimEnd().split('\n').slice(1);
  };
  const predicted = predict('penguins.csv');
  expect(predicted.length).toBe(344);
  expect(predict('turned.csv').reverse()).toEqual(predicted);
});

test('a trained model keeps its target: another one is refused, and its own says nothing new', () => {
  const folder = new Folder().write(
    'data.csv',
    `a,b,y\n${rows(6, (i) => `${i % 4},${i % 3},${i * i}`)}`,
  );
  trained(folder, train('--layers', 'none'));
  const again = ['train', 'model.trained.json', '--data', 'data.csv', '-q', '-o', 'next.json'];
  expect(folder.mlp([...again, '--target', 'b'])).toEqual(
    refused(
      2,
      'mlp: --target: expected "y", which model.trained.json was trained for; found "b"\n  give the spec instead of the trained model, to decide anew\n',
    ),
  );
  expect(folder.mlp([...again, '--target', 'y', '--verbose', '0'])).toEqual(done(''));
  expect(folder.json('next.json').columns).toEqual(folder.json('model.trained.json').columns);
});

test('a table in the place of MODEL is told to be named with --data', () => {
  const folder = new Folder().write('data.csv', 'a,y\n1,2\n');
  expect(folder.mlp(['train', 'data.csv', '--target', 'y'])).toEqual(
    refused(
      2,
      'mlp: train: expected --data FILE; found none\n  if data.csv is the table: --data data.csv\n',
    ),
  );
});
