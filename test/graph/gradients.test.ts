import { describe, expect, test } from 'vitest';
import * as columnOps from '../../src/graph/column-ops.ts';
import { gradientRules, gradients } from '../../src/graph/gradients.ts';
import { Graph, type Tensor } from '../../src/graph/graph.ts';
import * as ops from '../../src/graph/ops.ts';
import type { OpName } from '../../src/graph/vocabulary.ts';
import { randomStream } from '../../src/random.ts';
import { runGraph } from '../engine/run-graph.ts';

/** Relative to the larger of 1 and the gradient: central differences in float64 with h = 1e-5 reach about 1e-9. */
const TOLERANCE = 1e-7;
const STEP = 1e-5;

/** Shapes of the variables, and what is made of them. Variables are drawn from (low, high). */
interface Case {
  readonly shapes: readonly (readonly [rows: number, cols: number])[];
  readonly build: (...variables: Tensor[]) => Tensor;
  readonly low?: number;
  readonly high?: number;
}

const unary = (build: (x: Tensor) => Tensor, low = -2, high = 2): Case => ({
  shapes: [[2, 3]],
  build,
  low,
  high,
});
const binary = (build: (a: Tensor, b: Tensor) => Tensor, low = -2, high = 2): Case => ({
  shapes: [
    [2, 3],
    [2, 3],
  ],
  build,
  low,
  high,
});

/** Every op that passes a gradient; the others must have none. */
const cases: Partial<Record<OpName, Case>> = {
  reshape: unary((x) => ops.reshape(x, 3, 2)),
  neg: unary(ops.neg),
  abs: unary(ops.abs),
  relu: unary(ops.relu),
  square: unary(ops.square),
  reciprocal: unary(ops.reciprocal, 0.5, 2),
  sqrt: unary(ops.sqrt, 0.5, 2),
  rsqrt: unary(ops.rsqrt, 0.5, 2),
  exp: unary(ops.exp),
  expm1: unary(ops.expm1),
  log: unary(ops.log, 0.5, 3),
  log1p: unary(ops.log1p, -0.5, 3),
  tanh: unary(ops.tanh),
  sigmoid: unary(ops.sigmoid, -5, 5),
  softplus: unary(ops.softplus, -5, 5),
  erf: unary(ops.erf),
  sin: unary(ops.sin, -4, 4),
  cos: unary(ops.cos, -4, 4),
  tan: unary(ops.tan, -1, 1),
  sinh: unary(ops.sinh),
  cosh: unary(ops.cosh),
  atan: unary(ops.atan, -4, 4),
  add: binary(ops.add),
  sub: binary(ops.sub),
  mul: binary(ops.mul),
  div: binary(ops.div, 0.5, 2),
  pow: binary(ops.pow, 0.5, 2),
  min: binary(ops.min),
  max: binary(ops.max),
  where: binary((a, b) => ops.where(ops.gt(a, 0), ops.mul(a, b), ops.square(b))),
  broadcast: {
    shapes: [[1, 3]],
    build: (x) => ops.mul(ops.broadcast(x, { rows: 2, cols: 3, batched: false }), 3),
  },
  pack: binary((a, b) => ops.pack(a.graph, [a, b])),
  sumRows: unary(ops.sumRows),
  sumCols: unary(ops.sumCols),
  maxCols: unary(ops.maxCols),
  cumsumCols: unary(columnOps.cumsumCols),
  sortCols: unary(columnOps.sortCols),
  columns: unary((x) => columnOps.columns(x, 1, 2)),
  placeColumns: unary((x) => columnOps.placeColumns(x, 1, 5)),
  permute: {
    shapes: [[6, 4]],
    build: (x) => columnOps.permute(x, [2, 3, 4], [2, 0, 1]),
  },
  softmax: unary(ops.softmax),
  logSoftmax: unary(ops.logSoftmax),
  pick: {
    shapes: [
      [2, 3],
      [2, 1],
    ],
    build: (x, y) => ops.pick(x, ops.floor(ops.clip(y, 0, 2))),
  },
  matmul: {
    shapes: [
      [2, 3],
      [3, 4],
    ],
    build: ops.matmul,
  },
  matmulTransposeA: {
    shapes: [
      [3, 2],
      [3, 4],
    ],
    build: ops.matmulTransposeA,
  },
  matmulTransposeB: {
    shapes: [
      [2, 3],
      [4, 3],
    ],
    build: ops.matmulTransposeB,
  },
};

