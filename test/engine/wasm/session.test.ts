/** A session's memory: room for programs that is used up, tables that come late, large and odd batches. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import type { Session } from '../../../src/engine/engine.ts';
import { referenceEngine } from '../../../src/engine/reference.ts';
import { threadsThatFit } from '../../../src/engine/wasm/engine.ts';
import { bytesOf, WasmSession } from '../../../src/engine/wasm/session.ts';
import * as columnOps from '../../../src/graph/column-ops.ts';
import { Graph } from '../../../src/graph/graph.ts';
import * as ops from '../../../src/graph/ops.ts';
import { makePlan } from '../../../src/graph/plan.ts';
import { bitsOf, numbers, wasm } from './compare.ts';

/** So many that their programs do not all fit at once. */
const MOST = 150;
const COLS = 5;

/**
 * A running sum that every step moves by the mean of its rows, and what it measures.
 *
 * @param unused  numbers of each sample that nobody writes, so that they take addresses and no memory
 */
function plan(unused = 0) {
  const graph = new Graph();
  if (unused > 0) ops.input(graph, 'unused', 1, unused);
  const x = ops.input(graph, 'x', 1, COLS);
  const sum = ops.variable(graph, 'sum', 1, COLS);
  const rate = ops.scalar(graph, 'rate');
  const mean = ops.div(ops.sumRows(ops.tanh(x)), ops.batchSize(graph));
  const moved = ops.assign(sum, ops.add(sum, ops.mul(mean, rate)));
  const size = ops.sumAll(ops.square(x));
  return makePlan(graph, { move: [moved, size], look: [size] }, { size }, MOST);
}

const table = { name: 'x', values: numbers(1000 * COLS, 'table', false) };
const tables = [table];
const measures = [
  { name: 'size', length: 1 },
  { name: 'sum', length: COLS },
];
const order = Int32Array.from({ length: 1000 }, (_, i) => (i * 7) % 1000);

test('programs of every batch size fit, one after the other', () => {
  const sessions = [wasm(), referenceEngine('float32')].map((engine) => engine.prepare(plan(), 1));
  const results = sessions.map((session) => {
    const found: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (let batch = 1; batch <= MOST; batch++) {
        const last = (batch * 13) % MOST;
        const end = 3 * batch + Math.min(last, batch - 1);
        const steps = Math.ceil(end / batch);
        const rates = [
          { name: 'rate', values: Float32Array.from({ length: steps }, (_, i) => i / 7) },
        ];
        const programs = Array.from({ length: steps }, (_, step) => ({
          program: step % 2 === 0 ? 'move' : 'look',
          steps: 1,
        }));
        const rows = { order, first: 0, end, batch };
        const what = { programs, numbers: rates, tables, measures, firstStep: 1 };
        const { values } = session.runSeries({ steps, ...rows, ...what });
        found.push(...bitsOf(values.slice()));
      }
    }
    return found;
  });
  expect(results[0]).toEqual(results[1]);
});

test('a series that comes again finds its programs, wherever they have gone', () => {
  const sessions = [wasm(), referenceEngine('float32')].map((engine) => engine.prepare(plan(), 1));
  const [found, wanted] = sessions.map((session) => {
    const all: number[] = [];
    const move = (steps: number, batch: number, end: number) => {
      const programs = [{ program: 'move', steps }];
      const rates = [{ name: 'rate', values: new Float32Array(steps).fill(0.25) }];
      const what = { programs, numbers: rates, tables, measures, firstStep: 1 };
      const rows = { order, first: 0, end, batch };
      all.push(...bitsOf(session.runSeries({ steps, ...rows, ...what }).values.slice()));
    };
    // The same twice, then with fewer rows in the last step, more in all, fewer steps.
    for (const [steps, batch, end] of [
      ...[
        [5, 7, 35],
        [5, 7, 35],
        [5, 7, 29],
        [5, 7, 35],
      ],
      ...[
        [5, 8, 35],
        [5, 7, 35],
        [4, 7, 28],
        [5, 7, 35],
      ],
    ]) {
      move(steps, batch, end);
    }
    // What these need takes the places of those.
    for (let batch = MOST; batch > 0; batch--) session.run('look', batch, 1);
    for (let batch = MOST; batch > 0; batch--) session.run('move', batch, 1);
    move(5, 7, 35);
    return all;
  });
  expect(found).toEqual(wanted);
});

