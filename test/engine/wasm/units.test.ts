/**
 * Instructions that run as one: which are joined, and that the bits are those of the instructions one
 * after another, which is how the reference engine runs them.
 */
import { describe, expect, test } from 'vitest';
import { unitsOf } from '../../../src/engine/wasm/units.ts';
import { gradients } from '../../../src/graph/gradients.ts';
import { Graph, type Tensor } from '../../../src/graph/graph.ts';
import * as ops from '../../../src/graph/ops.ts';
import { makePlan } from '../../../src/graph/plan.ts';
import { randomStream } from '../../../src/random.ts';
import { anyGraph } from './any-graph.ts';
import { expectSameBits, numbers } from './compare.ts';

/** The ops of each unit of more than one instruction. */
function joined(build: (graph: Graph) => Readonly<Record<string, Tensor>>): string[] {
  const graph = new Graph();
  const outputs = build(graph);
  const plan = makePlan(graph, { run: Object.values(outputs) }, outputs, 9);
  const units = unitsOf(plan.programs.get('run') ?? [], plan);
  const many = units.filter(({ nodes }) => nodes.length > 1);
  return many.map(
    ({ kind, nodes }) => `${kind}: ${nodes.map(({ instruction }) => instruction.op).join(' ')}`,
  );
}

const WIDTHS = [1, 3, 8, 13, 40];

describe('a dense layer', () => {
  const dense =
    (width: number, activate: (x: Tensor) => Tensor, needsSums = false) =>
    (graph: Graph): Record<string, Tensor> => {
      const x = ops.input(graph, 'x', 1, 11);
      const kernel = ops.variable(graph, 'kernel', 11, width);
      const sum = ops.add(ops.matmul(x, kernel), ops.variable(graph, 'bias', 1, width));
      const y = activate(sum);
      const loss = ops.sumAll(ops.square(y));
      const [slope] = gradients(loss, [x]);
      return needsSums ? { y, slope, sum } : { y, slope };
    };
  const inputs = (width: number) => ({
    x: numbers(99, 'x'),
    kernel: numbers(11 * width, 'kernel'),
    bias: numbers(width, 'bias'),
  });

  test('is one product with bias and relu, and its gradient one with a mask', () => {
    const two = (graph: Graph): Record<string, Tensor> => {
      const x = ops.input(graph, 'x', 1, 11);
      const first = ops.matmul(x, ops.variable(graph, 'kernel', 11, 8));
      const hidden = ops.relu(ops.add(first, ops.variable(graph, 'bias', 1, 8)));
      const y = ops.matmul(hidden, ops.variable(graph, 'second', 8, 5));
      const [slope] = gradients(ops.sumAll(ops.square(y)), [x]);
      return { y, slope };
    };
    expect(joined(two)).toEqual(['product: matmul add relu', 'product: matmulTransposeB gt where']);
    const second = numbers(40, 'second');
    expectSameBits(two, { ...inputs(8), second }, 9);
    expect(joined(dense(8, (x) => x))).toContain('product: matmul add');
  });

  test.each(WIDTHS)('of %i units has the same bits', (width) => {
    for (const activate of [ops.relu, ops.tanh, ops.softmax, (x: Tensor) => x]) {
      expectSameBits(dense(width, activate), inputs(width), 9, 12);
      expectSameBits(dense(width, activate, true), inputs(width), 7, 9);
    }
  });

  test('whose sums are needed keeps them', () => {
    expect(joined(dense(8, ops.relu, true))).not.toContain('product: matmul add relu');
  });
});

test('softmax and its logarithm are computed together', () => {
  const both = (graph: Graph) => {
    const x = ops.input(graph, 'x', 1, 5);
    return { p: ops.softmax(x), logarithm: ops.logSoftmax(x) };
  };
  expect(joined(both)).toEqual(['softmaxes: softmax logSoftmax']);
  expectSameBits(both, { x: numbers(45, 'x') }, 9);
});

