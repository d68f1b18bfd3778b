/** What Keras itself writes of optimizers, initializers, regularizers and constraints, read whole. */
import { describe, expect, test } from 'vitest';
import type { OptimizerSpec } from '../../src/spec/optimizers.ts';
import { readGoldens } from '../keras-goldens.ts';
import { read } from './read-errors.ts';

interface Serialised {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

const file = readGoldens<{
  readonly optimizers: readonly Serialised[];
  readonly initializers: readonly Serialised[];
  readonly regularizers: readonly Serialised[];
  readonly constraints: readonly Serialised[];
}>('configs.json');

function optimizerOf(value: unknown): OptimizerSpec {
  const { optimizer } = read({ layers: [{ units: 1 }], compile: { optimizer: value } }).spec
    .compile;
  if (!optimizer) throw new Error('an optimizer is given');
  return optimizer;
}

function weightOf(key: string, value: unknown): unknown {
  const [layer] = read({ layers: [{ units: 1, [key]: value }] }).spec.layers;
  return new Map<string, unknown>(Object.entries(layer)).get(key);
}

/** Keras keeps a rate as float32. */
const rounded = (spec: OptimizerSpec) => ({
  ...spec,
  learning_rate:
    typeof spec.learning_rate === 'number' ? Math.fround(spec.learning_rate) : spec.learning_rate,
});

const isSchedule = ({ config }: Serialised) => typeof config.learning_rate === 'object';
const isPlain = ({ config }: Serialised) => config.clipnorm === null;

describe('an optimizer', () => {
  const plain = file.optimizers.filter((one) => isPlain(one) && !isSchedule(one));
  test.each(plain)('$class_name with its defaults is what its word is', (one) => {
    expect(optimizerOf(one)).toEqual(rounded(optimizerOf(one.class_name)));
  });

  const told = file.optimizers.filter((one) => !isPlain(one));
  test.each(told)('$class_name keeps every common argument', (one) => {
    expect(optimizerOf(one)).toEqual({
      ...rounded(optimizerOf(one.class_name)),
      clipnorm: 1,
      use_ema: true,
      ema_momentum: 0.99,
      ema_overwrite_frequency: 5,
      gradient_accumulation_steps: 3,
      loss_scale_factor: 2,
      weight_decay: 0.01,
    });
  });

  test('and each schedule is read with the values that it has', () => {
    expect(file.optimizers.filter(isSchedule).map((one) => optimizerOf(one).learning_rate)).toEqual(
      [
        {
          type: 'ExponentialDecay',
          initial_learning_rate: 0.1,
          decay_steps: 10,
          decay_rate: 0.5,
          staircase: false,
        },
        {
          type: 'InverseTimeDecay',
          initial_learning_rate: 0.1,
          decay_steps: 10,
          decay_rate: 0.5,
          staircase: true,
        },
        { type: 'PiecewiseConstantDecay', boundaries: [1, 2], values: [1, 0.5, 0.1] },
        {
          type: 'PolynomialDecay',
          initial_learning_rate: 0.1,
          decay_steps: 5,
          end_learning_rate: 0.0001,
          power: 1,
          cycle: false,
        },
        {
          type: 'CosineDecay',
          initial_learning_rate: 0.1,
          decay_steps: 5,
          alpha: 0,
          warmup_target: null,
          warmup_steps: 0,
        },
        {
          type: 'CosineDecay',
          initial_learning_rate: 0.1,
          decay_steps: 5,
          alpha: 0,
          warmup_target: 0.3,
          warmup_steps: 2,
        },
        {
          type: 'CosineDecayRestarts',
          initial_learning_rate: 0.1,
          first_decay_steps: 5,
          t_mul: 2,
          m_mul: 1,
          alpha: 0,
        },
      ],
    );
  });
});

test('initializers', () => {
  const found = file.initializers.map((one) => weightOf('kernel_initializer', one));
  expect(found).toEqual([
    { type: 'variance_scaling', scale: 2, mode: 'fan_out', distribution: 'uniform', seed: 3 },
    { type: 'orthogonal', gain: 1, seed: null },
    // Made with a gain of 2, which Keras 3.15 does not write.
    { type: 'identity', gain: 1 },
    { type: 'constant', value: 0.5 },
    { type: 'glorot_uniform', seed: null },
    { type: 'random_normal', mean: 0, stddev: 0.05, seed: null },
  ]);
});

test('regularizers and constraints', () => {
  const penalties = file.regularizers.map((one) => weightOf('kernel_regularizer', one));
  expect(penalties).toEqual([
    { type: 'orthogonal_regularizer', factor: Math.fround(0.1), mode: 'columns' },
    { type: 'l1_l2', l1: 0.1, l2: 0.2 },
  ]);
  const bounds = file.constraints.map((one) => weightOf('kernel_constraint', one));
  expect(bounds).toEqual([
    { type: 'min_max_norm', min_value: 0.5, max_value: 2, rate: 0.3, axis: [0, 1] },
    { type: 'max_norm', max_value: 2, axis: [1] },
    { type: 'unit_norm', axis: [0] },
    { type: 'non_neg' },
  ]);
});
