/** Two kinds of series in turns: memory that was made for one is there when it comes again. */
import { expect, test } from 'vitest';
import { initialWeights } from '../../../src/nn/initialize.ts';
import { fit } from '../../../src/training/fit.ts';
import { modelOf, samplesOf } from '../../training/train-model.ts';

test('300 epochs with validation take no more memory than 100', () => {
  const document = {
    input_shape: [40],
    layers: [{ units: 1 }],
    compile: { optimizer: 'adam', loss: 'mse' },
  };
  const settings = { epochs: 300, batchSize: 64, batchReports: 'some', engine: 'wasm' } as const;
  const { network, settings: all } = modelOf(document, settings);
  const x = Array.from({ length: 4000 }, (_, row) =>
    Array.from({ length: 40 }, (_, i) => Math.sin(row + i)),
  );
  const y = x.map(([first]) => [first]);
  const run = fit(
    network,
    initialWeights(network, 1),
    samplesOf(x, y),
    samplesOf(x.slice(0, 900), y.slice(0, 900)),
    all,
  );
  const resident: number[] = [];
  for (let next = run.next(); !next.done; next = run.next()) {
    if (next.value.kind === 'epoch-end') resident.push(process.memoryUsage().rss / 2 ** 20);
  }
  // Before rooms were kept, each epoch took its rows anew: some 700 kB.
  expect(Math.min(...resident.slice(-20)) - Math.min(...resident.slice(90, 110))).toBeLessThan(40);
});
