/**
 * Runs a small graph: what the tests of ops, gradients and layers share. In float32 it runs on both
 * engines, which must agree in every bit.
 */
import { expect } from 'vitest';
import { prepare } from '../../src/engine/choose.ts';
import type { Session } from '../../src/engine/engine.ts';
import { referenceEngine } from '../../src/engine/reference.ts';
import type { Graph, Tensor } from '../../src/graph/graph.ts';
import { makePlan } from '../../src/graph/plan.ts';

/** The numbers of each output, after the named inputs were written and the graph was run once. */
export function runGraph(
  graph: Graph,
  outputs: Readonly<Record<string, Tensor>>,
  inputs: Readonly<Record<string, ArrayLike<number>>>,
  { batch = 1, precision = 'float32' as 'float32' | 'float64', seed = 0, step = 1 } = {},
): Record<string, number[]> {
  const plan = makePlan(graph, { run: Object.values(outputs) }, outputs, batch);
  const results = (session: Session): Record<string, number[]> => {
    for (const [name, values] of Object.entries(inputs)) session.write(name, values);
    session.run('run', batch, step);
    const entries = Object.entries(outputs).map(([name, { shape }]) => {
      const into = new Float64Array(shape.rows * shape.cols * (shape.batched ? batch : 1));
      session.read(name, into);
      return [name, [...into]] satisfies [string, number[]];
    });
    return Object.fromEntries(entries);
  };
  const result = results(referenceEngine(precision).prepare(plan, seed));
  if (precision === 'float32') {
    expect(results(prepare(plan, seed, { engine: 'wasm' }).session)).toEqual(result);
  }
  return result;
}
