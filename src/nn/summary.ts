/** A network as the record that summaries are printed from. */
import { Graph } from '../graph/graph.ts';
import { sizeOf } from '../ndarray.ts';
import type { Summary, SummaryLayer } from '../records.ts';
import type { OptimizerSpec, StepOptimizerSpec } from '../spec/optimizers.ts';
import type { ModelSpec } from '../spec/spec.ts';
import { parametersOf } from './forward.ts';
import { layerOf } from './layers/table.ts';
import { countParameters, type Network } from './network.ts';
import { optimizerVariables } from './optimizers/slots.ts';
import { trainableWeights } from './parameter-block.ts';

/** Of a float32, and of what Keras holds in int64. */
const BYTES = 4;
const COUNT_BYTES = 8;

/**
 * `model.summary()` as data. Without a network (no input shape is known) layers are not built.
 *
 * @param trainedWith  the optimizer that the model was trained with: its variables are counted as Keras
 *   counts them after `fit`; none for lbfgs, which Keras does not have
 */
export function summarize(
  spec: ModelSpec,
  network: Network | null,
  trainedWith: OptimizerSpec | null,
): Summary {
  const layers = network ? builtLayers(network) : unbuiltLayers(spec);
  const total = network ? countParameters(network.weights) : 0;
  const trainable = layers.reduce((sum, layer) => sum + layer.trainableParameters, 0);
  return {
    name: spec.name,
    layers,
    totalParameters: total,
    trainableParameters: trainable,
    nonTrainableParameters: total - trainable,
    nonTrainableBytes: network ? nonTrainableBytes(network) : 0,
    optimizer:
      network && trainedWith && trainedWith.type !== 'lbfgs'
        ? optimizerSize(network, trainedWith)
        : null,
    inputShape: network ? [null, ...network.inputShape] : null,
  };
}

function nonTrainableBytes({ weights }: Network): number {
  const frozen = weights.filter(({ trainable }) => !trainable);
  return frozen.reduce(
    (sum, { shape, isCount }) => sum + sizeOf(shape) * (isCount ? COUNT_BYTES : BYTES),
    0,
  );
}

/** Besides the variables of the weights there is the count of steps, and a rate that can be set. */
function optimizerSize(network: Network, optimizer: StepOptimizerSpec) {
  const weights = trainableWeights(parametersOf(new Graph(), network));
  const variables = optimizerVariables(optimizer, weights);
  const own = variables.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const numbers = own + (typeof optimizer.learning_rate === 'number' ? 1 : 0);
  return { parameters: numbers + 1, bytes: numbers * BYTES + COUNT_BYTES };
}

function builtLayers(network: Network): SummaryLayer[] {
  return network.layers.map(({ name, className, outputShape, weights, trainable }) => ({
    name,
    className,
    outputShape: [null, ...outputShape],
    parameters: countParameters(weights),
    trainableParameters: weights
      .filter((weight) => weight.trainable)
      .reduce((sum, { shape }) => sum + sizeOf(shape), 0),
    trainable,
  }));
}

function unbuiltLayers(spec: ModelSpec): SummaryLayer[] {
  return spec.layers.map((layer) => ({
    name: layer.name,
    className: layerOf(layer).className,
    outputShape: null,
    parameters: null,
    trainableParameters: 0,
    trainable: layer.trainable,
  }));
}
