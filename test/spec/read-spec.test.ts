import { describe, expect, test } from 'vitest';
import { MAX_UNITS } from '../../src/spec/limits.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { problemsOf, read, refusal } from './read-errors.ts';

const linear = { kind: 'named', name: 'linear', arguments: {} };
const relu = { kind: 'named', name: 'relu', arguments: { negative_slope: 0, threshold: 0 } };

const common = { trainable: true, activity_regularizer: null };

const plainDense = {
  ...common,
  type: 'Dense',
  name: 'dense',
  units: 3,
  activation: linear,
  use_bias: true,
  kernel_initializer: { type: 'glorot_uniform', seed: null },
  bias_initializer: { type: 'zeros' },
  kernel_regularizer: null,
  bias_regularizer: null,
  kernel_constraint: null,
  bias_constraint: null,
};

const plainFit = {
  epochs: 1,
  batch_size: null,
  validation_split: 0,
  shuffle: true,
  seed: null,
  initial_epoch: 0,
  validation_batch_size: null,
  validation_freq: 1,
  callbacks: [],
  class_weight: null,
  verbose: 'auto',
};

/** Nothing said. */
const plainData = {
  target: null,
  header: null,
  features: null,
  ignore: null,
  categorical: null,
  numeric: null,
  sample_weight: null,
  normalize: null,
  normalize_target: null,
  missing: null,
  unknown_category: null,
  one_hot_limit: null,
  na: null,
  decimal_comma: null,
};

