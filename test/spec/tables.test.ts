/** The tables by name: every word, every default, every way to write an entry. */
import { describe, expect, test } from 'vitest';
import { constraints } from '../../src/spec/constraints.ts';
import { initializers } from '../../src/spec/initializers.ts';
import { layers } from '../../src/spec/layers.ts';
import { losses } from '../../src/spec/losses.ts';
import { metrics } from '../../src/spec/metrics.ts';
import { optimizers } from '../../src/spec/optimizers.ts';
import { regularizers } from '../../src/spec/regularizers.ts';
import { problemsOf, read } from './read-errors.ts';

/** The Dense layer that has `value` under `key`. */
function dense(key: string, value: unknown) {
  const [layer] = read({ layers: [{ units: 2, [key]: value }] }).spec.layers;
  if (layer.type !== 'Dense') throw new Error('a layer without a type is Dense');
  return layer;
}

function compiled(key: string, value: unknown) {
  return read({ layers: [{ units: 1 }], compile: { [key]: value } }).spec.compile;
}

const adamBetas = { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 };

/** For each table: how an entry is read where it may stand, and each name with Keras's defaults. */
const tables = [
  {
    what: 'initializer',
    table: initializers,
    readOne: (value: unknown) => dense('kernel_initializer', value).kernel_initializer,
    defaults: {
      zeros: {},
      ones: {},
      constant: { value: 0 },
      glorot_uniform: { seed: null },
      glorot_normal: { seed: null },
      he_uniform: { seed: null },
      he_normal: { seed: null },
      lecun_uniform: { seed: null },
      lecun_normal: { seed: null },
      random_normal: { mean: 0, stddev: 0.05, seed: null },
      random_uniform: { minval: -0.05, maxval: 0.05, seed: null },
      truncated_normal: { mean: 0, stddev: 0.05, seed: null },
      variance_scaling: {
        scale: 1,
        mode: 'fan_in',
        distribution: 'truncated_normal',
        seed: null,
      },
      orthogonal: { gain: 1, seed: null },
      identity: { gain: 1 },
    },
    notAsText: [],
  },
  {
    what: 'regularizer',
    table: regularizers,
    readOne: (value: unknown) => dense('kernel_regularizer', value).kernel_regularizer,
    defaults: {
      l1: { l1: 0.01 },
      l2: { l2: 0.01 },
      l1_l2: { l1: 0, l2: 0 },
      orthogonal_regularizer: { factor: 0.01, mode: 'rows' },
    },
    notAsText: ['l1_l2', 'L1L2', 'l1l2'],
  },
  {
    what: 'constraint',
    table: constraints,
    readOne: (value: unknown) => dense('bias_constraint', value).bias_constraint,
    defaults: {
      max_norm: { max_value: 2, axis: [0] },
      non_neg: {},
      unit_norm: { axis: [0] },
      min_max_norm: { min_value: 0, max_value: 1, rate: 1, axis: [0] },
    },
    notAsText: [],
  },
  {
    what: 'loss',
    table: losses,
    readOne: (value: unknown) => compiled('loss', value).loss,
    defaults: {
      mean_squared_error: {},
      mean_absolute_error: {},
      mean_absolute_percentage_error: {},
      mean_squared_logarithmic_error: {},
      huber: { delta: 1 },
      log_cosh: {},
      cosine_similarity: {},
      binary_crossentropy: { from_logits: false, label_smoothing: 0 },
      categorical_crossentropy: { from_logits: false, label_smoothing: 0 },
      sparse_categorical_crossentropy: { from_logits: false },
      crossentropy: {},
      binary_focal_crossentropy: {
        apply_class_balancing: false,
        alpha: 0.25,
        gamma: 2,
        from_logits: false,
        label_smoothing: 0,
      },
      categorical_focal_crossentropy: {
        alpha: 0.25,
        gamma: 2,
        from_logits: false,
        label_smoothing: 0,
      },
      categorical_generalized_cross_entropy: { q: 0.5 },
      kl_divergence: {},
      poisson: {},
      hinge: {},
      squared_hinge: {},
      categorical_hinge: {},
      dice: { axis: null },
      tversky: { alpha: 0.5, beta: 0.5, axis: null },
    },
    notAsText: [],
  },
  {
    what: 'optimizer',
    table: optimizers,
    readOne: (value: unknown) => compiled('optimizer', value).optimizer,
    defaults: {
      sgd: { learning_rate: 0.01, momentum: 0, nesterov: false },
      rmsprop: { learning_rate: 0.001, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false },
      adagrad: { learning_rate: 0.001, initial_accumulator_value: 0.1, epsilon: 1e-7 },
      adadelta: { learning_rate: 0.001, rho: 0.95, epsilon: 1e-7 },
      ftrl: {
        learning_rate: 0.001,
        learning_rate_power: -0.5,
        initial_accumulator_value: 0.1,
        l1_regularization_strength: 0,
        l2_regularization_strength: 0,
        l2_shrinkage_regularization_strength: 0,
        beta: 0,
      },
      lion: { learning_rate: 0.001, beta_1: 0.9, beta_2: 0.99 },
      adam: { learning_rate: 0.001, ...adamBetas, amsgrad: false },
      adamw: { learning_rate: 0.001, ...adamBetas, amsgrad: false, weight_decay: 0.004 },
      adamax: { learning_rate: 0.001, ...adamBetas },
      nadam: { learning_rate: 0.001, ...adamBetas },
      schedulefreeadamw: {
        learning_rate: 0.0025,
        beta_1: 0.9,
        beta_2: 0.999,
        epsilon: 1e-8,
        warmup_steps: 0,
      },
      adafactor: {
        learning_rate: 0.001,
        beta_2_decay: -0.8,
        epsilon_1: 1e-30,
        epsilon_2: 1e-3,
        clip_threshold: 1,
        relative_step: true,
      },
      lamb: { learning_rate: 0.001, ...adamBetas },
      muon: {
        learning_rate: 0.001,
        adam_beta_1: 0.9,
        adam_beta_2: 0.999,
        adam_weight_decay: 0.004,
        epsilon: 1e-7,
        exclude_layers: [],
        exclude_embeddings: true,
        muon_a: 3.4445,
        muon_b: -4.775,
        muon_c: 2.0315,
        adam_lr_ratio: 1,
        momentum: 0.95,
        ns_steps: 5,
        nesterov: true,
        rms_rate: 0.2,
        weight_decay: 0.004,
      },
      lbfgs: { learning_rate: 1, memory: 10, max_evaluations: 25, gradient_tolerance: 1e-7 },
    },
    notAsText: [],
  },
] as const;

