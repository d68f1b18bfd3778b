/** Keras's own files: models as `to_json()` writes them, by Keras 3 and by Keras 2. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import models from '../../fixtures/keras/to-json/models.json' with { type: 'json' };
import { layers } from '../../src/spec/layers.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { formatDocument } from '../../src/spec/write-spec.ts';
import { problemsOf, read } from './read-errors.ts';

function textOf(name: string): string {
  return readFileSync(
    resolve(import.meta.dirname, `../../fixtures/keras/to-json/${name}.json`),
    'utf8',
  );
}

const kinds = Object.keys(layers).join(', ');

/** The problems of a document, if it has any. */
function problemsIn(document: unknown): string[] {
  try {
    read(document);
    return [];
  } catch {
    return problemsOf(document);
  }
}

describe('to_json() of Keras 3', () => {
  test('is the spec that the same words of ours are', () => {
    const ours = {
      name: 'classifier',
      input_shape: [4],
      layers: [
        { units: 8, activation: 'relu' },
        { type: 'Dropout', rate: 0.3 },
        { units: 3, activation: 'softmax' },
      ],
      compile: {
        optimizer: { name: 'sgd', learning_rate: Math.fround(0.05), momentum: 0.9 },
        loss: 'sparse_categorical_crossentropy',
        metrics: ['accuracy'],
      },
    };
    expect(readSpec(textOf('classifier'), 'm').spec).toStrictEqual(read(ours).spec);
  });

  test('with given names is too', () => {
    const ours = {
      name: 'regression',
      layers: [
        { type: 'InputLayer', shape: [2] },
        { name: 'hidden', units: 4, activation: 'tanh' },
        { name: 'out', units: 1 },
      ],
      compile: {
        optimizer: { name: 'adam', learning_rate: Math.fround(0.001) },
        loss: 'mse',
        metrics: ['mae'],
      },
    };
    expect(readSpec(textOf('regression'), 'm').spec).toStrictEqual(read(ours).spec);
  });

  test("places mistakes in Keras's own text", () => {
    const unknown = (index: number, name: string) =>
      `config.layers[${index}].class_name: unknown layer type "${name}"; expected one of ${kinds}`;
    const text = textOf('normed').replace('"LayerNormalization"', '"GroupNorm"');
    expect(problemsOf(JSON.parse(text.replace('"PReLU"', '"Conv2D"')))).toEqual([
      unknown(5, 'GroupNorm'),
      unknown(6, 'Conv2D'),
    ]);
  });

  test('is the spec with normalisation that the same words of ours are', () => {
    const ours = {
      name: 'normed',
      input_shape: [3],
      layers: [
        { type: 'Normalization', name: 'norm', axis: [-1] },
        {
          units: 5,
          use_bias: false,
          kernel_initializer: 'he_normal',
          kernel_regularizer: { l2: 0.01 },
        },
        { type: 'BatchNormalization' },
        { type: 'LeakyReLU', negative_slope: 0.1 },
        { type: 'LayerNormalization' },
        { type: 'PReLU' },
      ],
    };
    const { layers: found, input_shape } = readSpec(textOf('normed'), 'm').spec;
    const wanted = read(ours).spec;
    expect(input_shape).toEqual(wanted.input_shape);
    expect(found.slice(0, wanted.layers.length)).toStrictEqual(wanted.layers);
  });

  test('reads axes, shapes and slopes as Keras 2 writes them', () => {
    const config = (name: string, rest: object) => ({
      name,
      trainable: true,
      dtype: 'float32',
      ...rest,
    });
    const keras2 = {
      class_name: 'Sequential',
      keras_version: '2.12.0',
      backend: 'tensorflow',
      config: {
        name: 's',
        layers: [
          { class_name: 'BatchNormalization', config: config('a', { axis: [1], momentum: 0.9 }) },
          { class_name: 'LeakyReLU', config: config('b', { alpha: 0.25 }) },
          { class_name: 'Reshape', config: config('c', { target_shape: [2, -1] }) },
          { class_name: 'Normalization', config: config('d', { axis: null, mean: null }) },
        ],
      },
    };
    expect(read(keras2).spec.layers).toMatchObject([
      { type: 'BatchNormalization', axis: 1, momentum: 0.9, epsilon: 0.001 },
      { type: 'LeakyReLU', alpha: 0.25 },
      { type: 'Reshape', target_shape: [2, -1] },
      { type: 'Normalization', axis: null, mean: null, variance: null, invert: false },
    ]);
  });

  test('stays readable with what training adds, in our own text', () => {
    const document = {
      ...JSON.parse(textOf('classifier')),
      format: 'mlp-model',
      version: 1,
      weights: { dense: { kernel: [[0.5]], bias: [0] } },
      fit: { epochs: 3 },
    };
    const { spec, weights } = readSpec(formatDocument(document), 'm');
    expect(weights).toEqual(document.weights);
    expect(spec.fit.epochs).toBe(3);
    expect(spec.layers).toStrictEqual(readSpec(textOf('classifier'), 'm').spec.layers);
  });

  test('of other kinds of model is refused', () => {
    const custom = { module: 'mine', class_name: 'MyModel', config: { name: 'f', layers: [] } };
    expect(problemsOf(custom)).toEqual([
      'class_name: expected "Sequential" or "Functional"; found "MyModel"',
      'config.layers: expected at least one layer; found none',
    ]);
  });

  test('built from data without an InputLayer has the shape of that data', () => {
    const layers = [{ class_name: 'Dense', config: { units: 2 } }];
    const built = (build_input_shape: unknown[]) => ({
      class_name: 'Sequential',
      config: { name: 's', layers, build_input_shape },
    });
    expect(read(built([null, 3, 4])).spec.input_shape).toEqual([3, 4]);
    expect(problemsOf(built([5, 0]))).toEqual([
      'config.build_input_shape[0]: expected a whole number, 1 or more; found 0',
    ]);
  });
});

