/** A spec with shapes: which layers, which weights of which shape. No numbers and no graph yet. */
import { ExitCode, UserError } from '../errors.ts';
import { sizeOf } from '../ndarray.ts';
import { MAX_PARAMETERS } from '../spec/limits.ts';
import type { LayerSpec, ModelSpec } from '../spec/spec.ts';
import type { WeightDefinition } from './layers/layer.ts';
import { layerOf } from './layers/table.ts';

/** One weight of the network. */
export interface WeightSpec extends WeightDefinition {
  /** The layer's name. */
  readonly layer: string;
  readonly trainable: boolean;
}

/** One layer with its shapes, without the batch axis. */
export interface NetworkLayer {
  readonly name: string;
  readonly className: string;
  readonly spec: LayerSpec;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly weights: readonly WeightSpec[];
  readonly trainable: boolean;
}

/** A built network. */
export interface Network {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly layers: readonly NetworkLayer[];
  /** All weights in Keras's order: layer by layer. */
  readonly weights: readonly WeightSpec[];
}

/**
 * Gives every layer its shapes.
 *
 * @param inputShape  of one sample, without the batch axis
 * @throws {UserError} where the parameters are more than MAX_PARAMETERS
 */
export function buildNetwork(spec: ModelSpec, inputShape: readonly number[]): Network {
  const layers: NetworkLayer[] = [];
  let shape = inputShape;
  let parameters = 0;
  spec.layers.forEach((layer, index) => {
    const built = buildLayer(layer, shape);
    layers.push(built);
    shape = built.outputShape;
    parameters += countParameters(built.weights);
    if (parameters > MAX_PARAMETERS) throw tooLarge(index, parameters);
  });
  const weights = layers.flatMap((layer) => layer.weights);
  return { name: spec.name, inputShape, outputShape: shape, layers, weights };
}

function buildLayer(spec: LayerSpec, inputShape: readonly number[]): NetworkLayer {
  const definition = layerOf(spec);
  const { name, trainable } = spec;
  const weights = definition.weights(spec, inputShape);
  return {
    name,
    className: definition.className,
    spec,
    inputShape,
    outputShape: definition.outputShape(spec, inputShape),
    weights: weights.map((weight) => ({ ...weight, layer: name, trainable })),
    trainable,
  };
}

/** How many numbers these weights hold. */
export function countParameters(weights: readonly WeightDefinition[]): number {
  return weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}

function tooLarge(index: number, parameters: number): UserError {
  const found = `${parameters.toLocaleString('en-US')} up to here`;
  const limit = MAX_PARAMETERS.toLocaleString('en-US');
  return new UserError(
    ExitCode.usage,
    `layers[${index}]: expected at most ${limit} parameters in all; found ${found}`,
    'use fewer units',
  );
}
