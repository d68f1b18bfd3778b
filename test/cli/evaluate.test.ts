/** `mlp evaluate`: whole outputs, and where rows come from. */
import { describe, expect, test } from 'vitest';
import {
  bare,
  DOUBLE_CSV,
  DOUBLE_TABLE,
  double,
  folderWith,
  SIGN_CSV,
  SIGN_TABLE,
  sign,
} from './evaluate-models.ts';
import { done, Folder, withoutTimes } from './run.ts';

describe('the table', () => {
  test('has the scores of numbers, and the metrics that say something else', () => {
    const folder = folderWith(double);
    expect(folder.mlp(['evaluate', '--data', 'double.csv'])).toEqual(done(DOUBLE_TABLE));
  });

  test('has the scores of classes, and the commonest one by name', () => {
    expect(folderWith(sign).mlp(['evaluate', '--data', 'sign.csv'])).toEqual(done(SIGN_TABLE));
  });

  test('shows several values of a metric by their mean, and names without escapes', () => {
    const metrics = [{ type: 'precision', name: 'p\u001b', thresholds: [0.2, 0.99999] }];
    const compile = { loss: 'bce', metrics };
    const one = { ...double, layers: [{ units: 1, activation: 'sigmoid' }], compile };
    const { stdout } = folderWith(bare(one)).mlp(['evaluate', '--data', '-'], '-1,0\n1,1\n0,1\n');
    expect(stdout).toBe(`measure    model  baseline
loss      0.3157    0.6365
accuracy  0.6667    0.6667
log_loss  0.3157    0.6365
p\\u001b   0.5000    0.3333
baseline: always "1", the commonest class of these 3 rows, with its share as probability
`);
  });
});

