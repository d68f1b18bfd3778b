/** Learning-rate schedules against Keras on TensorFlow, and what is refused. */
import { describe, expect, test } from 'vitest';
import type { ScheduleSpec } from '../../src/spec/schedules.ts';
import { scheduledRate } from '../../src/training/schedules.ts';
import { expectClose } from '../close.ts';
import { build, readCases } from '../keras-goldens.ts';
import { problemsOf } from '../spec/read-errors.ts';

interface Golden {
  readonly kind: string;
  readonly schedule: string;
  readonly config: object;
  readonly steps: readonly number[];
  readonly values: readonly number[];
}

/** The schedule in an optimizer's learning rate. */
function scheduleOf(value: object): ScheduleSpec {
  const compile = { optimizer: { name: 'sgd', learning_rate: value } };
  const { optimizer } = build({ input_shape: [1], layers: [{ units: 1 }], compile }).spec.compile;
  if (!optimizer || typeof optimizer.learning_rate === 'number') throw new Error('no schedule');
  return optimizer.learning_rate;
}

describe('equal to Keras at every step', () => {
  const cases = readCases<Golden>('schedules.json').filter(({ kind }) => kind === 'schedule');
  test('of all six', () => {
    expect(new Set(cases.map(({ schedule }) => schedule)).size).toBe(6);
  });
  for (const { schedule, config, steps, values } of cases) {
    test(`${schedule} ${JSON.stringify(config)}`, () => {
      const spec = scheduleOf({ class_name: schedule, config });
      const found = steps.map((step) => scheduledRate(spec, step));
      expectClose(found, values, { atol: 1e-8, rtol: 1e-5 });
      expect(found).toEqual(found.map(Math.fround));
    });
  }
});

test('a schedule is written in three ways, as everything of Keras', () => {
  const config = { initial_learning_rate: 0.1, decay_steps: 10 };
  const wanted = {
    type: 'PolynomialDecay',
    ...config,
    end_learning_rate: 0.0001,
    power: 1,
    cycle: false,
  };
  expect(scheduleOf({ class_name: 'PolynomialDecay', config })).toEqual(wanted);
  expect(scheduleOf({ type: 'PolynomialDecay', ...config })).toEqual(wanted);
  expect(scheduleOf({ name: 'polynomial_decay', ...config })).toEqual(wanted);
  const kerasName = { ...config, name: 'Falling' };
  expect(scheduleOf({ class_name: 'PolynomialDecay', config: kerasName })).toEqual(wanted);
});

const rate = 'compile.optimizer.learning_rate';
test.each<[unknown, string[]]>([
  [-1, [`${rate}: expected a number, 0 or more; found -1`]],
  ['fast', [`${rate}: expected a number, 0 or more; found "fast"`]],
  [
    { name: 'CosineDecya', initial_learning_rate: 1, decay_steps: 2 },
    [`${rate}.name: unknown schedule "CosineDecya"; did you mean "CosineDecay"?`],
  ],
  [
    { name: 'CosineDecay', initial_learning_rate: 1 },
    [`${rate}.decay_steps: required; found nothing`],
  ],
  [
    { name: 'ExponentialDecay', initial_learning_rate: 1, decay_steps: 0, decay_rate: 0.5 },
    [`${rate}.decay_steps: expected a number above 0; found 0`],
  ],
  [
    { name: 'PiecewiseConstantDecay', boundaries: [1, 2], values: [1, 2] },
    [`${rate}: expected 3 values, one more than boundaries; found 2`],
  ],
  [
    { name: 'PiecewiseConstantDecay', boundaries: [], values: [1] },
    [`${rate}.boundaries: expected an array of steps, such as [100, 200]; found []`],
  ],
])('%j is refused', (learning_rate, problems) => {
  const optimizer = { name: 'adam', learning_rate };
  expect(problemsOf({ layers: [{ units: 1 }], compile: { optimizer } })).toEqual(problems);
});
