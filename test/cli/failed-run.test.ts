/** Runs whose numbers fail, through the real program: what is said, saved and left alone. */
import { describe, expect, test } from 'vitest';
import { Folder, refused } from './run.ts';

/** Two columns of very different size, and what a line through them gives. */
const rows = Array.from({ length: 40 }, (_, i) => [i % 7, (i * 1300) % 20000, (i % 7) / 7]);
const CSV = `rooms,price,y\n${rows.map((row) => `${row.join(',')}\n`).join('')}`;
const model = (activation: string | null, learning_rate: number) => ({
  input_shape: [2],
  layers: [
    { units: 3, activation, kernel_initializer: 'ones' },
    { units: 1, kernel_initializer: 'ones' },
  ],
  compile: { optimizer: { name: 'sgd', learning_rate }, loss: 'mse' },
  fit: { seed: 1, verbose: 0 },
});
const train = ['train', 'model.json', '--data', 'data.csv', '--epochs', '9', '-q'];

function folderWith(document: object): Folder {
  return new Folder().write('model.json', document).write('data.csv', CSV);
}

/** What is found out about steps that are too large. */
const RUN_AWAY = `mlp: epoch 1, batch 3: expected a finite loss; found Infinity
  first not finite: Infinity in the output of layers[1] ("dense_1"), from matmul of -5.392e+31 … 1.146e+33 and 3.957e+10
  largest there: weight 3.957e+10 in kernel, no finite gradient
  inputs of the batch: up to 1.794, in "price"; learning rate 0.05
  most likely the steps are too large: --learning-rate 0.005, or --clip-norm 1
`;

describe('a run whose numbers fail', () => {
  test('names batch, layer, column and remedy; keeps the old model; saves what was good', () => {
    const old = '{"format": "mlp-model", "old": 1}';
    for (const engine of ['wasm', 'reference']) {
      const folder = folderWith(model(null, 0.01)).write('model.trained.json', old);
      expect(folder.mlp([...train, '--engine', engine])).toEqual(
        refused(
          5,
          `mlp: epoch 2, batch 1: expected a finite loss; found Infinity
  first not finite: Infinity in the output of layers[1] ("dense_1"), from matmul of 1.538e+23 … 2.632e+31 and 1.35e+27
  largest there: weight 1.35e+27 in kernel, no finite gradient
  inputs of the batch: up to 19500, in "price"; learning rate 0.01
  most likely the inputs are too large: bring them to one size with --normalize zscore
  or smaller steps: --learning-rate 0.001, or --clip-norm 1
  the weights have grown to 7.466e+6 before: start anew
  saved the last good state: model.checkpoint.json (epoch 0 and 1 batch of the next)
  model.trained.json is as it was
`,
        ),
      );
      expect(folder.read('model.trained.json')).toBe(old);
      expect(folder.names()).toEqual([
        'data.csv',
        'model.checkpoint.json',
        'model.json',
        'model.trained.json',
      ]);
    }
  });

  test('of rows of one size gives the command that goes on with smaller steps', () => {
    const folder = folderWith(model('x * x * x', 0.05));
    const scaled = [...train, '--normalize', 'zscore', '--batch-size', '8'];
    const failed = folder.mlp(scaled);
    expect(failed).toEqual(
      refused(
        5,
        `${RUN_AWAY}  saved the last good state: model.checkpoint.json (epoch 0 and 1 batch of the next)
  to go on from it: mlp train --resume model.checkpoint.json --data data.csv --resume-anyway --learning-rate 0.005 --clip-norm 1
`,
      ),
    );
    const [, command] = /to go on from it: (mlp .*)/.exec(failed.stderr) ?? [];
    const resumed = folder.shell(`${command} -q`);
    expect(resumed).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(folder.json('model.trained.json').history.loss).toHaveLength(9);
  });

  test('before any step was good saves nothing', () => {
    const folder = folderWith(model('log(x - 5)', 0.01));
    expect(folder.mlp([...train, '--checkpoint', 'c.json'])).toEqual(
      refused(
        5,
        `mlp: epoch 1, batch 1: expected a finite loss; found NaN
  first not finite: NaN in the output of layers[0] ("dense"), from log of -5 … 19500
  largest there: weight 1 in kernel, no finite gradient
  inputs of the batch: up to 19500, in "price"; learning rate 0.01
  look at the formula "log(x - 5)" of layer "dense": it has no value for some of these numbers
  the last good state is the one it began with: nothing is saved
`,
      ),
    );
    expect(folder.names()).toEqual(['data.csv', 'model.json']);
  });

  test('says why the last good state could not be saved, and still what happened', () => {
    const folder = folderWith(model('x * x * x', 0.05)).write(
      'model.checkpoint.json',
      'dear diary',
    );
    const failed = folder.mlp([...train, '--normalize', 'zscore', '--batch-size', '8']);
    expect(failed).toEqual(
      refused(
        5,
        `${RUN_AWAY}  the last good state could not be saved: model.checkpoint.json: expected a new file or a model written by mlp; found another file
`,
      ),
    );
    expect(folder.read('model.checkpoint.json')).toBe('dear diary');
  });

  test('is none with --clip-norm', () => {
    const folder = folderWith(model('x * x * x', 0.05));
    const clipped = folder.mlp([
      ...train,
      '--normalize',
      'zscore',
      '--batch-size',
      '8',
      '--clip-norm',
      '0.1',
    ]);
    expect(clipped).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(folder.json('model.trained.json').compile.optimizer.clipnorm).toBe(0.1);
  });
});
