/** `train --diagnose`: what the layers do after each epoch, by the real program. */
import { describe, expect, test } from 'vitest';
import { done, Folder, refused } from './run.ts';

/** y = a − b. */
const CSV = `a,b,y\n${Array.from({ length: 8 }, (_, i) => `${i % 3},${i % 2},${(i % 3) - (i % 2)}\n`).join('')}`;
const document = {
  input_shape: [2],
  layers: [
    { units: 2, activation: 'tanh', kernel_initializer: 'ones', name: 'hidden' },
    { type: 'Dropout', rate: 0.5 },
    { units: 1, kernel_initializer: 'ones', trainable: false, name: 'out' },
  ],
  compile: { optimizer: { name: 'sgd', learning_rate: 0.125 }, loss: 'mse' },
  fit: { seed: 1, shuffle: false, verbose: 0 },
};
const train = ['train', 'model.json', '--data', 'data.csv', '--epochs', '2', '--diagnose'];
const saved = 'saved model.trained.json (loss 4.6009)\n';

function folder(changed: object = {}): Folder {
  return new Folder().write('model.json', { ...document, ...changed }).write('data.csv', CSV);
}

const BLOCKS = `layers after epoch 1, on 8 rows:
layer     mean    std  zero  saturated  gradient  |weight|  |gradient|  largest  moved  weight
hidden   0.652  0.417    0%        13%     0.803      1.94        1.01    0.771   4.3%  kernel
                                                    0.0842       0.886    0.681         bias
dropout  0.654  0.877   56%                0.467
out       1.31   1.46   38%                0.467      1.41                          0%  kernel
                                                      0.00                              bias
layers after epoch 2, on 8 rows:
layer     mean    std  zero  saturated  gradient  |weight|  |gradient|  largest  moved  weight
hidden   0.588  0.451    0%        13%     0.754      1.80        1.34     1.06   8.1%  kernel
                                                     0.247        1.02    0.828   195%  bias
dropout  0.595  0.855   56%                0.445
out       1.19   1.41   38%                0.445      1.41                          0%  kernel
                                                      0.00                              bias
`;

describe('train --diagnose', () => {
  test('prints a block for each epoch into the log, the same on both engines', () => {
    for (const engine of ['wasm', 'reference']) {
      expect(folder().mlp([...train, '--engine', engine])).toEqual(done(BLOCKS, saved));
    }
  });

  test('gives a line of JSON for each epoch with --json, also with --quiet', () => {
    const { stdout, ...rest } = folder().mlp([...train, '--json', '-q']);
    expect(rest).toEqual({ status: 0, stderr: '' });
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toHaveLength(4);
    expect(lines[0]).toEqual({ epoch: 1, loss: expect.any(Number) });
    expect(lines[1]).toEqual({
      epoch: 1,
      rows: 8,
      layers: [
        {
          layer: 'hidden',
          mean: 0.6520590659929439,
          std: 0.4169328080776642,
          zero: 0,
          saturated: 0.125,
          gradient: 0.8028761117639742,
          weights: [
            {
              name: 'kernel',
              norm: 1.943449928008247,
              moved: 0.04308251096831093,
              gradient_norm: 1.0108968369086242,
              gradient_max: 0.770635187625885,
            },
            {
              name: 'bias',
              norm: 0.08417041988442459,
              moved: null,
              gradient_norm: 0.886240149360449,
              gradient_max: 0.6812334060668945,
            },
          ],
        },
        {
          layer: 'dropout',
          mean: 0.6543181268498302,
          std: 0.8773542927816437,
          zero: 0.5625,
          saturated: null,
          gradient: 0.46709060196934094,
          weights: [],
        },
        {
          layer: 'out',
          mean: 1.3086362536996603,
          std: 1.4602707273766296,
          zero: 0.375,
          saturated: null,
          gradient: 0.46709060196934094,
          weights: [
            {
              name: 'kernel',
              norm: Math.SQRT2,
              moved: 0,
              gradient_norm: null,
              gradient_max: null,
            },
            { name: 'bias', norm: 0, moved: null, gradient_norm: null, gradient_max: null },
          ],
        },
      ],
    });
    expect([lines[2].epoch, lines[3].epoch]).toEqual([2, 2]);
  });

  test('says nothing with --quiet alone', () => {
    expect(folder().mlp([...train, '-q'])).toEqual(done(''));
  });

  test('goes to standard error where the model goes to standard output', () => {
    const { stdout, stderr } = folder().mlp([...train, '-o', '-']);
    expect(JSON.parse(stdout).format).toBe('mlp-model');
    expect(stderr).toMatch(/^layers after epoch 1, on 8 rows:\n/);
  });

  test('shows the epochs before the numbers fail', () => {
    const compile = { optimizer: { name: 'sgd', learning_rate: 1e25 }, loss: 'mse' };
    const layers = [{ units: 1, kernel_initializer: 'ones', name: 'out' }];
    const { status, stdout } = folder({ compile, layers }).mlp([...train, '--batch-size', '8']);
    expect(status).toBe(5);
    expect(stdout).toMatch(/^layers after epoch 1, on 8 rows:\n(?:.*\n){3}$/);
  });
});

test('--clip-norm is refused where lbfgs trains', () => {
  const lbfgs = ['--optimizer', 'lbfgs', '--clip-norm', '1'];
  expect(folder().mlp([...train, ...lbfgs])).toEqual(
    refused(
      2,
      'mlp: --clip-norm: expected an optimizer that goes from batch to batch; found lbfgs\n  a clipped gradient would mislead its line search: leave the option out\n',
    ),
  );
});
