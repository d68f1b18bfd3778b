/** Optimizers and schedules from the command line. */
import { describe, expect, test } from 'vitest';
import { lrSchedules } from '../../src/cli/lr-schedule.ts';
import { optimizers } from '../../src/spec/optimizers.ts';
import { done, Folder, refused, withoutTimes } from './run.ts';

/** y = 2 x with one weight from 0, SGD: exact numbers in every epoch. */
const model = {
  input_shape: [1],
  layers: [{ units: 1, use_bias: false }],
  compile: { optimizer: { name: 'sgd', learning_rate: 0.25 }, loss: 'mse' },
  fit: { epochs: 4, batch_size: 2, shuffle: false },
  weights: { dense: { kernel: [[0]] } },
};
const CSV = 'x,y\n1,2\n-1,-2\n1,2\n-1,-2\n';
const train = ['train', '--data', 'data.csv', '--seed', '1', '--verbose', '2'];

function folder(changed: object = {}): Folder {
  return new Folder().write('model.json', { ...model, ...changed }).write('data.csv', CSV);
}

/** The optimizer that the trained model says it was trained with. */
function used(options: string[], here = folder()): unknown {
  const { status, stderr } = here.mlp([...train, ...options]);
  expect([status, stderr.startsWith('saved')]).toEqual([0, true]);
  const { compile, training } = here.json('model.trained.json');
  expect(compile.optimizer).toEqual(training.settings.optimizer);
  return compile.optimizer;
}

describe('--lr-schedule', () => {
  // Two steps in each of four epochs are eight.
  const r = 0.25;
  test.each([
    ['cosine', { type: 'CosineDecay', initial_learning_rate: r, decay_steps: 8 }],
    [
      'warmup-cosine',
      {
        type: 'CosineDecay',
        initial_learning_rate: 0,
        decay_steps: 7,
        warmup_target: r,
        warmup_steps: 1,
      },
    ],
    [
      'restarts',
      { type: 'CosineDecayRestarts', initial_learning_rate: r, first_decay_steps: 8 / 7 },
    ],
    [
      'linear',
      { type: 'PolynomialDecay', initial_learning_rate: r, decay_steps: 8, end_learning_rate: 0 },
    ],
    ['polynomial', { type: 'PolynomialDecay', decay_steps: 8, end_learning_rate: 0, power: 2 }],
    [
      'exponential',
      { type: 'ExponentialDecay', initial_learning_rate: r, decay_steps: 8, decay_rate: 0.01 },
    ],
    [
      'inverse-time',
      { type: 'InverseTimeDecay', initial_learning_rate: r, decay_steps: 8, decay_rate: 9 },
    ],
    ['steps', { type: 'PiecewiseConstantDecay', boundaries: [3, 5], values: [r, r / 10, r / 100] }],
  ])('%s fits the run', (word, schedule) => {
    expect(used(['--lr-schedule', word])).toMatchObject({ type: 'sgd', learning_rate: schedule });
  });

  test('starts from --learning-rate, and counts only the epochs that are run', () => {
    const options = ['--lr-schedule', 'linear', '--learning-rate', '0.5', '--initial-epoch', '3'];
    expect(used(options)).toMatchObject({
      learning_rate: { initial_learning_rate: 0.5, decay_steps: 2 },
    });
  });

  test("takes Keras's own as JSON", () => {
    const config = { initial_learning_rate: 0.5, decay_steps: 3 };
    const json = JSON.stringify({ class_name: 'CosineDecay', config });
    expect(used(['--lr-schedule', json])).toMatchObject({
      learning_rate: { type: 'CosineDecay', ...config, alpha: 0 },
    });
  });

  test('sets the rate of each step', () => {
    // Steps of 0.25 and then of 0: the first epoch's first step alone moves, half of the way.
    const json = '{"name": "PiecewiseConstantDecay", "boundaries": [0], "values": [0.25, 0]}';
    const here = folder();
    here.mlp([...train, '--lr-schedule', json]);
    expect(here.json('model.trained.json').weights.dense.kernel).toEqual([[1]]);
  });

  const words = Object.keys(lrSchedules).join(', ');
  test.each([
    [
      ['--lr-schedule', 'cosin'],
      `mlp: --lr-schedule: expected ${words}, or JSON of a schedule; found "cosin"\n  did you mean cosine?\n`,
    ],
    [
      ['--lr-schedule', '{"name": "CosineDecay", "initial_learning_rate": 1}'],
      'mlp: --lr-schedule: decay_steps: required; found nothing\n',
    ],
    [
      ['--lr-schedule', 'cosine', '--optimizer', 'lbfgs'],
      'mlp: --lr-schedule: expected a learning rate that is a number to start from; found lbfgs, which finds its own\n',
    ],
    [
      ['--lr-schedule', 'cosine', '--lr-formula', 'lr / 2'],
      'mlp: LearningRateScheduler: expected a learning rate that is a number; found CosineDecay\n  use either a schedule or a callback that sets the rate, as in Keras\n',
    ],
  ])('%j is refused before the first epoch', (options, stderr) => {
    const here = folder();
    expect(here.mlp([...train, ...options])).toEqual(refused(2, stderr));
    expect(here.names()).toEqual(['data.csv', 'model.json']);
  });

  test('needs a number where the spec has a schedule', () => {
    const learning_rate = { name: 'CosineDecay', initial_learning_rate: 0.1, decay_steps: 9 };
    const compile = { optimizer: { name: 'sgd', learning_rate }, loss: 'mse' };
    expect(folder({ compile }).mlp([...train, '--lr-schedule', 'linear'])).toEqual(
      refused(
        2,
        'mlp: --lr-schedule: expected a learning rate that is a number to start from; found CosineDecay\n  give one with --learning-rate\n',
      ),
    );
    const options = ['--lr-schedule', 'linear', '--learning-rate', '0.5'];
    expect(used(options, folder({ compile }))).toMatchObject({
      learning_rate: { type: 'PolynomialDecay', initial_learning_rate: 0.5 },
    });
  });
});

