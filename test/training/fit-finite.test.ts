/** Runs whose numbers fail: when it is noticed, and what is said. */
import { describe, expect, test } from 'vitest';
import type { FitSettings } from '../../src/training/fit.ts';
import type { Samples } from '../../src/training/run.ts';
import { refusal } from '../spec/read-errors.ts';
import { modelOf, run, samplesOf, still } from './train-model.ts';

const rows = samplesOf([[1], [2], [3]], [[1], [1], [1]]);

/** One weight from 1, then perhaps a formula. */
const document = (activation: string | null, compile: object, kernel_initializer = 'ones') => ({
  input_shape: [1],
  layers: [{ units: 1, use_bias: false, kernel_initializer, activation, name: 'first' }],
  compile: { loss: 'mse', ...compile },
});
const sgd = (learning_rate: number) => ({ optimizer: { type: 'sgd', learning_rate } });

function failure(
  model: object,
  changed: Partial<FitSettings> = {},
  { train = rows, validation = null as Samples | null } = {},
): string {
  const { text, exitCode } = refusal(() => run(modelOf(model, changed), train, { validation }));
  expect(exitCode).toBe(5);
  return text;
}

const SCALE = '  try a lower --learning-rate, or bring the inputs to a similar scale\n';
const hint = (formula: string) =>
  `  look at the formula "${formula}" of layer "first": it may have no value or no slope somewhere, as sqrt(x) at 0\n`;

describe('a run is stopped', () => {
  test('at the batch whose loss is not finite', () => {
    expect(failure(document(null, sgd(1e30)), { batchSize: 2 })).toBe(
      `mlp: epoch 1, batch 2: expected a finite loss; found Infinity (and Infinity in first/kernel)\n${SCALE}`,
    );
  });

  test('with a look at the formula that has no value', () => {
    expect(failure(document('log(-x)', sgd(0.1)))).toBe(
      `mlp: epoch 1, batch 1: expected a finite loss; found NaN (and NaN in first/kernel)\n${SCALE}${hint('log(-x)')}`,
    );
  });

  // √0 is 0, and so the loss is 1; but its slope is infinite.
  test('after the epoch whose gradient was not finite though its loss was', () => {
    expect(failure(document('sqrt(x)', sgd(0.1), 'zeros'), { epochs: 3 })).toBe(
      `mlp: epoch 1: expected finite weights; found Infinity in first/kernel\n${hint('sqrt(x)')}${SCALE}`,
    );
  });

  test('by lbfgs, too, which does not step along such a gradient', () => {
    const model = document('sqrt(x)', { optimizer: 'lbfgs' }, 'zeros');
    expect(failure(model, { epochs: 3 })).toBe(
      `mlp: epoch 1: expected finite gradients; found -Infinity in first/kernel\n${hint('sqrt(x)')}${SCALE}`,
    );
  });

  // The variance is too large for a float32; what is divided by its root is 0, and so the loss is finite.
  test('by weights that no optimizer moves', () => {
    const train = samplesOf([[1e20], [1e20], [-1e20]], [[0], [0], [0]]);
    const model = {
      input_shape: [1],
      layers: [
        { type: 'BatchNormalization', name: 'norm', scale: false, center: false },
        { units: 1 },
      ],
      compile: { loss: 'mse', ...sgd(0) },
    };
    expect(failure(model, {}, { train })).toBe(
      `mlp: epoch 1: expected finite weights; found Infinity in norm/moving_variance\n${SCALE}`,
    );
  });

  test('after the epoch whose validation loss is not finite', () => {
    const validation = samplesOf([[1e30]], [[0]]);
    expect(
      failure(document(null, sgd(0.01)), { epochs: 4, validationFreq: 3 }, { validation }),
    ).toBe(
      'mlp: epoch 3: expected a finite val_loss; found Infinity\n' +
        '  bring the validation rows to the scale of the training rows, or try a lower --learning-rate\n',
    );
  });
});

test('a metric that is no number is one, and the run goes on', () => {
  // Of targets that are all alike there is nothing to explain, and nothing is left: 0 / 0, as in Keras.
  const zeros = samplesOf([[1], [2]], [[0], [0]]);
  const model = { ...still, compile: { ...still.compile, metrics: ['r2_score'] } };
  const { history } = run(modelOf(model, { epochs: 2 }), zeros, { validation: zeros });
  expect(history).toEqual({
    loss: [0, 0],
    r2_score: [Number.NaN, Number.NaN],
    val_loss: [0, 0],
    val_r2_score: [Number.NaN, Number.NaN],
  });
});
