import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { CSV, folderWith, linear, start, train } from './linear-run.ts';
import { done, withoutTimes } from './run.ts';

describe('a run', () => {
  test('by hand: two epochs of plain gradient descent, their log and their file', () => {
    // The bias stays 0: in each batch the errors of x and −x cancel. With error e = (k − 2)·x the
    // kernel moves by −0.125 · 2 · mean(e·x): by 0.25 of what is missing for x = ±1, by all of it
    // for x = ±2, which takes it to 2. The first loss is mean(4, 9), the mean error mean(2, 3).
    const folder = folderWith(start);
    const { status, stdout, stderr } = folder.mlp(train);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'saved model.trained.json (loss 0.0000)\n',
    });
    const bar = `2/2 [${'='.repeat(30)}] - 0s 0ms/step`;
    expect(withoutTimes(stdout)).toBe(
      `Epoch 1/2\n${bar} - loss: 6.5000 - mae: 2.5000\nEpoch 2/2\n${bar} - loss: 0.0000e+00 - mae: 0.0000e+00\n`,
    );
    expectTrained(folder.read('model.trained.json'));
    expect(folder.names()).toEqual(['data.csv', 'model.json', 'model.trained.json']);
  });

  test('the same seed gives the same bytes', () => {
    const folder = folderWith(null);
    for (const [seed, output] of [
      ['5', 'a'],
      ['5', 'b'],
      ['6', 'c'],
    ]) {
      const args = ['train', '--data', 'data.csv', '--epochs', '3', '--seed', seed];
      expect(folder.mlp([...args, '-o', output, '-q'])).toEqual(done(''));
    }
    expect(folder.read('b')).toBe(folder.read('a'));
    expect(folder.json('c').weights).not.toEqual(folder.json('a').weights);
  });

  test('a seed that is picked is said and stored, and repeats the run', () => {
    const folder = folderWith(linear);
    const { stderr } = folder.mlp(['train', '--data', 'data.csv', '-o', 'a.json']);
    const [, seed] = /^picked seed (\d+)\nsaved a\.json \(loss [^)]+\)\n$/.exec(stderr) ?? [];
    expect(String(folder.json('a.json').training.seed)).toBe(seed);
    folder.mlp(['train', '--data', 'data.csv', '-o', 'b.json', '--seed', seed]);
    expect(folder.read('b.json')).toBe(folder.read('a.json'));
  });

  test('the model may come from standard input, or the data', () => {
    const folder = folderWith(start);
    folder.mlp(train);
    const model = folder.mlp(
      ['train', '-', ...train.slice(1), '-o', 'a.json', '-q'],
      folder.read('model.json'),
    );
    expect(model.status).toBe(0);
    const data = folder.mlp(['train', '--data', '-', '--seed', '1', '-o', 'b.json', '-q'], CSV);
    expect(data).toEqual(done(''));
    expectTrained(folder.read('a.json'));
    expect(folder.read('b.json')).toBe(folder.read('a.json'));
  });

  test('numbers that fail leave the old model as it was', () => {
    const folder = folderWith(start).write(
      'model.trained.json',
      '{"format": "mlp-model", "old": 1}',
    );
    const { status, stderr } = folder.mlp([...train, '--learning-rate', '1e30', '--epochs', '9']);
    expect(status).toBe(5);
    expect(stderr).toMatch(
      /^mlp: epoch \d, batch \d: expected a finite loss; found (Infinity|NaN) \(and (NaN|-?Infinity) in dense\/kernel\)\n/,
    );
    expect(folder.read('model.trained.json')).toBe('{"format": "mlp-model", "old": 1}');
    expect(folder.names()).toEqual(['data.csv', 'model.json', 'model.trained.json']);
  });
});