describe.each(tables)(
  'the table of each $what',
  ({ what, table, readOne, defaults, notAsText }) => {
    test('has these names', () => {
      expect(Object.keys(table)).toEqual(Object.keys(defaults));
    });

    for (const [type, { words }] of Object.entries(table)) {
      const known: Readonly<Record<string, object>> = defaults;
      const entry = { type, ...known[type] };
      for (const word of words) {
        test(`reads ${word} as ${type} with Keras's defaults`, () => {
          expect(readOne({ name: word })).toStrictEqual(entry);
          expect(readOne({ type: word })).toStrictEqual(entry);
          expect(readOne({ class_name: word, config: {} })).toStrictEqual(entry);
          expect(
            readOne({ module: 'keras', class_name: word, config: {}, registered_name: null }),
          ).toStrictEqual(entry);
          if (!notAsText.some((text) => text === word)) expect(readOne(word)).toStrictEqual(entry);
        });
      }
      test(`reads ${type} as it comes out`, () => {
        expect(readOne(entry)).toStrictEqual(entry);
      });
    }

    test.each(['constructor', '__proto__', 'toString', ''])('does not know %j', (word) => {
      expect(() => readOne(word)).toThrow(`unknown`);
      expect(() => readOne({ name: word })).toThrow(`unknown`);
      expect(() => readOne({ class_name: word, config: {} })).toThrow(`unknown`);
    });

    // Nested arrays of numbers are an initializer.
    const lists = what === 'initializer' ? [] : [{ value: [] }, { value: [1] }];
    test.each([{ value: 7 }, { value: true }, { value: {} }, ...lists])(
      'does not take $value',
      ({ value }) => {
        expect(() => readOne(value)).toThrow(/expected an? \w+: a name or an object|required/);
      },
    );
  },
);

describe('regularizers', () => {
  test.each([
    [{ l1: 0.5 }, { type: 'l1', l1: 0.5 }],
    [{ l2: 0.5 }, { type: 'l2', l2: 0.5 }],
    [
      { l1: 0.5, l2: 0.25 },
      { type: 'l1_l2', l1: 0.5, l2: 0.25 },
    ],
  ])('are known by their keys: %j', (value, entry) => {
    expect(dense('activity_regularizer', value).activity_regularizer).toStrictEqual(entry);
  });

  test('l1_l2 is not taken as a word, which means another thing in every Keras', () => {
    const layers = [{ units: 1, bias_regularizer: 'l1_l2' }];
    expect(problemsOf({ layers })).toEqual([
      'layers[0].bias_regularizer: expected an object such as {"l1": 0.01, "l2": 0.01}; found "l1_l2" (the word alone means other factors in Keras 2 and 3)',
    ]);
  });
});

