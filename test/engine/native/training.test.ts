/** Whole trainings with a BLAS beside those of the reference engine, and beside themselves. */
import { describe, expect, test } from 'vitest';
import type { Computing } from '../../../src/engine/names.ts';
import { randomStream } from '../../../src/random.ts';
import type { FitSettings } from '../../../src/training/fit.ts';
import { createPredictor } from '../../../src/training/predict.ts';
import type { Samples } from '../../../src/training/run.ts';
import { modelOf, numbersOf, run } from '../../training/train-model.ts';
import { hasBlas, machineBlas } from './machine-blas.ts';

const WIDTH = 40;
const CLASSES = 3;
/** The last batch of 64 is short. */
const ROWS = 64 * 3 + 17;

/** Three heaps of points. */
function samples(): Samples {
  const random = randomStream(1, 'points');
  const y = Float32Array.from({ length: ROWS }, () => Math.floor(random() * CLASSES));
  const x = Float32Array.from({ length: ROWS * WIDTH }, (_, i) => {
    return random() * 2 - 1 + y[Math.floor(i / WIDTH)] * 0.3;
  });
  return { x: { shape: [ROWS, WIDTH], values: x }, y: { shape: [ROWS, 1], values: y } };
}

/** Layers of which most products are worth a call, and some are not. */
const output = { units: CLASSES, activation: 'softmax' };
const layers = [{ units: 48, activation: 'relu' }, { units: 40, activation: 'tanh' }, output];
const noisy = [{ units: 48, activation: 'relu' }, { type: 'Dropout', rate: 0.2 }, output];

function train(optimizer: object, computing: Computing, changed: Partial<FitSettings> = {}) {
  const compile = { optimizer, loss: 'sparse_categorical_crossentropy', metrics: ['accuracy'] };
  const document = { input_shape: [WIDTH], layers, compile };
  const settings = { epochs: 3, batchSize: 64, shuffle: true, ...changed, ...computing };
  return trained(document, settings);
}

function trained(document: object, settings: Partial<FitSettings>) {
  const model = modelOf(document, settings);
  const result = run(model, samples(), { validation: samples() });
  const predictor = createPredictor(model.network, result.weights, { engine: settings.engine });
  const predictions = [...predictor.predict(samples().x.values, ROWS)];
  return { ...result, predictions };
}

/**
 * As far as numbers around 1 may come apart in some ten steps where sums are made in another order. With
 * OpenBLAS 0.3.21 it was 2e-7.
 */
const TOLERANCE = 1e-5;

function expectClose(found: readonly unknown[], wanted: readonly unknown[]): void {
  expect(found.length).toBe(wanted.length);
  const worst = wanted.reduce<number>((most, x, i) => {
    return Math.max(most, Math.abs(Number(x) - Number(found[i])));
  }, 0);
  expect(worst).toBeLessThan(TOLERANCE);
}

function expectSameButForDigits(
  found: ReturnType<typeof trained>,
  wanted: ReturnType<typeof trained>,
): void {
  expect([found.engine, found.blas]).toEqual(['native', machineBlas().name]);
  expect([wanted.engine, wanted.blas]).toEqual(['reference', undefined]);
  expectClose(numbersOf(found.weights).flat(), numbersOf(wanted.weights).flat());
  expectClose(found.predictions, wanted.predictions);
  for (const name of ['loss', 'val_loss']) expectClose(found.history[name], wanted.history[name]);
}

describe.skipIf(!hasBlas)('training by a BLAS', () => {
  const optimizers = [
    { type: 'sgd', learning_rate: 0.1, momentum: 0.9 },
    { type: 'adam' },
    { type: 'rmsprop' },
    { type: 'adamw' },
    { type: 'adagrad', learning_rate: 0.1 },
    { type: 'adam', gradient_accumulation_steps: 2 },
    { type: 'lbfgs' },
  ];

  test.each(optimizers)('ends where the reference engine does: %o', (optimizer) => {
    const changed = optimizer.type === 'lbfgs' ? { batchSize: ROWS } : {};
    const [found, wanted] = (['native', 'reference'] as const).map((engine) =>
      train(optimizer, { engine }, changed),
    );
    expectSameButForDigits(found, wanted);
  });

  test('draws the same chance', () => {
    const compile = { optimizer: 'adam', loss: 'sparse_categorical_crossentropy' };
    const document = { input_shape: [WIDTH], layers: noisy, compile };
    const [found, wanted] = (['native', 'reference'] as const).map((engine) =>
      trained(document, { epochs: 3, batchSize: 64, shuffle: true, engine }),
    );
    expectSameButForDigits(found, wanted);
  });

  test('twice on as many threads gives the same bits', () => {
    for (const threads of [1, 2, 'auto'] as const) {
      const [first, second] = [0, 1].map(() =>
        train({ type: 'adam' }, { engine: 'native', threads }),
      );
      expect(second.weights).toEqual(first.weights);
      expect(second.history).toEqual(first.history);
    }
  });
});
