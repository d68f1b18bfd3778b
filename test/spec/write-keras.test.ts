/** What is written for Keras is what Keras itself writes, argument by argument, floats as floats. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import models from '../../fixtures/keras/to-json/models.json' with { type: 'json' };
import { formatPythonJson } from '../../src/report/python-json.ts';
import { constraints } from '../../src/spec/constraints.ts';
import { initializers } from '../../src/spec/initializers.ts';
import { layers } from '../../src/spec/layers.ts';
import { losses } from '../../src/spec/losses.ts';
import { metrics } from '../../src/spec/metrics.ts';
import { optimizers } from '../../src/spec/optimizers.ts';
import { type ModelDocument, readSpec } from '../../src/spec/read-spec.ts';
import { regularizers } from '../../src/spec/regularizers.ts';
import { kerasModel, namesNotRun } from '../../src/spec/write-keras.ts';
import { read, refusal } from './read-errors.ts';

function textOf(name: string): string {
  const path = `../../fixtures/keras/to-json/${name}.json`;
  return readFileSync(resolve(import.meta.dirname, path), 'utf8');
}

/** JSON in which floats are told from whole numbers: `1.0` becomes `{"float": 1}`. */
function parsePython(text: string): unknown {
  const number = /(?<=[[:,]\s*)-?\d+(?:\.\d+)?(?:e[+-]\d+)?(?=\s*[,}\]])/g;
  const marked = text.replace(number, (digits) =>
    /[.e]/.test(digits) ? `{"float": ${digits}}` : digits,
  );
  return JSON.parse(marked);
}

function writtenFor(model: ModelDocument): unknown {
  return parsePython(formatPythonJson(kerasModel(model, 'model.json')));
}

/** What Keras writes besides, and what it says there: nothing. */
const atRest = new Map<string, (value: unknown) => boolean>([
  ['dtype', () => true],
  ['name', () => true],
  ['build_config', () => true],
  ['jit_compile', () => true],
  ['data_format', (value) => value === 'channels_last'],
  ['renorm_momentum', () => true],
]);
const isAtRest = (key: string, value: unknown) =>
  value === null || value === false || atRest.get(key)?.(value) === true;

/** Arguments that Keras reads and does not write. */
const unwritten = new Set(['gain', 'delta', 'thresholds', 'axis']);

/** Where two of Keras's forms differ, save in what says nothing. */
function differences(ours: unknown, theirs: unknown, place: string): string[] {
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length) {
    return ours.flatMap((entry, i) => differences(entry, theirs[i], `${place}[${i}]`));
  }
  if (isSame(ours, theirs, place)) return [];
  if (!isRecord(ours) || !isRecord(theirs)) {
    const [a, b] = [ours, theirs].map((value) => JSON.stringify(value));
    return a === b ? [] : [`${place}: ${a} for ${b}`];
  }
  const all = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...all].flatMap((key) => {
    if (!(key in ours)) return isAtRest(key, theirs[key]) ? [] : [`${place}.${key}: missing`];
    if (!(key in theirs)) return unwritten.has(key) ? [] : [`${place}.${key}: too much`];
    return differences(ours[key], theirs[key], `${place}.${key}`);
  });
}

/** Numbers of any kind, of which Keras writes the kind that it was given. */
const anyNumber = /(max_value|adam_lr_ratio|label_smoothing|\w*_steps|boundaries\[\d\])$/;

/** Keras writes one axis, or a list of it, as it was given. */
function isSame(ours: unknown, theirs: unknown, place: string): boolean {
  if (isRecord(ours) && anyNumber.test(place)) return ours.float === theirs;
  if (isRecord(theirs) && theirs.class_name === '__tensor__') {
    return isDeepStrictEqual(ours, at(theirs, 'config.value'));
  }
  return Array.isArray(theirs) && theirs.length < 2 && ours === (theirs[0] ?? null);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Serialised {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}
const plain: Record<string, readonly Serialised[]> = JSON.parse(textOf('objects'));
const marked = parsePython(textOf('objects')) as typeof plain;

/** For each family: a document with an object of it, and where it comes out. */
const places: Readonly<Record<string, { document: (value: object) => object; path: string }>> = {
  initializers: dense('kernel_initializer'),
  regularizers: dense('kernel_regularizer'),
  constraints: dense('bias_constraint'),
  layers: {
    document: (layer) => ({ layers: [layer] }),
    path: 'config.layers.0',
  },
  optimizers: compiled('optimizer', 'compile_config.optimizer'),
  losses: compiled('loss', 'compile_config.loss'),
  metrics: {
    document: (metric) => ({ layers: [{ units: 1 }], compile: { metrics: [metric] } }),
    path: 'compile_config.metrics.0',
  },
};

function dense(key: string) {
  const document = (value: object) => ({ layers: [{ units: 1, [key]: value }] });
  return { document, path: `config.layers.0.config.${key}` };
}

function compiled(key: string, path: string) {
  return {
    document: (value: object) => ({ layers: [{ units: 1 }], compile: { [key]: value } }),
    path,
  };
}

function at(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value);
}

