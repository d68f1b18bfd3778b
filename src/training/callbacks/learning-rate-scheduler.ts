/** LearningRateScheduler: the rate of each epoch by a formula in `epoch` (from 0) and `lr` (the rate so far). */
import { float64Functions } from '../../engine/elementary.ts';
import { ExitCode, UserError } from '../../errors.ts';
import type { Expression, FormulaFunction, FormulaOperator } from '../../graph/expression.ts';
import type { Logs } from '../../records.ts';
import type { CallbackOf } from '../../spec/callbacks.ts';
import type { Callback, Control } from './callback.ts';

export class LearningRateScheduler implements Callback {
  readonly #spec: CallbackOf<'LearningRateScheduler'>;

  constructor(spec: CallbackOf<'LearningRateScheduler'>) {
    this.#spec = spec;
  }

  /** @throws {UserError} exit 5 where the formula gives no finite rate of 0 or more */
  onEpochBegin(epoch: number, control: Control): void {
    const { schedule, verbose } = this.#spec;
    const rate = evaluate(schedule.expression, { epoch, lr: control.learningRate });
    if (!(Number.isFinite(rate) && rate >= 0)) {
      throw new UserError(
        ExitCode.numbers,
        `epoch ${epoch + 1}: LearningRateScheduler: expected a rate of 0 or more; found ${rate}`,
        `the formula is ${schedule.text}`,
      );
    }
    control.learningRate = rate;
    if (verbose > 0) {
      const what = 'LearningRateScheduler setting learning rate to';
      control.say(`\nEpoch ${epoch + 1}: ${what} ${rate}.`);
    }
  }

  onEpochEnd(_epoch: number, _logs: Logs, control: Control): void {
    control.log('learning_rate', control.learningRate);
  }
}

/** The value of a formula in double precision. */
function evaluate(expression: Expression, names: Readonly<Record<string, number>>): number {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return names[expression.name];
    case 'call':
      return functions[expression.function](
        ...expression.arguments.map((argument) => evaluate(argument, names)),
      );
  }
}

const f = float64Functions;
const truth = (value: boolean) => (value ? 1 : 0);

const functions: Record<FormulaFunction | FormulaOperator, (...args: number[]) => number> = {
  abs: Math.abs,
  exp: f.exp,
  expm1: f.expm1,
  log: f.log,
  log1p: f.log1p,
  sqrt: f.sqrt,
  rsqrt: f.rsqrt,
  square: (x) => x * x,
  pow: f.pow,
  sin: f.sin,
  cos: f.cos,
  tan: f.tan,
  tanh: f.tanh,
  sinh: f.sinh,
  cosh: f.cosh,
  atan: f.atan,
  erf: f.erf,
  sigmoid: f.sigmoid,
  softplus: f.softplus,
  relu: (x) => Math.max(x, 0),
  sign: Math.sign,
  floor: Math.floor,
  min: Math.min,
  max: Math.max,
  clip: (x, low, high) => Math.min(Math.max(x, low), high),
  where: (condition, a, b) => (condition !== 0 ? a : b),
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: (a) => -a,
  lt: (a, b) => truth(a < b),
  le: (a, b) => truth(a <= b),
  gt: (a, b) => truth(a > b),
  ge: (a, b) => truth(a >= b),
  eq: (a, b) => truth(a === b),
  ne: (a, b) => truth(a !== b),
  not: (a) => truth(a === 0),
  and: (a, b) => truth(a !== 0 && b !== 0),
  or: (a, b) => truth(a !== 0 || b !== 0),
};
