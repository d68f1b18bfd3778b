/** Runs a small graph on the reference engine: what the tests of ops, gradients and layers share. */
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
  const session = referenceEngine(precision).prepare(plan, seed);
  for (const [name, values] of Object.entries(inputs)) session.write(name, values);
  session.run('run', batch, step);
  const result: Record<string, number[]> = {};
  for (const [name, { shape }] of Object.entries(outputs)) {
    const into = new Float64Array(shape.rows * shape.cols * (shape.batched ? batch : 1));
    session.read(name, into);
    result[name] = [...into];
  }
  return result;
}
