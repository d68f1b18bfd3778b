/** Chance in training: the order of rows, and what layers drop. */
import { describe, expect, test } from 'vitest';
import type { LayerWeights } from '../../src/ndarray.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import type { Network } from '../../src/nn/network.ts';
import type { FitReport } from '../../src/records.ts';
import type { FitSettings } from '../../src/training/fit.ts';
import { TrainingRun } from '../../src/training/run.ts';
import { expectClose } from '../close.ts';
import {
  type Model,
  modelOf,
  noisy,
  noisyTrain,
  numbersOf,
  run,
  samplesOf,
  still,
} from './train-model.ts';

/**
 * The rows of each epoch in the order in which they were used, where batches are of one row, row i has
 * the target i and the output is 0: then each loss is the square of a row's number.
 */
function ordersOf({ reports }: { readonly reports: readonly FitReport[] }): number[][] {
  const orders: number[][] = [];
  let sum = 0;
  for (const report of reports) {
    if (report.kind === 'epoch-begin') {
      orders.push([]);
      sum = 0;
    }
    if (report.kind !== 'batch-end') continue;
    const [[, mean]] = report.logs();
    const square = Number(mean) * report.step - sum;
    sum += square;
    orders[orders.length - 1].push(Math.round(Math.sqrt(Math.max(square, 0))));
  }
  return orders;
}

describe('the order of the rows', () => {
  const rows = Array.from({ length: 12 }, (_, i) => i);
  const train = samplesOf(
    rows.map((i) => [i]),
    rows.map((i) => [i]),
  );
  const orders = (changed: Partial<FitSettings>) =>
    ordersOf(run(modelOf(still, { epochs: 3, batchSize: 1, ...changed }), train));

  test('is that of the data where nothing is shuffled', () => {
    expect(orders({})).toEqual([rows, rows, rows]);
  });

  test('is another in each epoch where it is, with every row once', () => {
    const shuffled = orders({ shuffle: true });
    for (const order of shuffled) expect([...order].sort((a, b) => a - b)).toEqual(rows);
    expect(new Set([rows, ...shuffled].map(String)).size).toBe(4);
  });

  test('belongs to the seed', () => {
    expect(orders({ shuffle: true, seed: 5 })).toEqual(orders({ shuffle: true, seed: 5 }));
    expect(orders({ shuffle: true, seed: 5 })).not.toEqual(orders({ shuffle: true, seed: 6 }));
  });
});

describe('chance', () => {
  const settings = { epochs: 4, batchSize: 8, shuffle: true };
  const outcome = (seed: number) => {
    const { history, weights } = run(modelOf(noisy, { ...settings, seed }), noisyTrain);
    return { history, weights: numbersOf(weights) };
  };

  test('of one seed gives the same run to the last bit, of another an other', () => {
    expect(outcome(3)).toEqual(outcome(3));
    expect(outcome(3).weights).not.toEqual(outcome(4).weights);
  });

  test('in layers keeps the share that it says and makes up for the rest', () => {
    const document = {
      input_shape: [1000],
      layers: [{ type: 'Dropout', rate: 0.3 }],
      compile: still.compile,
    };
    const ones = Array.from({ length: 20 }, () => new Array<number>(1000).fill(1));
    const zeros = ones.map((row) => row.map(() => 0));
    const { history } = run(modelOf(document, { epochs: 2 }), samplesOf(ones, zeros));
    // What is kept is 1 / 0.7, so that the mean square is the share that is kept, over 0.49.
    const shares = history.loss.map((loss) => Number(loss) * 0.7 ** 2);
    expectClose(shares, [0.7, 0.7], { atol: 5 * Math.sqrt((0.7 * 0.3) / 20000), rtol: 0 });
    expect(shares[0]).not.toBe(shares[1]);
  });

  test('in layers is off where samples are evaluated', () => {
    const { network, settings } = modelOf(noisy);
    const weights = initialWeights(network, 1);
    const without = modelOf({ ...noisy, layers: [noisy.layers[0], noisy.layers[2]] });
    const bare = weights.filter(({ tensors }) => tensors.length > 0);
    const evaluate = (model: Model, own: readonly LayerWeights[]) =>
      new TrainingRun(model.network, own, model.settings, noisyTrain, 21).evaluate(noisyTrain, 21);
    const found = evaluate({ network, settings }, weights);
    expect(found).toEqual(evaluate(without, renamed(bare, without.network)));
    // And on in training, even where nothing moves.
    const calm = modelOf({
      ...noisy,
      compile: { ...noisy.compile, optimizer: still.compile.optimizer },
    });
    expect(run(calm, noisyTrain, { weights }).history.loss[0]).not.toBe(found[0][1]);
  });
});

/** The same tensors under the layer names of another network. */
function renamed(weights: readonly LayerWeights[], { layers }: Network): LayerWeights[] {
  return weights.map(({ tensors }, i) => ({ layer: layers[i].name, tensors }));
}
