/** Ten steps of each optimizer, through the real training step, against Keras on TensorFlow. */
import { describe, expect, test } from 'vitest';
import { referenceEngine } from '../../src/engine/reference.ts';
import { Graph } from '../../src/graph/graph.ts';
import { pack, variable } from '../../src/graph/ops.ts';
import { makePlan } from '../../src/graph/plan.ts';
import { BLOCKS, parametersOf } from '../../src/nn/forward.ts';
import { type OptimizerVariable, optimizerVariables } from '../../src/nn/optimizers/slots.ts';
import { trainingStep } from '../../src/nn/step.ts';
import { summarize } from '../../src/nn/summary.ts';
import { OptimizerClock } from '../../src/training/optimizer-clock.ts';
import { expectClose, flat, type Nested, shapeOf, type Tolerance } from '../close.ts';
import { build, expectNotYet, type Family, implemented, readGoldens } from '../keras-goldens.ts';
import { trainOnce } from '../training/train-once.ts';

interface Schedule {
  readonly class_name: string;
  readonly config: object;
}

interface Golden {
  readonly optimizer: string;
  readonly config: Readonly<Record<string, number | boolean | null | Schedule>>;
  readonly tag: string;
  readonly learning_rate: readonly number[];
  /** Kernel and bias after each step. */
  readonly weights: readonly (readonly Nested[])[];
  readonly slots: readonly { readonly path: string; readonly value: Nested }[];
  /** With `use_ema`, kernel and bias at the end of `fit`. */
  readonly weights_after_finalize?: readonly Nested[];
}

const TOLERANCE: Tolerance = { atol: 1e-6, rtol: 1e-5 };

interface File {
  /** Of each weight. */
  readonly initial: readonly Nested[];
  /** Of each step and weight. */
  readonly gradients: readonly (readonly Nested[])[];
  readonly cases: readonly Golden[];
}

const file = readGoldens<File>('optimizers.json');
/** One weight of three axes. */
const rank3 = readGoldens<File>('optimizers-rank3.json');

/** A layer with weights of these shapes. */
function documentOf({ optimizer, config }: Golden, { initial }: File): object {
  const shape = shapeOf(initial[0]);
  const compile = { optimizer: { class_name: optimizer, config } };
  return shape.length === 2
    ? { input_shape: shape.slice(0, 1), layers: [{ units: shape[1] }], compile }
    : { input_shape: shape, layers: [{ type: 'PReLU' }], compile };
}

const family: Family<Golden> = {
  cases: file.cases,
  words: ({ optimizer }) => [optimizer],
  notYet: [],
  document: (golden) => documentOf(golden, file),
};

/** The optimizer on a graph of nothing but weights and their gradients. */
function prepare(golden: Golden, source: File) {
  const { spec, network } = build(documentOf(golden, source));
  const { optimizer } = spec.compile;
  if (!optimizer || optimizer.type === 'lbfgs') throw new Error('no optimizer of Keras');
  const graph = new Graph();
  const parameters = parametersOf(graph, network);
  const gradients = parameters.weights.map(({ spec: { name }, tensor: { shape } }) =>
    variable(graph, `gradient of ${name}`, shape.rows, shape.cols),
  );
  const { train, accumulate } = trainingStep(parameters, pack(graph, gradients), optimizer);
  const plan = makePlan(graph, { train, accumulate: accumulate ?? [] }, {}, 1);
  const session = referenceEngine('float32').prepare(plan, 0);
  session.write(BLOCKS.trainable, source.initial.flatMap(flat));
  const numbers = summarize(spec, network, optimizer).optimizer?.parameters;
  return { optimizer, parameters, session, plan, numbers };
}