/** What the models use and Keras has, and this program has not (yet). */
const missing = /unknown (optimizer|loss|metric|constraint|key)|learning_rate: expected a number/;

describe.each(models)('the model $model of Keras 3', ({ config }) => {
  test('is read with its shape and layers', () => {
    const problems = problemsIn(config);
    for (const problem of problems) expect(problem).toMatch(missing);
    if (problems.length > 0) return;
    const { spec } = read(config);
    const [input, ...others] = config.config.layers;
    expect([null, ...(spec.input_shape ?? [])]).toEqual(input.config.batch_shape);
    expect(spec.layers.map(({ name, type }) => [type, name])).toEqual(
      others.map(({ class_name, config: { name } }) => [class_name, name]),
    );
  });
});

describe.each(models)('the model $model of Keras 3', ({ config, compile }) => {
  test('is read with what it was compiled with, or refused for what is not here', () => {
    const problems = problemsIn({ ...config, compile });
    for (const problem of problems) expect(problem).toMatch(missing);
    if (problems.length > 0) return;
    const { optimizer } = read({ ...config, compile }).spec.compile;
    const { learning_rate } = compile.optimizer.config;
    if (typeof learning_rate === 'number') expect(optimizer?.learning_rate).toBe(learning_rate);
    else expect(optimizer?.learning_rate).toMatchObject(learning_rate?.config ?? {});
  });
});

describe('to_json() of Keras 2', () => {
  /** A frozen Dense layer with all arguments, as Keras 2.12 writes it. */
  const dense = {
    class_name: 'Dense',
    config: {
      name: 'first',
      trainable: false,
      dtype: 'float32',
      batch_input_shape: [null, 4],
      units: 3,
      activation: 'relu',
      use_bias: true,
      kernel_initializer: { class_name: 'HeNormal', config: { seed: 5 } },
      bias_initializer: { class_name: 'Zeros', config: {} },
      kernel_regularizer: { class_name: 'L1L2', config: { l1: 0.5, l2: 0.25 } },
      bias_regularizer: null,
      activity_regularizer: null,
      kernel_constraint: { class_name: 'MaxNorm', config: { max_value: 2, axis: 0 } },
      bias_constraint: null,
    },
  };
  const keras2 = {
    class_name: 'Sequential',
    config: {
      name: 'sequential',
      layers: [
        {
          class_name: 'InputLayer',
          config: {
            batch_input_shape: [null, 4],
            dtype: 'float32',
            sparse: false,
            ragged: false,
            name: 'dense_input',
          },
        },
        dense,
        {
          class_name: 'Flatten',
          config: { name: 'flat', trainable: true, dtype: 'float32', data_format: 'channels_last' },
        },
      ],
    },
    keras_version: '2.12.0',
    backend: 'tensorflow',
  };

  test('is read', () => {
    const ours = {
      input_shape: [4],
      layers: [
        {
          name: 'first',
          trainable: false,
          units: 3,
          activation: 'relu',
          kernel_initializer: { name: 'he_normal', seed: 5 },
          kernel_regularizer: { l1: 0.5, l2: 0.25 },
          kernel_constraint: 'max_norm',
        },
        { type: 'Flatten', name: 'flat' },
      ],
    };
    expect(read(keras2).spec).toStrictEqual(read(ours).spec);
  });

  test('may stand for one layer among ours', () => {
    const { spec } = read({ layers: [dense, { units: 2 }] });
    expect(spec.layers).toStrictEqual([
      read(keras2).spec.layers[0],
      ...read({ layers: [{ units: 2 }] }).spec.layers,
    ]);
  });

  test('is refused where an argument is not at rest', () => {
    const layers = [
      { class_name: 'Dense', config: { units: '3', dtype: 'float16' } },
      { class_name: 'Dropout', config: { rate: 0.5, noise_shape: [1] } },
      { class_name: 'Dense', config: { units: null } },
    ];
    expect(problemsOf({ class_name: 'Sequential', config: { layers } })).toEqual([
      'config.layers[0].config.units: expected a whole number, 1 or more; found "3"',
      'config.layers[0].config.dtype: not supported: everything is computed in float32',
      'config.layers[1].config.noise_shape: not supported: Dropout drops every number by itself here',
      'config.layers[2].config.units: required; found nothing',
    ]);
  });
});