describe.each(Object.entries(places))('%s of Keras', (family, { document, path }) => {
  const cases = plain[family].map((value, index) => ({ name: value.class_name, value, index }));
  test.each(cases)('$index $name come out as they went in', ({ value, index }) => {
    const ours = at(writtenFor(read(document(value))), path);
    const theirs = marked[family][index];
    // A word stands for what has no arguments to say.
    if (typeof ours === 'string') {
      expect(read(document(value)).spec).toEqual(read(document(ours as never)).spec);
    } else {
      expect(differences(ours, theirs, value.class_name)).toEqual([]);
    }
  });
});

test('every class of a family is among them, or is said not to be', () => {
  const tables = { initializers, regularizers, constraints, layers, optimizers, losses, metrics };
  const unknown = Object.entries(tables).flatMap(([family, table]) => {
    const classes = plain[family].map(({ class_name }) => class_name);
    const kinds: readonly { readonly words: readonly string[] }[] = Object.values(table);
    return kinds
      .filter(({ words }) => !words.some((word) => classes.includes(word)))
      .map(({ words }) => words[0]);
  });
  // One is the input, one beyond Keras, two stand for others by the shapes.
  expect(unknown).toEqual(['InputLayer', 'lbfgs', 'crossentropy', 'accuracy']);
});

test.each(['classifier', 'regression', 'rank3', 'normed'])(
  'the model %s of Keras comes out',
  (name) => {
    const ours = writtenFor(readSpec(textOf(name), name));
    // Keras keeps the word that it was given; ours is the canonical one.
    const theirs = textOf(name).replace('"loss": "mse"', '"loss": "mean_squared_error"');
    expect(differences(ours, parsePython(theirs), name)).toEqual([]);
  },
);

test.each(models)('the model $model of Keras comes out', ({ config }) => {
  const ours = JSON.parse(JSON.stringify(writtenFor(read(config))), withoutFloats);
  expect(differences(ours, { ...config, compile_config: {} }, config.config.name)).toEqual([]);
});

/** `{"float": 1}` → 1: how JSON that was read without its text has floats. */
function withoutFloats(_key: string, value: unknown): unknown {
  return isRecord(value) && 'float' in value ? value.float : value;
}

/** Arguments of the exported form of one layer. */
function layerOf(layer: object): unknown {
  return at(writtenFor(read({ layers: [layer] })), 'config.layers.0.config');
}

test('an activation with arguments is the layer that does the same', () => {
  const dtype = { class_name: 'DTypePolicy', config: { name: 'float32' } };
  const activation = { name: 'relu', max_value: 6, negative_slope: 0.5 };
  expect(layerOf({ units: 2, activation })).toMatchObject({
    activation: {
      module: 'keras.layers',
      class_name: 'ReLU',
      config: {
        name: 're_lu',
        dtype,
        negative_slope: { float: 0.5 },
        max_value: { float: 6 },
        threshold: { float: 0 },
      },
    },
  });
});

test('or the operation, and with its defaults a name', () => {
  const written = (activation: object) => at(layerOf({ units: 2, activation }), 'activation');
  expect(written({ name: 'gelu', approximate: false })).toBe('gelu');
  expect(written({ name: 'gelu', approximate: true })).toEqual({
    module: 'keras.src.ops.nn',
    class_name: 'Gelu',
    config: { name: 'gelu', approximate: true },
    registered_name: 'Gelu',
  });
  expect(written({ name: 'log_softmax', axis: 1 })).toMatchObject({
    class_name: 'LogSoftmax',
    config: { axis: 1 },
  });
  expect(written({ name: 'threshold', threshold: 1, default_value: 0 })).toMatchObject({
    class_name: 'Threshold',
    config: { threshold: { float: 1 }, default_value: { float: 0 } },
  });
  expect(written({ name: 'leaky_relu', negative_slope: -1 })).toMatchObject({
    class_name: 'LeakyRelu',
    config: { negative_slope: { float: -1 } },
  });
});

