/** Ten steps of each optimizer, through the real training step, against Keras on TensorFlow. */
import { describe, expect, test } from 'vitest';
import { referenceEngine } from '../../src/engine/reference.ts';
import { Graph } from '../../src/graph/graph.ts';
import { add, mul, sumAll, variable } from '../../src/graph/ops.ts';
import { makePlan } from '../../src/graph/plan.ts';
import { BLOCKS, parametersOf } from '../../src/nn/forward.ts';
import { STEP_INPUTS, trainingStep } from '../../src/nn/step.ts';
import { expectClose, flat, type Nested, type Tolerance } from '../close.ts';
import { build, expectNotYet, type Family, implemented, readGoldens } from '../keras-goldens.ts';

interface Schedule {
  readonly class_name: string;
  readonly config: object;
}

interface Golden {
  readonly optimizer: string;
  readonly config: Readonly<Record<string, number | boolean | Schedule>>;
  readonly tag: string;
  readonly learning_rate: readonly number[];
  /** Kernel and bias after each step. */
  readonly weights: readonly (readonly Nested[])[];
  readonly slots: readonly { readonly path: string; readonly value: Nested }[];
}

const TOLERANCE: Tolerance = { atol: 1e-6, rtol: 1e-5 };

const file: {
  readonly initial: readonly Nested[];
  readonly gradients: readonly (readonly Nested[])[];
  readonly cases: readonly Golden[];
} = readGoldens('optimizers.json');

const family: Family<Golden> = {
  cases: file.cases,
  words: ({ optimizer, config: { learning_rate, ...options } }) => [
    optimizer,
    ...Object.keys(options),
    ...(typeof learning_rate === 'object' ? [learning_rate.class_name] : []),
  ],
  notYet: Object.freeze([
    'Adadelta',
    'Adafactor',
    'Adagrad',
    'AdamW',
    'Adamax',
    'Ftrl',
    'Lamb',
    'Lion',
    'Muon',
    'Nadam',
    'ScheduleFreeAdamW',
    'weight_decay',
    'clipnorm',
    'clipvalue',
    'global_clipnorm',
    'use_ema',
    'gradient_accumulation_steps',
    'ExponentialDecay',
    'PiecewiseConstantDecay',
    'PolynomialDecay',
    'InverseTimeDecay',
    'CosineDecay',
    'CosineDecayRestarts',
  ]),
  document: ({ optimizer, config }) => ({
    layers: [{ units: 2 }],
    input_shape: [3],
    compile: { optimizer: { class_name: optimizer, config } },
  }),
};

/** The gradient of this loss is what is written to the variables: `Σ w · g`. */
function prepare(golden: Golden) {
  const { spec, network } = build(family.document(golden));
  const { optimizer } = spec.compile;
  if (!optimizer) throw new Error('no optimizer');
  const graph = new Graph();
  const parameters = parametersOf(graph, network);
  const terms = parameters.weights.map(({ spec, tensor }) => {
    const { rows, cols } = tensor.shape;
    return sumAll(mul(tensor, variable(graph, `gradient of ${spec.name}`, rows, cols)));
  });
  const updates = trainingStep(parameters, terms.reduce(add), optimizer);
  const plan = makePlan(graph, { train: updates }, {}, 1);
  return { plan, session: referenceEngine('float32').prepare(plan, 0) };
}

/** The weights after each step, and the optimizer's memory at the end, kernel and bias in a row. */
function run(golden: Golden): { weights: Float32Array[]; slots: Map<string, Float32Array> } {
  const { plan, session } = prepare(golden);
  session.write(BLOCKS.trainable, file.initial.flatMap(flat));
  const size = file.initial.flatMap(flat).length;
  const read = (name: string) => {
    const values = new Float32Array(size);
    session.read(name, values);
    return values;
  };
  const weights = file.gradients.map(([kernel, bias], index) => {
    session.write('gradient of kernel', flat(kernel));
    session.write('gradient of bias', flat(bias));
    session.write(STEP_INPUTS.learningRate, [golden.learning_rate[index]]);
    session.write(STEP_INPUTS.step, [index + 1]);
    session.run('train', 1, index + 1);
    return read(BLOCKS.trainable);
  });
  const names = [...plan.places.keys()].filter((name) => name.startsWith('slot/'));
  return { weights, slots: new Map(names.map((name) => [name.slice(5), read(name)])) };
}

/** Keras's slots by name, kernel and bias in a row; what has no such pair is no slot. */
function wantedSlots({ slots }: Golden): Map<string, number[]> {
  const wanted = new Map<string, number[]>();
  for (const { path, value } of slots) {
    const [, name] = /\/(?:kernel|bias)_(\w+)$/.exec(path) ?? [];
    if (name) wanted.set(name, [...(wanted.get(name) ?? []), ...flat(value)]);
  }
  return wanted;
}

test('whatever is not implemented is in the list, and nothing else is', () => {
  expectNotYet(family);
});

describe('equal to Keras in every step', () => {
  for (const golden of implemented(family)) {
    test(`${golden.optimizer} ${JSON.stringify(golden.config)}`, () => {
      const { weights, slots } = run(golden);
      expect(weights).toHaveLength(10);
      weights.forEach((found, index) => {
        const wanted = golden.weights[index].flatMap(flat);
        expectClose(found, wanted, TOLERANCE, `weights after step ${index + 1}`);
      });
      const wanted = wantedSlots(golden);
      expect([...slots.keys()].sort()).toEqual([...wanted.keys()].sort());
      for (const [name, values] of slots) {
        expectClose(values, wanted.get(name) ?? [], TOLERANCE, name);
      }
    });
  }
});
