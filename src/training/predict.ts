/** Predictions: a forward pass over any number of rows, a block at a time. */
import { prepare } from '../engine/choose.ts';
import type { Computing } from '../engine/names.ts';
import { Graph } from '../graph/graph.ts';
import { makePlan } from '../graph/plan.ts';
import type { LayerWeights } from '../ndarray.ts';
import { sizeOf } from '../ndarray.ts';
import { forward, parametersOf } from '../nn/forward.ts';
import type { Network } from '../nn/network.ts';
import { inputOf } from './compile.ts';
import { checkRowMemory } from './memory.ts';
import { loadWeights } from './weights.ts';

/** Rows computed at a time: enough to amortise the calls, few enough to stay in the cache. */
const MAX_BLOCK_ROWS = 1024;

/** Numbers of all the rows computed at a time, where rows are long: 64 MiB. */
const MAX_BLOCK_SIZE = 2 ** 24;

interface Predictor {
  /** Numbers in one input row and one output row. */
  readonly inputSize: number;
  readonly outputSize: number;
  /** How many rows are computed at a time: fewer where rows are long. */
  readonly blockRows: number;
  /**
   * The outputs of `rows` samples, `[rows, outputSize]` row-major, newly made.
   * @param values  `[rows, inputSize]` row-major; may be longer
   */
  predict(values: Float32Array, rows: number): Float32Array;
}

/**
 * A network with weights, ready to predict. Rows do not influence each other.
 *
 * @throws {UserError} exit 2 where not even one row's numbers fit in memory
 */
export function createPredictor(
  network: Network,
  weights: readonly LayerWeights[],
  computing: Computing = {},
): Predictor {
  const graph = new Graph();
  const parameters = parametersOf(graph, network);
  const x = inputOf(graph, 'x', network.inputShape);
  const { output } = forward(network, parameters, x, false);
  const planFor = (rows: number) => makePlan(graph, { predict: [output] }, { x, output }, rows);
  const oneRow = planFor(1);
  checkRowMemory(oneRow);
  const perRow = planFor(2).size - oneRow.size;
  const fitting = Math.floor(MAX_BLOCK_SIZE / perRow);
  const blockRows = Math.max(1, Math.min(MAX_BLOCK_ROWS, fitting));
  const plan = planFor(blockRows);
  const { session } = prepare(plan, 0, computing);
  loadWeights(session, parameters, weights);
  const inputSize = sizeOf(network.inputShape);
  const outputSize = sizeOf(network.outputShape);
  return {
    inputSize,
    outputSize,
    blockRows,
    predict(values, rows) {
      const result = new Float32Array(rows * outputSize);
      for (let first = 0; first < rows; first += blockRows) {
        const count = Math.min(blockRows, rows - first);
        session.write('x', values.subarray(first * inputSize, (first + count) * inputSize));
        session.run('predict', count, 0);
        session.read('output', result.subarray(first * outputSize, (first + count) * outputSize));
      }
      return result;
    },
  };
}
