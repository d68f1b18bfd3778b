/** Which engine a plan gets where its numbers fill the memory of the one that computes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { prepare } from '../../src/engine/choose.ts';
import { MATMUL_SCRATCH } from '../../src/engine/wasm/encode-matmul.ts';
import { bytesOf, WasmSession } from '../../src/engine/wasm/session.ts';
import { Graph } from '../../src/graph/graph.ts';
import * as ops from '../../src/graph/ops.ts';
import { makePlan, type Plan } from '../../src/graph/plan.ts';

const ROWS = 256;
const COLS = 64;

/** A product that is large enough for several threads. @param unused  numbers a sample that nobody writes */
function planWith(unused: number): Plan {
  const graph = new Graph();
  ops.input(graph, 'unused', 1, unused);
  const x = ops.input(graph, 'x', 1, COLS);
  const weights = ops.variable(graph, 'weights', COLS, COLS, 0.5);
  const y = ops.matmul(x, weights);
  return makePlan(graph, { step: [y] }, { y }, ROWS);
}

/** Takes addresses and no memory: a plan for which so many bytes are left beside those of one thread. */
function planThatLeaves(bytes: number): Plan {
  const most = 2 ** 32 - 2 ** 16 - bytesOf(planWith(1), 1);
  return planWith(1 + Math.floor((most - bytes) / (4 * ROWS)));
}

test('threads for which there is no room are done without', async () => {
  // Besides scratch a thread has programs of its own.
  const plan = planThatLeaves(2.5 * MATMUL_SCRATCH);
  expect([bytesOf(plan, 3), bytesOf(plan, 4)].map((bytes) => bytes < 2 ** 32)).toEqual([
    true,
    false,
  ]);
  const { engine, session } = prepare(plan, 1, { threads: 8 });
  onTestFinished(() => session.close());
  expect(engine).toBe('wasm');
  if (!(session instanceof WasmSession)) throw new Error('that is its session');
  for (let i = 0; i < 1000 && session.threads < 3; i++) await sleep(10);
  expect(session.threads).toBe(3);
});

test('where there is no room for one, the reference engine computes', () => {
  const plan = planThatLeaves(-2048);
  expect(prepare(plan, 1, { threads: 8 }).engine).toBe('reference');
  expect(() => prepare(plan, 1, { threads: 8, engine: 'wasm' })).toThrow(
    '--engine wasm: expected numbers that fit in 4 GiB; found more',
  );
});