describe('initializers', () => {
  test('are the default where null stands, as in Keras', () => {
    const layer = dense('kernel_initializer', null);
    expect(layer.kernel_initializer).toStrictEqual({ type: 'glorot_uniform', seed: null });
  });

  test('take no names in capitals', () => {
    expect(problemsOf({ layers: [{ units: 1, kernel_initializer: 'HE_NORMAL' }] })).toEqual([
      'layers[0].kernel_initializer: unknown initializer "HE_NORMAL"; did you mean "he_normal"?',
    ]);
  });
});

describe('optimizers', () => {
  test.each(['ADAM', 'Sgd', 'RmsProp'])('take %s, in any case as in Keras', (word) => {
    expect(compiled('optimizer', word).optimizer?.type).toBe(word.toLowerCase());
  });

  const optimizer = 'compile.optimizer';
  const problemsWith = (fields: object) =>
    problemsOf({ layers: [{ units: 1 }], compile: { optimizer: { name: 'sgd', ...fields } } });

  test.each<[object, string]>([
    [
      { clipnorm: 1, clipvalue: 0.5 },
      ': expected clipnorm, clipvalue or global_clipnorm; found clipnorm and clipvalue',
    ],
    [
      { clipnorm: 0, clipvalue: 0, global_clipnorm: 0 },
      ': expected clipnorm, clipvalue or global_clipnorm; found clipnorm and clipvalue and global_clipnorm',
    ],
    [{ clipnorm: -1 }, '.clipnorm: expected a number, 0 or more; found -1'],
    [{ weight_decay: 'much' }, '.weight_decay: expected a number, 0 or more; found "much"'],
    [
      { gradient_accumulation_steps: 1 },
      '.gradient_accumulation_steps: expected a whole number, 2 or more; found 1',
    ],
    [
      { use_ema: true, ema_momentum: 1.5 },
      '.ema_momentum: expected a number from 0 to 1; found 1.5',
    ],
    [
      { use_ema: true, ema_overwrite_frequency: 0 },
      '.ema_overwrite_frequency: expected a whole number, 1 or more; found 0',
    ],
    [{ loss_scale_factor: 0 }, '.loss_scale_factor: expected a number above 0; found 0'],
    [{ lr: 0.1 }, '.lr: unknown key; expected one of '],
    [
      { name: 'adamw', weight_decay: null },
      '.weight_decay: expected a number, 0 or more; found null',
    ],
    [{ name: 'lion', beta_1: 0 }, '.beta_1: expected a number above 0, at most 1; found 0'],
    [
      { name: 'ftrl', learning_rate_power: 0.5 },
      '.learning_rate_power: expected a number, 0 or less; found 0.5',
    ],
    [{ name: 'lbfgs', clipnorm: 1 }, '.clipnorm: unknown key; expected one of learning_rate, '],
    [
      { name: 'muon', exclude_layers: ['(a+)+$'] },
      '.exclude_layers[0]: expected parts of layer names: letters, digits, "_", "-", "/" and blanks; found "(a+)+$"',
    ],
  ])('refuse %j', (fields, problem) => {
    const problems = problemsWith(fields);
    expect(problems).toHaveLength(1);
    expect(problems[0].slice(0, optimizer.length + problem.length)).toBe(optimizer + problem);
  });

  test('keep only what says something of what Keras writes', () => {
    const config = {
      name: 'adam_1',
      learning_rate: 0.5,
      weight_decay: null,
      clipnorm: null,
      global_clipnorm: null,
      clipvalue: 0.25,
      use_ema: false,
      ema_momentum: 0.99,
      ema_overwrite_frequency: null,
      loss_scale_factor: null,
      gradient_accumulation_steps: null,
      beta_1: 0.9,
      beta_2: 0.999,
      epsilon: 1e-7,
      amsgrad: false,
    };
    const value = { module: 'keras.optimizers', class_name: 'Adam', config, registered_name: null };
    expect(compiled('optimizer', value).optimizer).toStrictEqual({
      type: 'adam',
      learning_rate: 0.5,
      ...adamBetas,
      amsgrad: false,
      clipvalue: 0.25,
    });
  });

  test('take null where it is no default', () => {
    const config = { rms_rate: null, weight_decay: null, adam_weight_decay: null };
    const muon = compiled('optimizer', { class_name: 'Muon', config }).optimizer;
    expect(muon).toMatchObject({ rms_rate: null, adam_weight_decay: null });
    expect(muon).not.toHaveProperty('weight_decay');
  });
});

