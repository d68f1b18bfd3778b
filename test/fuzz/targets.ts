/** What is fuzzed: each reader of what may come from a stranger, with the inputs that it is fed with. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { weightsOf } from '../../src/cli/model-input.ts';
import { totalInputs } from '../../src/data/columns.ts';
import { decodeNpy, encodeNpy } from '../../src/data/npy.ts';
import { readInputRows } from '../../src/data/predict-rows.ts';
import { readNpyTable, readRows } from '../../src/data/rows.ts';
import { readColumns } from '../../src/data/stored-columns.ts';
import { type NewColumns, readTable } from '../../src/data/table.ts';
import { ExitCode, UserError } from '../../src/errors.ts';
import { modelDocument } from '../../src/files/model-document.ts';
import { decodeText } from '../../src/files/read-text.ts';
import { readState, stateSection } from '../../src/files/state.ts';
import type { LayerWeights } from '../../src/ndarray.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { buildNetwork } from '../../src/nn/network.ts';
import type { Random } from '../../src/random.ts';
import type { Checkpoint, StateValue } from '../../src/records.ts';
import { type JsonObject, type JsonValue, parseJson } from '../../src/spec/json.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { formatDocument } from '../../src/spec/write-spec.ts';
import { fit } from '../../src/training/fit.ts';
import { sourceOf } from '../data/text-source.ts';
import { modelOf, samplesOf } from '../training/train-model.ts';
import type { Target } from './fuzz.ts';
import { below, mutated, pick } from './mutate.ts';

const fixtures = resolve(import.meta.dirname, '../../fixtures');

/** Of longer files of lines the first ones are fed: a change in a long one is seldom where it matters. */
const LONGEST = 600;

/** The files of some folders whose names end so, at least one. */
function seedsOf(ending: RegExp, ...folders: string[]): Buffer[] {
  const seeds = folders.flatMap((folder) =>
    readdirSync(join(fixtures, folder))
      .filter((name) => ending.test(name))
      .map((name) => readFileSync(join(fixtures, folder, name)))
      .map((bytes) => bytes.subarray(0, bytes.lastIndexOf(10, LONGEST) + 1 || LONGEST)),
  );
  if (seeds.length === 0) throw new Error(`no fixtures like ${ending}`);
  return seeds;
}

const SPEC: JsonObject = {
  name: 'net',
  input_shape: [4],
  layers: [
    { units: 5, activation: 'relu', kernel_regularizer: { l2: 0.01 } },
    { type: 'BatchNormalization' },
    { type: 'Dropout', rate: 0.2 },
    { units: 3, activation: 'x * tanh(softplus(x))', name: 'hidden' },
    { units: 3, activation: 'softmax' },
  ],
  compile: {
    optimizer: { name: 'adam', learning_rate: 0.01 },
    loss: 'sparse_categorical_crossentropy',
    metrics: ['acc'],
  },
  fit: { epochs: 3, batch_size: 8, callbacks: [{ type: 'EarlyStopping', patience: 2 }] },
  data: { target: 'species', normalize: 'zscore' },
};

const goodSpecs = [
  Buffer.from(JSON.stringify(SPEC)),
  ...seedsOf(/^model\.json$/, 'linear', 'three-dense', 'one-dense', 'square'),
  ...seedsOf(/^good\.json$/, 'bad-models'),
];
/** Models that are refused as they are, whole or in part. */
const badSpecs = seedsOf(/\.(json|txt)$/, 'bad-models', 'keras/to-json');

/** Changes of inputs that are read as they are, and of some that are not. */
function mutations(good: readonly Uint8Array[], bad: readonly Uint8Array[]) {
  return (random: Random) => mutated(random() < 0.7 ? good : bad, random, 3);
}

const textOf = (bytes: Uint8Array) => decodeText(bytes, 'model.json', ExitCode.usage);

