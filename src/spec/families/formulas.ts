/** What formulas are made of: constants, operators and functions. */
import type {
  binaryOperators,
  formulaConstants,
  formulaFunctions,
  unaryOperators,
} from '../../graph/formula.ts';
import type { Family } from '../../records.ts';
import { type Description, entryOf } from './family.ts';

/** How one is written, and what it computes: in simpler ones where there are any. */
type Written = Description & { readonly as: string };

const constants: Readonly<Record<keyof typeof formulaConstants, Written>> = {
  pi: { as: 'pi', formula: '3.141592653589793' },
  e: { as: 'e', formula: '2.718281828459045' },
};

const unary: Readonly<Record<keyof typeof unaryOperators, Written>> = {
  '-': { as: '-a', formula: '0 - a', where: 'binds less than **: -x ** 2 is -(x ** 2)' },
  not: { as: 'not a', formula: '1 where a is 0, else 0', where: 'binds less than comparisons' },
};

const compared = (relation: string) => `1 where a is ${relation} b, else 0`;

const binary: Readonly<Record<keyof typeof binaryOperators, Written>> = {
  '+': { as: 'a + b', formula: 'sum' },
  '-': { as: 'a - b', formula: 'difference' },
  '*': { as: 'a * b', formula: 'product' },
  '/': { as: 'a / b', formula: 'quotient' },
  '**': { as: 'a ** b', formula: 'pow(a, b)', where: 'a ** b ** c is a ** (b ** c)' },
  '<': { as: 'a < b', formula: compared('less than'), where: 'comparisons cannot be chained' },
  '<=': { as: 'a <= b', formula: compared('less than or equal to') },
  '>': { as: 'a > b', formula: compared('greater than') },
  '>=': { as: 'a >= b', formula: compared('greater than or equal to') },
  '==': { as: 'a == b', formula: compared('equal to') },
  '!=': { as: 'a != b', formula: compared('not equal to') },
  and: { as: 'a and b', formula: '1 where neither a nor b is 0, else 0' },
  or: { as: 'a or b', formula: '0 where a and b are 0, else 1' },
};

const functions: Readonly<Record<keyof typeof formulaFunctions, Written>> = {
  abs: { as: 'abs(x)', formula: 'max(x, -x)' },
  exp: { as: 'exp(x)', formula: 'e ** x' },
  expm1: { as: 'expm1(x)', formula: 'exp(x) - 1', where: 'exact near 0' },
  log: { as: 'log(x)', formula: 'natural logarithm' },
  log1p: { as: 'log1p(x)', formula: 'log(1 + x)', where: 'exact near 0' },
  sqrt: { as: 'sqrt(x)', formula: 'x ** 0.5' },
  rsqrt: { as: 'rsqrt(x)', formula: '1 / sqrt(x)' },
  square: { as: 'square(x)', formula: 'x * x' },
  pow: { as: 'pow(x, n)', formula: 'x ** n' },
  sin: { as: 'sin(x)', formula: 'sine', where: 'x in radians' },
  cos: { as: 'cos(x)', formula: 'sin(x + pi / 2)' },
  tan: { as: 'tan(x)', formula: 'sin(x) / cos(x)' },
  tanh: { as: 'tanh(x)', formula: 'sinh(x) / cosh(x)' },
  sinh: { as: 'sinh(x)', formula: '(exp(x) - exp(-x)) / 2' },
  cosh: { as: 'cosh(x)', formula: '(exp(x) + exp(-x)) / 2' },
  atan: { as: 'atan(x)', formula: 'arc tangent', where: 'in radians' },
  erf: { as: 'erf(x)', formula: 'error function' },
  sigmoid: { as: 'sigmoid(x)', formula: '1 / (1 + exp(-x))' },
  softplus: { as: 'softplus(x)', formula: 'log(1 + exp(x))', where: 'without overflow' },
  relu: { as: 'relu(x)', formula: 'max(x, 0)', where: 'with the derivative 0 at 0' },
  sign: { as: 'sign(x)', formula: 'where(x > 0, 1, where(x < 0, -1, 0))' },
  floor: { as: 'floor(x)', formula: 'the whole number that is not above x' },
  min: { as: 'min(a, b)', formula: 'where(a < b, a, b)' },
  max: { as: 'max(a, b)', formula: 'where(a > b, a, b)' },
  clip: { as: 'clip(x, low, high)', formula: 'min(max(x, low), high)' },
  where: { as: 'where(condition, a, b)', formula: 'a where condition is not 0, else b' },
};

export const family: Family = {
  name: 'formulas',
  about: [
    'What a formula may be made of: x, its parameters, numbers such as 0.5 or 1e-3, parentheses, and what is listed here. It works element by element and binds as in Python. Nothing in it is ever run as code.',
    'A formula stands where an activation may stand: `"x * sigmoid(1.702 * x)"`, or `{"formula": "x * sigmoid(b * x)", "b": 1.702}`.',
  ],
  entries: [constants, unary, binary, functions].flatMap((part) =>
    Object.values<Written>(part).map(({ as, ...description }) => entryOf(as, [], [], description)),
  ),
  common: { arguments: [], except: [] },
  differences: null,
};
