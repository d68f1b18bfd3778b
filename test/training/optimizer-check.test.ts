/** What does not go together with a schedule, and what averages and schedules do in `fit`. */
import { describe, expect, test } from 'vitest';
import type { FitSettings } from '../../src/training/fit.ts';
import { expectClose } from '../close.ts';
import { build } from '../keras-goldens.ts';
import { modelOf, numbersOf, run, samplesOf, weightsOf } from './train-model.ts';

const data = samplesOf([[1], [2], [3], [4]], [[2], [4], [6], [8]]);

function document(optimizer: object, fit: object = {}) {
  const layers = [{ units: 1, use_bias: false }];
  return { input_shape: [1], layers, compile: { optimizer, loss: 'mse' }, fit };
}

/** Trains from a weight of 1, one row a step. */
function train(optimizer: object, callbacks: object[] = [], changed: Partial<FitSettings> = {}) {
  const described = document(optimizer, { callbacks });
  const { spec, network } = build(described);
  const settings = { callbacks: spec.fit.callbacks, batchSize: 1, ...changed };
  const model = modelOf(described, settings);
  return run(model, data, { weights: weightsOf(network, [[[1]]]) });
}

const cosine = { name: 'CosineDecay', initial_learning_rate: 0.01, decay_steps: 8 };
const scheduler = { name: 'LearningRateScheduler', schedule: 'lr / 2' };
const plateau = { name: 'ReduceLROnPlateau', monitor: 'loss' };
const early = { name: 'EarlyStopping', monitor: 'loss', patience: 9 };

describe('callbacks that set the rate are refused', () => {
  test.each([
    [
      { name: 'sgd', learning_rate: cosine },
      scheduler,
      'LearningRateScheduler: expected a learning rate that is a number; found CosineDecay',
    ],
    [
      { name: 'adam', learning_rate: cosine },
      plateau,
      'ReduceLROnPlateau: expected a learning rate that is a number; found CosineDecay',
    ],
    [
      { name: 'lbfgs' },
      plateau,
      'ReduceLROnPlateau: expected a learning rate that is a number; found lbfgs, which finds its own',
    ],
  ])('with %j: %j', (optimizer, callback, problem) => {
    const whole = { batchSize: 4 };
    expect(() => train(optimizer, [early, callback], whole)).toThrow(problem);
  });

  test('and others are not', () => {
    expect(train({ name: 'sgd', learning_rate: cosine }, [early]).history.loss).toHaveLength(1);
  });
});

test('a schedule counts steps from 0 over all epochs', () => {
  // Rates of 0.01, 0.01, then 0: the weight moves in the first two steps only.
  const learning_rate = {
    name: 'PiecewiseConstantDecay',
    boundaries: [1],
    values: [0.01, 0],
  };
  const { weights } = train({ name: 'sgd', learning_rate }, [], { epochs: 2 });
  // w ← w + 2 lr x² (2 − w), for x = 1 and then 2.
  const first = 1 + 0.02 * (2 - 1);
  const second = first + 0.08 * (2 - first);
  expectClose(numbersOf(weights).flat(), [second], { atol: 0, rtol: 1e-6 });
});

test('with use_ema the averages become the weights when all epochs are done', () => {
  const sgd = { name: 'sgd', learning_rate: 0.01 };
  let w = 1;
  let average = 0;
  for (let step = 0; step < 8; step++) {
    const row = (step % 4) + 1;
    w += 0.02 * row * row * (2 - w);
    average = step === 0 ? w : 0.5 * average + 0.5 * w;
  }
  const plain = train(sgd, [], { epochs: 2 });
  const averaged = train({ ...sgd, use_ema: true, ema_momentum: 0.5 }, [], { epochs: 2 });
  expectClose(numbersOf(plain.weights).flat(), [w], { atol: 0, rtol: 1e-6 });
  expectClose(numbersOf(averaged.weights).flat(), [average], { atol: 0, rtol: 1e-6 });
  // What is measured on the way is measured with the weights, not with the averages.
  expect(averaged.history).toEqual(plain.history);
});

test('gathered gradients of two rows move as their mean does', () => {
  const gathering = { name: 'sgd', learning_rate: 0.01, gradient_accumulation_steps: 2 };
  const one = train(gathering);
  const two = train({ name: 'sgd', learning_rate: 0.01 }, [], { batchSize: 2 });
  const [found, wanted] = [one, two].map(({ weights }) => numbersOf(weights).flat());
  expectClose(found, wanted, { atol: 0, rtol: 1e-6 });
});
