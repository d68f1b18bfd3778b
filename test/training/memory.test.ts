/** What does not fit in memory is refused before any is taken, and long rows go through in small blocks. */
import { describe, expect, test } from 'vitest';
import type { NdArray } from '../../src/ndarray.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { buildNetwork } from '../../src/nn/network.ts';
import { adapt } from '../../src/training/adapt.ts';
import { createPredictor } from '../../src/training/predict.ts';
import { TrainingRun } from '../../src/training/run.ts';
import { read, refusal } from '../spec/read-errors.ts';

/** A run is made for one sample; nothing of it is read before it is trained on. */
function runOf(input: number, layers: readonly object[], maxBatch: number, optimizer: string) {
  const { spec } = read({ input_shape: [input], layers, compile: { optimizer, loss: 'mse' } });
  const network = buildNetwork(spec, [input]);
  const { optimizer: chosen, loss } = spec.compile;
  if (!chosen || !loss) throw new Error('both were given');
  const settings = { optimizer: chosen, loss, metrics: [], weightedMetrics: [], seed: 1 };
  const x = { shape: [1, input], values: new Float32Array(0) };
  const y = { shape: [1, ...network.outputShape], values: new Float32Array(0) };
  return () => new TrainingRun(network, initialWeights(network, 1), settings, { x, y }, maxBatch);
}

describe('training', () => {
  const wide = [{ units: 5000, activation: 'relu' }, { units: 1 }];

  test('refuses a batch whose numbers do not fit', () => {
    const found = refusal(runOf(4, wide, 200_000, 'sgd'));
    expect(found).toEqual({
      text:
        'mlp: batch_size: expected a batch whose numbers fit in 8 GiB; found 200,000 rows (12 GiB)\n' +
        '  use a smaller --batch-size, and in the model file no larger "validation_batch_size"\n',
      exitCode: 2,
    });
  });

  test('says of lbfgs, which needs all rows, that another optimizer does not', () => {
    const { text } = refusal(runOf(4, wide, 200_000, 'lbfgs'));
    expect(text).toMatch(/\n {2}lbfgs takes all rows at once: use another optimizer\n$/);
  });

  test('refuses a model of which not even one row fits', () => {
    // For the gradient of the first, what all others gave must be kept.
    const others = Array.from({ length: 200 }, () => ({ type: 'Activation', activation: 'tanh' }));
    expect(refusal(runOf(2 ** 24, [{ type: 'PReLU' }, ...others], 1, 'sgd'))).toEqual({
      text:
        'mlp: model: expected a model whose numbers fit in 8 GiB; found 13 GiB for a single row\n' +
        '  give its layers fewer units\n',
      exitCode: 2,
    });
  });
});

describe('long rows', () => {
  const width = 2 ** 21;
  const network = buildNetwork(
    read({
      input_shape: [width],
      layers: [
        { type: 'Rescaling', scale: 2 },
        { type: 'Normalization', axis: null },
      ],
    }).spec,
    [width],
  );
  const rows: NdArray = {
    shape: [5, width],
    values: Float32Array.from({ length: 5 * width }, (_, i) => Math.floor(i / width)),
  };

  test('are predicted and adapted to in blocks of a few, with the same numbers', () => {
    const weights = adapt(network, initialWeights(network, 1), rows);
    const { tensors } = weights[1];
    expect(tensors.map(({ name, values }) => [name, ...values])).toEqual([
      ['mean', 4],
      ['variance', 8],
      ['count', 0],
    ]);
    const predictor = createPredictor(network, weights);
    expect(predictor.blockRows).toBeLessThan(5);
    const outputs = predictor.predict(rows.values, 5);
    const ends = [0, 1, 2, 3, 4].flatMap((row) => [row * width, (row + 1) * width - 1]);
    const expected = ends.map((i) => (2 * rows.values[i] - 4) / Math.sqrt(8));
    expect([...ends.map((i) => outputs[i])]).toEqual(expected.map((x) => expect.closeTo(x, 5)));
  });
});
