/** Callbacks and logs from the command line. */
import { expect, test } from 'vitest';
import { done, Folder, refused, withoutTimes } from './run.ts';

/** y = 2 x with one weight from 0, SGD: exact numbers in every epoch. */
const model = {
  input_shape: [1],
  layers: [{ units: 1, use_bias: false }],
  compile: { optimizer: { name: 'sgd', learning_rate: 0.25 }, loss: 'mse' },
  fit: { epochs: 3, batch_size: 4, shuffle: false },
  weights: { dense: { kernel: [[0]] } },
};
const CSV = 'x,y\n1,2\n-1,-2\n1,2\n-1,-2\n';
const train = ['train', '--data', 'data.csv', '--seed', '1', '--verbose', '2'];

function folder(): Folder {
  return new Folder().write('model.json', model).write('data.csv', CSV);
}

/** One step halves the distance to 2, so the loss falls from 4 by a factor of 4. */
const epoch = (n: number, of: number, rest: string) =>
  `Epoch ${n}/${of}\n1/1 - 0s - ${rest} - 0s/epoch - 0s/step\n`;
const plain = (log: string) =>
  withoutTimes(log)
    .replace(/ - \d+s - /g, ' - 0s - ')
    .replace(/\d+(us|ms|s)\/(epoch|step)/g, '0s/$2');

test('early stopping by a patience, watched value named beside it', () => {
  const { status, stdout, stderr } = folder().mlp([
    ...train,
    ...['--epochs', '20', '--early-stopping', '{"min_delta": 0.1, "verbose": 1}'],
    ...['--monitor', 'loss'],
  ]);
  expect([status, stderr]).toEqual([
    0,
    'saved model.trained.json (stopped after epoch 5 of 20: loss 0.0156)\n',
  ]);
  expect(plain(stdout)).toBe(
    `${epoch(1, 20, 'loss: 4.0000')}${epoch(2, 20, 'loss: 1.0000')}` +
      `${epoch(3, 20, 'loss: 0.2500')}${epoch(4, 20, 'loss: 0.0625')}` +
      `${epoch(5, 20, 'loss: 0.0156')}Epoch 5: early stopping\n`,
  );
});

test('a formula for the rate is shown as Keras shows it, and kept in the file', () => {
  const here = folder();
  const run = here.mlp([...train, '--lr-formula', 'lr / 2']);
  expect(plain(run.stdout)).toBe(
    epoch(1, 3, 'loss: 4.0000 - lr: 0.1250') +
      epoch(2, 3, 'loss: 2.2500 - lr: 0.0625') +
      epoch(3, 3, 'loss: 1.7227 - lr: 0.0312'),
  );
  const { history, training } = here.json('model.trained.json');
  expect(history.learning_rate).toEqual([0.125, 0.0625, 0.03125]);
  expect(training.settings.callbacks).toEqual([
    { type: 'LearningRateScheduler', schedule: 'lr / 2', verbose: 0 },
  ]);
});

test('--reduce-lr takes the place of the same callback in the spec', () => {
  const here = folder();
  const callbacks = [{ name: 'ReduceLROnPlateau', monitor: 'loss', patience: 7 }];
  here.write('model.json', { ...model, fit: { ...model.fit, callbacks } });
  here.mlp([...train, '--reduce-lr', '1', '--monitor', 'loss']);
  const [stored] = here.json('model.trained.json').training.settings.callbacks;
  expect([stored.type, stored.monitor, stored.patience]).toEqual(['ReduceLROnPlateau', 'loss', 1]);
});

test('--keep best saves the best weights, not the last', () => {
  const here = folder().write('validation.csv', 'x,y\n1,1\n');
  const log = here.mlp([...train, '--validation-data', 'validation.csv', '--keep', 'best']);
  // What is said of the model is what belongs to its weights.
  expect([log.status, log.stderr]).toEqual([
    0,
    'saved model.trained.json (epoch 1 of 3: loss 4.0000, val_loss 0.0000)\n',
  ]);
  // After the first epoch the weight is 1, which the validation row wants.
  expect(here.json('model.trained.json').weights.dense.kernel).toEqual([[1]]);
});

