/** The reference engine's ops against plain formulas, in every position of broadcasting and with short batches. */
import { describe, expect, test } from 'vitest';
import { float32Functions } from '../../src/engine/elementary.ts';
import { referenceEngine } from '../../src/engine/reference.ts';
import * as columnOps from '../../src/graph/column-ops.ts';
import { Graph, type Tensor } from '../../src/graph/graph.ts';
import * as ops from '../../src/graph/ops.ts';
import { makePlan } from '../../src/graph/plan.ts';
import { vocabulary } from '../../src/graph/vocabulary.ts';
import type { ChanceStream } from '../../src/random.ts';
import { runGraph } from './run-graph.ts';

const f = Math.fround;

/** What an op makes of a 2 × 3 matrix. */
function of(build: (x: Tensor) => Tensor, numbers = [1, -2, 3, -4, 0.5, 6]): number[] {
  const graph = new Graph();
  const y = build(ops.variable(graph, 'x', 2, numbers.length / 2));
  return runGraph(graph, { y }, { x: numbers }).y;
}

test('moving ops put every number where it belongs', () => {
  expect(of((x) => ops.reshape(x, 3, 2))).toEqual([1, -2, 3, -4, 0.5, 6]);
  expect(of((x) => columnOps.columns(x, 1, 2))).toEqual([-2, 3, 0.5, 6]);
  expect(of((x) => columnOps.placeColumns(x, 1, 5))).toEqual([0, 1, -2, 3, 0, 0, -4, 0.5, 6, 0]);
  expect(of(columnOps.sortCols)).toEqual([3, 1, -2, 6, 0.5, -4]);
  expect(of(columnOps.rankCols)).toEqual([1, 2, 0, 2, 1, 0]);
  expect(of(columnOps.cumsumCols)).toEqual([1, -1, 2, -4, -3.5, 2.5]);
  expect(of((x) => columnOps.takeCols(x, columnOps.rankCols(x)))).toEqual([-2, 3, 1, 6, 0.5, -4]);
  expect(of((x) => columnOps.permute(x, [2, 3], [1, 0]))).toEqual([1, -4, -2, 0.5, 3, 6]);
  expect(of((x) => ops.pack(x.graph, [ops.neg(x), ops.sumRows(x)]))).toEqual([
    -1, 2, -3, 4, -0.5, -6, -3, -1.5, 9,
  ]);
});

test('equals keep their order in ranks, and NaN comes last', () => {
  expect(of(columnOps.rankCols, [2, 2, 2, Number.NaN, 1, 2])).toEqual([0, 1, 2, 2, 1, 0]);
});

test('rows of very many columns are sorted, infinities and NaN where they belong', () => {
  const count = 100_000;
  const shuffled = Array.from({ length: count }, (_, i) => (i * 7919) % count);
  const { NaN: nan, POSITIVE_INFINITY: most, NEGATIVE_INFINITY: least } = Number;
  const row = [nan, least, ...shuffled, most, nan];
  const falling = [most, ...[...shuffled.keys()].reverse(), least, nan, nan];
  expect(of(columnOps.sortCols, [...row, ...row])).toEqual([...falling, ...falling]);
});

test('sums, largest values and places of the largest', () => {
  expect(of(ops.sumRows)).toEqual([-3, -1.5, 9]);
  expect(of(ops.sumCols)).toEqual([2, 2.5]);
  expect(of(ops.maxCols)).toEqual([3, 6]);
  expect(of(ops.argmaxCols)).toEqual([2, 2]);
  expect(of(ops.argmaxCols, [1, 5, 5, 7, 7, 7])).toEqual([1, 0]);
  expect(of(ops.maxCols, [1, Number.NaN, 5, 1, 2, 3])).toEqual([Number.NaN, 3]);
});

test('sums run in rising order and round after each addition', () => {
  // 2²⁴ + 1 is lost in float32, 1 + 1 + 2²⁴ is not.
  expect(of(ops.sumCols, [2 ** 24, 1, 1, 1, 1, 2 ** 24])).toEqual([2 ** 24, 2 ** 24 + 2]);
  const graph = new Graph();
  const a = ops.variable(graph, 'a', 1, 3);
  const b = ops.variable(graph, 'b', 3, 1);
  const y = ops.matmul(a, b);
  expect(runGraph(graph, { y }, { a: [1, 1, 1], b: [2 ** 24, 1, 1] }).y).toEqual([2 ** 24]);
});

