/** L-BFGS: the algorithm on functions of a few numbers, and on networks against Adam. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { prepare } from '../../src/engine/choose.ts';
import type { LayerWeights } from '../../src/ndarray.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import type { OptimizerOf } from '../../src/spec/optimizers.ts';
import { compileModel, INPUTS } from '../../src/training/compile.ts';
import type { FitSettings } from '../../src/training/fit.ts';
import { FullBatch } from '../../src/training/full-batch.ts';
import { Lbfgs } from '../../src/training/lbfgs.ts';
import { type Samples, TrainingRun } from '../../src/training/run.ts';
import { loadWeights } from '../../src/training/weights.ts';
import { expectClose } from '../close.ts';
import { modelOf, run, samplesOf } from './train-model.ts';

const spec: OptimizerOf<'lbfgs'> = {
  type: 'lbfgs',
  learning_rate: 1,
  memory: 10,
  max_evaluations: 25,
  gradient_tolerance: 1e-6,
};

/** Minimizes to the end; the points that were evaluated last after each iteration. */
function minimize(
  start: number[],
  value: (x: Float64Array) => number,
  slope: (x: Float64Array) => number[],
) {
  let last: Float64Array = new Float64Array();
  let evaluations = 0;
  const evaluate = (x: Float64Array, gradient: Float64Array) => {
    evaluations++;
    last = x;
    gradient.set(slope(x));
    return value(x);
  };
  const minimizer = Lbfgs.start(Float64Array.from(start), { evaluate }, spec);
  let iterations = 0;
  for (; !minimizer.isConverged && iterations < 200; iterations++) minimizer.iterate();
  return { end: [...last], iterations, evaluations };
}

describe('the algorithm', () => {
  test('finds the bottom of a bowl whose axes differ a thousandfold', () => {
    const scales = [1, 10, 1000];
    const { end, evaluations } = minimize(
      [5, -3, 2],
      (x) => scales.reduce((sum, scale, i) => sum + scale * (x[i] - i) ** 2, 0),
      (x) => scales.map((scale, i) => 2 * scale * (x[i] - i)),
    );
    expectClose(end, [0, 1, 2], { atol: 1e-5, rtol: 0 });
    expect(evaluations).toBeLessThan(40);
  });

  test("follows Rosenbrock's valley to (1, 1)", () => {
    const { end, evaluations } = minimize(
      [-1.2, 1],
      ([x, y]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      ([x, y]) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
    );
    expectClose(end, [1, 1], { atol: 1e-3, rtol: 0 });
    expect(evaluations).toBeLessThan(100);
  });

  test('comes back from steps into where nothing is defined', () => {
    // −log x + x has its minimum at 1 and no value left of 0.
    const { end } = minimize(
      [0.01],
      ([x]) => (x > 0 ? x - Math.log(x) : Number.NaN),
      ([x]) => [1 - 1 / x],
    );
    expectClose(end, [1], { atol: 1e-3, rtol: 0 });
  });

  test('stays where the gradient is 0', () => {
    const { end, iterations, evaluations } = minimize(
      [2],
      () => 7,
      () => [0],
    );
    expect({ end, iterations, evaluations }).toEqual({ end: [2], iterations: 0, evaluations: 1 });
  });
});

/** The columns of a table brought to mean 0 and deviation 1; the last is the target. */
function standardized(file: string): Samples {
  const text = readFileSync(join(import.meta.dirname, '../../fixtures', file), 'utf8');
  const rows = text.trim().split('\n').slice(1);
  const table = rows.map((row) => row.split(',').map(Number));
  const scaled = table[0].map((_, column) => {
    const values = table.map((row) => row[column]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    return values.map((value) => (value - mean) / Math.sqrt(variance));
  });
  const at = (row: number) => scaled.map((column) => column[row]);
  const all = table.map((_, row) => at(row));
  return samplesOf(
    all.map((row) => row.slice(0, -1)),
    all.map((row) => row.slice(-1)),
  );
}

const document = (samples: Samples, layers: object[], optimizer: object) => ({
  input_shape: samples.x.shape.slice(1),
  layers,
  compile: { optimizer, loss: 'mse' },
});

/** The loss over all samples after Adam's 400 epochs, and the gradients that it took. */
function adam(samples: Samples, layers: object[], weights: LayerWeights[], learning_rate: number) {
  const optimizer = { name: 'adam', learning_rate };
  const changed = { epochs: 400, shuffle: true };
  const model = modelOf(document(samples, layers, optimizer), changed);
  const rows = samples.x.shape[0];
  const { weights: trained } = run(model, samples, { weights });
  const [[, loss]] = new TrainingRun(
    model.network,
    trained,
    model.settings,
    samples,
    rows,
  ).evaluate(samples, rows);
  return { loss: Number(loss), epochs: 400, gradients: 400 * Math.ceil(rows / 32) };
}

/** The loss that lbfgs reaches with so many gradients over all rows. */
function lbfgs(samples: Samples, layers: object[], weights: LayerWeights[], most: number): number {
  const rows = samples.x.shape[0];
  const { network, settings } = modelOf(document(samples, layers, { name: 'lbfgs' }));
  const { optimizer } = settings;
  if (optimizer.type !== 'lbfgs') throw new Error('the document says lbfgs');
  const model = compileModel(network, settings, samples.y.shape.slice(1), 0, rows);
  const { session } = prepare(model.plan, 1);
  loadWeights(session, model.parameters, weights);
  session.write(INPUTS.x, samples.x.values);
  session.write(INPUTS.y, samples.y.values);
  const runs = vi.spyOn(session, 'run');
  const gradients = () => runs.mock.calls.filter(([program]) => program === 'train').length;
  const training = new FullBatch(session, model, optimizer);
  let loss = Number.POSITIVE_INFINITY;
  while (!training.isConverged) {
    training.trainOn(rows);
    if (gradients() > most) break;
    loss = session.readNumber(model.train.loss);
  }
  return loss;
}

describe("a lower loss than Adam's 400 epochs", () => {
  const linear = [{ units: 1 }];
  const hidden = [{ units: 16, activation: 'tanh' }, { units: 1 }];

  test.each([
    ['the training example', 'linear/data.csv', 0.01],
    ['diabetes', 'data/diabetes.csv', 0.001],
    ['diabetes, with a faster Adam', 'data/diabetes.csv', 0.01],
  ])('on %s, with a gradient for every ten epochs of it', (_, file, rate) => {
    const samples = standardized(file);
    const { network } = modelOf(document(samples, linear, { name: 'adam' }));
    const weights = initialWeights(network, 1);
    const wanted = adam(samples, linear, weights, rate);
    const loss = lbfgs(samples, linear, weights, wanted.epochs / 10);
    expect(loss).toBeLessThan(wanted.loss);
  });

  test('on diabetes with a hidden layer, with a tenth of its gradients', () => {
    const samples = standardized('data/diabetes.csv');
    const { network } = modelOf(document(samples, hidden, { name: 'adam' }));
    const weights = initialWeights(network, 1);
    const wanted = adam(samples, hidden, weights, 0.001);
    const loss = lbfgs(samples, hidden, weights, wanted.gradients / 10);
    expect(loss).toBeLessThan(0.8 * wanted.loss);
  });
});

/** y = 2 a − b + 1, without noise. */
const x = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(2 * i)]);
const plane = samplesOf(
  x,
  x.map(([a, b]) => [2 * a - b + 1]),
);
const whole = { epochs: 50, batchSize: 40 };