test('for a table that comes late the memory grows, and no number moves', () => {
  const session = wasm().prepare(plan(), 1);
  session.write('sum', [1, 2, 3, 4, 5]);
  const late = [{ name: 'x', values: new Float32Array(3_000_000 * COLS).fill(0) }];
  const rates = [{ name: 'rate', values: [1] }];
  const rows = { order, first: 0, end: 10, batch: 10 };
  const what = {
    programs: [{ program: 'move', steps: 1 }],
    numbers: rates,
    measures,
    firstStep: 1,
  };
  const { values } = session.runSeries({ steps: 1, ...rows, ...what, tables: late });
  expect([...values]).toEqual([0, 1, 2, 3, 4, 5]);
  session.write('sum', [5, 4, 3, 2, 1]);
  expect([...session.runSeries({ steps: 1, ...rows, ...what, tables: late }).values]).toEqual([
    0, 5, 4, 3, 2, 1,
  ]);
});

/** A plan that leaves less than 64 KiB and a row of the addresses that there are. */
function largestPlan() {
  const row = 4 * MOST;
  const { places } = plan(1);
  expect(places.get('unused')?.batched).toBe(true);
  const unused = Math.floor((2 ** 32 - 2 ** 16 - bytesOf(plan(), 1)) / row) - 2;
  const found = plan(unused);
  expect(threadsThatFit(found, 1)).toBe(1);
  expect(threadsThatFit(plan(unused + 3), 1)).toBe(0);
  return found;
}

test('series for which there is no room any more run without it, step by step', () => {
  const long = Int32Array.from({ length: 5000 }, (_, i) => (i * 7) % 1000);
  const [found, wanted] = [largestPlan(), plan()].map((one) => {
    const session = wasm().prepare(one, 1);
    return [1, 2, 5000, 2].map((steps) => {
      const rates = [{ name: 'rate', values: new Float32Array(steps).fill(0.1) }];
      const rows = { order: long, first: 0, end: steps, batch: 1 };
      const programs = [{ program: 'move', steps }];
      const what = { programs, numbers: rates, tables, measures, firstStep: 1 };
      return bitsOf(session.runSeries({ steps, ...rows, ...what }).values.slice());
    });
  });
  expect(found).toEqual(wanted);
});

test('of a table that is large the rows of each series are brought, to the same end', () => {
  const rows = 2 ** 21;
  const values = new Float32Array(rows * COLS);
  for (let i = 0; i < values.length; i++) values[i] = (i % 1013) / 500;
  const large = [{ name: 'x', values }];
  const anyRow = Int32Array.from({ length: 500 }, (_, i) => (i * 999_983) % rows);
  const sessions = [wasm(), referenceEngine('float32')].map((engine) => engine.prepare(plan(), 1));
  const [found, wanted] = sessions.map((session) =>
    [
      [0, 130],
      [130, 500],
      [5, 8],
    ].map(([first, end]) => {
      const steps = Math.ceil((end - first) / 50);
      const rates = [{ name: 'rate', values: new Float32Array(steps).fill(0.5) }];
      const series = { steps, order: anyRow, first, end, batch: 50, tables: large, measures };
      const what = { programs: [{ program: 'move', steps }], numbers: rates, firstStep: 1 };
      return bitsOf(session.runSeries({ ...series, ...what }).values.slice());
    }),
  );
  expect(found).toEqual(wanted);
});

