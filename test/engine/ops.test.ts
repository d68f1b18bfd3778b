/** Every op of the vocabulary against its formula or a small example, on whole and on short batches. */
import { describe, expect, test } from 'vitest';
import { referenceEngine } from '../../src/engine/reference.ts';
import * as columnOps from '../../src/graph/column-ops.ts';
import { Graph, type Tensor } from '../../src/graph/graph.ts';
import * as ops from '../../src/graph/ops.ts';
import { makePlan } from '../../src/graph/plan.ts';
import { type OpName, vocabulary } from '../../src/graph/vocabulary.ts';
import { binaryFormulas, cases, nameOf, SAMPLES, unaryFormulas, x } from './op-cases.ts';
import { runGraph } from './run-graph.ts';
import { errorInUlps } from './ulp.ts';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const numbers = [-inf, -7.25, -1, -0.6, -1e-3, 0, 1e-3, 0.3, 1, 1.5, 2.5, 20, inf, nan].map(
  Math.fround,
);

/** How far from the exact result, in units of the last place, the vocabulary lets an op be. */
function ulpsOf(op: OpName): number {
  return /exact|correctly rounded/.test(vocabulary[op].rounding) ? 0.5 : 2;
}

/** Fails where a result is further from the truth than the op may be. */
function expectWithinUlps(op: OpName, found: readonly number[], truth: readonly number[]): void {
  const wrong = truth.flatMap((wanted, i) =>
    errorInUlps(found[i], wanted) <= ulpsOf(op) ? [] : [{ op, i, found: found[i], wanted }],
  );
  expect(wrong).toEqual([]);
  expect(found).toHaveLength(truth.length);
}

test.each(Object.entries(unaryFormulas))('%s is its formula', (key, compute) => {
  const op = nameOf(key);
  const graph = new Graph();
  const given = ops.input(graph, 'x', 1, numbers.length);
  const y = graph.tensor(op, [given], given.shape);
  expectWithinUlps(op, runGraph(graph, { y }, { x: numbers }).y, numbers.map(compute));
});

test.each(Object.entries(binaryFormulas))('%s is its formula for each pair', (key, compute) => {
  const op = nameOf(key);
  const graph = new Graph();
  const cols = numbers.length;
  const a = ops.input(graph, 'a', 1, cols);
  const b = ops.variable(graph, 'b', 1, cols);
  const y = graph.tensor(op, [a, b], a.shape);
  for (let shift = 0; shift < cols; shift++) {
    const others = numbers.map((_, i) => numbers[(i + shift) % cols]);
    const found = runGraph(graph, { y }, { a: numbers, b: others });
    const truth = numbers.map((value, i) => compute(value, others[i]));
    expectWithinUlps(op, found.y, truth);
  }
});

test.each(Object.entries(cases))('%s moves or gathers as it says', (op, { build, wanted }) => {
  const graph = new Graph();
  const y = build(ops.input(graph, 'x', 2, 2));
  expect(y.op).toBe(op);
  expect(runGraph(graph, { y }, { x }, { batch: SAMPLES }).y).toEqual(wanted);
});

/** Ops with tests of their own in reference.test.ts, and those that compute nothing. */
const elsewhere = ['where', 'pack', 'assign', 'softmax', 'logSoftmax', 'uniform'];
const withoutCode = ['input', 'scalar', 'variable', 'constant', 'table', 'reshape', 'part'];

test('every op of the vocabulary is held here or in reference.test.ts', () => {
  const held = [unaryFormulas, binaryFormulas, cases].flatMap((table) => Object.keys(table));
  expect([...held, ...elsewhere, ...withoutCode].sort()).toEqual(Object.keys(vocabulary).sort());
});

describe('a short batch', () => {
  const UNTOUCHED = -77;

  /** The output's whole room after `batch` samples, where it held one number everywhere before. */
  function runShort(build: (x: Tensor) => Tensor, batch: number): { y: number[]; size: number } {
    const graph = new Graph();
    const y = build(ops.input(graph, 'x', 2, 2));
    const { rows, cols, batched } = y.shape;
    const plan = makePlan(graph, { run: [y] }, { y }, SAMPLES);
    const session = referenceEngine('float32').prepare(plan, 0);
    const into = new Float32Array(rows * cols * (batched ? SAMPLES : 1)).fill(UNTOUCHED);
    session.write('y', into);
    session.write('x', x.slice(0, 4 * batch));
    session.run('run', batch, 1);
    session.read('y', into);
    return { y: [...into], size: rows * cols * (batched ? batch : 1) };
  }

  const builds: [name: string, build: (x: Tensor) => Tensor][] = [
    ...Object.entries(cases).map(([op, { build }]): [string, (x: Tensor) => Tensor] => [op, build]),
    ...Object.keys(unaryFormulas).map((op): [string, (x: Tensor) => Tensor] => [
      op,
      (x) => x.graph.tensor(nameOf(op), [x], x.shape),
    ]),
    ...Object.keys(binaryFormulas).flatMap((op): [string, (x: Tensor) => Tensor][] => [
      [`${op} of two`, (x) => x.graph.tensor(nameOf(op), [x, x], x.shape)],
      [
        `${op} of a row for all`,
        (x) => x.graph.tensor(nameOf(op), [x, columnOps.table(x.graph, 1, 2, [1, 2])], x.shape),
      ],
    ]),
    ['where', (x) => ops.where(ops.gt(x, 2), x, ops.neg(x))],
    ['softmax', ops.softmax],
    ['logSoftmax', ops.logSoftmax],
    ['uniform', (x) => ops.uniform(x.graph, { kind: 'position', number: 3, draw: 0 }, x.shape)],
    ['pack', (x) => ops.pack(x.graph, [ops.sumRows(x)])],
  ];

  test.each(builds)('of %s leaves the rest of its room as it was', (_name, build) => {
    const short = runShort(build, 2);
    expect(short.y.slice(short.size).every((value) => value === UNTOUCHED)).toBe(true);
    const whole = runShort(build, SAMPLES);
    const { batched } = build(ops.input(new Graph(), 'x', 2, 2)).shape;
    // What is not summed over the batch is the same whatever stands behind it.
    if (batched) expect(short.y.slice(0, short.size)).toEqual(whole.y.slice(0, short.size));
  });

  test.each([
    ['sumRows', ops.sumRows, [8, 10]],
    ['matmulTransposeA', (x: Tensor) => ops.matmulTransposeA(x, x), [26, 27, 27, 46]],
    ['batchSize', (x: Tensor) => ops.batchSize(x.graph), [2]],
  ])('counts in %s only what is in it', (_name, build, wanted) => {
    expect(runShort(build, 2).y).toEqual(wanted);
  });
});