/** Mutations of model files: whatever is accepted is built, and its formulas become ops. */
export const specTarget: Target<Uint8Array> = {
  name: 'spec',
  inputOf: mutations(goodSpecs, badSpecs),
  read: (bytes) => {
    const { spec } = readSpec(textOf(bytes), 'model.json');
    buildNetwork(spec, spec.input_shape ?? [4], () => 'model.json: layers');
  },
};

/** Nine in ten as it should be, the tenth anything. */
function mostly<T, U>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<U>): fc.Arbitrary<T | U> {
  return fc.oneof({ arbitrary: usual, weight: 9 }, { arbitrary: other, weight: 1 });
}

const anyLayer = fc.record(
  {
    type: mostly(fc.constantFrom('Dense', 'LayerNormalization'), fc.string()),
    units: mostly(fc.integer({ min: 1, max: 9 }), fc.oneof(fc.double(), fc.jsonValue())),
    activation: mostly(fc.constantFrom('relu', 'x*x', 'exp(x)'), fc.jsonValue()),
    name: mostly(fc.constantFrom('a', 'b', 'c'), fc.string({ unit: 'binary' })),
  },
  { requiredKeys: ['units'] },
);

/** JSON of any kind in the places of a spec, as fast-check makes it. */
export const documentTarget: Target<string> = {
  name: 'generated spec',
  inputOf: sampled(
    fc
      .record(
        {
          name: mostly(fc.constantFrom('net', 'a b'), fc.oneof(fc.string(), fc.jsonValue())),
          input_shape: mostly(fc.array(fc.integer({ min: 1, max: 9 })), fc.jsonValue()),
          layers: fc.array(mostly(anyLayer, fc.jsonValue()), { minLength: 1, maxLength: 4 }),
          compile: mostly(fc.constant({ optimizer: 'sgd', loss: 'mse' }), fc.jsonValue()),
          fit: mostly(
            fc.record({ epochs: fc.integer({ min: 1 }), seed: fc.nat() }, { requiredKeys: [] }),
            fc.dictionary(fc.constantFrom('epochs', 'callbacks', 'seed', 'no'), fc.jsonValue()),
          ),
          data: mostly(fc.constant({}), fc.jsonValue()),
          columns: mostly(fc.constant(undefined), fc.jsonValue()),
        },
        { requiredKeys: ['layers'] },
      )
      .map((document) => JSON.stringify(document)),
  ),
  read: (text) => {
    const { spec, columns } = readSpec(text, 'model.json');
    buildNetwork(spec, spec.input_shape ?? [4], () => 'model.json: layers');
    if (columns !== undefined) readColumns(columns, 'model.json');
  },
};

/** Values of fast-check, many at a time, by our own chance. */
function sampled<T>(arbitrary: fc.Arbitrary<T>): (random: Random) => T {
  const waiting: T[] = [];
  return (random) => {
    if (waiting.length === 0) {
      waiting.push(...fc.sample(arbitrary, { numRuns: 500, seed: below(random, 2 ** 31) }));
    }
    const next = waiting.pop();
    if (next === undefined) throw new Error('fast-check gave nothing');
    return next;
  };
}

/** A trained model: small, with everything that a file may have. */
function trainedText(): string {
  const { spec } = readSpec(JSON.stringify(SPEC), 'model.json');
  const network = buildNetwork(spec, [4]);
  const mark = { format: 'mlp-model', version: 1 };
  return formatDocument(
    modelDocument<JsonValue>(mark, SPEC, { weights: initialWeights(network, 1) }),
  );
}

function weightsIn(text: string): readonly LayerWeights[] {
  const model = { ...readSpec(text, 'model.json'), path: 'model.json', source: 'model.json' };
  const shape = model.spec.input_shape ?? [4];
  return weightsOf(
    model,
    buildNetwork(model.spec, shape, () => 'model.json: layers'),
  );
}

