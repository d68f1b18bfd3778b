/** A network in a graph: from the input's tensor to the output's, and the penalties on the way. */
import type { Graph, Tensor } from '../graph/graph.ts';
import { add, batchSize, div, part, variable } from '../graph/ops.ts';
import { sizeOf } from '../ndarray.ts';
import { layerOf } from './layers/table.ts';
import type { Network, NetworkLayer, WeightSpec } from './network.ts';
import { penaltyOf } from './regularizers.ts';

/** A weight in the graph. */
export interface WeightTensor {
  readonly spec: WeightSpec;
  /** `[product of leading axes, last axis]`, a part of its block. */
  readonly tensor: Tensor;
  /** First number within its block. */
  readonly offset: number;
}

/** All parameters in two blocks: what the optimizer moves, and what it leaves alone. */
export interface Parameters {
  /** `[1, n]` variables; null where there is nothing in them. */
  readonly trainable: Tensor | null;
  readonly frozen: Tensor | null;
  /** In the network's order. */
  readonly weights: readonly WeightTensor[];
}

/** The names of the two blocks among a plan's places. */
export const BLOCKS = { trainable: 'trainable', frozen: 'frozen' } as const;

/** Lays the network's weights out in two blocks of variables. */
export function parametersOf(graph: Graph, network: Network): Parameters {
  const block = (name: keyof typeof BLOCKS, specs: readonly WeightSpec[]) => {
    const size = specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    return size === 0 ? null : variable(graph, BLOCKS[name], 1, size);
  };
  const trainable = block(
    'trainable',
    network.weights.filter((spec) => spec.trainable),
  );
  const frozen = block(
    'frozen',
    network.weights.filter((spec) => !spec.trainable),
  );
  const used = { trainable: 0, frozen: 0 };
  const weights = network.weights.map((spec): WeightTensor => {
    const storage = spec.trainable ? trainable : frozen;
    if (!storage) throw new Error('internal: a weight without a block');
    const { rows, cols } = matrixShape(spec.shape);
    const which = spec.trainable ? 'trainable' : 'frozen';
    const offset = used[which];
    used[which] += rows * cols;
    return { spec, offset, tensor: part(storage, offset, rows, cols) };
  });
  return { trainable, frozen, weights };
}

/** A shape as rows and columns: the last axis is the columns. */
export function matrixShape(shape: readonly number[]): { rows: number; cols: number } {
  const cols = shape.length === 0 ? 1 : shape[shape.length - 1];
  return { rows: sizeOf(shape) / cols, cols };
}

/** The result of a forward pass. */
export interface Forward {
  /** `[k · batch, c]` */
  readonly output: Tensor;
  /** Of each layer; the last is `output`. */
  readonly outputs: readonly Tensor[];
  /** What regularizers add to the loss, `[1, 1]` each. */
  readonly penalties: readonly Tensor[];
  /** Weights that the layers move by themselves, with their values after this step. */
  readonly updates: readonly WeightUpdate[];
}

/** A weight's tensor and what it is to become. */
interface WeightUpdate {
  readonly target: Tensor;
  readonly value: Tensor;
}

/**
 * Adds a forward pass to the graph.
 *
 * @param x         `[product of the input's leading axes · batch, last axis]`
 * @param training  whether layers behave as in `fit`
 */
export function forward(
  network: Network,
  parameters: Parameters,
  x: Tensor,
  training: boolean,
): Forward {
  const penalties: Tensor[] = [];
  const updates: WeightUpdate[] = [];
  const tensors = new Map(
    parameters.weights.map(({ spec, tensor }) => [`${spec.layer}/${spec.name}`, tensor]),
  );
  const outputs: Tensor[] = [];
  let output = x;
  network.layers.forEach((layer, index) => {
    const weight = (name: string) => {
      const tensor = tensors.get(`${layer.name}/${name}`);
      if (!tensor) throw new Error(`internal: ${layer.name} has no ${name}`);
      return tensor;
    };
    const updateWeight = (name: string, value: Tensor) => {
      updates.push({ target: weight(name), value });
    };
    const { spec, inputShape } = layer;
    const context = { training, index, inputShape, weight, updateWeight };
    output = layerOf(spec).forward(spec, output, context);
    outputs.push(output);
    penalties.push(...activityPenalty(layer, output));
  });
  return { output, outputs, penalties: [...penalties, ...weightPenalties(parameters)], updates };
}

/** The penalty on a layer's output, divided by the batch (Keras 2, and Keras 3 from 3.14). */
function activityPenalty({ spec }: NetworkLayer, output: Tensor): Tensor[] {
  const regularizer = layerOf(spec).activityRegularizer?.(spec) ?? spec.activity_regularizer;
  return regularizer ? [div(penaltyOf(output, regularizer), batchSize(output.graph))] : [];
}

/** Penalties on weights. Frozen weights pay none, as in Keras 3. */
function weightPenalties({ weights }: Parameters): Tensor[] {
  return weights.flatMap(({ spec, tensor }) =>
    spec.regularizer && spec.trainable ? [penaltyOf(tensor, spec.regularizer)] : [],
  );
}

/** A sum of `[1, 1]` tensors, in order. */
export function sumOf(first: Tensor, rest: readonly Tensor[]): Tensor {
  return rest.reduce((sum, term) => add(sum, term), first);
}
