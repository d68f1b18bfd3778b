/** Training: the tutorial's run epoch by epoch, steps reckoned by hand, and what must not move. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import training from '../../fixtures/keras/tutorial/training.json' with { type: 'json' };
import { initialWeights } from '../../src/nn/initialize.ts';
import { createPredictor } from '../../src/training/predict.ts';
import { expectClose } from '../close.ts';
import {
  arrayOf,
  modelOf,
  noisy,
  noisyTrain,
  numbersOf,
  run,
  samplesOf,
  still,
  weightsOf,
} from './train-model.ts';

describe("the tutorial's training example", () => {
  const file = join(import.meta.dirname, '../../fixtures/linear/data.csv');
  const [, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const table = lines.map((line) => line.split(',').map(Number));
  const train = samplesOf(
    table.map((row) => row.slice(0, 2)),
    table.map((row) => row.slice(2)),
  );
  const document = {
    input_shape: [2],
    layers: [{ units: 1 }],
    compile: { optimizer: 'adam', loss: 'mean_squared_error' },
  };
  const model = modelOf(document, { epochs: 400 });

  test.each(training.cases.filter(({ shuffle }) => !shuffle))(
    'from start $start in order, is that of Keras in every epoch',
    (golden) => {
      const start = weightsOf(model.network, [golden.initial_kernel, golden.initial_bias]);
      const { history, weights } = run(model, train, { weights: start });
      // Bounds that TensorFlow and PyTorch keep between themselves on this very training.
      const losses = history.loss.map(Number);
      expectClose(losses, golden.loss_history ?? [], { atol: 2e-6, rtol: 1e-4 }, 'loss');
      const tolerance = { atol: 5e-6, rtol: 5e-6 };
      const [kernel, bias] = numbersOf(weights);
      expectClose(kernel, golden.final_kernel, tolerance, 'kernel');
      expectClose(bias, golden.final_bias, tolerance, 'bias');
      const rows = arrayOf(training.test);
      const predicted = createPredictor(model.network, weights).predict(rows.values, rows.shape[0]);
      expectClose(predicted, golden.predictions, tolerance, 'predictions');
    },
  );
});

describe('one step reckoned by hand', () => {
  test('moves all nine weights of a 2–2–1 network by the chain rule', () => {
    const document = {
      input_shape: [2],
      layers: [{ units: 2, activation: 'sigmoid' }, { units: 1 }],
      compile: { optimizer: { type: 'sgd', learning_rate: 0.5 }, loss: 'mse' },
    };
    const model = modelOf(document);
    const [x1, x2, y] = [0.5, -1, 2];
    const [[a, b], [c, d]] = [
      [0.1, -0.2],
      [0.3, 0.4],
    ];
    const [e, f] = [0.05, -0.05];
    const [u, v, w] = [0.7, -0.6, 0.1];

    const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
    const h1 = sigmoid(x1 * a + x2 * c + e);
    const h2 = sigmoid(x1 * b + x2 * d + f);
    const output = h1 * u + h2 * v + w;
    const loss = (output - y) ** 2;
    // How the loss changes with the output and with what goes into each sigmoid.
    const g = 2 * (output - y);
    const g1 = g * u * h1 * (1 - h1);
    const g2 = g * v * h2 * (1 - h2);
    const wanted = [
      [a - 0.5 * g1 * x1, b - 0.5 * g2 * x1, c - 0.5 * g1 * x2, d - 0.5 * g2 * x2],
      [e - 0.5 * g1, f - 0.5 * g2],
      [u - 0.5 * g * h1, v - 0.5 * g * h2],
      [w - 0.5 * g],
    ];

    const start = weightsOf(model.network, [[a, b, c, d], [e, f], [u, v], [w]]);
    const kept = numbersOf(start);
    const { history, weights } = run(model, samplesOf([[x1, x2]], [[y]]), { weights: start });
    expectClose(history.loss.map(Number), [loss], { atol: 0, rtol: 1e-6 }, 'loss');
    expectClose(numbersOf(weights).flat(), wanted.flat(), { atol: 1e-7, rtol: 1e-6 }, 'weights');
    // The weights it was given are not its own.
    expect(numbersOf(start)).toEqual(kept);
  });

  test('a short last batch moves by its own rows, and counts by them in the epoch', () => {
    const document = {
      input_shape: [1],
      layers: [{ units: 1, use_bias: false }],
      compile: { optimizer: { type: 'sgd', learning_rate: 0.01 }, loss: 'mse', metrics: ['mae'] },
    };
    const rows = [1, 2, 3, 4, 5];
    const train = samplesOf(
      rows.map((x) => [x]),
      rows.map((x) => [3 * x + 1]),
    );
    const model = modelOf(document, { batchSize: 2 });
    const result = run(model, train, { weights: weightsOf(model.network, [[0.5]]) });

    let kernel = 0.5;
    let squares = 0;
    let sizes = 0;
    for (const batch of [rows.slice(0, 2), rows.slice(2, 4), rows.slice(4)]) {
      const errors = batch.map((x) => kernel * x - (3 * x + 1));
      squares += errors.reduce((sum, error) => sum + error ** 2, 0);
      sizes += errors.reduce((sum, error) => sum + Math.abs(error), 0);
      const gradient = errors.reduce((sum, error, i) => sum + 2 * error * batch[i], 0);
      kernel -= (0.01 * gradient) / batch.length;
    }
    const tolerance = { atol: 0, rtol: 1e-6 };
    expectClose(numbersOf(result.weights)[0], [kernel], tolerance, 'kernel');
    expectClose(result.history.loss.map(Number), [squares / 5], tolerance, 'loss');
    expectClose(result.history.mae.map(Number), [sizes / 5], tolerance, 'mae');
    const steps = result.reports.filter((report) => report.kind === 'batch-end');
    expect(steps.map(({ step, steps }) => [step, steps])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    expect(steps[2].logs().map(([, value]) => value)).toEqual([
      result.history.loss[0],
      result.history.mae[0],
    ]);
  });
});

const tail = samplesOf(
  [0.1, 0.4, -0.2, 1.2, 0.9, -1].map((a) => [a, a / 2, 1]),
  [1, 2, 3, 4, 5, 6].map((y) => [y]),
);

test('validation measures the weights of the end of the epoch, in inference', () => {
  const model = modelOf(noisy, { epochs: 3, batchSize: 8, validationBatchSize: 4 });
  const { history, weights } = run(model, noisyTrain, { validation: tail });
  const predicted = createPredictor(model.network, weights).predict(tail.x.values, 6);
  const errors = [...predicted].map((value, i) => value - tail.y.values[i]);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const tolerance = { atol: 0, rtol: 1e-6 };
  expectClose([Number(history.val_loss[2])], mean(errors.map((e) => e ** 2)), tolerance, 'loss');
  expectClose([Number(history.val_mae[2])], mean(errors.map(Math.abs)), tolerance, 'mae');
  // And changes nothing in training.
  const alone = run(model, noisyTrain);
  expect(numbersOf(alone.weights)).toEqual(numbersOf(weights));
  expect(alone.history.loss).toEqual(history.loss);
});

describe('frozen layers', () => {
  const document = (trainable: boolean, penalty: object) => ({
    input_shape: [3],
    layers: [{ units: 4, activation: 'tanh', trainable, ...penalty }, { units: 1 }],
    compile: { optimizer: 'adam', loss: 'mse' },
  });

  test('do not move, and those behind them do', () => {
    const { network, settings } = modelOf(document(false, {}), { epochs: 3 });
    const start = initialWeights(network, 1);
    const before = numbersOf(start);
    const after = numbersOf(run({ network, settings }, noisyTrain, { weights: start }).weights);
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]).not.toEqual(before[2]);
    expect(after[3]).not.toEqual(before[3]);
  });

  test('may be all there are: then nothing moves, and the loss is measured all the same', () => {
    const layers = document(false, {}).layers.map((layer) => ({ ...layer, trainable: false }));
    const { network, settings } = modelOf({ ...document(false, {}), layers }, { epochs: 2 });
    const start = initialWeights(network, 1);
    const { weights, history } = run({ network, settings }, noisyTrain, { weights: start });
    expect(numbersOf(weights)).toEqual(numbersOf(start));
    expect(history.loss[1]).toBe(history.loss[0]);
  });

  test('pay no penalty for their weights', () => {
    const loss = (trainable: boolean, penalty: object) =>
      run(modelOf(document(trainable, penalty)), noisyTrain).history.loss[0];
    const penalty = { kernel_regularizer: 'l2' };
    expect(loss(false, penalty)).toBe(loss(false, {}));
    expect(loss(true, penalty)).toBeGreaterThan(Number(loss(true, {})));
  });
});

test('epochs are counted up to the final one, from the one to begin with', () => {
  const train = samplesOf([[1]], [[1]]);
  const { reports } = run(modelOf(still, { initialEpoch: 3, epochs: 5 }), train);
  const begins = reports.filter((report) => report.kind === 'epoch-begin');
  expect(begins).toEqual([
    { kind: 'epoch-begin', epoch: 3, epochs: 5, steps: 1, done: 0 },
    { kind: 'epoch-begin', epoch: 4, epochs: 5, steps: 1, done: 0 },
  ]);
});