describe('cross-entropy of class numbers', () => {
  /** Loss and slope; `more` are further readers of what is computed on the way. */
  const loss =
    (cols: number, more: (p: Tensor, logarithm: Tensor) => Record<string, Tensor> = () => ({})) =>
    (graph: Graph): Record<string, Tensor> => {
      const x = ops.add(ops.input(graph, 'x', 2, cols), ops.variable(graph, 'b', 1, cols));
      // A layer's softmax comes first.
      const p = ops.softmax(x);
      const logarithm = ops.logSoftmax(x);
      const picked = ops.pick(logarithm, ops.input(graph, 'y', 2, 1));
      const total = ops.div(ops.sumAll(ops.neg(picked)), ops.batchSize(graph));
      const [slope] = gradients(total, [x]);
      return { total, picked, slope, ...more(p, logarithm) };
    };
  const slope = 'slope: oneHot mul sumCols mul sub';

  test('is two units, forwards and back', () => {
    expect(joined(loss(5))).toEqual([
      'softmaxes: softmax logSoftmax pick',
      'chain: div div',
      'chain: broadcast neg',
      slope,
    ]);
    const forwards = (graph: Graph) => {
      const x = ops.input(graph, 'x', 1, 5);
      return { picked: ops.pick(ops.logSoftmax(x), ops.input(graph, 'y', 1, 1)) };
    };
    expect(joined(forwards)).toEqual(['softmaxes: logSoftmax pick']);
    expectSameBits(forwards, { x: numbers(45, 'x'), y: numbers(9, 'y') }, 9);
  });

  test('keeps what others read, too', () => {
    const units = joined(loss(5, (p, logarithm) => ({ p, logarithm })));
    expect(units).toContain('softmaxes: softmax logSoftmax');
    expect(units).toContain(slope);
  });

  test.each(Array.from({ length: 17 }, (_, i) => i + 1))(
    'of %i classes has the same bits',
    (cols) => {
      for (const batch of [1, 2, 3, 4, 5, 9]) {
        const x = numbers(2 * cols * batch, `x ${cols}`, batch % 2 === 0);
        // Most are classes; some are none.
        const random = randomStream(cols, 'classes');
        const y = Float32Array.from(
          { length: 2 * batch },
          () => Math.floor(random() * (cols + 1)) - (random() < 0.1 ? 0.5 : 0),
        );
        const inputs = { x, y, b: numbers(cols, 'b', false) };
        expectSameBits(loss(cols), inputs, batch, batch + 2);
        expectSameBits(
          loss(cols, (p) => ({ p })),
          inputs,
          batch,
          batch + 2,
        );
        expectSameBits(
          loss(cols, (p, logarithm) => ({ p, logarithm })),
          inputs,
          batch,
        );
      }
    },
  );
});

test('an update of weights and slots is one chain', () => {
  const adam = (graph: Graph): Record<string, Tensor> => {
    const [w, g, m, v] = ['w', 'g', 'm', 'v'].map((name) => ops.variable(graph, name, 1, 23));
    const rate = ops.sqrt(ops.add(ops.scalar(graph, 'rate'), 1));
    const mean = ops.add(m, ops.mul(ops.sub(g, m), 0.1));
    const square = ops.add(v, ops.mul(ops.sub(ops.square(g), v), 0.001));
    const moved = ops.sub(w, ops.div(ops.mul(mean, rate), ops.add(ops.sqrt(square), 1e-7)));
    const assigned = { m: ops.assign(m, mean), v: ops.assign(v, square) };
    return { ...assigned, w: ops.assign(w, moved) };
  };
  expect(joined(adam)).toHaveLength(2);
  const inputs = Object.fromEntries(['w', 'g', 'm', 'v'].map((name) => [name, numbers(23, name)]));
  expectSameBits(adam, { ...inputs, rate: Float32Array.of(0.3) }, 1);
});

test.each(Array.from({ length: 300 }, (_, seed) => seed))('graph %i by chance', (seed) => {
  const random = randomStream(seed, 'graphs');
  const build = anyGraph(random);
  const graph = new Graph();
  const { x, v0 } = Object.fromEntries(
    build(graph) && graph.tensors.map((t) => [t.attributes.name, t]),
  );
  const cols = x.shape.cols;
  expect(v0.shape.cols).toBe(cols);
  const inputs = {
    x: numbers(cols * 5, `x ${seed}`, seed % 2 === 0),
    v0: numbers(cols, `v0 ${seed}`, false),
    v1: numbers(cols, `v1 ${seed}`, false),
    v2: numbers(cols, `v2 ${seed}`, false),
    n: Float32Array.of(0.75),
  };
  expectSameBits(build, inputs, 5, 7);
});
