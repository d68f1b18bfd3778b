/** Every op on the WebAssembly engine: the bits of the reference engine, whatever the shapes and numbers. */
import { describe, expect, test } from 'vitest';
import * as columnOps from '../../../src/graph/column-ops.ts';
import type { Graph, Tensor } from '../../../src/graph/graph.ts';
import * as ops from '../../../src/graph/ops.ts';
import { vocabulary } from '../../../src/graph/vocabulary.ts';
import { randomStream } from '../../../src/random.ts';
import { binaryFormulas, nameOf, unaryFormulas } from '../op-cases.ts';
import { anyFloat } from '../ulp.ts';
import { expectSameBits, numbers } from './compare.ts';

/** Shapes `[rows a sample, columns, samples]`: every width of the lanes, ragged, and a few large. */
const shapes: readonly (readonly [number, number, number])[] = [
  ...Array.from({ length: 17 }, (_, i) => [1, i + 1, ((i * 7) % 17) + 1] as const),
  ...Array.from({ length: 17 }, (_, i) => [(i % 3) + 1, ((i * 5) % 17) + 1, i + 1] as const),
  [1, 64, 32],
  [1, 131, 67],
  [2, 300, 9],
  [1, 1, 1000],
];

/** An op on x `[rows · batch, cols]`. */
type Build = (x: Tensor, graph: Graph) => Tensor;

function classNumbers(x: Tensor): Tensor {
  return ops.argmaxCols(x);
}

const builds: Record<string, Build> = {
  ...Object.fromEntries(
    Object.keys(unaryFormulas).map((op) => [
      op,
      (x: Tensor) => x.graph.tensor(nameOf(op), [x], x.shape),
    ]),
  ),
  where: (x) => ops.where(ops.gt(x, 0.1), x, ops.neg(x)),
  broadcast: (x) => ops.broadcast(ops.sumCols(x), x.shape),
  'broadcast of a row': (x) => ops.broadcast(ops.sumRows(x), x.shape),
  'broadcast of a number': (x) => ops.broadcast(ops.sumAll(x), x.shape),
  sumRows: (x) => ops.sumRows(x),
  sumCols: (x) => ops.sumCols(x),
  maxCols: (x) => ops.maxCols(x),
  argmaxCols: (x) => ops.argmaxCols(x),
  cumsumCols: columnOps.cumsumCols,
  sortCols: columnOps.sortCols,
  'sortCols of equals': (x) => columnOps.sortCols(ops.sign(x)),
  rankCols: columnOps.rankCols,
  'rankCols of equals': (x) => columnOps.rankCols(ops.sign(x)),
  takeCols: (x) => columnOps.takeCols(x, columnOps.rankCols(x)),
  columns: (x) => columnOps.columns(x, x.shape.cols >> 1, (x.shape.cols + 1) >> 1),
  placeColumns: (x) => columnOps.placeColumns(x, 2, x.shape.cols + 3),
  permute: (x) => columnOps.permute(x, [x.shape.rows, x.shape.cols], [1, 0]),
  'permute of variables': (x) => {
    const table = ops.variable(x.graph, 'kept', 1, 24, 3);
    return columnOps.permute(ops.add(table, ops.sumAll(x)), [2, 3, 4], [2, 0, 1]);
  },
  softmax: ops.softmax,
  logSoftmax: ops.logSoftmax,
  pick: (x) => ops.pick(x, classNumbers(x)),
  'pick of what may be no column': (x) => ops.pick(x, columnOps.columns(x, 0, 1)),
  oneHot: (x) => ops.oneHot(classNumbers(x), x.shape.cols),
  'oneHot of what may be no column': (x) => ops.oneHot(columnOps.columns(x, 0, 1), 5),
  batchSize: (x) => ops.batchSize(x.graph),
  uniform: (x) => ops.uniform(x.graph, { kind: 'position', number: 3, draw: 1 }, x.shape),
  pack: (x) => ops.pack(x.graph, [ops.sumRows(x), ops.sumAll(x)]),
  assign: (x) => {
    const kept = ops.variable(x.graph, 'kept', 1, x.shape.cols, 3);
    return ops.assign(kept, ops.add(kept, ops.sumRows(x)));
  },
};

test.each(Object.keys(builds))('%s', (name) => {
  for (const [rows, cols, batch] of shapes) {
    const x = numbers(rows * cols * batch, `${name} ${cols}`);
    const build = (graph: Graph) => {
      const y = builds[name](ops.input(graph, 'x', rows, cols), graph);
      return { y };
    };
    expectSameBits(build, { x }, batch, batch + 2);
  }
});

