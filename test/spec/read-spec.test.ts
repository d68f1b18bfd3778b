import { describe, expect, test } from 'vitest';
import { MAX_LAYERS, MAX_PARAMETERS, MAX_UNITS } from '../../src/spec/limits.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { problemsOf, read, refusal } from './read-errors.ts';

const linear = { kind: 'named', name: 'linear', arguments: {} };
const relu = { kind: 'named', name: 'relu', arguments: { negative_slope: 0, threshold: 0 } };

const plainDense = {
  type: 'Dense',
  name: 'dense',
  trainable: true,
  units: 3,
  activation: linear,
  use_bias: true,
  kernel_initializer: { type: 'glorot_uniform', seed: null },
  bias_initializer: { type: 'zeros' },
  kernel_regularizer: null,
  bias_regularizer: null,
  activity_regularizer: null,
  kernel_constraint: null,
  bias_constraint: null,
};

const plainFit = {
  epochs: 1,
  batch_size: 32,
  validation_split: 0,
  shuffle: true,
  seed: null,
  initial_epoch: 0,
  verbose: 'auto',
};

/** Names of a document's layers. */
function namesOf(layers: unknown): string[] {
  return read({ layers }).spec.layers.map(({ name }) => name);
}

describe('readSpec', () => {
  test("fills in Keras's defaults", () => {
    expect(read({ layers: [{ units: 3 }] })).toStrictEqual({
      document: { layers: [{ units: 3 }] },
      spec: {
        name: 'sequential',
        input_shape: null,
        layers: [plainDense],
        compile: { optimizer: null, loss: null, metrics: [] },
        fit: plainFit,
        data: { target: null, header: null },
      },
      weights: undefined,
      columns: undefined,
      history: undefined,
      training: undefined,
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
      },
      fit: {
        epochs: 400,
        batch_size: 8,
        validation_split: 0.25,
        shuffle: false,
        seed: 42,
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
        { type: 'Dropout', name: 'dropout', trainable: true, rate: 0.2, seed: 7 },
        { type: 'Flatten', name: 'flatten', trainable: true },
        {
          type: 'Activation',
          name: 'activation',
          trainable: true,
          activation: { kind: 'named', name: 'tanh', arguments: {} },
        },
        {
          ...plainDense,
          units: 5,
          activation: { kind: 'named', name: 'softmax', arguments: {} },
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
      },
      fit: {
        epochs: 400,
        batch_size: 8,
        validation_split: 0.25,
        shuffle: false,
        seed: 42,
        initial_epoch: 0,
        verbose: 2,
      },
      data: { target: ['species'], header: true },
    });
  });

  test('passes on what only trained models have', () => {
    const trained = {
      layers: [{ units: 1 }],
      format: 'mlp-model',
      version: 1,
      weights: { dense: { class_name: 'a', config: null } },
      columns: [1],
      history: { loss: [1] },
      training: { seed: 3 },
    };
    const { document, weights, columns, history, training } = read(trained);
    expect({ document, weights, columns, history, training }).toStrictEqual({
      document: trained,
      weights: trained.weights,
      columns: [1],
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
      '  A newer mlp wrote this file; update mlp to read it.\n',
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
      'layers[2].kernel_initializer: unknown initializer "glorot"; expected one of zeros, ones, constant, glorot_uniform, glorot_normal, he_uniform, he_normal, lecun_uniform, lecun_normal, random_normal, random_uniform, truncated_normal',
      'layers[3].kernel_regularizer.l2: expected a number, 0 or more; found -1',
      'layers[3].kernel_regularizer.l3: unknown key; did you mean "l2"?',
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

describe('layer names', () => {
  test("are made by Keras's rule, counted per class", () => {
    const layers = [{ units: 1 }, { type: 'Flatten' }, { units: 1 }, { type: 'Dense', units: 1 }];
    expect(namesOf(layers)).toEqual(['dense', 'flatten', 'dense_1', 'dense_2']);
  });

  test('that are given do not move the count', () => {
    const layers = [{ units: 1 }, { units: 1, name: 'mine' }, { units: 1 }];
    expect(namesOf(layers)).toEqual(['dense', 'mine', 'dense_1']);
  });

  test('may be names that every object has', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    expect(namesOf(names.map((name) => ({ units: 1, name })))).toEqual(names);
  });

  test('are refused when a made one meets a given one, as in Keras', () => {
    expect(problemsOf({ layers: [{ units: 1, name: 'dense' }, { units: 1 }] })).toEqual([
      'layers[1].name: expected a name of its own; found "dense", made from its type, the name of layers[0]',
    ]);
  });

  test.each(['', 'a/b', 7])('are not %j', (name) => {
    expect(problemsOf({ layers: [{ units: 1, name }] })).toEqual([
      `layers[0].name: expected a name: text without "/"; found ${JSON.stringify(name)}`,
    ]);
  });
});

describe('the input shape', () => {
  test.each([
    ['at the top', { input_shape: [4], layers: [{ units: 1 }] }],
    ['on the first layer', { layers: [{ units: 1, input_shape: [4] }] }],
    ['as input_dim', { layers: [{ units: 1, input_dim: 4 }] }],
    ['with the batch', { layers: [{ units: 1, batch_input_shape: [null, 4] }] }],
    ['in an InputLayer', { layers: [{ type: 'InputLayer', shape: [4] }, { units: 1 }] }],
    ['with its batch', { layers: [{ type: 'input_layer', batch_shape: [8, 4] }, { units: 1 }] }],
    [
      'everywhere',
      {
        input_shape: [4],
        layers: [
          { type: 'InputLayer', shape: [4] },
          { units: 1, input_dim: 4 },
        ],
      },
    ],
  ])('may stand %s', (_, document) => {
    const { input_shape, layers } = read(document).spec;
    expect(input_shape).toEqual([4]);
    expect(layers).toStrictEqual([{ ...plainDense, units: 1 }]);
  });

  test('may not contradict itself', () => {
    const layers = [
      { type: 'InputLayer', shape: [4] },
      { units: 1, input_dim: 5 },
    ];
    expect(problemsOf({ input_shape: [3, 2], layers })).toEqual([
      'layers[0].shape: expected [3,2], as in input_shape; found [4]',
      'layers[1].input_dim: expected [3,2], as in input_shape; found [5]',
    ]);
  });

  test('stands on the first layer and nowhere later', () => {
    const layers = [
      { units: 1 },
      { units: 1, input_shape: [4] },
      { type: 'InputLayer', shape: [4] },
    ];
    expect(problemsOf({ layers })).toEqual([
      'layers[2]: expected an InputLayer as the first layer only',
      'layers[1].input_shape: expected on the first layer only',
    ]);
  });

  test.each([
    [[], 'input_shape: expected an array of axis lengths, such as [20]; found []'],
    [20, 'input_shape: expected an array of axis lengths, such as [20]; found 20'],
    [[2, 0.5], 'input_shape[1]: expected a whole number, 1 or more; found 0.5'],
    [
      [2 ** 20, 2 ** 8],
      'input_shape: expected at most 134,217,728 numbers in one input row; found more',
    ],
    [Array(65).fill(1), 'input_shape: expected at most 64 axes; found an array of 65'],
  ])('is not %j', (input_shape, problem) => {
    expect(problemsOf({ input_shape, layers: [{ units: 1 }] })).toEqual([problem]);
  });

  test('is required of an InputLayer, which is not all of a model', () => {
    expect(problemsOf({ layers: [{ type: 'InputLayer' }] })).toEqual([
      'layers: expected at least one layer besides InputLayer; found none',
      'layers[0].shape: required; found nothing',
    ]);
  });
});

describe('the size of a model', () => {
  test('may reach MAX_LAYERS and not more', () => {
    const layers = (count: number) => Array(count).fill({ units: 1 });
    expect(read({ layers: layers(MAX_LAYERS) }).spec.layers).toHaveLength(MAX_LAYERS);
    expect(problemsOf({ layers: layers(MAX_LAYERS + 1) })).toEqual([
      'layers: expected at most 10,000 layers; found 10,001',
    ]);
  });

  test('may reach MAX_PARAMETERS and not more', () => {
    const inputs = MAX_PARAMETERS / 2 ** 10;
    const document = (use_bias: boolean) => ({
      input_shape: [inputs],
      layers: [{ units: 2 ** 10, use_bias }],
    });
    expect(read(document(false)).spec.layers).toHaveLength(1);
    expect(problemsOf(document(true))).toEqual([
      'layers[0]: expected at most 134,217,728 parameters in all; found 134,218,752 (1 GiB) up to this layer',
    ]);
  });

  test('is counted from below where the input shape is not known', () => {
    const layers = [{ units: 2 ** 20 }, { type: 'Dropout', rate: 0.1 }, { units: 2 ** 20 }];
    expect(problemsOf({ layers })).toEqual([
      'layers[2]: expected at most 134,217,728 parameters in all; found 1,099,514,773,504 (4,096 GiB) up to this layer',
    ]);
  });

  test('counts what one row becomes', () => {
    const layers = [{ units: 2 ** 20 }];
    expect(problemsOf({ input_shape: [2 ** 20, 1], layers })).toEqual([
      'layers[0]: expected at most 134,217,728 outputs for one row; found 1,099,511,627,776',
    ]);
  });

  test('counts a flattened row whole', () => {
    const layers = [{ type: 'Flatten' }, { units: 2 ** 12 }];
    expect(problemsOf({ input_shape: [2 ** 10, 2 ** 10], layers })).toEqual([
      'layers[1]: expected at most 134,217,728 parameters in all; found 4,294,971,392 (16 GiB) up to this layer',
    ]);
  });
});
