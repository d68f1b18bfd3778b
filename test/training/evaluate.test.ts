/** Loss and metrics of `evaluate`: those of validation, of the model and of its baseline. */
import { describe, expect, test } from 'vitest';
import { losses } from '../../src/nn/losses.ts';
import type { Samples } from '../../src/training/run.ts';
import { evaluated, identity, mean, near, scored, unit } from './evaluate-model.ts';
import {
  arrayOf,
  type Model,
  modelOf,
  noisy,
  noisyTrain,
  run,
  samplesOf,
  weightsOf,
} from './train-model.ts';

describe('loss and metrics', () => {
  const penalised = {
    ...noisy,
    layers: noisy.layers.map((layer) =>
      'units' in layer ? { ...layer, kernel_regularizer: { l2: 0.01 } } : layer,
    ),
    compile: { optimizer: 'adam', loss: 'mse', metrics: ['mae', 'rmse', 'r2_score'] },
  };

  test('are those that training calls val_…, to the bit, penalties included', () => {
    const model = modelOf(penalised, { epochs: 3, batchSize: 5, validationBatchSize: 5 });
    const { weights, history } = run(model, noisyTrain, { validation: noisyTrain });
    const { model: found, reports } = evaluated(model, noisyTrain, weights, { batchSize: 5 });
    const last = (name: string) => [name, history[`val_${name}`][2]];
    expect([['loss', found.loss], ...found.metrics]).toEqual(
      ['loss', 'mae', 'rmse', 'r2_score'].map(last),
    );
    const [rmse, mae] = found.scores;
    expect([mae, rmse]).toEqual(found.metrics.slice(0, 2));
    expect(reports.map(({ step, steps }) => `${step}/${steps}`)).toEqual([
      '1/5',
      '2/5',
      '3/5',
      '4/5',
      '5/5',
    ]);
    expect(reports[4].logs).toEqual([['loss', found.loss], ...found.metrics]);
  });

  test('of the baseline have no penalties', () => {
    const model = modelOf(penalised);
    const { weights } = run(model, noisyTrain);
    const { baseline } = evaluated(model, noisyTrain, weights);
    const y = [...noisyTrain.y.values];
    expect(baseline.loss).toBeCloseTo(mean(y.map((v) => (v - mean(y)) ** 2)), 5);
  });

  test('need no training program: lbfgs and dropout may stand together', () => {
    const lbfgs = modelOf({ ...noisy, compile: { ...noisy.compile, optimizer: 'lbfgs' } });
    const { weights } = run(modelOf(noisy), noisyTrain);
    const { rows, model } = evaluated(lbfgs, noisyTrain, weights);
    expect({ rows, isFinite: Number.isFinite(model.loss) }).toEqual({ rows: 21, isFinite: true });
  });
});

test('sample weights count in the loss and in weighted metrics, not in the scores', () => {
  const compile = { loss: 'mse', metrics: ['mae'], weighted_metrics: ['mae'] };
  const { network, settings } = identity(1, compile);
  const weighted: Model = {
    network,
    settings: { ...settings, weightedMetrics: settings.metrics },
  };
  const samples: Samples = {
    ...samplesOf([[1], [2], [3]], [[0], [0], [0]]),
    sampleWeight: arrayOf([[1], [0], [2]]),
  };
  const { model } = evaluated(weighted, samples, weightsOf(network, unit(1)), { batchSize: 2 });
  expect(model).toEqual({
    loss: near((1 + 0 + 18) / 3),
    scores: [
      ['rmse', near(Math.sqrt(14 / 3))],
      ['mae', 2],
      ['r2', Number.NaN],
    ],
    metrics: [
      ['mae', 2],
      ['weighted_mae', near(7 / 3)],
    ],
  });
});

test.each(Object.entries(losses))('%s is measured on the baseline, too', (loss, { targets }) => {
  const model = identity(2, { loss }, { activation: 'softmax' });
  const isSparse = targets === 'class numbers' || targets === 'by shape';
  const oneHot = [
    [0, 1],
    [1, 0],
    [0, 1],
  ];
  const outputs = [
    [1, 2],
    [3, 1],
    [0, 0],
  ];
  const { baseline } = scored(model, outputs, isSparse ? [[1], [0], [1]] : oneHot);
  const values = [baseline.loss, ...baseline.scores.map(([, value]) => value)];
  for (const value of values) expect(value).toSatisfy(Number.isFinite);
});
