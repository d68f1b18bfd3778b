/** A run that was stopped and goes on ends with the bytes of one that was not, whatever is in it. */
import { expect, test } from 'vitest';
import { initialWeights } from '../../src/nn/initialize.ts';
import type { Checkpoint } from '../../src/records.ts';
import { optimizers } from '../../src/spec/optimizers.ts';
import { fit, type Resumption } from '../../src/training/fit.ts';
import { EPOCHS, type Feature, modelWith, run, textOf, throughFile, train } from './stopped-run.ts';
import { modelOf } from './train-model.ts';

const STEPS = 3;

/** What else is in a run. */
const features = {
  nothing: {},
  dropout: { layer: { type: 'Dropout', rate: 0.3 } },
  'batch normalization': { layer: { type: 'BatchNormalization' } },
  'early stopping': {
    callback: { type: 'EarlyStopping', patience: 1, restore_best_weights: true },
  },
  'learning rate on plateau': { callback: { type: 'ReduceLROnPlateau', patience: 1, factor: 0.5 } },
  'learning rate by formula': {
    callback: { type: 'LearningRateScheduler', schedule: 'lr * 0.9 + 0.001 / (1 + epoch)' },
  },
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

/** It takes no layers by chance, and finds its rate itself. */
const notForLbfgs = ['dropout', 'learning rate on plateau', 'learning rate by formula'];

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