describe('losses', () => {
  test('keep what Keras writes and that stands for its default', () => {
    const config = {
      name: 'my_loss',
      reduction: 'sum_over_batch_size',
      from_logits: true,
      label_smoothing: 0.1,
      axis: -1,
      dtype: 'float32',
    };
    expect(compiled('loss', { class_name: 'BinaryCrossentropy', config }).loss).toMatchObject({
      type: 'binary_crossentropy',
      from_logits: true,
      label_smoothing: 0.1,
    });
  });

  test('refuse what is not computed', () => {
    const config = { reduction: 'none', axis: 0 };
    const compile = { loss: { class_name: 'CategoricalCrossentropy', config } };
    expect(problemsOf({ layers: [{ units: 1 }], compile })).toEqual([
      'compile.loss.config.axis: expected -1, the last axis; found 0',
      'compile.loss.config.reduction: expected "sum_over_batch_size", "mean", "mean_with_sample_weight" or "sum": training needs one number; found "none"',
    ]);
  });
});

describe('metrics', () => {
  const readOne = (value: unknown) => compiled('metrics', [value]).metrics[0];

  const ranked = { thresholds: null, top_k: null, class_id: null };
  const counted = { thresholds: null };
  const enough = { num_thresholds: 200, class_id: null };
  const scored = { average: null, threshold: null };
  const defaults: Readonly<Record<string, object>> = {
    r2_score: { class_aggregation: 'uniform_average', num_regressors: 0 },
    binary_accuracy: { threshold: 0.5 },
    top_k_categorical_accuracy: { k: 5 },
    sparse_top_k_categorical_accuracy: { k: 5 },
    precision: ranked,
    recall: ranked,
    true_positives: counted,
    true_negatives: counted,
    false_positives: counted,
    false_negatives: counted,
    precision_at_recall: enough,
    recall_at_precision: enough,
    sensitivity_at_specificity: enough,
    specificity_at_sensitivity: enough,
    auc: {
      num_thresholds: 200,
      curve: 'ROC',
      summation_method: 'interpolation',
      thresholds: null,
      multi_label: false,
      num_labels: null,
      label_weights: null,
      from_logits: false,
    },
    f1_score: scored,
    f_beta_score: { ...scored, beta: 1 },
    binary_crossentropy: { from_logits: false, label_smoothing: 0 },
    categorical_crossentropy: { from_logits: false, label_smoothing: 0 },
    sparse_categorical_crossentropy: { from_logits: false },
  };
  /** Arguments without a default. */
  const required: Readonly<Record<string, Readonly<Record<string, number>>>> = {
    precision_at_recall: { recall: 0.5 },
    recall_at_precision: { precision: 0.5 },
    sensitivity_at_specificity: { specificity: 0.5 },
    specificity_at_sensitivity: { sensitivity: 0.5 },
  };
  /** Where an object without a name is not shown by its type. */
  const shown: Readonly<Record<string, string>> = {
    log_cosh_error: 'logcosh',
    f_beta_score: 'fbeta_score',
  };

  for (const [type, { words }] of Object.entries(metrics)) {
    const given = required[type] ?? {};
    const entry = { type, ...defaults[type], ...given };
    for (const word of words) {
      test(`${word} is ${type} and shown as typed`, () => {
        expect(readOne({ name: word, ...given })).toStrictEqual({ ...entry, name: word });
        expect(readOne({ type: word, ...given })).toStrictEqual({
          ...entry,
          name: shown[type] ?? type,
        });
        expect(readOne({ type: word, name: 'shown', ...given })).toStrictEqual({
          ...entry,
          name: 'shown',
        });
        if (Object.keys(given).length === 0) {
          expect(readOne(word)).toStrictEqual({ ...entry, name: word });
        } else {
          const missing = Object.keys(given).join(', ');
          expect(() => readOne(word)).toThrow(`expected an object with ${missing}`);
        }
      });
    }
  }

  test("take both spellings of Keras's enumerations", () => {
    const auc = { type: 'auc', curve: 'pr', summation_method: 'Majoring' };
    expect(readOne(auc)).toMatchObject({ curve: 'PR', summation_method: 'majoring' });
  });

  test('keep null where it is not the default, in the form of Keras too', () => {
    const config = { class_aggregation: null };
    expect(readOne({ class_name: 'R2Score', config })).toMatchObject(config);
    expect(readOne({ type: 'r2_score', ...config })).toMatchObject(config);
  });

  test.each([
    [
      { type: 'auc', num_thresholds: 1e9 },
      'num_thresholds: expected a whole number, at most 10,000; found 1000000000',
    ],
    [
      { type: 'auc', num_thresholds: 1 },
      'num_thresholds: expected a whole number, 2 or more; found 1',
    ],
    [{ type: 'auc', curve: 'Roc' }, 'curve: expected "ROC", "PR" or "PRGAIN"; found "Roc"'],
    [
      { type: 'precision', thresholds: [0.5, 2] },
      'thresholds[1]: expected a number from 0 to 1; found 2',
    ],
    [
      { type: 'f1_score', threshold: 0 },
      'threshold: expected a number above 0, at most 1; found 0',
    ],
    [{ type: 'f_beta_score', beta: 0 }, 'beta: expected a number above 0; found 0'],
    [
      { type: 'f1_score', average: 'mean' },
      'average: expected "micro", "macro", "weighted" or null; found "mean"',
    ],
    [
      { type: 'r2_score', num_regressors: -1 },
      'num_regressors: expected a whole number, 0 or more; found -1',
    ],
    [{ type: 'recall', top_k: 0 }, 'top_k: expected a whole number, 1 or more; found 0'],
  ])('refuse %j', (metric, problem) => {
    expect(problemsOf({ layers: [{ units: 1 }], compile: { metrics: [metric] } })).toEqual([
      `compile.metrics[0].${problem}`,
    ]);
  });

  test("are shown by the name in Keras's serialised form", () => {
    const metric = {
      class_name: 'RootMeanSquaredError',
      config: { name: 'rmse', dtype: 'float32' },
    };
    expect(readOne(metric)).toStrictEqual({ type: 'root_mean_squared_error', name: 'rmse' });
  });

  test('stand in an array, as in Keras', () => {
    expect(problemsOf({ layers: [{ units: 1 }], compile: { metrics: 'mae' } })).toEqual([
      'compile.metrics: expected an array of metrics, such as ["accuracy"]; found "mae"',
    ]);
  });
});

