/** Runs whose numbers fail: when it is noticed, and what is said. */
import { describe, expect, test } from 'vitest';
import type { LayerWeights } from '../../src/ndarray.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import type { Checkpoint } from '../../src/records.ts';
import { NumbersFailed } from '../../src/training/failure.ts';
import { type FitSettings, fit, type Resumption } from '../../src/training/fit.ts';
import type { Samples } from '../../src/training/run.ts';
import { modelOf, noisyTrain, run, samplesOf, still } from './train-model.ts';

const rows = samplesOf([[1], [2], [3]], [[1], [1], [1]]);

/** One weight from 1, then perhaps a formula. */
const document = (activation: string | null, compile: object, kernel_initializer = 'ones') => ({
  input_shape: [1],
  layers: [{ units: 1, use_bias: false, kernel_initializer, activation, name: 'first' }],
  compile: { loss: 'mse', ...compile },
});
const sgd = (learning_rate: number) => ({ optimizer: { type: 'sgd', learning_rate } });

function failing(
  model: object,
  changed: Partial<FitSettings> = {},
  {
    train = rows,
    validation = null as Samples | null,
    weights = undefined as readonly LayerWeights[] | undefined,
    from = null as Resumption | null,
  } = {},
): NumbersFailed {
  try {
    run(modelOf(model, changed), train, { validation, weights, from });
  } catch (error) {
    if (error instanceof NumbersFailed) return error;
    throw error;
  }
  throw new Error('the run has not failed');
}

function failure(...given: Parameters<typeof failing>): string {
  const error = failing(...given);
  expect(error.exitCode).toBe(5);
  const onReference = failing(given[0], { ...given[1], engine: 'reference' }, given[2]);
  expect(onReference.format()).toBe(error.format());
  return error.format();
}

const noValue = (formula: string) =>
  `  look at the formula "${formula}" of layer "first": it has no value for some of these numbers\n`;
const noSlope = (formula: string) =>
  `  look at the formula "${formula}" of layer "first": it has no slope at some of these numbers, as sqrt(x) at 0\n`;