test('numbers that lie beyond 2 GiB are reached: by kernels, series, and threads', async () => {
  const [rows, cols] = [256, 64];
  const graph = new Graph();
  // Nobody writes it, so that it takes addresses and no memory.
  ops.input(graph, 'nothing', 1, (2 ** 29 + 2 ** 20) / rows);
  const x = ops.input(graph, 'x', 1, cols);
  const weights = ops.variable(graph, 'weights', cols, cols, 0.5);
  const first = ops.relu(ops.matmul(x, weights));
  const second = ops.matmul(columnOps.sortCols(ops.softmax(first)), weights);
  const slope = ops.matmulTransposeA(x, second);
  const moved = ops.assign(weights, ops.sub(weights, ops.mul(slope, 0.001)));
  const size = ops.sumAll(second);
  const plan = makePlan(graph, { step: [moved, size] }, { size }, rows);
  expect(plan.places.get('weights')?.offset).toBeGreaterThan(2 ** 29);
  const given = [{ name: 'x', values: numbers(1000 * cols, 'rows', false) }];
  const series = {
    ...{ steps: 4, programs: [{ program: 'step', steps: 4 }], numbers: [], firstStep: 1 },
    ...{ tables: given, order, first: 0, end: 1000, batch: rows },
    measures: [{ name: 'size', length: 1 }],
  };
  const after = (session: Session) => {
    const { values } = session.runSeries(series);
    const found = new Float32Array(cols * cols);
    session.read('weights', found);
    return [...bitsOf(values.slice()), ...bitsOf(found)];
  };
  const wanted = after(referenceEngine('float32').prepare(plan, 1));
  for (const threads of [1, 2]) {
    const session = new WasmSession(plan, 1, threads);
    onTestFinished(() => session.close());
    for (let i = 0; i < 1000 && session.threads < threads; i++) await sleep(10);
    expect(session.threads).toBe(threads);
    expect(after(session)).toEqual(wanted);
  }
});

test('finds the first number that is none wherever it is, as the reference does', () => {
  const graph = new Graph();
  const x = ops.variable(graph, 'x', 1, 40);
  const made = () => makePlan(graph, { run: [x] }, {}, 1);
  const sessions = [wasm(), referenceEngine('float32')].map((engine) => engine.prepare(made(), 1));
  const most = Math.fround(3.4028234e38);
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    for (let at = 0; at < 40; at++) {
      const values = Array.from({ length: 40 }, (_, i) => [most, -most, -0, 1e-45][i % 4]);
      values[at] = wrong;
      values[39] = wrong;
      for (const session of sessions) session.write('x', values);
      for (const count of [at, at + 1, 40]) {
        const found = sessions.map((session) => session.firstNonFinite('x', count));
        const index = at < count ? at : null;
        expect(found[0]).toEqual(index === null ? null : { index, value: wrong });
        expect(found[0]).toEqual(found[1]);
      }
    }
  }
});

test.each([5, 64, 100])(
  'rows of %i numbers that are brought for each series are the rows',
  (width) => {
    const graph = new Graph();
    const x = ops.input(graph, 'x', 1, width);
    const sum = ops.sumRows(x);
    const made = makePlan(graph, { run: [sum] }, { sum }, 10);
    const rows = Math.ceil(2 ** 23 / width) + 1;
    const values = new Float32Array(rows * width);
    for (let i = 0; i < values.length; i++) values[i] = i % 1009;
    const picked = Int32Array.from({ length: 10 }, (_, i) => (i * 104_729) % rows);
    const results = [wasm(), referenceEngine('float32')].map((engine) => {
      const series = {
        programs: [{ program: 'run', steps: 1 }],
        numbers: [],
        firstStep: 1,
        steps: 1,
      };
      const where = { order: picked, first: 0, end: 10, batch: 10 };
      const session = engine.prepare(made, 1);
      const measures = [{ name: 'sum', length: width }];
      return session.runSeries({ ...series, ...where, tables: [{ name: 'x', values }], measures })
        .values;
    });
    const expected = Array.from({ length: width }, (_, col) =>
      picked.reduce((total, row) => total + ((row * width + col) % 1009), 0),
    );
    expect([...results[0]]).toEqual(expected);
    expect([...results[1]]).toEqual(expected);
  },
);