describe('--optimizer lbfgs', () => {
  const noBatch = { fit: { epochs: 9, shuffle: false } };

  test('goes over all rows in one step and ends by itself', () => {
    const here = folder(noBatch);
    const { status, stdout, stderr } = here.mlp([...train, '--optimizer', 'lbfgs']);
    expect([status, stderr]).toEqual([
      0,
      'saved model.trained.json (stopped after epoch 2 of 9: loss 0.0000)\n',
    ]);
    const lines = withoutTimes(stdout).trim().split('\n');
    expect(lines[1]).toMatch(/^1\/1 - .*loss: /);
    expect(lines.at(-1)).toMatch(/^Epoch \d: lbfgs has converged$/);
    const { weights, training } = here.json('model.trained.json');
    expect(weights.dense.kernel).toEqual([[2]]);
    expect(training.settings.batch_size).toBe(4);
  });

  test('says nothing of its end under --quiet', () => {
    const options = ['--optimizer', 'lbfgs', '--quiet'];
    expect(folder(noBatch).mlp([...train, ...options])).toEqual(done(''));
  });

  test('refuses batches', () => {
    expect(folder().mlp([...train, '--optimizer', 'lbfgs'])).toEqual(
      refused(
        2,
        'mlp: lbfgs: expected a batch of all 4 rows; found a batch_size of 2\n  leave batch_size out: lbfgs goes over all rows in each step\n',
      ),
    );
  });
});

test('every optimizer trains by its name alone', () => {
  for (const name of Object.keys(optimizers)) {
    const here = folder({ compile: { loss: 'mse' }, fit: { epochs: 3, shuffle: false } });
    const { status, stderr } = here.mlp([...train, '--optimizer', name]);
    expect([name, status, stderr.startsWith('saved model.trained.json')]).toEqual([name, 0, true]);
    expect(here.json('model.trained.json').training.settings.optimizer.type).toBe(name);
  }
});

test('help names every optimizer and every word for a schedule', () => {
  const help = new Folder().mlp(['train', '--help']).stdout.replace(/\s+/g, ' ');
  expect(help).toContain(`${Object.keys(optimizers).join(', ')}, or JSON`);
  expect(help).toContain(`rate of each step: ${Object.keys(lrSchedules).join(', ')}, or JSON`);
});