describe('layers', () => {
  const least: Readonly<Record<string, object>> = {
    Dense: { units: 1 },
    InputLayer: { shape: [3] },
    Activation: { activation: 'relu' },
    ReLU: {},
    LeakyReLU: {},
    PReLU: {},
    ELU: {},
    Softmax: {},
    Dropout: { rate: 0.5 },
    GaussianDropout: { rate: 0.5 },
    GaussianNoise: { stddev: 0.5 },
    AlphaDropout: { rate: 0.5 },
    ActivityRegularization: {},
    BatchNormalization: {},
    LayerNormalization: {},
    RMSNormalization: {},
    UnitNormalization: {},
    Normalization: {},
    Rescaling: { scale: 0.5 },
    Flatten: {},
    Reshape: { target_shape: [-1] },
    Permute: { dims: [1] },
  };

  test('are these', () => {
    expect(Object.keys(layers)).toEqual(Object.keys(least));
  });

  for (const [type, { words }] of Object.entries(layers)) {
    test.each(words)(`take the word %s for ${type}`, (word) => {
      const { spec } = read({
        layers: [
          { type: word, ...least[type] },
          { type: 'Flatten', name: 'f' },
        ],
      });
      const [first] = spec.layers;
      if (type === 'InputLayer') expect(spec.input_shape).toEqual([3]);
      else expect(first.type).toBe(type);
    });
  }

  test.each([
    [
      { type: 'dens', units: 1 },
      'layers[0].type: unknown layer type "dens"; did you mean "Dense"?',
    ],
    [{ type: 7 }, 'layers[0].type: expected a name; found 7'],
    [{ type: null, units: 1 }, 'layers[0].type: expected a name; found null'],
    ['Dense', 'layers[0]: expected an object; found "Dense"'],
    [{ type: 'Activation' }, 'layers[0].activation: required; found nothing'],
    [{ type: 'Dropout' }, 'layers[0].rate: required; found nothing'],
  ])('are not %j', (layer, problem) => {
    expect(problemsOf({ layers: [layer] })).toEqual([problem]);
  });
});
