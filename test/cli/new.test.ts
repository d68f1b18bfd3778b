import { expect, test } from 'vitest';
import { done, Folder, refused } from './run.ts';

test('a spec is printed, its reasons beside it', () => {
  expect(new Folder().take('data/iris.csv').mlp(['new', '--data', 'iris.csv'])).toEqual(
    done(
      `{
  "input_shape": [4],
  "layers": [
    {
      "type": "Dense",
      "units": 64,
      "activation": "relu"
    },
    {
      "type": "Dense",
      "units": 32,
      "activation": "relu"
    },
    {
      "type": "Dense",
      "units": 3,
      "activation": "softmax"
    }
  ],
  "compile": {
    "optimizer": "adam",
    "loss": "sparse_categorical_crossentropy",
    "metrics": ["accuracy"]
  },
  "data": {
    "target": "species",
    "normalize": "zscore"
  }
}
`,
      '4 columns of numbers scaled: zscore (--normalize)\ntarget "species": 3 classes, so 3 softmax units, sparse_categorical_crossentropy, accuracy\nhidden layers: 64, 32 relu units; optimizer: adam; inputs: 4\n',
    ),
  );
});

test('the spec in a file trains as it is', () => {
  const folder = new Folder().write('data.csv', 'a,b,c\n1,2,3.5\n4,5,6.5\n7,8,9.5\n');
  const args = [
    'new',
    '--data',
    'data.csv',
    '--target',
    'a,c',
    '--layers',
    'none',
    '-o',
    'model.json',
  ];
  expect(folder.mlp(args)).toEqual(
    done(
      '',
      '1 column of numbers scaled: zscore (--normalize)\ntarget "a", "c": numbers, so 2 linear units, mean_squared_error\nhidden layers: none; optimizer: adam; inputs: 1\nsaved model.json\n',
    ),
  );
  expect(folder.json('model.json').data).toEqual({ target: ['a', 'c'], normalize: 'zscore' });
  expect(folder.mlp(['train', '--data', 'data.csv', '--seed', '1', '-q'])).toEqual(done(''));
  expect(folder.mlp(['predict', '--data', 'data.csv']).stdout).toMatch(
    /^a,c\n([^,\n]+,[^,\n]+\n){3}$/,
  );
  expect(folder.mlp(args)).toEqual(
    refused(
      6,
      'mlp: model.json: expected a new file; found one that is there\n  name another one: -o FILE, or add --force to overwrite it\n',
    ),
  );
  expect(folder.mlp([...args, '--force', '--quiet'])).toEqual(done(''));
  const trained = folder.read('model.trained.json');
  const onto = args.map((arg) => (arg === 'model.json' ? 'model.trained.json' : arg));
  expect(folder.mlp(onto).stderr).toMatch(/^mlp: model\.trained\.json: expected a new file; found/);
  expect(folder.read('model.trained.json')).toBe(trained);
});

test('a table without a header has a target without a name', () => {
  const folder = new Folder();
  const { stdout, stderr } = folder.mlp(
    ['new', '--data', '-', '--layers', '3'],
    '1,2,0.5\n3,4,1.5\n',
  );
  expect(stderr).toBe(
    '2 columns of numbers scaled: zscore (--normalize)\ntarget column 3: numbers, so 1 linear unit, mean_squared_error\nhidden layers: 3 relu units; optimizer: adam; inputs: 2\n',
  );
  expect(JSON.parse(stdout)).toEqual({
    input_shape: [2],
    layers: [
      { type: 'Dense', units: 3, activation: 'relu' },
      { type: 'Dense', units: 1 },
    ],
    compile: { optimizer: 'adam', loss: 'mean_squared_error' },
    data: { normalize: 'zscore' },
  });
});

test('a target of a table without a header is found again by its position', () => {
  const folder = new Folder().write('data.csv', '0.5,1,2\n1.5,3,4\n2.5,3,7\n');
  const make = ['new', '--data', 'data.csv', '--target', '1', '--layers', 'none'];
  expect(folder.mlp([...make, '-o', 'model.json']).stderr).toBe(
    '2 columns of numbers scaled: zscore (--normalize)\ntarget column 1: numbers, so 1 linear unit, mean_squared_error\nhidden layers: none; optimizer: adam; inputs: 2\nsaved model.json\n',
  );
  expect(folder.json('model.json').data).toEqual({ target: '1', normalize: 'zscore' });
  expect(folder.mlp(['train', '--data', 'data.csv', '--seed', '1', '-q'])).toEqual(done(''));
  expect(folder.json('model.trained.json').columns.targets).toEqual([
    { name: '1', position: 1, kind: 'number' },
  ]);
});
