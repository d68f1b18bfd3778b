/** A network as the record that summaries are printed from. */
import { sizeOf } from '../ndarray.ts';
import type { Summary, SummaryLayer } from '../records.ts';
import type { ModelSpec } from '../spec/spec.ts';
import { layerOf } from './layers/table.ts';
import { countParameters, type Network } from './network.ts';

/** `model.summary()` as data. Without a network (no input shape is known) layers are not built. */
export function summarize(spec: ModelSpec, network: Network | null): Summary {
  const layers = network ? builtLayers(network) : unbuiltLayers(spec);
  const total = network ? countParameters(network.weights) : 0;
  const trainable = layers.reduce((sum, layer) => sum + layer.trainableParameters, 0);
  return {
    name: spec.name,
    layers,
    totalParameters: total,
    trainableParameters: trainable,
    nonTrainableParameters: total - trainable,
    inputShape: network ? [null, ...network.inputShape] : null,
  };
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