/** The file of the first run up to its `training` section, whose settings grow with the program. */
const TRAINED = `{
  "format": "mlp-model",
  "version": 1,
  "layers": [
    {
      "units": 1
    }
  ],
  "compile": {
    "optimizer": {
      "name": "sgd",
      "learning_rate": 0.125
    },
    "loss": "mse",
    "metrics": ["mae"]
  },
  "fit": {
    "epochs": 2,
    "batch_size": 2,
    "shuffle": false
  },
  "input_shape": [1],
  "columns": {
    "header": true,
    "features": [
      {
        "name": "x",
        "position": 1,
        "kind": "number"
      }
    ],
    "targets": [
      {
        "name": "y",
        "position": 2,
        "kind": "number"
      }
    ]
  },
  "digest": {
    "weights": {
      "dense": {
        "kernel": "sha256:7e97f28544699a89",
        "bias": "sha256:d43dbaba656fee49"
      }
    },
    "columns": "sha256:2fae0c9d39c19e45"
  },
  "weights": {
    "dense": {
      "kernel": [
        [2]
      ],
      "bias": [0]
    }
  },
  "history": {
    "loss": [6.5, 0],
    "mae": [2.5, 0]
  },
`;

/** The text of the first run's model file. */
function expectTrained(text: string): void {
  expect(text.slice(0, text.indexOf('  "training": {'))).toBe(TRAINED);
  const { settings, ...training } = JSON.parse(text).training;
  expect(training).toEqual({
    tool_version: manifest.version,
    engine: expect.any(String),
    seed: 1,
    last_epoch: 2,
    kept_epoch: 2,
    rows: 4,
    validation_rows: 0,
  });
  expect(settings).toMatchObject({
    optimizer: { type: 'sgd', learning_rate: 0.125, momentum: 0, nesterov: false },
    loss: { type: 'mean_squared_error' },
    metrics: [{ type: 'mean_absolute_error', name: 'mae' }],
    epochs: 2,
    initial_epoch: 0,
    batch_size: 2,
    validation_split: 0,
    shuffle: false,
  });
}

describe('the log', () => {
  test('--json is one line per epoch', () => {
    expect(folderWith(start).mlp([...train, '--json'])).toEqual(
      done(
        '{"epoch":1,"loss":6.5,"mae":2.5}\n{"epoch":2,"loss":0,"mae":0}\n',
        'saved model.trained.json (loss 0.0000)\n',
      ),
    );
  });

  test('--quiet is silent, --verbose 0 only says where the model is', () => {
    expect(folderWith(start).mlp([...train, '-q'])).toEqual(done(''));
    expect(folderWith(start).mlp([...train, '--verbose', '0'])).toEqual(
      done('', 'saved model.trained.json (loss 0.0000)\n'),
    );
  });

  test('--verbose 2 is a line per epoch', () => {
    const { stdout } = folderWith(start).mlp([...train, '--verbose', '2']);
    expect(stdout.replace(/\d+(us|ms|s)\//g, '0ms/').replace(/ \d+s /g, ' 0s ')).toBe(
      'Epoch 1/2\n2/2 - 0s - loss: 6.5000 - mae: 2.5000 - 0ms/epoch - 0ms/step\n' +
        'Epoch 2/2\n2/2 - 0s - loss: 0.0000e+00 - mae: 0.0000e+00 - 0ms/epoch - 0ms/step\n',
    );
  });

  test('--style keras3 has the bar and the order of Keras 3, without colours in a pipe', () => {
    const { stdout } = folderWith(start).mlp([...train, '--style', 'keras3', '--epochs', '1']);
    const bar = '━'.repeat(20);
    expect(stdout.replace(/\d+s \d+(us|ms|s)\/step/, '0s 0ms/step')).toBe(
      `2/2 ${bar} 0s 0ms/step - loss: 6.5000 - mae: 2.5000\n`,
    );
  });

  test('the model on standard output sends the log to standard error', () => {
    const { status, stdout, stderr } = folderWith(start).mlp([...train, '-o', '-']);
    expect(status).toBe(0);
    expectTrained(stdout);
    const bar = `2/2 [${'='.repeat(30)}] - 0s 0ms/step`;
    expect(withoutTimes(stderr)).toBe(
      `Epoch 1/2\n${bar} - loss: 6.5000 - mae: 2.5000\nEpoch 2/2\n${bar} - loss: 0.0000e+00 - mae: 0.0000e+00\n`,
    );
  });
});