describe('a run is stopped', () => {
  test('at the batch whose loss is not finite', () => {
    expect(failure(document(null, sgd(1e30)), { batchSize: 2 })).toBe(
      'mlp: epoch 1, batch 2: expected a finite loss; found Infinity\n' +
        '  first not finite: Infinity in the loss, of outputs that are finite, from square of -6e+30\n' +
        '  largest there: weight 2e+30 in kernel, gradient 3.6e+31 in kernel\n' +
        '  inputs of the batch: up to 3, in input 1; learning rate 1e+30\n' +
        '  most likely the steps are too large: --learning-rate 0.01, or --clip-norm 1\n',
    );
  });

  test('with a look at the formula that has no value', () => {
    expect(failure(document('log(-x)', sgd(0.1)))).toBe(
      'mlp: epoch 1, batch 1: expected a finite loss; found NaN\n' +
        '  first not finite: NaN in the output of layers[0] ("first"), from log of -3 … -1\n' +
        '  largest there: weight 1 in kernel, no finite gradient\n' +
        `  inputs of the batch: up to 3, in input 1; learning rate 0.1\n${noValue('log(-x)')}`,
    );
  });

  // √0 is 0, and so the loss is 1; but its slope is infinite.
  test('at the batch whose gradient is not finite though its loss is', () => {
    expect(failure(document('sqrt(x)', sgd(0.1), 'zeros'), { epochs: 3 })).toBe(
      'mlp: epoch 1, batch 1: expected finite gradients; found -Infinity in that of first/kernel\n' +
        '  first not finite: -Infinity in the gradient of first/kernel, from layers[0] ("first")\n' +
        '  largest there: weight 0 in kernel, no finite gradient\n' +
        `  inputs of the batch: up to 3, in input 1; learning rate 0.1\n${noSlope('sqrt(x)')}`,
    );
  });

  test('by lbfgs, too, which does not step along such a gradient', () => {
    const model = document('sqrt(x)', { optimizer: 'lbfgs' }, 'zeros');
    expect(failure(model, { epochs: 3 })).toBe(
      'mlp: epoch 1, batch 1: expected finite gradients; found -Infinity in that of first/kernel\n' +
        '  first not finite: -Infinity in the gradient of first/kernel, from layers[0] ("first")\n' +
        '  largest there: weight 0 in kernel, no finite gradient\n' +
        `  inputs of the batch: up to 3, in input 1; learning rate 1\n${noSlope('sqrt(x)')}`,
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
      'mlp: epoch 1, batch 1: expected finite weights; found Infinity in norm/moving_variance\n' +
        '  first not finite: Infinity in moving_variance of layers[0] ("norm") after the step, of gradients that are finite\n' +
        '  largest there: weight 1 in moving_variance\n' +
        '  inputs of the batch: up to 1e+20, in input 1; learning rate 0\n' +
        '  most likely the inputs are too large: bring them to one size\n',
    );
  });

  // The square of the gradient is infinite: Adam would divide by it for ever, and never move again.
  test('by what the optimizer remembers', () => {
    const train = samplesOf([[1e12], [2e12], [3e12]], [[1], [1], [1]]);
    const model = document(null, { optimizer: { type: 'adam', learning_rate: 0.001 } });
    expect(failure(model, { inputNames: ['"price"'] }, { train })).toBe(
      'mlp: epoch 1, batch 1: expected finite optimizer state; found Infinity in first/kernel\n' +
        '  first not finite: Infinity in what the optimizer remembers of kernel of layers[0] ("first"), of gradients that are finite\n' +
        '  largest there: weight 1 in kernel, gradient 9.333e+24 in kernel\n' +
        '  inputs of the batch: up to 3e+12, in "price"; learning rate 0.001\n' +
        '  most likely the inputs are too large: bring them to one size with --normalize zscore\n' +
        '  or smaller steps: --learning-rate 0.0001, or --clip-norm 1\n',
    );
  });

  test('with a look at the outputs that the loss has no value for', () => {
    const model = document(null, { loss: 'poisson', ...sgd(0.1) }, 'ones');
    const train = samplesOf([[-1], [-2]], [[1], [1]]);
    expect(failure(model, {}, { train })).toBe(
      'mlp: epoch 1, batch 1: expected a finite loss; found NaN\n' +
        '  first not finite: NaN in the loss, of outputs that are finite, from log of -2 … -1\n' +
        '  largest there: weight 1 in kernel, gradient 2.5 in kernel\n' +
        '  inputs of the batch: up to 2, in input 1; learning rate 0.1\n' +
        '  the loss poisson takes outputs of 0 or more; found -2 … -1: end the model in "activation": "softplus" or "exponential"\n',
    );
  });

  test('with a word on logits where the loss takes probabilities', () => {
    const loss = { type: 'binary_focal_crossentropy', gamma: 1.5 };
    const train = samplesOf([[1], [2]], [[1], [1]]);
    expect(failure(document(null, { loss, ...sgd(0.1) }), {}, { train })).toBe(
      'mlp: epoch 1, batch 1: expected a finite loss; found NaN\n' +
        '  first not finite: NaN in the loss, of outputs that are finite, from pow of -1 … 0 and 1.5\n' +
        '  largest there: weight 1 in kernel, no finite gradient\n' +
        '  inputs of the batch: up to 2, in input 1; learning rate 0.1\n' +
        '  the loss binary_focal_crossentropy takes probabilities; found 1 … 2: end the model in sigmoid or softmax, or give the loss "from_logits": true\n',
    );
  });

  test('after the epoch whose validation loss is not finite', () => {
    const validation = samplesOf([[1e30]], [[0]]);
    const changed = { epochs: 4, validationFreq: 3 };
    expect(failure(document(null, sgd(0.01)), changed, { validation })).toBe(
      'mlp: epoch 3: expected a finite val_loss; found Infinity\n' +
        '  validation rows: inputs up to 1e+30, in input 1; training rows: up to 3\n' +
        '  bring the validation rows to the scale of the training rows, or try a lower --learning-rate\n',
    );
  });
});

describe('a state that has failed is never saved', () => {
  // √0 is 0: the loss of the first batch is finite, and the weights after it are not.
  const model = document('sqrt(x)', sgd(0.1), 'zeros');
  const train = samplesOf([[1], [2], [3], [4]], [[1], [1], [1], [1]]);

  /** Answers the first pause, and gives the checkpoint that is to be had when it comes again. */
  function atFirstPause(activation: string, wish: 'look' | 'stop') {
    const { network, settings } = modelOf(
      { ...model, layers: [{ ...model.layers[0], activation }] },
      { batchSize: 2 },
    );
    const epochs = fit(network, initialWeights(network, 1), train, null, settings);
    for (let next = epochs.next(); ; next = epochs.next()) {
      if (next.done) throw new Error('there was no pause');
      if (next.value.kind !== 'pause') continue;
      const { done, value } = epochs.next(wish);
      if (done || value.kind !== 'pause') return null;
      return value.checkpoint();
    }
  }

  test.each(['look', 'stop'] as const)('where the answer to a pause is %s', (wish) => {
    expect(() => atFirstPause('sqrt(x)', wish)).toThrow(
      'epoch 1, batch 1: expected finite gradients; found -Infinity in that of first/kernel',
    );
  });

  test('and one that has not is there at the pause that comes again', () => {
    expect(atFirstPause('tanh', 'look')).toMatchObject({ epoch: 0, step: 1 });
    expect(atFirstPause('tanh', 'stop')).toBeNull();
  });
});

