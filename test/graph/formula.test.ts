/** Formulas: what they mean, and that nothing else is taken. */
import { describe, expect, test } from 'vitest';
import { type Expression, formulaFunctions } from '../../src/graph/expression.ts';
import {
  FormulaError,
  MAX_FORMULA_DEPTH,
  MAX_FORMULA_LENGTH,
  parseFormula,
} from '../../src/graph/formula.ts';
import { Graph } from '../../src/graph/graph.ts';
import { lowerFormula } from '../../src/graph/lower.ts';
import * as ops from '../../src/graph/ops.ts';
import { runGraph } from '../engine/run-graph.ts';

/** The tree as a Lisp would write it: short enough to read in a table. */
function shown(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'name':
      return expression.name;
    case 'call':
      return `(${[expression.function, ...expression.arguments.map(shown)].join(' ')})`;
  }
}

const meanings: [string, string][] = [
  ['x', 'x'],
  ['x * x', '(mul x x)'],
  ['1 + 2 * x', '(add 1 (mul 2 x))'],
  ['1 - 2 - x', '(sub (sub 1 2) x)'],
  ['x / 2 / 3', '(div (div x 2) 3)'],
  ['x ** 2 ** 3', '(pow x (pow 2 3))'],
  ['-x ** 2', '(neg (pow x 2))'],
  ['(-x) ** 2', '(pow (neg x) 2)'],
  ['2 ** -x', '(pow 2 (neg x))'],
  ['2 * -x', '(mul 2 (neg x))'],
  ['--x', '(neg (neg x))'],
  ['+x', 'x'],
  ['x - -1', '(sub x (neg 1))'],
  ['not x > 0', '(not (gt x 0))'],
  ['not x > 0 and x < 1', '(and (not (gt x 0)) (lt x 1))'],
  ['x > 0 or x < 1 and x != 2', '(or (gt x 0) (and (lt x 1) (ne x 2)))'],
  ['x + 1 > 2 * x', '(gt (add x 1) (mul 2 x))'],
  ['where(x > 0, x, b * x)', '(where (gt x 0) x (mul b x))'],
  ['pi * x + e', '(add (mul 3.141592653589793 x) 2.718281828459045)'],
  ['  x*\ttanh( softplus(x) )\n', '(mul x (tanh (softplus x)))'],
  ['.5 * x + 1e-3', '(add (mul 0.5 x) 0.001)'],
];

test.each(meanings)('%s', (text, meaning) => {
  expect(shown(parseFormula(text, ['x', 'b']))).toBe(meaning);
});

const FUNCTIONS =
  'abs, exp, expm1, log, log1p, sqrt, rsqrt, square, pow, sin, cos, tan, tanh, sinh, cosh, atan, erf, sigmoid, softplus, relu, sign, floor, min, max, clip, where';

const refused: [string, string, number][] = [
  ['', 'expected a formula; found nothing', 1],
  ['   ', 'expected a formula; found nothing', 1],
  ['3', 'expected a formula in x; found none of it', 1],
  ['b * 2', 'expected a formula in x; found none of it', 1],
  ['y * x', 'unknown name "y"; known are x, b, pi, e', 1],
  ['x + tanh', 'unknown name "tanh"; tanh is a function', 5],
  ['x * sofplus(x)', 'unknown function "sofplus"; did you mean softplus?', 5],
  ['zeros(x)', `unknown function "zeros"; known are ${FUNCTIONS}`, 1],
  ['max(x)', 'max: expected 2 arguments; found 1', 1],
  ['where(x > 0, x)', 'where: expected 3 arguments; found 2', 1],
  ['0 < x < 1', 'chained comparison; write a < x and x < b', 3],
  ['x ^ 2', '^ is not part of a formula (a power is **)', 3],
  ['x % 2', '% is not part of a formula', 3],
  ['x && 1', '&& is not part of a formula (write and)', 3],
  ['x || 1', '|| is not part of a formula (write or)', 3],
  ['!x', '! is not part of a formula (write not)', 1],
  ['x + !', '! is not part of a formula (write not)', 5],
  ['x!', '! is not part of a formula', 2],
  ['x * (x + 1)!', '! is not part of a formula', 12],
  ['~x', '~ is not part of a formula', 1],
  ['x ? 1 : 2', '?: is not part of a formula (write where(condition, a, b))', 3],
  ['x ? 1', '?: is not part of a formula (write where(condition, a, b))', 6],
  ['x ?', '?: is not part of a formula (write where(condition, a, b))', 4],
  ['x.constructor', 'property access is not part of a formula', 2],
  ['x["a"]', 'property access is not part of a formula', 2],
  ['process.exit(1)', 'property access is not part of a formula', 8],
  ['abs.call(x)', 'property access is not part of a formula', 4],
  ['x; x', 'more than one expression is not part of a formula', 2],
  ['x x', 'more than one expression is not part of a formula', 1],
  ['[x]', 'an array is not part of a formula', 1],
  ['this', 'this is not part of a formula', 1],
  ['"x"', '"x" is not part of a formula', 1],
  ['true', 'true is not part of a formula', 1],
  ['x = 1', '"=" is not part of a formula (write == to compare)', 3],
  ['x +', 'expected an operand after +; found the end', 4],
  ['x + * 2', 'expected an operand after +; found "*"', 5],
  ['x + 1 *', 'expected an operand after *; found the end', 8],
  ['x * -', 'expected an operand after -; found the end', 6],
  ['x ** -)', 'expected an operand after -; found ")"', 7],
  ['not', 'expected an operand after not; found the end', 4],
  ['not )', 'expected an operand after not; found ")"', 5],
  ['x > not', 'expected an operand after not; found the end', 8],
  ['+', 'expected an operand after +; found the end', 2],
  ['tanh(x', 'expected ")"; found the end', 7],
  ['(x', 'expected ")"; found the end', 3],
  ['x)', 'expected a "(" before ")"', 2],
  ['max(x, )', 'expected an argument; found ")"', 8],
  ['max(, x)', 'expected an argument; found ","', 5],
  ['max(1, x x)', 'expected "," or ")" after the argument; found "x"', 10],
  ['2x', 'expected an operator after the number; found "x"', 2],
  ['1e * x', 'expected digits after the e of a number; found "*"', 4],
  ['1.2.3 * x', 'expected one point in a number; found two', 4],
  ['x.', 'property access is not part of a formula', 3],
  ['[x', 'an array is not part of a formula', 3],
  ['"x', 'text in quotes is not part of a formula', 3],
  ['`x`', '"`" is not part of a formula', 1],
  ['\\u0078', '"\\\\" is not part of a formula', 1],
  ['__proto__', 'unknown name "__proto__"; known are x, b, pi, e', 1],
  ['constructor(x)', `unknown function "constructor"; known are ${FUNCTIONS}`, 1],
  ['1e39 * x', 'expected a number within float32; found 1e39', 1],
];

