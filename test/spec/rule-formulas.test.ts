/**
 * The declared rules of optimizers and schedules are true, and so is what is said of the functions of
 * the language of formulas: reckoned by it and compared with what the program does, step by step.
 */
import { describe, expect, test } from 'vitest';
import { referenceEngine } from '../../src/engine/reference.ts';
import { binaryOperators, formulaFunctions, unaryOperators } from '../../src/graph/formula.ts';
import { Graph } from '../../src/graph/graph.ts';
import { pack, variable } from '../../src/graph/ops.ts';
import { makePlan } from '../../src/graph/plan.ts';
import { BLOCKS, parametersOf } from '../../src/nn/forward.ts';
import { trainingStep } from '../../src/nn/step.ts';
import type { FamilyEntry } from '../../src/records.ts';
import { family as formulas } from '../../src/spec/families/formulas.ts';
import { family as optimizers } from '../../src/spec/families/optimizers.ts';
import { family as schedules } from '../../src/spec/families/schedules.ts';
import { OptimizerClock } from '../../src/training/optimizer-clock.ts';
import { scheduledRate } from '../../src/training/schedules.ts';
import { build } from '../keras-goldens.ts';
import { trainOnce } from '../training/train-once.ts';
import {
  expectEqual,
  formulaFor,
  type Moved,
  type Names,
  names,
  ofOneNumber,
  reckon,
  type Setting,
  settingsOf,
  unsaid,
} from './formula-value.ts';

describe('optimizers', () => {
  const moved: Moved = {
    sgd: [{ momentum: 0.9 }, { momentum: 0.9, nesterov: true }],
    rmsprop: [{ momentum: 0.9 }, { momentum: 0.5, centered: true }],
    ftrl: [
      {
        l1_regularization_strength: 0.1,
        l2_regularization_strength: 0.2,
        l2_shrinkage_regularization_strength: 0.3,
        beta: 0.4,
        learning_rate_power: -0.6,
      },
    ],
    adafactor: [{ clip_threshold: 0.5, beta_2_decay: -0.5 }],
    schedulefreeadamw: [{ warmup_steps: 3 }],
    lion: [{ beta_1: 0.5 }],
  };
  /** Long steps, in which every part of a rule is seen, by numbers that binary fractions are exact for. */
  const long: Setting = {
    learning_rate: 0.125,
    beta_1: 0.75,
    beta_2: 0.875,
    rho: 0.75,
    epsilon: 0.125,
    epsilon_1: 0.125,
    epsilon_2: 2,
  };
  const longFor = ({ arguments: own }: FamilyEntry): Setting =>
    Object.fromEntries(own.flatMap(({ name }) => (name in long ? [[name, long[name]]] : [])));
  const gradients = [0.3, -0.2, 0.5, 0.1, -0.7];
  const first = 0.8;

  /** The weight after each step of the program's own. */
  function weightsOf(entry: FamilyEntry, setting: Setting): number[] {
    const { spec, network } = build({
      input_shape: [1],
      layers: [{ units: 1, use_bias: false }],
      compile: { optimizer: { type: entry.name, weight_decay: 0, ...setting } },
    });
    const { optimizer } = spec.compile;
    if (!optimizer || optimizer.type === 'lbfgs') throw new Error('no optimizer of Keras');
    const graph = new Graph();
    const parameters = parametersOf(graph, network);
    const gradient = pack(graph, [variable(graph, 'gradient', 1, 1)]);
    const { train } = trainingStep(parameters, gradient, optimizer);
    const plan = makePlan(graph, { train }, {}, 1);
    const session = referenceEngine('float64').prepare(plan, 0);
    session.write(BLOCKS.trainable, [first]);
    const clock = new OptimizerClock(session, optimizer);
    return gradients.map((g) => {
      session.write('gradient', [g]);
      trainOnce(session, clock);
      const weight = new Float64Array(1);
      session.read(BLOCKS.trainable, weight);
      return weight[0];
    });
  }

  /** The weight after each step by the declared rule. */
  function declaredWeights(entry: FamilyEntry, setting: Setting): number[] {
    const values = names(entry, setting);
    const zeros = Object.fromEntries([...'abdkmqruvz'].map((name) => [name, 0]));
    const start: Readonly<Record<string, Names>> = {
      nadam: { k: 1 },
      adagrad: { a: values.initial_accumulator_value },
      ftrl: { a: values.initial_accumulator_value },
      schedulefreeadamw: { z: first },
    };
    let state: Names = { ...zeros, x: 0, w: first, ...start[entry.name] };
    return gradients.map((g, index) => {
      for (const assignment of formulaFor(entry, setting).split('; ')) {
        const [, name, text] = /^(\w) = (.*)$/.exec(assignment) ?? [];
        const known = { ...values, lr: values.learning_rate, t: index + 1, g, ...state };
        state = { ...state, [name]: reckon(ofOneNumber(text), known) };
      }
      return state.w;
    });
  }

  const matrices = ['muon', 'lbfgs'];
  test('are said in the language of formulas, save those about matrices', () => {
    expect(unsaid(optimizers.entries, [...'abdgkmpqrtuvwxz', 'lr'])).toEqual(matrices);
  });

  for (const entry of optimizers.entries.filter(({ name }) => !matrices.includes(name))) {
    const settings = settingsOf(moved, entry).map((one) => ({ ...longFor(entry), ...one }));
    for (const setting of [{}, ...settings]) {
      test(`${entry.name} ${JSON.stringify(setting)} goes the steps of its rule`, () => {
        const found = weightsOf(entry, setting);
        for (const [i, wanted] of declaredWeights(entry, setting).entries()) {
          expectEqual(found[i], wanted);
        }
      });
    }
  }
});