describe.each(Object.keys(binaryFormulas))('%s', (op) => {
  /** The second operand in every position of broadcasting. */
  const others: Record<string, (graph: Graph, rows: number, cols: number) => Tensor> = {
    'of the same shape': (graph, rows, cols) => ops.input(graph, 'y', rows, cols),
    'of a column': (graph, rows) => ops.input(graph, 'y', rows, 1),
    'of a row': (graph, _rows, cols) => ops.variable(graph, 'y', 1, cols),
    'of a number': (graph) => ops.variable(graph, 'y', 1, 1),
  };
  test.each(Object.keys(others))('%s', (kind) => {
    for (const [rows, cols, batch] of shapes) {
      if (kind === 'of the same shape' && batch > 500) continue;
      const build = (graph: Graph) => {
        const x = ops.input(graph, 'x', rows, cols);
        const y = others[kind](graph, rows, cols);
        return {
          left: graph.tensor(nameOf(op), [x, y], x.shape),
          right: graph.tensor(nameOf(op), [y, x], x.shape),
        };
      };
      const x = numbers(rows * cols * batch, `${op} x ${cols}`);
      const length = { column: rows * batch, row: cols, number: 1 }[kind.slice(5)] ?? x.length;
      expectSameBits(build, { x, y: numbers(length, `${op} y ${cols}`) }, batch, batch + 2);
    }
  });
});

test.each([
  [0, 2, 1, 3],
  [3, 2, 1, 0],
  [1, 2, 3, 0],
  [2, 0, 3, 1],
  [3, 0, 1, 2],
])('permute to axes %i %i %i %i', (...order) => {
  for (const shape of [
    [2, 3, 4, 5],
    [1, 7, 1, 3],
    [4, 1, 1, 1],
  ]) {
    const size = shape.reduce((product, length) => product * length, 1);
    const build = (graph: Graph) => ({
      y: columnOps.permute(ops.input(graph, 'x', 1, size), shape, order),
    });
    expectSameBits(build, { x: numbers(5 * size, `axes ${order}`) }, 5, 7);
  }
});

test.each([...Object.keys(unaryFormulas)])('%s of any float32', (op) => {
  const random = randomStream(5, op);
  const x = Float32Array.from({ length: 40_000 }, () => anyFloat(random));
  const build = (graph: Graph) => {
    const given = ops.variable(graph, 'x', 1, x.length);
    return { y: graph.tensor(nameOf(op), [given], given.shape) };
  };
  expectSameBits(build, { x }, 1);
});

test('pow of any two float32', () => {
  const random = randomStream(6, 'pow');
  const x = Float32Array.from({ length: 40_000 }, () => anyFloat(random));
  const y = Float32Array.from({ length: 40_000 }, (_, i) =>
    i % 3 === 0 ? anyFloat(random) : Math.round(random() * 40 - 20) / (1 + (i % 2)),
  );
  const build = (graph: Graph) => {
    const given = ops.variable(graph, 'x', 1, x.length);
    return { z: graph.tensor('pow', [given, ops.variable(graph, 'y', 1, x.length)], given.shape) };
  };
  expectSameBits(build, { x, y }, 1);
});

describe('matrix products', () => {
  const sizes: readonly (readonly [number, number, number])[] = [
    ...Array.from(
      { length: 17 },
      (_, i) => [i + 1, ((i * 5) % 17) + 1, ((i * 11) % 17) + 1] as const,
    ),
    ...Array.from(
      { length: 17 },
      (_, i) => [((i * 3) % 17) + 1, i + 1, ((i * 13) % 17) + 1] as const,
    ),
    ...Array.from(
      { length: 17 },
      (_, i) => [((i * 7) % 17) + 1, ((i * 2) % 17) + 1, i + 1] as const,
    ),
    [32, 64, 20],
    [129, 65, 70],
    [300, 5, 33],
    [3, 200, 1030],
    [130, 20, 2050],
    [67, 1, 40],
    [128, 256, 100],
  ];
  test.each(sizes)('%i × %i, sums of %i', (rows, cols, length) => {
    for (const wild of [false, true]) {
      const a = numbers(rows * length, `a ${rows} ${wild}`, wild);
      const b = numbers(length * cols, `b ${cols} ${wild}`, wild);
      const build = (graph: Graph) => ({
        plain: ops.matmul(ops.input(graph, 'a', 1, length), ops.variable(graph, 'b', length, cols)),
      });
      expectSameBits(build, { a, b }, rows, rows + 1);
      const transposeA = (graph: Graph) => ({
        y: ops.matmulTransposeA(ops.input(graph, 'a', 1, rows), ops.input(graph, 'b', 1, cols)),
      });
      expectSameBits(transposeA, { a, b }, length, length + 1);
      const transposeB = (graph: Graph) => ({
        y: ops.matmulTransposeB(
          ops.input(graph, 'a', 1, length),
          ops.variable(graph, 'b', cols, length),
        ),
      });
      expectSameBits(transposeB, { a, b }, rows, rows + 1);
    }
  });
});

test('every op is held here', () => {
  const leaves = ['input', 'scalar', 'variable', 'constant', 'table', 'reshape', 'part'];
  const products = ['matmul', 'matmulTransposeA', 'matmulTransposeB'];
  const held = new Set([
    ...Object.keys(builds),
    ...Object.keys(binaryFormulas),
    ...products,
    ...leaves,
  ]);
  expect(Object.keys(vocabulary).filter((op) => !held.has(op))).toEqual([]);
});