describe('what is no formula is refused with its place', () => {
  test.each(refused)('%j', (text, message, position) => {
    let found: unknown;
    try {
      parseFormula(text, ['x', 'b']);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(FormulaError);
    if (found instanceof FormulaError) {
      expect([found.message, found.position]).toEqual([message, position]);
    }
  });

  test('too long a text, before it is parsed', () => {
    expect(() => parseFormula('x*'.repeat(MAX_FORMULA_LENGTH), ['x'])).toThrow(
      `expected at most ${MAX_FORMULA_LENGTH} characters; found ${2 * MAX_FORMULA_LENGTH}`,
    );
  });

  test('too deep a text', () => {
    for (const deep of [`${'abs('.repeat(200)}x${')'.repeat(200)}`, `${'-'.repeat(500)}x`]) {
      expect(() => parseFormula(deep, ['x'])).toThrow(
        `expected at most ${MAX_FORMULA_DEPTH} levels; found more`,
      );
    }
  });
});

/** Every function and operator, and what it makes of 0.75 (and 2). */
const values: [string, number][] = [
  ['abs(-x)', 0.75],
  ['exp(x)', Math.exp(0.75)],
  ['expm1(x)', Math.expm1(0.75)],
  ['log(x)', Math.log(0.75)],
  ['log1p(x)', Math.log1p(0.75)],
  ['sqrt(x)', Math.sqrt(0.75)],
  ['rsqrt(x)', 1 / Math.sqrt(0.75)],
  ['square(x)', 0.5625],
  ['pow(x, 3)', 0.75 ** 3],
  ['sin(x)', Math.sin(0.75)],
  ['cos(x)', Math.cos(0.75)],
  ['tan(x)', Math.tan(0.75)],
  ['tanh(x)', Math.tanh(0.75)],
  ['sinh(x)', Math.sinh(0.75)],
  ['cosh(x)', Math.cosh(0.75)],
  ['atan(x)', Math.atan(0.75)],
  ['erf(x)', 0.7111556336535151],
  ['sigmoid(x)', 1 / (1 + Math.exp(-0.75))],
  ['softplus(x)', Math.log1p(Math.exp(0.75))],
  ['relu(-x)', 0],
  ['sign(-x)', -1],
  ['floor(x)', 0],
  ['min(x, 0.5)', 0.5],
  ['max(x, 0.5)', 0.75],
  ['clip(x, 0, 0.25)', 0.25],
  ['where(x > 1, 2, 3 + 0 * x)', 3],
  ['x + 2', 2.75],
  ['x - 2', -1.25],
  ['x * 2', 1.5],
  ['x / 2', 0.375],
  ['x ** 2', 0.5625],
  ['x < 0.75', 0],
  ['x <= 0.75', 1],
  ['x > 0.75', 0],
  ['x >= 0.75', 1],
  ['x == 0.75', 1],
  ['x != 0.75', 0],
  ['not x', 0],
  ['x and 0', 0],
  ['x and 2', 1],
  ['x or 0', 1],
  ['0 * x or 0', 0],
];

test.each(values)('%s at 0.75', (text, value) => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 1);
  const y = lowerFormula(parseFormula(text, ['x']), x, {});
  const found = runGraph(graph, { y }, { x: [0.75] }, { precision: 'float64' }).y[0];
  expect(found).toBeCloseTo(value, 13);
});

test('the table above has every function', () => {
  const missing = Object.keys(formulaFunctions).filter(
    (name) => !values.some(([text]) => text.startsWith(`${name}(`)),
  );
  expect(missing).toEqual([]);
});

test('parameters are numbers of the formula, and a constant formula keeps the shape of x', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 2, 2);
  const scaled = lowerFormula(parseFormula('b * x', ['x', 'b']), x, { b: 3 });
  const flat = lowerFormula(parseFormula('0 * floor(x / 100) + pi', ['x']), x, {});
  const found = runGraph(graph, { scaled, flat }, { x: [1, 2, 3, 4] });
  expect(found.scaled).toEqual([3, 6, 9, 12]);
  expect(found.flat).toEqual(new Array(4).fill(Math.fround(Math.PI)));
});

test('other names can be needed than x', () => {
  const names = ['epoch', 'lr'];
  expect(shown(parseFormula('lr / 2', names, names))).toBe('(div lr 2)');
  expect(() => parseFormula('0.1', names, names)).toThrow(
    'expected a formula in epoch and lr; found none of it',
  );
});