test('--csv-log writes what CSVLogger writes', () => {
  const here = folder();
  const run = here.mlp([...train, '--verbose', '0', '--csv-log', 'log.csv']);
  expect(run).toEqual(done('', 'saved model.trained.json (loss 0.2500)\n'));
  expect(here.read('log.csv')).toBe('epoch,loss,val_loss\r\n0,4.0,NA\r\n1,1.0,NA\r\n2,0.25,NA\r\n');
  // The next run may replace its own log.
  expect(here.mlp([...train, '--verbose', '0', '--csv-log', 'log.csv']).status).toBe(0);
});

test('a metric that is no number is null in JSON, nan in texts, and costs no model', () => {
  // The targets are all 0, and so is what is predicted: R² is 0 / 0.
  const here = folder().write('data.csv', 'x,y\n1,0\n2,0\n');
  const options = ['--metrics', 'r2_score', '--epochs', '2', '--csv-log', 'log.csv'];
  const json = here.mlp([...train, ...options, '--json']);
  expect([json.status, json.stdout]).toEqual([
    0,
    '{"epoch":1,"loss":0,"r2_score":null}\n{"epoch":2,"loss":0,"r2_score":null}\n',
  ]);
  expect(here.json('model.trained.json').history).toEqual({ loss: [0, 0], r2_score: [null, null] });
  expect(here.read('log.csv')).toContain('0,0.0,nan,NA,NA\r\n');
  // What was written is a model that can be read, and trained on.
  const again = here.mlp([
    'train',
    'model.trained.json',
    ...train.slice(1),
    '--epochs',
    '1',
    '-o',
    'b.json',
  ]);
  expect(plain(again.stdout)).toBe(
    '1/1 - 0s - loss: 0.0000e+00 - r2_score: nan - 0s/epoch - 0s/step\n',
  );
});

test('--keep best needs an epoch in which validation is due', () => {
  const here = folder().write('validation.csv', 'x,y\n1,1\n');
  const options = ['--validation-data', 'validation.csv', '--validation-freq', '4'];
  expect(here.mlp([...train, ...options, '--keep', 'best'])).toEqual(
    refused(
      2,
      'mlp: --keep best: monitor: expected one of loss; found "val_loss"\n  validation is due after none of the epochs: use a lower --validation-freq\n',
    ),
  );
  expect(here.mlp([...train, ...options, '--keep', 'best', '--epochs', '4']).status).toBe(0);
});

const mistakes: [string[], number, string][] = [
  [
    ['--monitor', 'loss'],
    2,
    'mlp: --monitor: expected --early-stopping, --reduce-lr or --keep best with it; found none of them\n  add one, or name what to watch in "callbacks" of the spec\n',
  ],
  [
    ['--early-stopping', '-1'],
    2,
    'mlp: --early-stopping: patience: expected a whole number, 0 or more; found -1\n',
  ],
  [
    ['--early-stopping', '{"patiense": 3}'],
    2,
    'mlp: --early-stopping: patiense: unknown key; did you mean "patience"?\n',
  ],
  [
    ['--reduce-lr', '3'],
    2,
    'mlp: ReduceLROnPlateau: monitor: expected one of loss; found "val_loss"\n  give rows to validate with: --validation-split or --validation-data\n',
  ],
  [
    ['--lr-formula', 'rate / 2'],
    2,
    'mlp: --lr-formula: character 1: unknown name "rate"; known are epoch, lr, pi, e\n',
  ],
  [['--keep', 'bets'], 2, 'mlp: --keep: expected last, best; found "bets"\n  did you mean best?\n'],
  [
    ['--csv-log', 'data.csv'],
    6,
    'mlp: data.csv: expected a file that the command does not use otherwise; found one that it does\n  name another one: --csv-log FILE\n',
  ],
  [
    ['--csv-log', 'model.trained.json'],
    6,
    'mlp: model.trained.json: expected a file that the command does not use otherwise; found one that it does\n  name another one: --csv-log FILE\n',
  ],
];

test.each(mistakes)('%j is refused before the first epoch', (options, status, stderr) => {
  const here = folder();
  expect(here.mlp([...train, ...options])).toEqual(refused(status, stderr));
  expect(here.names()).toEqual(['data.csv', 'model.json']);
});
