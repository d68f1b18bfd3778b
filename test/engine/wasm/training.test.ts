/** Whole trainings on both engines: the same weights, bit for bit, and the same history. */
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/random.ts';
import { optimizers } from '../../../src/spec/optimizers.ts';
import type { FitSettings } from '../../../src/training/fit.ts';
import type { Samples } from '../../../src/training/run.ts';
import { modelOf, run } from '../../training/train-model.ts';
import { bitsOf } from './compare.ts';

/** Rows of `width` numbers, and the class of each. */
function rowsOf(rows: number, width: number, classes: number): Samples {
  const random = randomStream(1, `rows ${rows} ${width}`);
  const y = Float32Array.from({ length: rows }, () => Math.floor(random() * classes));
  const x = Float32Array.from({ length: rows * width }, (_, i) => {
    return random() * 2 - 1 + y[Math.floor(i / width)] * 0.3;
  });
  return { x: { shape: [rows, width], values: x }, y: { shape: [rows, 1], values: y } };
}

function expectSame(document: object, samples: Samples, changed: Partial<FitSettings> = {}): void {
  const [found, wanted] = (['wasm', 'reference'] as const).map((engine) => {
    const settings = { epochs: 3, batchSize: 8, shuffle: true, ...changed, engine };
    const result = run(modelOf(document, settings), samples, { validation: samples });
    expect(result.engine).toBe(engine);
    const bits = result.weights.flatMap(({ tensors }) =>
      tensors.map(({ values }) => bitsOf(values)),
    );
    const logs = result.reports.map((report) =>
      report.kind === 'batch-end' ? report.logs() : null,
    );
    return { bits, history: result.history, logs };
  });
  expect(found.history).toEqual(wanted.history);
  expect(found.bits).toEqual(wanted.bits);
  expect(found.logs).toEqual(wanted.logs);
}

const layers = [
  { units: 9, activation: 'relu' },
  { units: 6, activation: 'tanh' },
  { units: 3, activation: 'softmax' },
];
const loss = 'sparse_categorical_crossentropy';
const samples = rowsOf(37, 5, 3);

describe('every optimizer', () => {
  test.each(Object.keys(optimizers))('%s', (type) => {
    const batchSize = type === 'lbfgs' ? 37 : 8;
    const compile = { optimizer: { type }, loss, metrics: ['accuracy'] };
    expectSame({ input_shape: [5], layers, compile }, samples, { batchSize });
  });

  const variants: Record<string, object> = {
    'with momentum': { type: 'sgd', momentum: 0.9 },
    'with Nesterov’s momentum': { type: 'sgd', momentum: 0.9, nesterov: true },
    'RMSprop, centred': { type: 'rmsprop', momentum: 0.5, centered: true },
    amsgrad: { type: 'adam', amsgrad: true },
    accumulating: { type: 'adam', gradient_accumulation_steps: 3 },
    averaging: { type: 'adam', use_ema: true, ema_overwrite_frequency: 2 },
    'clipping by norm': { type: 'adam', clipnorm: 0.01 },
    'clipping all': { type: 'sgd', global_clipnorm: 0.05, weight_decay: 0.01 },
    'by a schedule': {
      type: 'adam',
      learning_rate: {
        type: 'ExponentialDecay',
        initial_learning_rate: 0.1,
        decay_steps: 3,
        decay_rate: 0.9,
      },
    },
  };
  test.each(Object.keys(variants))('%s', (name) => {
    const compile = { optimizer: variants[name], loss, metrics: ['accuracy'] };
    expectSame({ input_shape: [5], layers, compile }, samples);
  });
});

describe('layers', () => {
  const output = { units: 3, activation: 'softmax' };
  const cases: Record<string, object[]> = {
    'that drop and add noise': [
      { type: 'Dropout', rate: 0.3 },
      { units: 33, activation: 'relu' },
      { type: 'GaussianNoise', stddev: 0.1 },
      output,
    ],
    'that normalize': [
      { type: 'BatchNormalization' },
      { units: 17, activation: 'gelu' },
      { type: 'LayerNormalization' },
      output,
    ],
    'with formulas': [
      { units: 12, activation: 'x * tanh(softplus(x)) + where(x > 0, x, 0.1 * x)' },
      output,
    ],
    'with penalties and constraints': [
      {
        units: 12,
        activation: 'selu',
        kernel_regularizer: { type: 'l1l2', l1: 0.01, l2: 0.01 },
        kernel_constraint: { type: 'MaxNorm', max_value: 1 },
      },
      output,
    ],
    'that sort and gate': [
      { units: 12, activation: 'sparsemax' },
      { units: 12, activation: 'glu' },
      output,
    ],
  };
  test.each(Object.keys(cases))('%s', (name) => {
    const compile = { optimizer: 'adam', loss, metrics: ['accuracy'] };
    expectSame({ input_shape: [5], layers: cases[name], compile }, samples);
  });

  test('wide ones, and a batch of many blocks', () => {
    const wide = [{ units: 130, activation: 'relu' }, { units: 70, activation: 'relu' }, output];
    const compile = { optimizer: 'adam', loss, metrics: ['accuracy'] };
    const many = rowsOf(700, 5, 3);
    expectSame({ input_shape: [5], layers: wide, compile }, many, { batchSize: 300, epochs: 2 });
  });
});

test('a regression on one column', () => {
  const compile = { optimizer: 'adam', loss: 'mse', metrics: ['mae'] };
  const document = { input_shape: [2], layers: [{ units: 1 }], compile };
  expectSame(document, rowsOf(101, 2, 9), { batchSize: 32, epochs: 5 });
});

test('several outputs and sample weights', () => {
  const compile = { optimizer: 'rmsprop', loss: 'binary_crossentropy', weighted_metrics: ['mae'] };
  const document = { input_shape: [5], layers: [{ units: 1, activation: 'sigmoid' }], compile };
  const weights = Float32Array.from({ length: 37 }, (_, i) => 1 + (i % 4));
  const sampleWeight = { shape: [37, 1], values: weights };
  expectSame(document, { ...rowsOf(37, 5, 2), sampleWeight });
});
