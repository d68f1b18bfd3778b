/** Plans: the order of the ops, where tensors lie, and what may share a place. */
import { expect, test } from 'vitest';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph } from '../../src/graph/graph.ts';
import * as ops from '../../src/graph/ops.ts';
import { formatPlan, makePlan } from '../../src/graph/plan.ts';

test('a line through data, trained by gradient descent, as a whole plan', () => {
  const graph = new Graph();
  const x = ops.input(graph, 'x', 1, 2);
  const y = ops.input(graph, 'y', 1, 1);
  const rate = ops.scalar(graph, 'rate');
  const weights = ops.variable(graph, 'weights', 1, 3);
  const kernel = ops.part(weights, 0, 2, 1);
  const bias = ops.part(weights, 2, 1, 1);
  const output = ops.add(ops.matmul(x, kernel), bias);
  const loss = ops.sumRows(ops.square(ops.sub(output, y)));
  const gradient = ops.pack(graph, gradients(loss, [kernel, bias]));
  const step = ops.assign(weights, ops.sub(weights, ops.mul(gradient, rate)));
  const plan = makePlan(graph, { train: [loss, step], predict: [output] }, { output, loss }, 4);

  // Inputs and weights (13 to 15) keep their places; the gradients are computed where they are
  // packed (18 to 20), loss (21) and output (22) are read afterwards; everything else takes turns
  // from 26 on; the new weights are computed right over the old ones.
  expect(formatPlan(plan)).toBe(`train:
  @26[1·batch, 1] = matmul @0[1·batch, 2] @13[2, 1]
  @22[1·batch, 1] = add @26[1·batch, 1] @15[1, 1]
  @26[1·batch, 1] = sub @22[1·batch, 1] @8[1·batch, 1]
  @30[1·batch, 1] = square @26[1·batch, 1]
  @21[1, 1] = sumRows @30[1·batch, 1]
  @30[1·batch, 1] = mul @26[1·batch, 1] @17[1, 1]
  @20[1, 1] = sumRows @30[1·batch, 1]
  @18[2, 1] = matmulTransposeA @0[1·batch, 2] @30[1·batch, 1]
  @26[1, 3] = mul @18[1, 3] @12[1, 1]
  @13[1, 3] = sub @13[1, 3] @26[1, 3]
predict:
  @26[1·batch, 1] = matmul @0[1·batch, 2] @13[2, 1]
  @22[1·batch, 1] = add @26[1·batch, 1] @15[1, 1]
`);
  expect(plan.size).toBe(34);
  expect([...plan.places.keys()].sort()).toEqual(['loss', 'output', 'rate', 'weights', 'x', 'y']);
});

test('equal ops on equal inputs are computed once', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 2);
  const sum = ops.add(ops.sigmoid(x), ops.mul(ops.sigmoid(x), 2));
  const plan = makePlan(graph, { run: [sum] }, { sum }, 1);
  expect(plan.programs.get('run')?.map(({ op }) => op)).toEqual(['sigmoid', 'mul', 'add']);
});

test('what no program needs is not computed, but leaves can always be written', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 2);
  ops.scalar(graph, 'unused');
  ops.exp(x);
  const y = ops.neg(x);
  const plan = makePlan(graph, { run: [y] }, { y }, 1);
  expect(plan.programs.get('run')?.map(({ op }) => op)).toEqual(['neg']);
  expect(plan.places.has('unused')).toBe(true);
});

test('a value that is still needed when its variable is assigned is copied, not computed in place', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 2);
  const value = ops.mul(x, 2);
  // Reads x after the value was computed.
  const later = ops.add(x, 1);
  const assigned = ops.assign(x, value);
  const plan = makePlan(graph, { run: [later, assigned] }, {}, 1);
  expect(plan.programs.get('run')?.map(({ op }) => op)).toEqual(['mul', 'add', 'copy']);
});

test('a value that reads its variable in another shape is not computed in place', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 4);
  const first = ops.part(x, 0, 1, 1);
  const assigned = ops.assign(x, ops.mul(x, first));
  const plan = makePlan(graph, { run: [assigned] }, {}, 1);
  expect(plan.programs.get('run')?.map(({ op }) => op)).toEqual(['mul', 'copy']);
});

test('reading a variable after it is assigned is a mistake, except in another program', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 2);
  const assigned = ops.assign(x, ops.mul(x, 2));
  const late = ops.add(x, 1);
  expect(() => makePlan(graph, { run: [assigned, late] }, {}, 1)).toThrow(
    'internal: x is read after it is assigned',
  );
  expect(() => makePlan(graph, { one: [assigned], two: [late] }, {}, 1)).not.toThrow();
});

test('shapes that do not fit are mistakes of the program', () => {
  const graph = new Graph();
  const a = ops.variable(graph, 'a', 2, 3);
  const b = ops.variable(graph, 'b', 2, 2);
  expect(() => ops.add(a, b)).toThrow('internal: add of [2, 3] and [2, 2]');
  expect(() => ops.matmul(a, b)).toThrow('internal: matrix product of [2, 3] and [2, 2]');
  expect(() => ops.reshape(a, 4, 2)).toThrow('internal: reshape of [2, 3] to [4, 2]');
});

test('constants are folded where that is exact arithmetic on numbers known now', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 1);
  expect(ops.mul(x, 1)).toBe(x);
  expect(ops.add(0, x)).toBe(x);
  expect(ops.sub(x, 0)).toBe(x);
  expect(ops.div(x, 1)).toBe(x);
  expect(ops.mul(x, -1).op).toBe('neg');
  expect(ops.neg(ops.neg(x))).toBe(x);
  expect(ops.pow(x, 2).op).toBe('square');
  const six = ops.mul(ops.constant(graph, 2), 3);
  expect([six.op, six.attributes.value]).toEqual(['constant', 6]);
});

test('a place is used again once its last reader has run, and never while it is needed', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 8);
  let chain = ops.neg(x);
  const early = chain;
  for (let i = 0; i < 20; i++) chain = ops.add(ops.square(chain), i + 1);
  const y = ops.add(chain, early);
  const plan = makePlan(graph, { run: [y] }, { y }, 1);
  // x, y, the early one, and two that take turns; and 20 constants.
  expect(plan.size).toBe(5 * 8 + 20);
  for (const { out, inputs } of plan.programs.get('run') ?? []) {
    for (const input of inputs) expect(input.offset).not.toBe(out.offset);
  }
});

test('what is read after a program keeps its place through other programs', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 4);
  const first = ops.neg(x);
  const second = ops.exp(ops.sin(x));
  const plan = makePlan(graph, { one: [first], two: [second] }, { first, second }, 1);
  const written = plan.programs.get('two')?.map(({ out }) => out.offset);
  expect(written).not.toContain(plan.places.get('first')?.offset);
});
