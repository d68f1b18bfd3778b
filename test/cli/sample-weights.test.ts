/** Sample weights, class weights, weighted metrics and metrics of several values, from the shell. */
import { describe, expect, test } from 'vitest';
import { Folder, refused } from './run.ts';

/** Two inputs, three softmax outputs, all weights 0: every class has probability 1/3. */
const even = {
  input_shape: [2],
  layers: [{ units: 3, activation: 'softmax' }],
  compile: { optimizer: { name: 'sgd', learning_rate: 0 }, loss: 'ce', metrics: ['accuracy'] },
  fit: { epochs: 1, batch_size: 2, shuffle: false },
  weights: {
    dense: {
      kernel: [
        [0, 0, 0],
        [0, 0, 0],
      ],
      bias: [0, 0, 0],
    },
  },
};
const CSV = 'a,b,kind\n1,2,fig\n3,4,kiwi\n5,6,lime\n7,8,fig\n';
const train = ['train', '--seed', '1', '--json', '-q'];

function folderWith(changes: object): Folder {
  return new Folder().write('data.csv', CSV).write('model.json', { ...even, ...changes });
}

describe('class weights', () => {
  const LOG_3 = Math.log(3);

  test('by the names in the table weigh the loss, and only weighted metrics', () => {
    const compile = { ...even.compile, weighted_metrics: ['accuracy'] };
    const fit = { ...even.fit, class_weight: { fig: 3 } };
    const folder = folderWith({ compile, fit });
    const { status, stdout, stderr } = folder.mlp([...train, '--data', 'data.csv']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    // The first class wins ties: two rows of four, which weigh six of eight.
    expect(JSON.parse(stdout)).toEqual({
      epoch: 1,
      loss: expect.closeTo((LOG_3 * (3 + 1 + 1 + 3)) / 4, 6),
      accuracy: 0.5,
      weighted_accuracy: 0.75,
    });
    expect(folder.json('model.trained.json').training.settings.class_weight).toEqual({ fig: 3 });
  });

  test('that balance leave the loss of an even network as it is; the option goes before the spec', () => {
    const folder = folderWith({ fit: { ...even.fit, class_weight: { fig: 3 } } });
    const words = [...train, '--data', 'data.csv', '--class-weight', 'balanced'];
    expect(JSON.parse(folder.mlp(words).stdout).loss).toBeCloseTo(LOG_3, 6);
  });

  test.each([
    [
      '{"figs": 1}',
      '--class-weight: expected classes of fig, kiwi, lime; found "figs"',
      'did you mean "fig"?',
    ],
    ['{"fig": -1}', '--class-weight.fig: expected a number, 0 or more; found -1'],
    [
      '3',
      '--class-weight: expected an object of weights by class, such as {"0": 1, "1": 3}, or "balanced"; found 3',
    ],
  ])('%s are refused', (text, problem, remedy = '') => {
    const folder = folderWith({});
    const message = `mlp: ${problem}\n${remedy && `  ${remedy}\n`}`;
    expect(folder.mlp([...train, '--data', 'data.csv', '--class-weight', text])).toEqual(
      refused(2, message),
    );
    expect(folder.names()).toEqual(['data.csv', 'model.json']);
  });
});

describe('sample weights', () => {
  const arrays = {
    x: [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ],
    y: [0, 1, 2, 0],
    sample_weight: [1, 0, 0, 5],
  };
  const words = [...train, '--data', 'data.json'];

  test('stand in the arrays; validation rows keep theirs', () => {
    const compile = { ...even.compile, weighted_metrics: [{ type: 'accuracy', name: 'share' }] };
    const folder = folderWith({ compile }).write('data.json', arrays);
    const { stdout } = folder.mlp([...words, '--validation-split', '0.5']);
    const LOG_3 = Math.log(3);
    expect(JSON.parse(stdout)).toEqual({
      epoch: 1,
      loss: expect.closeTo(LOG_3 / 2, 6),
      accuracy: 0.5,
      share: 1,
      val_loss: expect.closeTo((LOG_3 * 5) / 2, 6),
      val_accuracy: 0.5,
      val_share: 1,
    });
  });

  test('and class weights are not taken together, as in Keras 3', () => {
    const folder = folderWith({}).write('data.json', arrays);
    expect(folder.mlp([...words, '--class-weight', 'balanced'])).toEqual(
      refused(
        2,
        'mlp: --class-weight: expected either class weights or sample weights; found both\n' +
          '  leave sample_weight out of the data\n',
      ),
    );
  });
});

test('metrics of several values are arrays in the log and the history, and are shown by their mean', () => {
  const y = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
  ];
  const x = y.map(([a, b]) => [a, b]);
  const metrics = [{ type: 'recall', thresholds: [0.25, 0.5] }];
  const folder = folderWith({ compile: { ...even.compile, metrics } }).write('data.json', { x, y });
  const words = ['train', '--data', 'data.json', '--seed', '1', '-f'];
  expect(folder.mlp([...words, '--json', '-q']).stdout).toMatch(/,"recall":\[1,0\]\}\n$/);
  expect(folder.json('model.trained.json').history.recall).toEqual([[1, 0]]);
  expect(folder.mlp([...words, '--verbose', '2']).stdout).toContain(' - recall: 0.5000 ');
});

test('a metric that does not fit is refused before the first epoch', () => {
  const folder = folderWith({});
  expect(folder.mlp([...train, '--data', 'data.csv', '--metrics', 'auc'])).toEqual(
    refused(
      2,
      'mlp: metric auc: expected targets of shape (None, 3); found class numbers\n' +
        '  for class numbers there are accuracy and the metrics whose names begin with "sparse_"; for all others give one column per class and use categorical_crossentropy\n',
    ),
  );
  expect(folder.names()).toEqual(['data.csv', 'model.json']);
});

test('logits that are none are said to be odd, and the model is trained', () => {
  const loss = { type: 'sparse_categorical_crossentropy', from_logits: true };
  const folder = folderWith({ compile: { ...even.compile, loss } });
  expect(folder.mlp(['train', '--data', 'data.csv', '--seed', '1', '--verbose', '0'])).toEqual({
    status: 0,
    stdout: '',
    stderr:
      'warning: sparse_categorical_crossentropy has from_logits, but the model ends in softmax, which gives no logits\n' +
      'saved model.trained.json (loss 1.0986)\n',
  });
});
