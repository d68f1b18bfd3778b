/** Learning rates of runs that were stopped: as they would have been, or as a new one makes them. */
import { describe, expect, test } from 'vitest';
import { initialWeights } from '../../src/nn/initialize.ts';
import { NumbersFailed } from '../../src/training/failure.ts';
import { type Feature, modelWith, run, textOf, throughFile } from './stopped-run.ts';

const schedules = [
  { type: 'ExponentialDecay', decay_steps: 4, decay_rate: 0.5, staircase: true },
  { type: 'InverseTimeDecay', decay_steps: 4, decay_rate: 0.5 },
  { type: 'PolynomialDecay', decay_steps: 4, cycle: true },
  { type: 'CosineDecay', decay_steps: 6, warmup_target: 0.05, warmup_steps: 4 },
  { type: 'CosineDecayRestarts', first_decay_steps: 3 },
].map((schedule) => ({ initial_learning_rate: 0.02, ...schedule }));
const piecewise = {
  type: 'PiecewiseConstantDecay',
  boundaries: [3, 7],
  values: [0.03, 0.02, 0.01],
};

const formula = (schedule: string) => ({ type: 'LearningRateScheduler', schedule });
const plateau = { type: 'ReduceLROnPlateau', patience: 1, factor: 0.5, cooldown: 1 };
const callbacks = [
  [formula('lr * 0.9')],
  [formula('0.03 / (1 + epoch)')],
  [formula('lr * 0.9'), plateau],
  [plateau, formula('lr * 0.9'), formula('max(lr - 0.001, 0.002)')],
];
const features: readonly Feature[] = [
  ...[...schedules, piecewise].map((learning_rate) => ({ optimizer: { learning_rate } })),
  ...callbacks.map((callback) => ({ callback })),
];

/** Pauses of an epoch: three batches, the validation rows, its end. */
const PER_EPOCH = 5;

describe('whatever sets the rate, a stop changes nothing', () => {
  test.each(features.map((feature) => [JSON.stringify(feature), feature] as const))(
    '%s',
    (_, feature) => {
      const model = modelWith('sgd', feature, 'reference');
      const start = initialWeights(model.network, 7);
      const whole = textOf(run(model, null, start));
      for (let stopAt = 1; stopAt <= 3 * PER_EPOCH; stopAt++) {
        const { checkpoint } = run(model, null, start, stopAt);
        const rest = run(model, throughFile(checkpoint), checkpoint.weights);
        expect(textOf(rest), `stopped at pause ${stopAt}`).toBe(whole);
      }
    },
  );
});

/** A run by a formula, from a rate. */
const by = (schedule: string, learning_rate: number) =>
  modelWith('sgd', { callback: formula(schedule), optimizer: { learning_rate } }, 'reference');
/** In the middle of the second epoch, and between the second and the third. */
const MIDDLE = PER_EPOCH + 2;
const BETWEEN = 2 * PER_EPOCH;

describe('a new rate', () => {
  test.each([MIDDLE, BETWEEN])(
    'is none to a formula that does not take it, from pause %i on',
    (stopAt) => {
      const model = by('0.03 / (1 + epoch)', 0.01);
      const start = initialWeights(model.network, 7);
      const { checkpoint } = run(model, null, start, stopAt);
      const from = { ...throughFile(checkpoint), isSameRun: false, isSameRate: false };
      const rest = run(by('0.03 / (1 + epoch)', 0.5), from, checkpoint.weights);
      expect(textOf(rest)).toBe(textOf(run(model, null, start)));
    },
  );

  test.each([
    [MIDDLE, [0.5, 0.125, 0.0625, 0.03125, 0.015625]],
    [BETWEEN, [0.5, 0.25, 0.125, 0.0625, 0.03125]],
  ])('is what a formula goes on from, at pause %i', (stopAt, rates) => {
    const model = by('lr * 0.5', 1);
    const { checkpoint } = run(model, null, initialWeights(model.network, 7), stopAt);
    const from = { ...throughFile(checkpoint), isSameRun: false, isSameRate: false };
    const { history } = run(by('lr * 0.5', 0.25), from, checkpoint.weights);
    expect(history.learning_rate).toEqual(rates);
  });
});

test('a run that fails by what a formula has made of a new rate is explained by that one', () => {
  const model = by('lr * 1e8', 1e-9);
  const { checkpoint } = run(model, null, initialWeights(model.network, 7), 1);
  const from = { ...throughFile(checkpoint), isSameRun: false, isSameRate: false };
  const fails = () => run(by('lr * 1e8', 1e20), from, checkpoint.weights);
  expect(fails).toThrow(NumbersFailed);
  try {
    fails();
  } catch (error) {
    if (error instanceof NumbersFailed) expect(error.remedy).toContain('learning rate 1e+28');
  }
});

test('an epoch that begins anew has the rate that it had', () => {
  const model = modelWith(
    'sgd',
    { callback: [formula('lr * 0.5'), formula('lr + 0.25')], optimizer: { learning_rate: 1 } },
    'reference',
  );
  const start = initialWeights(model.network, 7);
  const { history } = run(model, null, start);
  expect(history.learning_rate).toEqual([0.75, 0.625, 0.5625, 0.53125, 0.515625]);
  for (const stopAt of [1, MIDDLE, BETWEEN]) {
    const { checkpoint } = run(model, null, start, stopAt);
    const from = { ...throughFile(checkpoint), isSameRun: false, isSameBatches: false };
    const rest = run(model, from, checkpoint.weights);
    expect(rest.history.learning_rate).toEqual(history.learning_rate);
  }
});
