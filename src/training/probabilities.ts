/** Logits → probabilities, computed by the engine like all else, so that they are the same on every machine. */
import { prepare } from '../engine/choose.ts';
import { Graph } from '../graph/graph.ts';
import { input, sigmoid, softmax } from '../graph/ops.ts';
import { makePlan } from '../graph/plan.ts';

/**
 * What makes probabilities of one row of logits: the sigmoid of a single one, the softmax of several.
 *
 * @param width  numbers in a row
 */
export function probabilitiesOf(width: number): (logits: Float32Array) => Float32Array {
  const graph = new Graph();
  const logits = input(graph, 'logits', 1, width);
  const probabilities = width === 1 ? sigmoid(logits) : softmax(logits);
  const plan = makePlan(graph, { run: [probabilities] }, { logits, probabilities }, 1);
  const { session } = prepare(plan, 0);
  return (row) => {
    const result = new Float32Array(width);
    session.write('logits', row);
    session.run('run', 1, 0);
    session.read('probabilities', result);
    return result;
  };
}
