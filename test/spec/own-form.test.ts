/** The shortest words for a spec: whatever is read of them is the same spec. */
import { describe, expect, test } from 'vitest';
import models from '../../fixtures/keras/to-json/models.json' with { type: 'json' };
import objects from '../../fixtures/keras/to-json/objects.json' with { type: 'json' };
import { ownForm } from '../../src/spec/own-form.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { formatDocument } from '../../src/spec/write-spec.ts';
import { read } from './read-errors.ts';

/** The own form of a document, which must be read as the same spec and written as the same words. */
function shortened(document: unknown) {
  const model = read(document);
  const own = ownForm(model);
  const again = readSpec(formatDocument(own), 'own.json');
  expect(again.spec).toEqual(model.spec);
  expect(ownForm(again)).toEqual(own);
  return own;
}

test.each(models)('the model $model of Keras 3 keeps its meaning', ({ config, compile }) => {
  shortened({ ...config, compile });
});

describe.each(['layers', 'optimizers', 'losses', 'metrics'] as const)('%s of Keras', (family) => {
  test.each(objects[family].map((value, index) => ({ index, name: value.class_name, value })))(
    '$index $name keep their meaning',
    ({ value }) => {
      const compile = (key: string, one: unknown) => ({
        layers: [{ units: 1 }],
        compile: { [key]: one },
      });
      if (family === 'layers') shortened({ layers: [value] });
      else if (family === 'metrics') shortened(compile('metrics', [value]));
      else shortened(compile(family === 'losses' ? 'loss' : 'optimizer', value));
    },
  );
});

test('words are the canonical ones, and defaults are left out', () => {
  const document = {
    $schema: 'model.schema.json',
    name: 'sequential',
    layers: [
      { type: 'InputLayer', shape: [4] },
      {
        units: 3,
        name: 'dense',
        activation: 'swish',
        kernel_initializer: { class_name: 'GlorotUniform', config: { seed: null } },
        bias_initializer: { name: 'RandomNormal', stddev: 0.1 },
        kernel_regularizer: { l1: 0, l2: 0.5 },
        bias_constraint: { name: 'MaxNorm', axis: [1] },
        use_bias: true,
      },
      { type: 'dense', units: 2, name: 'mine', activation: { name: 'elu', alpha: 1 } },
      {
        units: 2,
        name: 'third',
        bias_initializer: [1, 2],
        activation: { type: 'leaky_relu', negative_slope: 0.5 },
      },
      { type: 'LeakyReLU', alpha: 0.25 },
    ],
    compile: {
      optimizer: { class_name: 'Muon', config: { weight_decay: null } },
      loss: 'MSE',
      metrics: ['acc', { type: 'AUC', curve: 'PR', name: 'area' }, { type: 'rmse' }],
    },
    fit: {
      epochs: 3,
      batch_size: null,
      callbacks: [
        { type: 'EarlyStopping', patience: 2 },
        { type: 'LearningRateScheduler', schedule: 'lr * 0.9', verbose: 1 },
      ],
    },
    data: { target: ['y'] },
    weights: { dense: { kernel: [[1]] } },
  };
  expect(shortened(document)).toEqual({
    $schema: 'model.schema.json',
    input_shape: [4],
    layers: [
      {
        type: 'Dense',
        units: 3,
        activation: 'silu',
        bias_initializer: { name: 'random_normal', stddev: 0.1 },
        kernel_regularizer: { name: 'l1_l2', l2: 0.5 },
        bias_constraint: { name: 'max_norm', axis: 1 },
      },
      { type: 'Dense', units: 2, activation: 'elu', name: 'mine' },
      {
        type: 'Dense',
        units: 2,
        activation: { name: 'leaky_relu', negative_slope: 0.5 },
        bias_initializer: [1, 2],
        name: 'third',
      },
      { type: 'LeakyReLU', alpha: 0.25 },
    ],
    compile: {
      optimizer: { name: 'muon', weight_decay: null },
      loss: 'mean_squared_error',
      metrics: ['acc', { type: 'auc', name: 'area', curve: 'PR' }, 'root_mean_squared_error'],
    },
    fit: {
      epochs: 3,
      callbacks: [
        { type: 'EarlyStopping', patience: 2 },
        { type: 'LearningRateScheduler', schedule: 'lr * 0.9', verbose: 1 },
      ],
    },
    data: { target: 'y' },
  });
});

test('formulas keep the names that the document gives them', () => {
  const swishb = { formula: 'x * sigmoid(b * x)', b: 1.702 };
  const document = {
    layers: [
      { units: 2, activation: 'swishb' },
      { units: 2, activation: 'x * x' },
      { units: 2, activation: { formula: 'a * x', a: 2 } },
    ],
    activations: { swishb },
  };
  expect(shortened(document)).toEqual({
    activations: { swishb },
    layers: [
      { type: 'Dense', units: 2, activation: 'swishb' },
      { type: 'Dense', units: 2, activation: 'x * x' },
      { type: 'Dense', units: 2, activation: { formula: 'a * x', a: 2 } },
    ],
  });
});
