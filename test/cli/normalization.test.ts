/** Layers that learn beside the optimizer: what `train` stores of them, and what `predict` makes of it. */
import { expect, test } from 'vitest';
import { done, Folder } from './run.ts';

/** Nothing moves but what the layers move by themselves: the rate is 0. */
const model = {
  input_shape: [1],
  layers: [
    { type: 'Normalization' },
    { type: 'Rescaling', scale: 2, offset: 3 },
    { type: 'BatchNormalization', momentum: 0.5, epsilon: 0.75 },
    { units: 1 },
  ],
  compile: { optimizer: { name: 'sgd', learning_rate: 0 }, loss: 'mse' },
  fit: { epochs: 2, batch_size: 4 },
  weights: {
    normalization: { mean: [0], variance: [1], count: 0 },
    batch_normalization: { gamma: [1], beta: [0], moving_mean: [0], moving_variance: [1] },
    dense: { kernel: [[1]], bias: [0] },
  },
};

/** Mean 1, variance 1; behind Rescaling mean 3, variance 4. */
const rows = 'x,y\n0,0\n2,0\n0,0\n2,0\n';

test('mean and variance of the rows and moving statistics are stored and used', () => {
  const folder = new Folder().write('model.json', model).write('data.csv', rows);
  const train = ['train', '--data', 'data.csv', '--seed', '1', '-q', '--verbose', '0'];
  expect(folder.mlp(train)).toEqual(done(''));
  const { weights } = folder.json('model.trained.json');
  expect(weights).toEqual({
    normalization: { mean: [1], variance: [1], count: 0 },
    // Half way from 0 to 3 twice, and from 1 to 4.
    batch_normalization: {
      gamma: [1],
      beta: [0],
      moving_mean: [2.25],
      moving_variance: [3.25],
    },
    dense: { kernel: [[1]], bias: [0] },
  });
  // x = 2 is 1 and then 5; (5 − 2.25) / √(3.25 + 0.75).
  expect(folder.mlp(['predict', '--input', '[[2], [0]]'])).toEqual(done('y\n1.375\n-0.625\n'));

  const more = [
    'train',
    'model.trained.json',
    '--data',
    'other.csv',
    '--epochs',
    '1',
    '--seed',
    '1',
  ];
  folder.write('other.csv', 'x,y\n10,0\n20,0\n');
  expect(folder.mlp([...more, '-o', 'more.json', '-q', '--verbose', '0'])).toEqual(done(''));
  expect(folder.json('more.json').weights.normalization).toEqual(weights.normalization);
});

test('a frozen layer neither moves its statistics nor uses those of the batch', () => {
  const folder = new Folder().write('model.json', model).write('data.csv', rows);
  const train = ['train', '--data', 'data.csv', '--seed', '1', '-q', '--verbose', '0'];
  expect(folder.mlp([...train, '--freeze', 'batch_normalization'])).toEqual(done(''));
  const { batch_normalization } = folder.json('model.trained.json').weights;
  expect(batch_normalization).toEqual(model.weights.batch_normalization);
});

test('a layer that does not suit its input is refused with its place in the file', () => {
  const layers = [{ type: 'Reshape', target_shape: [2, 2] }, { units: 1 }];
  const folder = new Folder().write('model.json', { input_shape: [3], layers });
  expect(folder.mlp(['summary'])).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'mlp: model.json: layers[0].target_shape: expected a shape of the 3 numbers of (3,); found [2,2]\n',
  });
});