const withArguments = [
  { name: 'celu', alpha: 0.5 },
  { name: 'gelu', approximate: true },
  { name: 'hard_shrink', threshold: 0.25 },
  { name: 'soft_shrink', threshold: 0.25 },
  { name: 'squareplus', b: 2 },
  { name: 'threshold', threshold: 0.5, default_value: -1 },
  { name: 'log_softmax', axis: 1 },
  { name: 'sparsemax', axis: 1 },
  { name: 'glu', axis: 1 },
  { name: 'relu', max_value: 6 },
  { name: 'leaky_relu', negative_slope: 0.5 },
  { name: 'leaky_relu', negative_slope: -0.5 },
  { name: 'elu', alpha: 0.5 },
  { name: 'softmax', axis: 1 },
];

test.each(withArguments)('%j comes back', (activation) => {
  const model = read({ layers: [{ units: 2, activation }] });
  const text = formatPythonJson(kerasModel(model, 'model.json'));
  expect(readSpec(text, 'keras.json').spec.layers).toEqual(model.spec.layers);
});

test("LeakyReLU's slope of Keras 2 has the name of Keras 3", () => {
  const config = layerOf({ type: 'LeakyReLU', alpha: 0.25 });
  expect(config).toMatchObject({ negative_slope: { float: 0.25 } });
  expect(config).not.toHaveProperty('alpha');
});

test('a layer called like the input leaves it another name', () => {
  const layers = [{ units: 1, name: 'input_layer' }];
  const written = writtenFor(read({ input_shape: [2], layers }));
  expect(at(written, 'config.layers.0.config.name')).toBe('input_layer_1');
  expect(at(written, 'config.build_input_shape')).toEqual([null, 2]);
});

test('all that Keras cannot hold is refused together, by layer and argument', () => {
  const document = {
    input_shape: [4],
    layers: [
      { units: 2, activation: 'x * x' },
      { units: 2, activation: { formula: 'a * x', a: 2 } },
      { units: 2, activation: { name: 'relu', negative_slope: -1 } },
      { type: 'ActivityRegularization', l1: 1, activity_regularizer: 'l2' },
      { units: 2, activation: 'glu' },
      { type: 'Flatten' },
      { units: 2, name: 'last' },
    ],
    compile: { optimizer: 'lbfgs', loss: 'mse', metrics: [{ type: 'accuracy', name: 'mine' }] },
  };
  const { text, exitCode } = refusal(() => kerasModel(read(document), 'm.json'));
  expect(exitCode).toBe(2);
  expect(text.split('\n').map((line) => line.replace(/^mlp: m\.json: /, ''))).toEqual([
    'layers[0].activation: expected an activation of Keras\'s; found the formula "x * x"',
    'layers[1].activation: expected an activation of Keras\'s; found the formula "a * x"',
    "layers[2].activation.negative_slope: expected a number, 0 or more, which Keras's ReLU takes; found -1",
    'layers[3].activity_regularizer: expected none, since Keras\'s ActivityRegularization has l1 and l2 in its place; found "l2"',
    'layers[4].activation: expected no layer with weights behind glu, whose outputs Keras does not halve; found "last"',
    'compile.optimizer: expected an optimizer of Keras\'s; found "lbfgs"',
    'compile.metrics[0].name: expected "accuracy" or "acc", which have no other name in Keras\'s files; found "mine"',
    '  Keras\'s files hold no formulas: see "mlp help activations" for names',
    '',
  ]);
});

test('in a file of Keras the places are those of the file', () => {
  const document = JSON.parse(textOf('classifier').replace('"relu"', '"x * x"'));
  expect(refusal(() => kerasModel(read(document), 'm.json')).text).toMatch(
    'm.json: config.layers[1].config.activation: expected an activation of Keras',
  );
});

test('names that TensorFlow does not run are said', () => {
  const layers = ['ok-1.b>', 'two words', '層', '_x', 'a:b'].map((name) => ({ units: 1, name }));
  expect(
    namesNotRun(read({ name: '_model', layers })).map((text) => text.split(':', 2).join(':')),
  ).toEqual(['warning: name', 'warning: layers[1]', 'warning: layers[2]', 'warning: layers[4]']);
});
