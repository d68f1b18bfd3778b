/** `mlp summary` of a model file before and after training. */
import { expect, test } from 'vitest';
import { done, Folder, refused } from './run.ts';

const model = {
  input_shape: [1],
  layers: [{ units: 2 }, { units: 1 }],
  compile: { optimizer: 'adam', loss: 'mse' },
};

/** The lines below the table. */
function totals(text: string): string {
  return text.slice(text.indexOf(' Total params'));
}

test('Keras 3 shows the optimizer of a model that was trained, and of no other', () => {
  const folder = new Folder().write('model.json', model).write('data.csv', 'x,y\n1,2\n2,4\n');
  const quiet = ['--seed', '1', '-q'];
  expect(folder.mlp(['init', ...quiet])).toEqual(done(''));
  expect(folder.mlp(['train', '--data', 'data.csv', ...quiet, '--verbose', '0'])).toEqual(done(''));
  const keras3 = (file: string) =>
    totals(folder.mlp(['summary', file, '--style', 'keras3']).stdout);
  const untrained =
    ' Total params: 7 (28.00 B)\n Trainable params: 7 (28.00 B)\n Non-trainable params: 0 (0.00 B)\n';
  expect(keras3('model.init.json')).toBe(untrained);
  expect(keras3('model.trained.json')).toBe(
    ' Total params: 23 (96.00 B)\n Trainable params: 7 (28.00 B)\n Non-trainable params: 0 (0.00 B)\n' +
      ' Optimizer params: 16 (68.00 B)\n' +
      '\ncolumn  kind    inputs  how\nx       number       1  as it is\ny       number       -  target as it is\n',
  );
});

const BIRDS = `id,island,bill,sex,seen,sure,species
1,Dream,39.1,male,2007-11-11,yes,Adelie
2,Dream,39.5,female,2007-11-16,yes,Adelie
3,Biscoe,,female,2008-11-16,no,Adelie
4,Biscoe,46.1,,2008-11-27,yes,Gentoo
`;

/** A folder with a model trained on the birds, and what is printed below its layers. */
function trainedOnBirds(...options: string[]) {
  const folder = new Folder().write('birds.csv', BIRDS);
  const args = ['train', '--data', 'birds.csv', '--seed', '1', '-q', '--verbose', '0'];
  expect(folder.mlp([...args, ...options])).toEqual(done(''));
  const columns = (...style: string[]) => {
    const { stdout } = folder.mlp(['summary', 'model.trained.json', ...style]);
    return stdout.slice(stdout.indexOf('\n\ncolumn') + 2);
  };
  return { folder, columns };
}

test('a trained model says below its layers what columns it expects', () => {
  const { columns } = trainedOnBirds('--ignore', 'id');
  const expected = `column   kind      inputs  how
island   category       2  an input each: "Biscoe", "Dream"
bill     number         1  zscore (x - 41.57) / 2.78; missing → 41.57
sex      category       3  an input each: "female", "male"; missing → an input of its own
seen     date           3  zscore of year (x - 2008) / 0.5, day (x - 17.5) / 5.852, weekday (x - 5.75) / 1.299
sure     boolean        1  "no" is 0, "yes" is 1
species  class          -  target of 2 classes: "Adelie", "Gentoo"
id       unused         -  ignored
`;
  expect(columns()).toBe(expected);
  expect(columns('--style', 'keras3')).toBe(expected);
});

test('other policies, weights and a target of numbers are told in its columns', () => {
  const { columns } = trainedOnBirds(
    ...['--target', 'bill', '--features', 'sex,sure,seen', '--sample-weight-col', 'id'],
    ...['--missing', 'mode', '--unknown-category', 'other', '--normalize', 'minmax'],
  );
  expect(columns()).toBe(`column   kind      inputs  how
sex      category       2  an input each: "female", "male"; missing → "female"; others → all 0
seen     date           3  minmax of year x - 2007, day (x - 11) / 16, weekday (x - 4) / 3; missing → the mode
id       number         -  what each row counts for
bill     number         -  target learnt as (x - 41.57) / 3.21; predictions are turned back
island   unused         -  not among the features
sure     unused         -  "yes" in every row
species  unused         -  not among the features
`);
});

test('--json has the column contract as the model file has it', () => {
  const { folder } = trainedOnBirds();
  const { stdout } = folder.mlp(['summary', 'model.trained.json', '--json']);
  expect(JSON.parse(stdout).columns).toEqual(folder.json('model.trained.json').columns);
});

test('many columns that are alike share a line', () => {
  const names = Array.from({ length: 20 }, (_, i) => `p${i}`);
  const rows = [0, 1, 2, 3].map((row) => names.map((_, i) => (i % 4 === row ? 1 : 0)));
  const table = [...rows.map((cells, i) => [...cells, i % 2].join(','))].join('\n');
  const folder = new Folder()
    .write('model.json', { layers: [{ units: 1, activation: 'sigmoid' }] })
    .write('data.csv', `${names.join(',')},y\n${table}\n`);
  const args = ['train', '--data', 'data.csv', '--seed', '1', '-q', '--verbose', '0'];
  expect(folder.mlp(args)).toEqual(done(''));
  const { stdout } = folder.mlp(['summary', 'model.trained.json']);
  expect(stdout.slice(stdout.indexOf('\n\ncolumn') + 2)).toBe(`column    kind    inputs  how
p0 … p19  number      20  20 columns, each as it is
y         class        -  target of 2 classes: "0", "1"
`);
});

test('a model without columns has its table alone', () => {
  const folder = new Folder().write('model.json', model);
  expect(folder.mlp(['summary']).stdout).toMatch(/_\n$/);
  expect(JSON.parse(folder.mlp(['summary', '--json']).stdout)).not.toHaveProperty('columns');
});

test('columns that are none are refused', () => {
  const columns = { header: true, features: [{ name: 'x', position: 1 }], targets: [] };
  expect(new Folder().write('model.json', { ...model, columns }).mlp(['summary'])).toEqual(
    refused(
      4,
      'mlp: model.json: columns.features[0].kind: expected "number", "boolean", "category" or "date"; found nothing\n',
    ),
  );
});