describe('the last good state', () => {
  const train = noisyTrain;
  const validation = train;

  /** All that a state consists of: momentum, moving statistics, chance, an order of rows, callbacks. */
  const growing = (activation: string, learning_rate: number) => ({
    input_shape: [3],
    layers: [
      { units: 4, activation: 'leaky_relu' },
      { type: 'BatchNormalization' },
      { type: 'Dropout', rate: 0.2 },
      { units: 1, activation },
    ],
    compile: { optimizer: { type: 'sgd', learning_rate, momentum: 0.9 }, loss: 'mse' },
  });

  const changed = (seed: number, epochs: number): Partial<FitSettings> => ({
    ...{ epochs, seed, batchSize: 4, shuffle: true, validationFreq: 2, keep: 'best' },
  });

  test.each([
    // How it grows, its seed, the batch that fails, and where the step began that led there.
    ['exp(x)', 0.01, 4, 'epoch 60, batch 2', [59, 0]],
    ['x * x', 0.01, 1, 'epoch 2, batch 1', [0, 5]],
    ['x * x * x', 0.004, 4, 'epoch 7, batch 3', [6, 1]],
  ] as const)('goes on to the same failure: %s', (activation, rate, seed, place, [epoch, step]) => {
    const model = growing(activation, rate);
    const failed = failing(model, changed(seed, 90), { train, validation });
    expect(failed.problems[0]).toMatch(place);
    const { checkpoint } = failed;
    expect(checkpoint).toMatchObject({ epoch, step });
    expect(checkpoint?.history.loss ?? []).toHaveLength(epoch);
    const { weights, state } = checkpoint ?? { state: null };
    const from = {
      state,
      source: 'checkpoint',
      isSameRun: true,
      isSameRows: true,
      isSameBatches: true,
      isSameRate: true,
    };
    const again = failing(model, changed(seed, 90), { train, validation, weights, from });
    expect(again.format()).toBe(failed.format());
    expect(again.checkpoint).toEqual(checkpoint);
  });

  test('is that of a run which ended there', () => {
    const model = growing('exp(x)', 0.01);
    const { checkpoint } = failing(model, changed(4, 90), { train, validation });
    const ended = run(modelOf(model, changed(4, 59)), train, { validation });
    expect(checkpoint).toEqual(ended.checkpoint);
  });

  test('goes on with another rate, where that is asked for', () => {
    const settings: Partial<FitSettings> = { ...changed(1, 2), keep: 'last', validationFreq: 1 };
    const { checkpoint } = run(modelOf(growing('tanh', 0.01), settings), train);
    const { state, weights } = checkpoint;
    const from = {
      state,
      source: 'checkpoint',
      isSameRun: true,
      isSameRows: true,
      isSameBatches: true,
      isSameRate: false,
    };
    const momentum = { optimizer: { type: 'sgd', learning_rate: 0, momentum: 0 }, loss: 'mse' };
    const stopped = { ...growing('tanh', 0), compile: { ...momentum } };
    // Its momentum is another setting: the state of the old one is not its own.
    expect(() =>
      run(modelOf(stopped, { ...settings, epochs: 4 }), train, { weights, from }),
    ).toThrow('expected nothing of this name');
    const still = modelOf(growing('tanh', 0), { ...settings, epochs: 4 });
    const on = modelOf(growing('tanh', 0.01), { ...settings, epochs: 4 });
    const rates = [still, on].map((model) => run(model, train, { weights, from }).weights);
    expect(rates[0]).not.toEqual(rates[1]);
  });

  test('is none where what the run went on from is not good', () => {
    const model = modelOf(growing('tanh', 0.01), { ...changed(1, 2), validationFreq: 1 });
    const start = initialWeights(model.network, 1);
    const epochs = fit(model.network, start, train, validation, model.settings);
    let afterBatches: Checkpoint | null = null;
    for (let next = epochs.next(); !next.done && !afterBatches; next = epochs.next()) {
      const checkpoint = next.value.kind === 'pause' ? next.value.checkpoint() : null;
      // While the validation rows are measured.
      if (checkpoint?.step === 6) afterBatches = checkpoint;
    }
    const state = afterBatches?.state ?? null;
    const weights = start.map(({ layer, tensors }) => ({
      layer,
      tensors: tensors.map((tensor) => ({
        ...tensor,
        values: tensor.values.map(() => Number.NaN),
      })),
    }));
    const from = {
      state,
      source: 'checkpoint',
      isSameRun: true,
      isSameRows: true,
      isSameBatches: true,
      isSameRate: true,
    };
    const settings = { ...changed(1, 2), validationFreq: 1 };
    const failed = failing(growing('tanh', 0.01), settings, { train, validation, weights, from });
    expect(failed.checkpoint).toBeNull();
    expect(failed.format()).toBe(
      'mlp: epoch 1, batch 6: expected finite weights; found NaN in dense/kernel\n' +
        '  it was so in what the run went on from, or the engine has not computed the same again\n',
    );
  });

  test('is none where no step was good', () => {
    expect(failing(document('log(-x)', sgd(0.1))).checkpoint).toBeNull();
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