/** Weights and rate of each step, what the optimizer remembers at the end, and the weights of `fit`. */
function run(golden: Golden, source: File) {
  const { optimizer, parameters, session, plan, numbers } = prepare(golden, source);
  const clock = new OptimizerClock(session, optimizer);
  const size = source.initial.flatMap(flat).length;
  const read = (place: string, length: number) => {
    const values = new Float32Array(length);
    session.read(place, values);
    return values;
  };
  const rates: number[] = [];
  const weights = source.gradients.map((gradients) => {
    parameters.weights.forEach(({ spec: { name } }, i) => {
      session.write(`gradient of ${name}`, flat(gradients[i]));
    });
    rates.push(clock.learningRate);
    trainOnce(session, clock);
    return read(BLOCKS.trainable, size);
  });
  const slots = optimizerVariables(optimizer, parameters.weights).map((variable) => {
    const { place, offset, shape } = variable;
    const length = shape.reduce((a, b) => a * b, 1);
    const values = place ? read(place, offset + length).subarray(offset) : new Float32Array(length);
    return { path: kerasPath(variable), values };
  });
  clock.finish(parameters);
  const places = [...plan.places.keys()].filter((name) => name.startsWith('slot/'));
  return { weights, rates, slots, numbers, places, finished: read(BLOCKS.trainable, size) };
}

/** What follows the optimizer's own name, which counts its instances. Keras names some after the weight alone. */
function kerasPath({ name, weight }: OptimizerVariable): string {
  if (!weight) return 'variable';
  return name === 'r' || name === 'c' ? weight.name : `${weight.name}_${name}`;
}

/** `rm_sprop_3/kernel_velocity` → `kernel_velocity`; `variable_6`, the number of Nadam, → `variable`. */
function bareName(path: string): string {
  return path.startsWith('variable') ? 'variable' : (path.split('/').at(-1) ?? path);
}

test('whatever is not implemented is in the list, and nothing else is', () => {
  expectNotYet(family);
});

function expectKeras(golden: Golden, source: File): void {
  const { weights, rates, slots, numbers, places, finished } = run(golden, source);
  expectClose(rates, golden.learning_rate, { atol: 1e-8, rtol: 1e-5 }, 'rates');
  expect(weights).toHaveLength(golden.weights.length);
  weights.forEach((found, index) => {
    const wanted = golden.weights[index].flatMap(flat);
    expectClose(found, wanted, TOLERANCE, `weights after step ${index + 1}`);
  });
  // Of iteration and learning rate the host keeps count.
  const wanted = golden.slots.slice(typeof golden.config.learning_rate === 'object' ? 1 : 2);
  expect(slots.map(({ path }) => path)).toEqual(wanted.map(({ path }) => bareName(path)));
  slots.forEach(({ path, values }, i) => {
    expectClose(values, flat(wanted[i].value), TOLERANCE, path);
  });
  expect(numbers).toBe(golden.slots.flatMap(({ value }) => flat(value)).length);
  expect(places.length).toBeLessThanOrEqual(slots.length);
  const end = golden.weights_after_finalize ?? golden.weights[golden.weights.length - 1];
  expectClose(finished, end.flatMap(flat), TOLERANCE, 'weights of fit');
}

describe('equal to Keras in every step', () => {
  for (const golden of implemented(family)) {
    test(`${golden.optimizer} ${JSON.stringify(golden.config)}`, () => expectKeras(golden, file));
  }
});

describe('equal to Keras in every step on a weight of three axes', () => {
  for (const golden of rank3.cases) {
    test(`${golden.optimizer} ${JSON.stringify(golden.config)}`, () => expectKeras(golden, rank3));
  }
});

describe('Muon leaves to Adam', () => {
  /** What is remembered of a kernel: Adam has velocities. */
  const slotsOf = (name: string, config: object) => {
    const { spec, network } = build({
      input_shape: [3],
      layers: [{ units: 2, use_bias: false, name }],
      compile: { optimizer: { name: 'muon', ...config } },
    });
    const { optimizer } = spec.compile;
    if (optimizer?.type !== 'muon') throw new Error('muon is given');
    const { weights } = parametersOf(new Graph(), network);
    return optimizerVariables(optimizer, weights).map(({ name: slot }) => slot);
  };

  test.each([
    ['dense', {}, ['momentum']],
    ['word_Embedding', {}, ['momentum', 'velocity']],
    ['word_Embedding', { exclude_embeddings: false }, ['momentum']],
    ['head', { exclude_layers: ['body', 'head/kernel'] }, ['momentum', 'velocity']],
    ['head', { exclude_layers: ['body'] }, ['momentum']],
  ])('of layer %s with %j: %j', (name, config, slots) => {
    expect(slotsOf(name, config)).toEqual(slots);
  });
});
