/** Runs that are stopped and gone on with: what the tests of resuming share. */
import type { EngineName } from '../../src/engine/names.ts';
import { readState, stateSection } from '../../src/files/state.ts';
import type { Checkpoint } from '../../src/records.ts';
import { formatDocument } from '../../src/spec/write-spec.ts';
import { type FitResult, fit, type Resumption } from '../../src/training/fit.ts';
import type { Samples } from '../../src/training/run.ts';
import { build } from '../keras-goldens.ts';
import { type Model, modelOf, samplesOf } from './train-model.ts';

/** Of the training rows: in batches of 8 three steps an epoch, the last one short. */
export const ROWS = 22;
export const EPOCHS = 5;

/** Numbers without a pattern that are the same each time. */
function numbers(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.sin(seed + 12.9898 * (i + 1)) * 1.5);
}

const rowsOf = (count: number, seed: number): Samples => {
  const x = Array.from({ length: count }, (_, row) => numbers(3, seed + row));
  return samplesOf(
    x,
    x.map(([a, b, c]) => [a - 2 * b + c * c]),
  );
};
export const train = rowsOf(ROWS, 1);
export const validation = rowsOf(9, 100);

/** What else is in a run. */
export interface Feature {
  readonly layer?: object;
  readonly callback?: object | readonly object[];
  readonly optimizer?: object;
  readonly keep?: 'best';
}

/** A small network, trained for some epochs. */
export function modelWith(optimizer: string, feature: Feature, engine: EngineName): Model {
  const layers = [{ units: 4, activation: 'tanh' }, { units: 1 }];
  const document = {
    input_shape: [3],
    layers: feature.layer ? [layers[0], feature.layer, layers[1]] : layers,
    compile: {
      optimizer: { type: optimizer, ...feature.optimizer },
      loss: 'mse',
      metrics: ['mae', 'r2_score'],
    },
    fit: { callbacks: feature.callback ? [feature.callback].flat() : [] },
  };
  const batchSize = optimizer === 'lbfgs' ? ROWS : 8;
  const shared = { epochs: EPOCHS, batchSize, validationBatchSize: 8, shuffle: true, seed: 7 };
  const { callbacks } = build(document).spec.fit;
  return modelOf(document, { ...shared, callbacks, keep: feature.keep ?? 'last', engine });
}

/** Trains until the `pause`-th pause, counted from 1, or to the end. */
export function run(
  { network, settings }: Model,
  from: Resumption | null,
  weights: Checkpoint['weights'],
  stopAt = Number.POSITIVE_INFINITY,
): FitResult {
  const epochs = fit(network, weights, train, validation, settings, from);
  let pauses = 0;
  for (let next = epochs.next(); ; ) {
    if (next.done) return next.value;
    const isEnough = next.value.kind === 'pause' && ++pauses === stopAt;
    next = epochs.next(isEnough ? 'stop' : undefined);
  }
}

/** What a result is made of, as a file has it. */
export function textOf({ weights, history, lastEpoch, keptEpoch, checkpoint }: FitResult): string {
  const section = Object.fromEntries(
    weights.map(({ layer, tensors }) => [
      layer,
      Object.fromEntries(tensors.map(({ name, shape, values }) => [name, { shape, values }])),
    ]),
  );
  return formatDocument({
    weights: section,
    history: JSON.stringify(history),
    lastEpoch,
    keptEpoch,
    state: stateSection(checkpoint.state),
  });
}

/** The checkpoint after its way through a file. */
export function throughFile({ state }: Checkpoint): Resumption {
  const text = formatDocument(stateSection(state));
  const read = readState(JSON.parse(text), 'model.checkpoint.json');
  return {
    state: read,
    source: 'model.checkpoint.json',
    isSameRun: true,
    isSameRows: true,
    isSameBatches: true,
    isSameRate: true,
  };
}