test('class numbers pick and mark their column; others pick NaN and mark none', () => {
  const picked = (index: number[]) => {
    const graph = new Graph();
    const x = ops.variable(graph, 'x', 2, 3);
    const i = ops.variable(graph, 'i', 2, 1);
    const inputs = { x: [1, 2, 3, 4, 5, 6], i: index };
    return runGraph(graph, { pick: ops.pick(x, i), hot: ops.oneHot(i, 3) }, inputs);
  };
  expect(picked([2, 0])).toEqual({ pick: [3, 4], hot: [0, 0, 1, 1, 0, 0] });
  expect(picked([3, -1])).toEqual({ pick: [Number.NaN, Number.NaN], hot: [0, 0, 0, 0, 0, 0] });
  expect(picked([0.5, Number.NaN]).pick).toEqual([Number.NaN, Number.NaN]);
});

test('softmax and its logarithm do not overflow', () => {
  const { exp, log } = float32Functions;
  expect(of(ops.softmax, [1000, 1000, 0, 0])).toEqual([0.5, 0.5, 0.5, 0.5]);
  const e = exp(-1);
  expect(of(ops.softmax, [3, 2, 0, 0])[0]).toBe(f(1 / f(1 + e)));
  expect(of(ops.logSoftmax, [1000, 999, 0, 0]).slice(0, 2)).toEqual([
    f(0 - log(f(1 + e))),
    f(-1 - log(f(1 + e))),
  ]);
});

test('matrix products in all three transpositions', () => {
  const graph = new Graph();
  const a = ops.variable(graph, 'a', 2, 3);
  const b = ops.variable(graph, 'b', 3, 2);
  const inputs = { a: [1, 2, 3, 4, 5, 6], b: [1, 0, 2, -1, 3, 1] };
  const outputs = {
    plain: ops.matmul(a, b),
    left: ops.matmulTransposeA(a, a),
    right: ops.matmulTransposeB(a, a),
  };
  expect(runGraph(graph, outputs, inputs)).toEqual({
    plain: [14, 1, 32, 1],
    left: [17, 22, 27, 22, 29, 36, 27, 36, 45],
    right: [14, 32, 32, 77],
  });
});

/** Widths around the four columns that the loops take at a time. */
test.each([1, 2, 3, 4, 5, 7, 8, 9])(
  'a product of width %i agrees with the plain loop, bit for bit',
  (cols) => {
    const graph = new Graph();
    const k = 5;
    const a = ops.variable(graph, 'a', 3, k);
    const b = ops.variable(graph, 'b', k, cols);
    const c = ops.variable(graph, 'c', cols, k);
    const numbers = (n: number, seed: number) =>
      Array.from({ length: n }, (_, i) => f(Math.sin(i * 7.3 + seed)));
    const inputs = { a: numbers(3 * k, 1), b: numbers(k * cols, 2), c: numbers(k * cols, 3) };
    const found = runGraph(
      graph,
      { ab: ops.matmul(a, b), bb: ops.matmulTransposeA(b, b), ac: ops.matmulTransposeB(a, c) },
      inputs,
    );
    const plain = (
      rows: number,
      n: number,
      inner: number,
      at: (r: number, c: number, i: number) => number,
    ) =>
      Array.from({ length: rows * n }, (_, index) => {
        let sum = 0;
        for (let i = 0; i < inner; i++) sum = f(sum + f(at(Math.floor(index / n), index % n, i)));
        return sum;
      });
    expect(found.ab).toEqual(
      plain(3, cols, k, (r, col, i) => inputs.a[r * k + i] * inputs.b[i * cols + col]),
    );
    expect(found.bb).toEqual(
      plain(cols, cols, k, (r, col, i) => inputs.b[i * cols + r] * inputs.b[i * cols + col]),
    );
    expect(found.ac).toEqual(
      plain(3, cols, k, (r, col, i) => inputs.a[r * k + i] * inputs.c[col * k + i]),
    );
  },
);