/** One change in a trained model: it is refused, or its weights are what they were. */
export function weightsTarget(): Target<Uint8Array> {
  const text = trainedText();
  const seeds = [Buffer.from(text)];
  const numbersOf = (weights: readonly LayerWeights[]) =>
    weights.flatMap(({ tensors }) => tensors.flatMap(({ values }) => [...values])).join();
  const original = numbersOf(weightsIn(text));
  return {
    name: 'weights',
    inputOf: (random) => mutated(seeds, random, 1),
    read: (bytes) => {
      const found = numbersOf(weightsIn(textOf(bytes)));
      if (found !== original) throw new Error('other weights were read');
    },
  };
}

/** A run that was stopped in the middle of its second epoch, and how it goes on. */
function stoppedRun() {
  const document = {
    input_shape: [2],
    layers: [{ units: 3, activation: 'tanh' }, { type: 'Dropout', rate: 0.2 }, { units: 1 }],
    compile: { optimizer: 'adam', loss: 'mse', metrics: ['mae'] },
  };
  const early = { type: 'EarlyStopping', patience: 1, restore_best_weights: true };
  const { network, settings } = modelOf(
    { ...document, fit: { callbacks: [early] } },
    { epochs: 3, batchSize: 4, shuffle: true, engine: 'reference', keep: 'best' },
  );
  const x = Array.from({ length: 10 }, (_, i) => [i / 5, Math.sin(i)]);
  const train = samplesOf(
    x,
    x.map(([a, b]) => [a * b]),
  );
  const start = initialWeights(network, 1);
  const run = fit(network, start, train, train, settings);
  let checkpoint: Checkpoint | null = null;
  for (let pauses = 0; pauses < 8; ) {
    const { value, done } = run.next();
    if (done) throw new Error('the run was over too soon');
    if (value.kind === 'pause' && ++pauses === 8) checkpoint = value.checkpoint();
  }
  if (!checkpoint) throw new Error('there was no pause');
  const { state, weights } = checkpoint;
  const goOn = (from: StateValue) => {
    const source = 'model.checkpoint.json';
    const rest = fit(network, weights, train, train, settings, {
      state: from,
      source,
      isSameRun: true,
      isSameRows: true,
      isSameBatches: true,
      isSameRate: true,
    });
    for (let next = rest.next(); !next.done; ) next = rest.next();
  };
  return { state, goOn };
}

/** A changed state is refused by its digest; with a digest that fits it is refused or gone on with. */
export function stateTarget(): Target<Uint8Array> {
  const { state, goOn } = stoppedRun();
  const section = stateSection(state);
  const seeds = [Buffer.from(JSON.stringify(section.content))];
  const original = JSON.stringify(section);
  const source = 'model.checkpoint.json';
  return {
    name: 'checkpoint',
    inputOf: (random) => mutated(seeds, random, 3),
    read: (bytes) => {
      const content = parseJson(textOf(bytes), source, ExitCode.model);
      const changed = { digest: section.digest, content };
      const isSame = JSON.stringify(changed) === original;
      if (isSame !== isAccepted(() => readState(changed, source))) {
        throw new Error(isSame ? 'what was written was refused' : 'a change was not seen');
      }
      // Nobody but us knows that a file with another digest has been changed.
      goOn(readState(stateSection(content), source));
    },
  };
}