describe('--json', () => {
  test('of numbers', () => {
    const { status, stdout, stderr } = folderWith(double).mlp([
      'evaluate',
      '--data',
      'double.csv',
      '--json',
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(`{
  "loss": 0.6666667,
  "rows": 3,
  "rmse": 0.8164966,
  "mae": 0.6666667,
  "r2": 0.6666667,
  "metrics": {
    "mae": 0.6666667,
    "mse": 0.6666667
  },
  "baseline": {
    "loss": 2,
    "rows": 3,
    "rmse": 1.4142135,
    "mae": 1.3333334,
    "r2": 0,
    "metrics": {
      "mae": 1.3333334,
      "mse": 2
    }
  }
}
`);
  });

  test('of classes', () => {
    const { stdout } = folderWith(sign).mlp(['evaluate', '--data', 'sign.csv', '--json']);
    const share = (0.4 * Math.log(0.4) + 0.6 * Math.log(0.6)) * -1;
    expect(JSON.parse(stdout)).toEqual({
      loss: 20,
      rows: 5,
      accuracy: 0.8,
      log_loss: 20,
      metrics: { accuracy: 0.8 },
      baseline: {
        loss: expect.closeTo(share, 6),
        rows: 5,
        accuracy: 0.6,
        log_loss: expect.closeTo(share, 6),
        metrics: { accuracy: 0.6 },
      },
    });
  });

  test('has null for what has no value', () => {
    const { stdout } = folderWith(double).mlp(['evaluate', '--data', '-', '--json'], 'x,y\n1,2\n');
    expect(JSON.parse(stdout)).toMatchObject({
      rows: 1,
      rmse: 0,
      r2: null,
      baseline: { r2: null },
    });
  });
});

test('what train calls val_… is what evaluate finds in the model that train wrote', () => {
  const folder = new Folder().take('data/iris.csv');
  folder.shell(`awk 'NR == 1 || NR % 5' iris.csv > train.csv
    awk 'NR == 1 || NR % 5 == 0' iris.csv > test.csv
    mlp new --data train.csv --layers 8 -q -o model.json`);
  const train = ['train', '--data', 'train.csv', '--validation-data', 'test.csv'];
  const { stdout } = folder.mlp([...train, '--epochs', '20', '--seed', '1', '--json', '-q']);
  const last = JSON.parse(stdout.trimEnd().split('\n')[19]);
  const found = JSON.parse(folder.mlp(['evaluate', '--data', 'test.csv', '--json']).stdout);
  expect(found).toMatchObject({
    loss: last.val_loss,
    log_loss: last.val_loss,
    accuracy: last.val_accuracy,
    metrics: { accuracy: last.val_accuracy },
    baseline: { accuracy: expect.closeTo(1 / 3, 6) },
  });
  const rows = folder.mlp(['predict', '--data', 'test.csv']).stdout.split('\n').slice(1, -1);
  const truth = folder.read('test.csv').split('\n').slice(1, -1);
  const right = rows.filter((name, i) => truth[i].endsWith(`,${name}`)).length;
  expect(found.accuracy).toBeCloseTo(right / rows.length, 6);
});

describe('rows', () => {
  test('come from a file, standard input or JSON arrays, columns in any order', () => {
    const folder = folderWith(double)
      .write('double.tsv', 'note\ty\tx\nsome\t2\t1\nmore\t5\t2\n\t5\t3\n')
      .write('double.json', { x: [[1], [2], [3]], y: [2, 5, 5] });
    const evaluate = (words: string, input = '') =>
      folder.mlp(['evaluate', ...words.split(' ')], input);
    expect(evaluate('model.trained.json --data double.tsv')).toEqual(done(DOUBLE_TABLE));
    expect(evaluate('--data double.json')).toEqual(done(DOUBLE_TABLE));
    expect(evaluate('--data -', DOUBLE_CSV)).toEqual(done(DOUBLE_TABLE));
    const bars = 'x|a;b,c;d|y\n1|;|2\n2|;|5\n3|;|5\n';
    expect(evaluate('--data - --delimiter |', bars)).toEqual(done(DOUBLE_TABLE));
    expect(evaluate('--data - --no-header', '1,2\n2,5\n3,5\n')).toEqual(done(DOUBLE_TABLE));
    expect(evaluate('- --data double.csv', folder.read('model.trained.json'))).toEqual(
      done(DOUBLE_TABLE),
    );
  });

  test('of any batches give the same', () => {
    const args = ['evaluate', '--data', 'double.csv', '--batch-size', '1'];
    expect(folderWith(double).mlp(args)).toEqual(done(DOUBLE_TABLE));
  });

  test('may have weights, which count in the loss alone', () => {
    const folder = folderWith(double).write('weighted.json', {
      x: [[1], [2]],
      y: [0, 0],
      sample_weight: [3, 0],
    });
    const { stdout } = folder.mlp(['evaluate', '--data', 'weighted.json', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ loss: 6, mae: 3, metrics: { mae: 3, mse: 10 } });
  });

  test('go by position for a model without columns: inputs, then targets', () => {
    const folder = folderWith(bare(double));
    expect(folder.mlp(['evaluate', '--data', 'double.csv'])).toEqual(done(DOUBLE_TABLE));
    const two = {
      input_shape: [1],
      layers: [{ units: 2 }],
      compile: { loss: 'mse' },
      weights: { dense: { kernel: [[1, 2]], bias: [0, 0] } },
    };
    const found = folderWith(two).mlp(['evaluate', '--data', '-', '--json'], '1,1,4\n2,2,4\n');
    expect(JSON.parse(found.stdout)).toMatchObject({ rows: 2, mae: 0.5, loss: 1 });
    const classes = folderWith(bare(sign));
    const numbers = SIGN_CSV.replaceAll('minus', '0').replaceAll('plus', '1');
    expect(classes.mlp(['evaluate', '--data', '-'], numbers)).toEqual(
      done(SIGN_TABLE.replace('plus', '1')),
    );
  });

  test('and a target that is named may have other classes, whose order is said', () => {
    const args = ['evaluate', '--data', 'sign.csv', '--target', 'sign'];
    const note =
      'note: the model does not name its classes; they are taken in this order: "minus", "plus"\n';
    expect(folderWith(bare(sign)).mlp(args)).toEqual(done(SIGN_TABLE, note));
    expect(folderWith(bare(sign)).mlp([...args, '-q'])).toEqual(done(SIGN_TABLE));
  });
});

test('a model without compile is measured by the loss that fits, which is said', () => {
  const { compile: _compile, ...open } = sign;
  expect(folderWith(open).mlp(['evaluate', '--data', 'sign.csv'])).toEqual(
    done(
      SIGN_TABLE,
      'no loss given; the target is 2 classes, so sparse_categorical_crossentropy\n',
    ),
  );
});

test.each([
  ['keras2', '2/2 [==============================] - 0s 0ms/step - loss: 0.6667 - mae: 0.6667\n'],
  ['keras3', /^2\/2 ━{20} 0s \d+(us|ms|s)\/step - loss: 0\.6667 - mae: 0\.6667\n$/],
])('--verbose 1 shows the bar of %s on standard error', (style, bar) => {
  const model = { ...double, compile: { ...double.compile, metrics: ['mae'] } };
  const words = ['--data', 'double.csv', '--batch-size', '2', '--verbose', '1', '--style', style];
  const { status, stdout, stderr } = folderWith(model).mlp(['evaluate', ...words]);
  expect({ status, stdout }).toEqual({ status: 0, stdout: DOUBLE_TABLE.replace(/^mse.*\n/m, '') });
  if (typeof bar === 'string') expect(withoutTimes(stderr)).toBe(bar);
  else expect(stderr).toMatch(bar);
});

test('a reader who has seen enough is no failure', () => {
  const line = 'set -o pipefail; mlp evaluate --data double.csv | head -n 1; echo $?';
  expect(folderWith(double).shell(line)).toEqual(done('measure   model  baseline\n0\n'));
});