describe('schedules', () => {
  const start = { initial_learning_rate: 0.1, decay_steps: 8 };
  const moved: Moved = {
    ExponentialDecay: [
      { ...start, decay_rate: 0.5 },
      { ...start, decay_rate: 0.5, staircase: true },
    ],
    InverseTimeDecay: [
      { ...start, decay_rate: 0.5 },
      { ...start, decay_rate: 0.5, staircase: true },
    ],
    PolynomialDecay: [start, { ...start, power: 2, end_learning_rate: 0.01, cycle: true }],
    CosineDecay: [
      start,
      { ...start, alpha: 0.1 },
      { ...start, warmup_target: 0.3, warmup_steps: 5, alpha: 0.1 },
    ],
  };

  test('are said in the language of formulas, save those of pieces', () => {
    const pieces = ['PiecewiseConstantDecay', 'CosineDecayRestarts'];
    expect(unsaid(schedules.entries, ['step'])).toEqual(pieces);
  });

  for (const entry of schedules.entries) {
    for (const setting of moved[entry.name] ?? []) {
      test(`${entry.name} ${JSON.stringify(setting)} is ${formulaFor(entry, setting)}`, () => {
        const learning_rate = { type: entry.name, ...setting };
        const compile = { optimizer: { name: 'sgd', learning_rate } };
        const { spec } = build({ input_shape: [1], layers: [{ units: 1 }], compile });
        const rate = spec.compile.optimizer?.learning_rate;
        if (typeof rate !== 'object') throw new Error('no schedule');
        for (const step of [0, 1, 4, 5, 8, 9, 13, 16, 30]) {
          const wanted = reckon(formulaFor(entry, setting), { step, ...names(entry, setting) });
          expectEqual(scheduledRate(rate, step), wanted, 1e-7);
        }
      });
    }
  }
});

describe('formulas', () => {
  const samples: Readonly<Record<string, Names>> = {
    x: { x: 0.7 },
    'x, n': { x: 0.7, n: 2.5 },
    'a, b': { a: 0.7, b: -1.5 },
    'x, low, high': { x: 0.7, low: -1, high: 0.5 },
    'condition, a, b': { condition: 1, a: 0.7, b: -1.5 },
  };
  /** What no simpler function says. */
  const inWords = ['log', 'sin', 'atan', 'erf', 'floor', 'where'];

  test('list every function with its arguments, every operator and constant', () => {
    const called = formulas.entries.flatMap(({ name }) => {
      const [, word, list] = /^(\w+)\((.*)\)$/.exec(name) ?? [];
      return word ? [[word, list.split(', ').length]] : [];
    });
    expect(Object.fromEntries(called)).toEqual(formulaFunctions);
    const between = formulas.entries.flatMap(({ name }) => /^a (\S+) b$/.exec(name)?.[1] ?? []);
    expect(between).toEqual(Object.keys(binaryOperators));
    const before = formulas.entries.flatMap(({ name }) => /^(-|not) ?a$/.exec(name)?.[1] ?? []);
    expect(before).toEqual(Object.keys(unaryOperators));
  });

  for (const { name, formula } of formulas.entries) {
    const [, word, list] = /^(\w+)\((.*)\)$/.exec(name) ?? [];
    if (!word || inWords.includes(word)) continue;
    test(`${name} is ${formula}`, () => {
      for (const sign of [1, -1]) {
        const values = Object.fromEntries(
          Object.entries(samples[list]).map(([key, value]) => [key, value * sign]),
        );
        const found = reckon(name, values);
        const wanted = reckon(formula, values);
        if (Number.isNaN(wanted)) expect(found).toBeNaN();
        else expectEqual(found, wanted);
      }
    });
  }

  test.each([
    ['pi', Math.PI],
    ['e', Math.E],
  ])('%s is its number', (name, value) => {
    const entry = formulas.entries.find((one) => one.name === name);
    expect(Number(entry?.formula)).toBe(value);
    expectEqual(reckon(`${name} + x`, { x: 0 }), value);
  });
});