describe('broadcasting', () => {
  type Name = 'whole' | 'row' | 'column' | 'one';
  const shapes: Record<Name, readonly [rows: number, cols: number]> = {
    whole: [2, 3],
    row: [1, 3],
    column: [2, 1],
    one: [1, 1],
  };
  const numbers: Record<Name, number[]> = {
    whole: [1, 2, 3, 4, 5, 6],
    row: [10, 20, 30],
    column: [100, 200],
    one: [7],
  };
  const at = (name: Name, r: number, c: number) => {
    const [rows, cols] = shapes[name];
    return numbers[name][(rows === 1 ? 0 : r) * cols + (cols === 1 ? 0 : c)];
  };
  const pairs = (Object.keys(shapes) as Name[]).flatMap((a) =>
    (Object.keys(shapes) as Name[]).map((b) => [a, b] as const),
  );

  test.each(pairs)('%s with %s', (a, b) => {
    const graph = new Graph();
    const x = ops.variable(graph, 'x', shapes[a][0], shapes[a][1]);
    const y = ops.variable(graph, 'y', shapes[b][0], shapes[b][1]);
    const rows = Math.max(shapes[a][0], shapes[b][0]);
    const cols = Math.max(shapes[a][1], shapes[b][1]);
    const table = (compute: (p: number, q: number) => number) =>
      Array.from({ length: rows * cols }, (_, i) => {
        const [r, c] = [Math.floor(i / cols), i % cols];
        return compute(at(a, r, c), at(b, r, c));
      });
    const outputs = {
      sub: ops.sub(x, y),
      max: ops.max(x, y),
      where: ops.where(ops.gt(x, y), x, y),
    };
    expect(runGraph(graph, outputs, { x: numbers[a], y: numbers[b] })).toEqual({
      sub: table((p, q) => p - q),
      max: table(Math.max),
      where: table((p, q) => (p > q ? p : q)),
    });
  });
});

test('a short batch leaves what lies behind it alone', () => {
  const graph = new Graph();
  const x = ops.input(graph, 'x', 2, 3);
  const y = ops.mul(x, 2);
  const total = ops.sumRows(y);
  const plan = makePlan(graph, { run: [y, total] }, { y, total }, 4);
  const session = referenceEngine('float32').prepare(plan, 0);
  const fill = (value: number) => new Array(24).fill(value);
  session.write('x', fill(1));
  session.run('run', 4, 1);
  session.write('x', fill(5));
  session.run('run', 1, 2);
  const all = new Float32Array(24);
  session.read('y', all);
  expect([...all]).toEqual([...new Array(6).fill(10), ...new Array(18).fill(2)]);
  const sums = new Float32Array(3);
  session.read('total', sums);
  expect([...sums]).toEqual([20, 20, 20]);
});

test('rows are gathered in the order asked for', () => {
  const graph = new Graph();
  const x = ops.input(graph, 'x', 1, 2);
  const plan = makePlan(graph, { run: [x] }, { x }, 3);
  const session = referenceEngine('float32').prepare(plan, 0);
  const source = Float32Array.of(0, 1, 10, 11, 20, 21, 30, 31);
  session.gather('x', source, Int32Array.of(9, 3, 0, 2), 1, 3);
  const found = new Float32Array(6);
  session.read('x', found);
  expect([...found]).toEqual([30, 31, 0, 1, 20, 21]);
});

test('a name that is not there and numbers that do not fit are mistakes of the program', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 2);
  const plan = makePlan(graph, { run: [ops.neg(x)] }, {}, 1);
  const session = referenceEngine('float32').prepare(plan, 0);
  expect(() => session.write('y', [1])).toThrow('internal: no tensor is named y');
  expect(() => session.write('x', [1, 2, 3])).toThrow('internal: 3 numbers for x, which has 2');
  expect(() => session.run('fly', 1, 1)).toThrow('internal: no program fly');
});

test('finds the first number that is none, among as many as are asked for', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 4);
  const session = referenceEngine('float32').prepare(makePlan(graph, { run: [x] }, {}, 1), 0);
  session.write('x', [0, 1e38, Number.NEGATIVE_INFINITY, Number.NaN]);
  expect(session.firstNonFinite('x', 4)).toEqual({ index: 2, value: Number.NEGATIVE_INFINITY });
  expect(session.firstNonFinite('x', 2)).toBe(null);
  session.write('x', [Number.NaN]);
  expect(session.firstNonFinite('x', 4)).toEqual({ index: 0, value: Number.NaN });
});