function fitPlane(layers: object[], changed: Partial<FitSettings> = {}) {
  const model = modelOf(document(plane, layers, { name: 'lbfgs' }), { ...whole, ...changed });
  return run(model, plane);
}

describe('fit', () => {
  test('ends where nothing better is near, and says so', () => {
    const { reports, history, weights } = fitPlane([{ units: 1 }]);
    const epochs = history.loss.length;
    expect(epochs).toBeLessThan(20);
    expect(reports.at(-1)).toEqual({
      kind: 'message',
      said: 'run',
      text: `Epoch ${epochs}: lbfgs has converged`,
    });
    const [kernel, bias] = weights[0].tensors;
    expectClose([...kernel.values, ...bias.values], [2, -1, 1], { atol: 1e-5, rtol: 0 });
  });

  test('logs the loss that each iteration ends at, one iteration an epoch', () => {
    const { history, reports } = fitPlane([{ units: 1 }]);
    const losses = history.loss.map(Number);
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    expect(reports.filter(({ kind }) => kind === 'batch-end')).toHaveLength(losses.length);
  });

  // Equal weights give equal losses on equal rows, whoever measures: each epoch's loss must be that of
  // the training rows, the last one's too, which ends the run by the gradient's tolerance.
  test('logs the training rows, not what the validation rows left, up to the last epoch', () => {
    const gradient_tolerance = 1e-2;
    const model = modelOf(document(plane, [{ units: 1 }], { name: 'lbfgs', gradient_tolerance }), {
      ...whole,
      epochs: 50,
    });
    const other = samplesOf(
      x,
      x.map(([a]) => [a + 5]),
    );
    const without = run(model, plane).history;
    const { history, weights } = run(model, plane, { validation: other });
    expect(history.loss).toEqual(without.loss);
    expect(history.val_loss).toHaveLength(history.loss.length);
    const { network, settings } = model;
    const [[, loss]] = new TrainingRun(network, weights, settings, plane, 40).evaluate(plane, 40);
    expect(history.loss.at(-1)).toBe(loss);
  });

  test('that starts where nothing is to be gained measures one epoch and moves nothing', () => {
    const model = modelOf(document(plane, [{ units: 1 }], { name: 'lbfgs' }), whole);
    const { weights } = run(model, plane);
    const again = run(model, plane, { weights, validation: plane });
    expect(again.weights).toEqual(weights);
    expect(again.history.loss).toEqual(again.history.val_loss);
    expect(again.lastEpoch).toBe(1);
  });

  test('moves statistics once an epoch, whatever the line search does', () => {
    const layers = [{ type: 'BatchNormalization', momentum: 0.5 }, { units: 1 }];
    const { weights } = fitPlane(layers, { epochs: 1 });
    const [, , mean] = weights[0].tensors;
    const averages = [0, 1].map((j) => x.reduce((sum, row) => sum + row[j], 0) / x.length);
    expectClose(
      mean.values,
      averages.map((average) => 0.5 * average),
      { atol: 1e-6, rtol: 1e-5 },
    );
  });

  test.each<[string, object[], Partial<FitSettings>]>([
    [
      'lbfgs: expected a batch of all 40 rows; found a batch_size of 8',
      [{ units: 1 }],
      { batchSize: 8 },
    ],
    [
      'lbfgs: expected no constraints; found non_neg on kernel of layer "dense"',
      [{ units: 1, kernel_constraint: 'non_neg' }],
      {},
    ],
    [
      'lbfgs: expected layers without chance; found one that drops or adds noise',
      [{ type: 'Dropout', rate: 0.5 }, { units: 1 }],
      {},
    ],
  ])('%s', (problem, layers, changed) => {
    expect(() => fitPlane(layers, changed)).toThrow(problem);
  });
});