describe('readSpec', () => {
  test("fills in Keras's defaults", () => {
    expect(read({ layers: [{ units: 3 }] })).toStrictEqual({
      document: { layers: [{ units: 3 }] },
      spec: {
        name: 'sequential',
        input_shape: null,
        layers: [plainDense],
        compile: { optimizer: null, loss: null, metrics: [], weighted_metrics: [] },
        fit: plainFit,
        data: plainData,
      },
      weights: undefined,
      columns: undefined,
      digest: undefined,
      history: undefined,
      training: undefined,
      state: undefined,
    });
  });

  test('reads every section', () => {
    const { spec } = read({
      $schema: 'model.schema.json',
      name: 'iris',
      input_shape: [20],
      layers: [
        {
          type: 'Dense',
          units: 64,
          activation: 'relu',
          kernel_regularizer: { l2: 0.001 },
          bias_constraint: 'non_neg',
          trainable: false,
        },
        { type: 'Dropout', rate: 0.2, seed: 7 },
        { type: 'flatten' },
        { type: 'activation', activation: 'tanh' },
        { units: 5, activation: 'softmax', name: 'out', use_bias: false },
      ],
      compile: {
        optimizer: { name: 'adam', learning_rate: 0.01 },
        loss: 'sparse_categorical_crossentropy',
        metrics: ['acc', { type: 'BinaryAccuracy', name: 'hits', threshold: 0.7 }],
        weighted_metrics: ['acc'],
      },
      fit: {
        epochs: 400,
        batch_size: 8,
        validation_split: 0.25,
        shuffle: false,
        seed: 42,
        class_weight: { 0: 0.5, 2: 3 },
        verbose: 2,
      },
      data: { target: 'species', header: true },
    });
    expect(spec).toStrictEqual({
      name: 'iris',
      input_shape: [20],
      layers: [
        {
          ...plainDense,
          units: 64,
          activation: relu,
          kernel_regularizer: { type: 'l2', l2: 0.001 },
          bias_constraint: { type: 'non_neg' },
          trainable: false,
        },
        { ...common, type: 'Dropout', name: 'dropout', rate: 0.2, seed: 7 },
        { ...common, type: 'Flatten', name: 'flatten' },
        {
          ...common,
          type: 'Activation',
          name: 'activation',
          activation: { kind: 'named', name: 'tanh', arguments: {} },
        },
        {
          ...plainDense,
          units: 5,
          activation: { kind: 'named', name: 'softmax', arguments: { axis: -1 } },
          name: 'out',
          use_bias: false,
        },
      ],
      compile: {
        optimizer: {
          type: 'adam',
          learning_rate: 0.01,
          beta_1: 0.9,
          beta_2: 0.999,
          epsilon: 1e-7,
          amsgrad: false,
        },
        loss: { type: 'sparse_categorical_crossentropy', from_logits: false },
        metrics: [
          { type: 'accuracy', name: 'acc' },
          { type: 'binary_accuracy', name: 'hits', threshold: 0.7 },
        ],
        weighted_metrics: [{ type: 'accuracy', name: 'acc' }],
      },
      fit: {
        epochs: 400,
        batch_size: 8,
        validation_split: 0.25,
        shuffle: false,
        seed: 42,
        initial_epoch: 0,
        validation_batch_size: null,
        validation_freq: 1,
        callbacks: [],
        class_weight: { 0: 0.5, 2: 3 },
        verbose: 2,
      },
      data: { ...plainData, target: ['species'], header: true },
    });
  });

  test('passes on what only trained models have', () => {
    const trained = {
      layers: [{ units: 1 }],
      format: 'mlp-model',
      version: 1,
      weights: { dense: { class_name: 'a', config: null } },
      columns: [1],
      digest: { columns: 'sha256:0' },
      history: { loss: [1] },
      training: { seed: 3 },
    };
    const { document, weights, columns, digest, history, training } = read(trained);
    expect({ document, weights, columns, digest, history, training }).toStrictEqual({
      document: trained,
      weights: trained.weights,
      columns: [1],
      digest: { columns: 'sha256:0' },
      history: { loss: [1] },
      training: { seed: 3 },
    });
  });

  test('takes rmsprop where compile names no optimizer, as Keras does', () => {
    const { compile } = read({ layers: [{ units: 1 }], compile: { loss: 'mse' } }).spec;
    expect(compile.optimizer?.type).toBe('rmsprop');
  });

  test.each([
    ['no version', { format: 'mlp-model' }, 'format "mlp-model", version nothing', ''],
    ['another format', { format: 'onnx', version: 1 }, 'format "onnx", version 1', ''],
    [
      'a newer version',
      { format: 'mlp-model', version: 2 },
      'format "mlp-model", version 2',
      '  a newer mlp wrote this file; update mlp to read it\n',
    ],
    [
      'a newer version that says who wrote it',
      { format: 'mlp-model', version: 2, training: { tool_version: '0.9.0\u001b' } },
      'format "mlp-model", version 2, written by mlp "0.9.0\\u001b"',
      '  a newer mlp wrote this file; update mlp to read it\n',
    ],
  ])('refuses a file with %s as a model file', (_, keys, found, remedy) => {
    const { text, exitCode } = refusal(() => read({ layers: [{ units: 1 }], ...keys }));
    const problem = `expected format "mlp-model", version 1; found ${found}`;
    expect(text).toBe(`mlp: model.json: ${problem}\n${remedy}`);
    expect(exitCode).toBe(4);
  });

  test('reports all mistakes of a file at once', () => {
    const problems = problemsOf({
      nmae: 'a',
      colour: 'red',
      layers: [
        { unit: 3, activation: 'reluu', use_bias: 'yes' },
        { type: 'Dropout', rate: 1.5, noise_shape: [1] },
        { units: 2, kernel_initializer: 'glorot', activation: 'x +* 2' },
        { units: 2, kernel_regularizer: { l2: -1, l3: 1 } },
        [],
      ],
      compile: { optimizer: { name: 'adam', learning_rat: 0.1 }, loss: 'msee', metrics: 'mse' },
      fit: [],
    });
    expect(problems).toEqual([
      'layers[0].use_bias: expected true or false; found "yes"',
      'layers[0].unit: unknown key; did you mean "units"?',
      'layers[1].rate: expected a number from 0 to 1; found 1.5',
      'layers[1].noise_shape: not supported: Dropout drops every number by itself here',
      'layers[2].kernel_initializer: unknown initializer "glorot"; expected one of zeros, ones, constant, glorot_uniform, glorot_normal, he_uniform, he_normal, lecun_uniform, lecun_normal, random_normal, random_uniform, truncated_normal, variance_scaling, orthogonal, identity',
      'layers[3].kernel_regularizer.l2: expected a number, 0 or more; found -1',
      'layers[3].kernel_regularizer.l3: unknown key; expected one of l2, type, name',
      'layers[4]: expected an object; found []',
      'compile.optimizer.learning_rat: unknown key; did you mean "learning_rate"?',
      'compile.loss: unknown loss "msee"; did you mean "mse"?',
      'and 6 more',
    ]);
  });
});