describe('chance', () => {
  const at = (number: number): ChanceStream => ({ kind: 'position', number, draw: 0 });
  const draw = (seed: number, stream: ChanceStream | number, step: number, n = 4096) => {
    const graph = new Graph();
    const shape = { rows: 1, cols: n, batched: false };
    const y = ops.uniform(graph, typeof stream === 'number' ? at(stream) : stream, shape);
    return runGraph(graph, { y }, {}, { seed, step }).y;
  };
  const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const correlation = (a: number[], b: number[]) =>
    mean(a.map((v, i) => (v - 0.5) * (b[i] - 0.5))) * 12;

  test('is a function of seed, stream, step and index alone', () => {
    expect(draw(1, 2, 3)).toEqual(draw(1, 2, 3));
    // A longer row starts with the same numbers.
    expect(draw(1, 2, 3, 8192).slice(0, 4096)).toEqual(draw(1, 2, 3));
  });

  test('is uniform on multiples of 2⁻²⁴ in [0, 1)', () => {
    const numbers = draw(5, 0, 1, 2 ** 16);
    expect(numbers.every((u) => u >= 0 && u < 1 && Number.isInteger(u * 2 ** 24))).toBe(true);
    const counts = new Array(64).fill(0);
    for (const u of numbers) counts[Math.floor(u * 64)]++;
    // 63 degrees of freedom: above 120 once in 10⁵ seeds; this seed is fixed.
    const expected = numbers.length / 64;
    const chiSquare = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(120);
  });

  test('of neighbouring seeds, streams, steps and indices does not hang together', () => {
    const base = draw(1, 1, 1);
    const others = [
      draw(2, 1, 1),
      draw(1, 2, 1),
      draw(1, 1, 2),
      draw(1, { ...at(1), kind: 'seed' }, 1),
      draw(1, { ...at(1), draw: 1 }, 1),
      [...base.slice(1), base[0]],
    ];
    // The standard error is 1/64; five of them.
    for (const other of others) expect(Math.abs(correlation(base, other))).toBeLessThan(5 / 64);
  });

  test('is another for every stream, whatever seeds layers have', () => {
    const numbers = [0, 1, 2, 2 ** 29, 2 ** 30, 2 ** 31, 2 ** 32 - 2 ** 29, 2 ** 32 - 1];
    const kinds = ['position', 'seed'] as const;
    const streams = numbers.flatMap((number) =>
      kinds.flatMap((kind) => [0, 1].map((which) => ({ kind, number, draw: which }))),
    );
    const drawn = streams.flatMap((stream) => [0, 1, 2].map((step) => draw(7, stream, step, 8)));
    expect(new Set(drawn.map(String)).size).toBe(3 * streams.length);
  });
});

test('every op of the vocabulary has code, or needs none', () => {
  const withoutCode = ['input', 'scalar', 'variable', 'constant', 'table', 'reshape', 'part'];
  const graph = new Graph();
  const shape = { rows: 1, cols: 1, batched: false };
  for (const op of Object.keys(vocabulary) as (keyof typeof vocabulary)[]) {
    const x = ops.variable(graph, 'x', 1, 1);
    const inputs = new Array(Math.max(0, vocabulary[op].inputs)).fill(x);
    const axes = { shape: [1], order: [0] };
    const stream = { kind: 'position', number: 0, draw: 0 } as const;
    const y = graph.tensor(op, inputs, shape, {
      name: `leaf ${op}`,
      value: 1,
      values: [1],
      axes,
      stream,
    });
    const plan = makePlan(graph, { run: [y] }, { y }, 1);
    expect(() => referenceEngine('float32').prepare(plan, 0).run('run', 1, 1), op).not.toThrow();
    const count = plan.programs.get('run')?.length ?? 0;
    expect([op, count > 0 || withoutCode.includes(op) || op === 'assign' || op === 'pack']).toEqual(
      [op, true],
    );
  }
});
