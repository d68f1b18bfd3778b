/** A run that was stopped and goes on ends with the bytes of one that was not, whatever is in it. */
import { expect, test } from 'vitest';
import type { EngineName } from '../../src/engine/names.ts';
import { readState, stateSection } from '../../src/files/state.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import type { Checkpoint } from '../../src/records.ts';
import { optimizers } from '../../src/spec/optimizers.ts';
import { formatDocument } from '../../src/spec/write-spec.ts';
import { type FitResult, fit, type Resumption } from '../../src/training/fit.ts';
import type { Samples } from '../../src/training/run.ts';
import { build } from '../keras-goldens.ts';
import { type Model, modelOf, samplesOf } from './train-model.ts';

const ROWS = 22;
const EPOCHS = 5;
/** 22 rows in batches of 8: three steps an epoch, the last one short. */
const STEPS = 3;

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
const train = rowsOf(ROWS, 1);
const validation = rowsOf(9, 100);

/** What else is in a run. */
const features = {
  nothing: {},
  dropout: { layer: { type: 'Dropout', rate: 0.3 } },
  'batch normalization': { layer: { type: 'BatchNormalization' } },
  'early stopping': {
    callback: { type: 'EarlyStopping', patience: 1, restore_best_weights: true },
  },
  'learning rate on plateau': { callback: { type: 'ReduceLROnPlateau', patience: 1, factor: 0.5 } },
  schedule: { optimizer: { learning_rate: cosine() } },
  accumulation: { optimizer: { gradient_accumulation_steps: 4 } },
  averages: { optimizer: { use_ema: true, ema_momentum: 0.9, ema_overwrite_frequency: 5 } },
  'best weights': { keep: 'best' },
} as const;

function cosine() {
  return {
    class_name: 'CosineDecay',
    config: { initial_learning_rate: 0.02, decay_steps: 12, alpha: 0.1 },
  };
}

interface Feature {
  readonly layer?: object;
  readonly callback?: object;
  readonly optimizer?: object;
  readonly keep?: 'best';
}

function modelWith(optimizer: string, feature: Feature, engine: EngineName): Model {
  const layers = [{ units: 4, activation: 'tanh' }, { units: 1 }];
  const document = {
    input_shape: [3],
    layers: feature.layer ? [layers[0], feature.layer, layers[1]] : layers,
    compile: {
      optimizer: { type: optimizer, ...feature.optimizer },
      loss: 'mse',
      metrics: ['mae', 'r2_score'],
    },
    fit: { callbacks: feature.callback ? [feature.callback] : [] },
  };
  const batchSize = optimizer === 'lbfgs' ? ROWS : 8;
  const shared = { epochs: EPOCHS, batchSize, validationBatchSize: 8, shuffle: true, seed: 7 };
  const { callbacks } = build(document).spec.fit;
  return modelOf(document, { ...shared, callbacks, keep: feature.keep ?? 'last', engine });
}

/** Trains until the `pause`-th pause, counted from 1, or to the end. */
function run(
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
function textOf({ weights, history, lastEpoch, keptEpoch, checkpoint }: FitResult): string {
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
function throughFile({ state }: Checkpoint): Resumption {
  const text = formatDocument(stateSection(state));
  const read = readState(JSON.parse(text), 'model.checkpoint.json');
  return {
    state: read,
    source: 'model.checkpoint.json',
    isSameRows: true,
    isSameBatches: true,
    isSameRate: true,
  };
}

/** It takes no layers by chance, and finds its rate itself. */
const notForLbfgs = ['dropout', 'learning rate on plateau'];

const cases = Object.keys(optimizers).flatMap((optimizer) =>
  Object.entries(features).flatMap(([name, feature]): [string, string, Feature][] => {
    const isStep = optimizer !== 'lbfgs';
    const suits = isStep || !('optimizer' in feature || notForLbfgs.includes(name));
    return suits ? [[optimizer, name, feature]] : [];
  }),
);

test.each(cases)('%s with %s: stopped anywhere, the same bytes', (optimizer, _, feature) => {
  // The engines' bits are the same, and this one has nothing to compile.
  const model = modelWith(optimizer, feature, 'reference');
  const start = initialWeights(model.network, 7);
  const whole = textOf(run(model, null, start));
  // Pauses come after each batch, while validation rows are measured, and after each epoch.
  const perEpoch = (optimizer === 'lbfgs' ? 1 : STEPS) + (feature.keep ? 3 : 2);
  for (const stopAt of [1, perEpoch - 1, perEpoch, 2 * perEpoch + 2]) {
    const { checkpoint } = run(model, null, start, stopAt);
    const rest = run(model, throughFile(checkpoint), checkpoint.weights);
    expect(textOf(rest), `stopped at pause ${stopAt}`).toBe(whole);
  }
});

test('a run that is stopped again and again, at each pause', () => {
  const model = modelWith(
    'adam',
    { ...features.dropout, ...features['early stopping'] },
    'reference',
  );
  const start = initialWeights(model.network, 7);
  const whole = textOf(run(model, null, start));
  let result = run(model, null, start, 1);
  let stops = 1;
  for (; result.lastEpoch < EPOCHS && stops < 100; stops++) {
    result = run(model, throughFile(result.checkpoint), result.checkpoint.weights, 1);
  }
  const end = run(model, throughFile(result.checkpoint), result.checkpoint.weights);
  expect(textOf(end)).toBe(whole);
  expect(stops).toBeGreaterThan(EPOCHS * STEPS);
});

test('more epochs than were asked for at first', () => {
  const model = modelWith('adam', features.dropout, 'wasm');
  const start = initialWeights(model.network, 7);
  const shorter = { ...model, settings: { ...model.settings, epochs: 2 } };
  const { checkpoint } = run(shorter, null, start);
  const rest = run(model, throughFile(checkpoint), checkpoint.weights);
  expect(textOf(rest)).toBe(textOf(run(model, null, start)));
});

test('a warning that was given is not given again, whenever it was stopped', () => {
  const { network, settings } = modelOf(
    {
      input_shape: [3],
      layers: [
        { units: 2, activation: 'relu', bias_initializer: { type: 'Constant', value: -99 } },
        { units: 1 },
      ],
      compile: { optimizer: 'sgd', loss: 'mse' },
    },
    { epochs: 2, batchSize: 8, engine: 'reference', inspect: 'warnings' },
  );
  const weights = initialWeights(network, 1);
  const warningsIn = (from: Resumption | null, take: (checkpoint: Checkpoint) => void) => {
    const epochs = fit(network, weights, train, null, settings, from);
    const texts: string[] = [];
    for (let next = epochs.next(); !next.done; next = epochs.next()) {
      if (next.value.kind === 'pause') take(next.value.checkpoint());
      if (next.value.kind === 'warning') texts.push(next.value.text);
    }
    return texts;
  };
  const pauses: Checkpoint[] = [];
  expect(warningsIn(null, (checkpoint) => pauses.push(checkpoint))).toHaveLength(1);
  const counts = pauses.map((pause) => warningsIn(throughFile(pause), () => {}).length);
  // It is given after the first epoch, before the pause behind it.
  expect(counts).toEqual([1, 1, 1, 0, 0, 0, 0, 0]);
});