describe('numbers', () => {
  test.each([
    [{ units: 2.5 }, 'layers[0].units: expected a whole number, 1 or more; found 2.5'],
    [{ units: true }, 'layers[0].units: expected a whole number, 1 or more; found true'],
    [
      { units: MAX_UNITS + 1 },
      'layers[0].units: expected a whole number, at most 16,777,216; found 16777217',
    ],
    [
      { units: 1, kernel_initializer: { name: 'constant', value: 1e39 } },
      'layers[0].kernel_initializer.value: expected a number that fits into 32-bit float; found 1e+39',
    ],
    [
      { type: 'Dropout', rate: 0.5, seed: -1 },
      'layers[0].seed: expected a whole number, 0 or more; found -1',
    ],
    [
      { units: 1, kernel_constraint: { name: 'max_norm', axis: 0.5 } },
      'layers[0].kernel_constraint.axis: expected an axis: a whole number, or several in an array; found 0.5',
    ],
  ])('of a layer %j are checked', (layer, problem) => {
    expect(problemsOf({ layers: [layer] })).toEqual([problem]);
  });

  test.each([
    [{ epochs: 0 }, 'fit.epochs: expected a whole number, 1 or more; found 0'],
    [{ batch_size: '8' }, 'fit.batch_size: expected a whole number, 1 or more; found "8"'],
    [
      { validation_split: 1 },
      'fit.validation_split: expected a number, 0 or more and less than 1; found 1',
    ],
    [
      { seed: 2 ** 32 },
      'fit.seed: expected a whole number, at most 4,294,967,295; found 4294967296',
    ],
    [{ shuffle: 'batch' }, 'fit.shuffle: expected true or false; found "batch"'],
    [{ verbose: 3 }, 'fit.verbose: expected 0, 1, 2 or "auto"; found 3'],
    [
      { class_weight: 'balance' },
      'fit.class_weight: expected an object of weights by class, such as {"0": 1, "1": 3}, or "balanced"; found "balance"',
    ],
    [{ class_weight: { 1: -1 } }, 'fit.class_weight["1"]: expected a number, 0 or more; found -1'],
    [{ epoch: 3 }, 'fit.epoch: unknown key; did you mean "epochs"?'],
  ])('of fit %j are checked', (fit, problem) => {
    expect(problemsOf({ layers: [{ units: 1 }], fit })).toEqual([problem]);
  });

  test('too large for a double are refused', () => {
    const text = '{"layers": [{"units": 1, "activity_regularizer": {"l1": 1e999}}]}';
    expect(refusal(() => readSpec(text, 'm')).text).toBe(
      'mlp: m: layers[0].activity_regularizer.l1: expected a number that fits into 32-bit float; found Infinity\n',
    );
  });
});

describe('data', () => {
  test.each([
    ['a', ['a']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [null, null],
  ])('takes %j as targets', (target, names) => {
    expect(read({ layers: [{ units: 1 }], data: { target } }).spec.data.target).toEqual(names);
  });

  test.each([[[]], [''], [3], [['a', 3]], [{}]])('refuses %j as target', (target) => {
    const [problem, ...more] = problemsOf({ layers: [{ units: 1 }], data: { target } });
    expect(problem).toMatch(/^data\.target(\[1\])?: expected the name of /);
    expect(more).toEqual([]);
  });
});
