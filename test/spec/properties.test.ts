/** Whatever is read is either a spec or refused with a UserError, and specs survive being written. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { formatPythonJson } from '../../src/report/python-json.ts';
import { activationWords } from '../../src/spec/activations.ts';
import { initializers } from '../../src/spec/initializers.ts';
import { losses } from '../../src/spec/losses.ts';
import { metrics } from '../../src/spec/metrics.ts';
import { optimizers } from '../../src/spec/optimizers.ts';
import { ownForm } from '../../src/spec/own-form.ts';
import { type ModelDocument, readSpec } from '../../src/spec/read-spec.ts';
import { kerasModel } from '../../src/spec/write-keras.ts';
import { formatDocument } from '../../src/spec/write-spec.ts';

const wordsOf = (table: Readonly<Record<string, { words: readonly string[] }>>) =>
  Object.values(table).flatMap(({ words }) => words);

/** Nothing but UserErrors may leave; each has one line per problem and none is of valibot's making. */
function readsOrRefuses(text: string): void {
  try {
    const model = readSpec(text, 'm');
    expect(readSpec(formatDocument(ownForm(model)), 'own').spec).toEqual(model.spec);
    kerasModel(model, 'm');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect([2, 4]).toContain(error.exitCode);
    for (const problem of error.problems) {
      expect(problem).toMatch(/^m:\S/u.test(problem) ? /^m:\d+:\d+: \S/ : /^m: \S/);
      expect(problem).not.toMatch(/\n|Invalid|Expected|received/);
    }
  }
}

test('any JSON text is read or refused', () => {
  fc.assert(fc.property(fc.json(), readsOrRefuses), { numRuns: 500 });
});

test('any text is read or refused', () => {
  fc.assert(fc.property(fc.string(), readsOrRefuses), { numRuns: 300 });
});

const keys = [
  ...['name', 'type', 'class_name', 'config', 'module', 'layers', 'input_shape', 'batch_shape'],
  ...[
    'units',
    'activation',
    'formula',
    'kernel_initializer',
    'bias_regularizer',
    'l1',
    'l2',
    'rate',
  ],
  ...['compile', 'optimizer', 'loss', 'metrics', 'fit', 'data', 'target', 'activations', 'seed'],
  ...[
    'compile_config',
    'build_input_shape',
    'axis',
    'dtype',
    '__proto__',
    'constructor',
    'toString',
  ],
];
const words = [
  'Dense',
  'InputLayer',
  'Flatten',
  'Sequential',
  'relu',
  'x * x',
  'l2',
  'Adam',
  'mse',
];
const numbers = [0, 1, -1, 2.5, 1e12, 1e308, 4];

/** Documents of the right words in the wrong places. */
const { value: muddle } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    fc.constantFrom(null, true, ...numbers, ...words),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 6, noNullPrototype: true }),
  ),
}));
const section = fc.dictionary(fc.constantFrom(...keys), muddle, { maxKeys: 6 });

const kinds = ['Sequential', 'Functional', 'Model'];
/** Names of few layers, so that they meet. */
const layerName = fc.constantFrom('a', 'b', 'x');
const reference = fc.tuple(layerName, fc.constant(0), fc.constant(0), muddle);
/** Graphs of layers that go anywhere. */
const graphs = fc.record({
  class_name: fc.constantFrom(...kinds),
  config: fc.record({
    layers: fc.array(
      fc.record({
        class_name: fc.constantFrom('InputLayer', 'Flatten'),
        name: layerName,
        config: fc.record({ name: layerName }),
        inbound_nodes: fc.array(fc.oneof(fc.array(reference, { maxLength: 2 }), muddle)),
      }),
      { maxLength: 3 },
    ),
    output_layers: fc.oneof(fc.array(reference), muddle),
  }),
});

test('any document of known words in unknown places is read or refused', () => {
  const layers = fc.array(section, { maxLength: 4 });
  const documents = fc.oneof(
    fc.record({ layers, compile: section }),
    fc.record({ layers, fit: section, data: section, activations: section }),
    fc.record({ class_name: fc.constantFrom(...kinds), config: fc.record({ layers }) }),
    graphs,
    muddle,
  );
  fc.assert(
    fc.property(documents, (document) => readsOrRefuses(JSON.stringify(document))),
    { numRuns: 2000 },
  );
  expect({}).not.toHaveProperty('units');
});

const units = fc.integer({ min: 1, max: 64 });
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const rate = fc.double({ min: 0, max: 1, noNaN: true });
const activation = fc.oneof(
  fc.constantFrom(
    ...activationWords.filter((word) => word !== 'threshold'),
    'x * x',
    'max(x, 0.5)',
    null,
  ),
  fc.record({ name: fc.constant('leaky_relu'), negative_slope: rate }),
);
const dense = fc.record(
  {
    units,
    activation,
    use_bias: fc.boolean(),
    kernel_initializer: fc.constantFrom(...wordsOf(initializers)),
    kernel_regularizer: fc.oneof(fc.record({ l1: rate, l2: rate }), fc.constantFrom('l2', null)),
    kernel_constraint: fc.constantFrom('max_norm', 'non_neg', null),
    trainable: fc.boolean(),
  },
  { requiredKeys: ['units'] },
);
const layer = fc.oneof(
  dense,
  fc.record({ type: fc.constant('Dropout'), rate, seed }),
  fc.record({ type: fc.constantFrom('Flatten', 'flatten') }),
  fc.record({ type: fc.constant('Activation'), activation }),
);
/** Metrics such as precision_at_recall have an argument without a default. */
const needsNothing = (word: string) => !/_at_|At[A-Z]/.test(word);

const goodDocument = fc.record(
  {
    name: fc.string({ minLength: 1 }).filter((name) => !name.includes('/')),
    input_shape: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 3 }),
    layers: fc.array(layer, { minLength: 1, maxLength: 6 }),
    compile: fc.record({
      optimizer: fc.oneof(
        fc.constantFrom(...wordsOf(optimizers)),
        fc.record({ name: fc.constant('sgd'), momentum: rate, learning_rate: rate }),
      ),
      loss: fc.constantFrom(...wordsOf(losses)),
      metrics: fc.array(fc.constantFrom(...wordsOf(metrics).filter(needsNothing))),
    }),
    fit: fc.record({ epochs: units, seed, validation_split: fc.constantFrom(0, 0.25) }),
  },
  { requiredKeys: ['layers'] },
);

test("a spec survives our own form, and Keras's where it has one", () => {
  fc.assert(
    fc.property(goodDocument, (document) => {
      const model = readSpec(JSON.stringify(document), 'm');
      const own = readSpec(formatDocument(ownForm(model)), 'own');
      expect(own.spec).toEqual(model.spec);
      expect(ownForm(own)).toEqual(ownForm(model));
      const text = kerasTextOf(model);
      if (text === null) return;
      const back = readSpec(text, 'keras');
      expect(back.spec.layers).toEqual(model.spec.layers);
      expect(kerasTextOf(back)).toBe(text);
    }),
  );
});

/** The text for Keras; null where it cannot hold the model. */
function kerasTextOf(model: ModelDocument): string | null {
  try {
    return formatPythonJson(kerasModel(model, 'm'));
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

test('a spec survives write and read', () => {
  fc.assert(
    fc.property(goodDocument, (document) => {
      const first = readSpec(JSON.stringify(document), 'm');
      const second = readSpec(formatDocument(first.document), 'm');
      expect(second).toStrictEqual(first);
      expect(formatDocument(second.document)).toBe(formatDocument(first.document));
    }),
  );
});