function isAccepted(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

const tables = [
  ...seedsOf(/^(iris|penguins|stocks)\.csv$/, 'data'),
  ...seedsOf(/\.csv$/, 'linear'),
  Buffer.from('age,port,joined,y\n1,S,2024-01-02,yes\n,"C, Q",2024-02-03,no\n2.5e1,S,,yes\n'),
];
const otherTables = seedsOf(/\.(csv|tsv|data)$/, 'data', 'data/malformed');

const NEW: NewColumns = { targets: [], mode: 'auto', normalize: 'auto', targetScaling: 'zscore' };

/** Mutations of tables, read as a training table is and, by a contract, as the rows of `predict` are. */
export const csvTarget: Target<Uint8Array> = {
  name: 'csv',
  inputOf: mutations(tables, otherTables),
  read: async (bytes) => {
    const chunk = 1 + (bytes.length % 97);
    const table = readRows(sourceOf(bytes, { chunk: chunk * 16 }), 'csv');
    const { columns } = await readTable(table, { columns: NEW });
    const later = readRows(sourceOf(bytes), 'csv');
    const input = await readInputRows(later, { columns, width: totalInputs(columns) });
    for await (const _ of input.blocks) {
      // Each block is read, and that is all.
    }
  },
};

const lines = [
  Buffer.from(
    [1, 2, 3, 4, 5, 6]
      .map((x) => `{"x": ${x / 4}, "port": "${'SQ'[x % 2]}", "sure": ${x > 3}, "y": ${x * x}}\n`)
      .join(''),
  ),
  Buffer.from('[1, 2, "a"]\n[3, null, "b"]\n[2.5, 1e3, "a"]\n[0, 7, "b"]\n'),
];
const otherLines = seedsOf(/\.jsonl$/, 'data', 'data/malformed');

export const jsonLinesTarget: Target<Uint8Array> = {
  name: 'jsonl',
  inputOf: mutations(lines, otherLines),
  read: (bytes) => readTable(readRows(sourceOf(bytes), 'jsonl'), { columns: NEW }),
};

const numbers = Float32Array.from({ length: 240 }, (_, i) => Math.sin(i) * 10 ** (i % 5));
const arrays = [
  Buffer.from(encodeNpy({ shape: [80, 3], values: numbers })),
  Buffer.from(encodeNpy({ shape: [5, 6, 8], values: numbers })),
];
const otherArrays = seedsOf(/\.npy$/, 'data/npy');

export const npyTarget: Target<Uint8Array> = {
  name: 'npy',
  inputOf: mutations(arrays, otherArrays),
  read: async (bytes) => {
    const { shape, values } = decodeNpy(bytes, 'x.npy');
    if (shape.reduce((size, length) => size * length, 1) !== values.length) {
      throw new Error(`shape ${shape} of ${values.length} numbers`);
    }
    if (shape.length <= 2) await readTable(readNpyTable(bytes, 'x.npy'), { columns: NEW });
  },
};

const formulas = [
  ...['x * x', 'where(x > 0, x, 0.1 * x)', 'x * tanh(softplus(x))', 'max(x, 0) ^ 2 - pi / e'],
  ...['exp(-abs(x)) + log(1 + x * x)', '-x ** 3', 'x <= 1 && x > -1', 'sqrt(x) % 2', 'not x'],
].map((text) => Buffer.from(text));

/** A term of nested operators and calls, mostly one that there is. */
function term(random: Random, depth: number): string {
  if (depth === 0) return pick(random, ['x', '1', '0.5', 'pi', '-x', 'y', '1e400']);
  const inner = () => term(random, below(random, depth));
  return pick(random, [
    () => `(${inner()})`,
    () => `${inner()} ${pick(random, ['+', '-', '*', '/', '^', '**', '<', '==', '%'])} ${inner()}`,
    () => `${pick(random, ['exp', 'sin', 'max', 'where', 'pow', 'eval'])}(${inner()}, ${inner()})`,
    () => `${pick(random, ['tanh', 'log', 'sqrt', 'erf', 'sigmoid'])}(${inner()})`,
  ])();
}

const ONE_ROW = samplesOf([[0.5]], [[1]]);

/** Formulas as an activation: what is accepted is trained with once, forwards and backwards. */
export const formulaTarget: Target<Uint8Array> = {
  name: 'formula',
  inputOf: (random) =>
    random() < 0.5 ? mutated(formulas, random) : Buffer.from(term(random, below(random, 8))),
  read: (bytes) => {
    const activation = bytes.toString();
    const document = { input_shape: [1], layers: [{ units: 1, activation }] };
    readSpec(JSON.stringify(document), 'model.json');
    const compile = { optimizer: 'sgd', loss: 'mse' };
    const { network, settings } = modelOf({ ...document, compile }, { engine: 'reference' });
    const run = fit(network, initialWeights(network, 1), ONE_ROW, null, settings);
    for (let next = run.next(); !next.done; ) next = run.next();
  },
};
