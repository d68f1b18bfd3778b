/** Parts of a block that are assigned one by one, as layers move their own statistics. */
import { expect, test } from 'vitest';
import { referenceEngine } from '../../src/engine/reference.ts';
import { Graph } from '../../src/graph/graph.ts';
import * as ops from '../../src/graph/ops.ts';
import { makePlan } from '../../src/graph/plan.ts';

test('parts of a variable take their values one after another, all computed from the old ones', () => {
  const graph = new Graph();
  const x = ops.input(graph, 'x', 1, 2);
  const block = ops.variable(graph, 'block', 1, 5);
  const [first, second] = [ops.part(block, 0, 1, 2), ops.part(block, 2, 1, 2)];
  const swapped = [ops.add(second, 1), ops.mul(ops.add(first, second), ops.sumRows(x))];
  const assignments = [ops.assign(first, swapped[0]), ops.assign(second, swapped[1])];
  const plan = makePlan(graph, { run: assignments }, {}, 1);
  const session = referenceEngine('float32').prepare(plan, 0);
  session.write('block', [1, 2, 3, 4, 5]);
  session.write('x', [10, 100]);
  session.run('run', 1, 0);
  const values = new Float64Array(5);
  session.read('block', values);
  expect([...values]).toEqual([4, 5, 40, 600, 5]);
});

test('a part may not be read once another part of its block is assigned', () => {
  const graph = new Graph();
  const block = ops.variable(graph, 'block', 1, 4);
  const [first, second] = [ops.part(block, 0, 1, 2), ops.part(block, 2, 1, 2)];
  const assignment = ops.assign(first, ops.add(first, 1));
  const late = ops.mul(second, 2);
  expect(() => makePlan(graph, { run: [assignment, late] }, {}, 1)).toThrow(
    'block is read after it is assigned',
  );
});