describe('the gradient rule of', () => {
  for (const [op, entry] of Object.entries(cases)) {
    test(`${op} agrees with central differences`, () => checkGradients(entry));
  }
});

test('row, column and single-number operands get sums of the gradient', () => {
  for (const shape of [
    [1, 3],
    [2, 1],
    [1, 1],
  ] as const) {
    for (const build of [ops.mul, ops.sub, ops.div, ops.max] as const) {
      checkGradients({ shapes: [[2, 3], shape], build: (a, b) => build(a, b), low: 0.5, high: 2 });
      checkGradients({ shapes: [shape, [2, 3]], build: (a, b) => build(a, b), low: 0.5, high: 2 });
    }
  }
});

test('every op has a case, or passes no gradient at all', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 2);
  for (const [op, rule] of Object.entries(gradientRules)) {
    if (op in cases) continue;
    expect([op, rule(x, [x, x, x], x)]).toEqual([op, [null, null, null]]);
  }
});

test('a tensor used twice gets the sum of both gradients', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 2);
  const loss = ops.sumAll(ops.add(ops.square(x), ops.mul(x, 3)));
  const [dx] = gradients(loss, [x]);
  expect(runGraph(graph, { dx }, { x: [2, -1] }).dx).toEqual([7, 1]);
});

test('a variable the loss does not depend on has gradient zero', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 2);
  const y = ops.variable(graph, 'y', 1, 2);
  const [dy] = gradients(ops.sumAll(x), [y]);
  expect(runGraph(graph, { dy }, { x: [1, 1], y: [1, 1] }).dy).toEqual([0, 0]);
});

/** TensorFlow's values at kinks (keras 3.15 on TensorFlow 2.21). */
test('gradients at kinks follow TensorFlow', () => {
  const at = (build: (x: Tensor) => Tensor, value: number) => {
    const graph = new Graph();
    const x = ops.variable(graph, 'x', 1, 1);
    const [dx] = gradients(ops.sumAll(build(x)), [x]);
    return runGraph(graph, { dx }, { x: [value] }).dx[0];
  };
  expect(at(ops.relu, 0)).toBe(0);
  expect(at(ops.abs, 0)).toBe(0);
  expect(at((x) => ops.max(x, 0), 0)).toBe(1);
  expect(at((x) => ops.clip(x, -1, 1), 1)).toBe(1);
  expect(at((x) => ops.clip(x, -1, 1), -1)).toBe(1);
  expect(at((x) => ops.where(ops.gt(x, 0), x, ops.mul(x, 0.5)), 0)).toBe(0.5);
});

/** Compares every number's gradient of a weighted sum of the case's output with central differences. */
function checkGradients({ shapes, build, low = -2, high = 2 }: Case): void {
  const graph = new Graph();
  const random = randomStream(7, 'gradients');
  const names = shapes.map((_, i) => `v${i}`);
  const variables = shapes.map(([rows, cols], i) => ops.variable(graph, names[i], rows, cols));
  const output = build(...variables);
  const weights = ops.variable(graph, 'weights', output.shape.rows, output.shape.cols);
  const loss = ops.sumAll(ops.mul(output, weights));
  const derived = gradients(loss, variables);

  const draw = (n: number) => Array.from({ length: n }, () => low + (high - low) * random());
  const inputs: Record<string, number[]> = {
    weights: draw(output.shape.rows * output.shape.cols),
  };
  shapes.forEach(([rows, cols], i) => {
    inputs[names[i]] = draw(rows * cols);
  });
  const outputs = Object.fromEntries(derived.map((tensor, i) => [`d${names[i]}`, tensor]));
  const found = runGraph(graph, outputs, inputs, { precision: 'float64' });

  const lossAt = (name: string, index: number, shift: number) => {
    const moved = inputs[name].map((value, i) => (i === index ? value + shift : value));
    const all = { ...inputs, [name]: moved };
    return runGraph(graph, { loss }, all, { precision: 'float64' }).loss[0];
  };
  for (const name of names) {
    inputs[name].forEach((_, index) => {
      const slope = (lossAt(name, index, STEP) - lossAt(name, index, -STEP)) / (2 * STEP);
      const gradient = found[`d${name}`][index];
      const error = Math.abs(gradient - slope) / Math.max(1, Math.abs(slope));
      expect([name, index, gradient, slope, error < TOLERANCE]).toEqual([
        name,
        index,
        gradient,
        slope,
        true,
      ]);
    });
  }
}
