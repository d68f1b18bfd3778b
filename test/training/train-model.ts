/** Trains small models in memory: what the tests of `fit` share. */
import type { LayerWeights } from '../../src/ndarray.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import type { Network } from '../../src/nn/network.ts';
import type { FitReport } from '../../src/records.ts';
import { type FitResult, type FitSettings, fit } from '../../src/training/fit.ts';
import type { Samples } from '../../src/training/run.ts';
import { flat, type Nested, shapeOf } from '../close.ts';
import { build } from '../keras-goldens.ts';

/** Nested numbers as one of our arrays. */
export const arrayOf = (values: Nested) => ({
  shape: shapeOf(values),
  values: Float32Array.from(flat(values)),
});
export const samplesOf = (x: Nested, y: Nested): Samples => ({ x: arrayOf(x), y: arrayOf(y) });

export interface Model {
  readonly network: Network;
  readonly settings: FitSettings;
}

/** A document with `compile`, and how it is trained: in order, all rows at a time, unless said. */
export function modelOf(document: object, changed: Partial<FitSettings> = {}): Model {
  const { spec, network } = build(document);
  const { optimizer, loss, metrics } = spec.compile;
  if (!optimizer || !loss) throw new Error('the document says both');
  const settings: FitSettings = {
    optimizer,
    loss,
    metrics,
    epochs: 1,
    initialEpoch: 0,
    batchSize: 32,
    validationBatchSize: 32,
    validationFreq: 1,
    shuffle: false,
    seed: 1,
    callbacks: [],
    keep: 'last',
    monitor: null,
    ...changed,
  };
  return { network, settings };
}

/** Trains to the end, from the initial weights unless others are given. */
export function run(
  { network, settings }: Model,
  train: Samples,
  { weights = initialWeights(network, 1), validation = null as Samples | null } = {},
): FitResult & { readonly reports: FitReport[] } {
  const epochs = fit(network, weights, train, validation, settings);
  const reports: FitReport[] = [];
  for (;;) {
    const next = epochs.next();
    if (next.done) return { ...next.value, reports };
    if (next.value.kind !== 'pause') reports.push(lasting(next.value));
  }
}

/** A report that says later what it says now. */
function lasting(report: FitReport): FitReport {
  if (report.kind !== 'batch-end') return report;
  const logs = report.logs();
  return { ...report, logs: () => logs };
}

/** All weights as plain numbers, tensor by tensor. */
export function numbersOf(weights: readonly LayerWeights[]): number[][] {
  return weights.flatMap(({ tensors }) => tensors.map(({ values }) => [...values]));
}

/** Weights of a network, tensor by tensor. */
export function weightsOf(network: Network, numbers: readonly Nested[]): LayerWeights[] {
  const rest = [...numbers];
  return network.layers.map(({ name, weights }) => ({
    layer: name,
    tensors: weights.map((weight) => ({
      name: weight.name,
      shape: weight.shape,
      values: Float32Array.from(flat(rest.shift() ?? [])),
    })),
  }));
}

/** A rate of 0, and outputs that are 0. */
export const still = {
  input_shape: [1],
  layers: [{ units: 1, kernel_initializer: 'zeros' }],
  compile: { optimizer: { type: 'sgd', learning_rate: 0 }, loss: 'mse' },
};

/** A network with dropout, and data for it. */
export const noisy = {
  input_shape: [3],
  layers: [{ units: 8, activation: 'relu' }, { type: 'Dropout', rate: 0.4 }, { units: 1 }],
  compile: { optimizer: 'adam', loss: 'mse', metrics: ['mae'] },
};
const table = Array.from({ length: 21 }, (_, i) => [Math.sin(i), Math.cos(3 * i), (i % 5) / 5]);
export const noisyTrain = samplesOf(
  table,
  table.map(([a, b, c]) => [a - 2 * b + c]),
);
