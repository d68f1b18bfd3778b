/** A spec with shapes: which layers, which weights of which shape. No numbers and no graph yet. */
import { ExitCode, UserError } from '../errors.ts';
import { sizeOf } from '../ndarray.ts';
import { MAX_INPUT_SIZE, MAX_PARAMETERS } from '../spec/limits.ts';
import type { LayerSpec, ModelSpec } from '../spec/spec.ts';
import { formatThousands } from '../words.ts';
import { checkConstraint } from './constraints.ts';
import { checkInitializer } from './initializers.ts';
import type { WeightDefinition } from './layers/layer.ts';
import { layerOf } from './layers/table.ts';
import { checkActivityRegularizer, checkRegularizer } from './regularizers.ts';
import { ShapeError } from './shape-error.ts';

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

/** Where a layer of the spec, or an argument of it, stands in the user's document: `model.json: layers[1]`. */
type PlaceOfLayer = (index: number, key?: string) => string;

/** Where nobody knows a document. */
const placeInSpec: PlaceOfLayer = (index, key) =>
  key === undefined ? `layers[${index}]` : `layers[${index}].${key}`;

/**
 * Gives every layer its shapes. Nothing is allocated that grows with them.
 *
 * @param inputShape  of one sample, without the batch axis
 * @param placeOf     for messages
 * @throws {UserError} exit 2 where a layer does not suit its input, where the parameters are more
 *   than MAX_PARAMETERS, or one row's outputs more than MAX_INPUT_SIZE
 */
export function buildNetwork(
  spec: ModelSpec,
  inputShape: readonly number[],
  placeOf: PlaceOfLayer = placeInSpec,
): Network {
  const layers: NetworkLayer[] = [];
  let shape = inputShape;
  let parameters = 0;
  spec.layers.forEach((layer, index) => {
    const built = buildLayer(layer, shape, (key) => placeOf(index, key));
    layers.push(built);
    shape = built.outputShape;
    parameters += countParameters(built.weights);
    checkSize(parameters, shape, () => placeOf(index));
  });
  const weights = layers.flatMap((layer) => layer.weights);
  return { name: spec.name, inputShape, outputShape: shape, layers, weights };
}

function buildLayer(
  spec: LayerSpec,
  inputShape: readonly number[],
  placeOf: (key?: string) => string,
): NetworkLayer {
  const definition = layerOf(spec);
  const { name, trainable } = spec;
  try {
    const outputShape = definition.outputShape(spec, inputShape);
    const weights = definition.weights(spec, inputShape).map((weight) => ({
      ...weight,
      layer: name,
      trainable: trainable && weight.trainable !== false,
    }));
    checkWeights(weights);
    checkActivityRegularizer(spec.activity_regularizer, outputShape, 'activity_regularizer');
    const { className } = definition;
    return { name, className, spec, inputShape, outputShape, weights, trainable };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new UserError(ExitCode.usage, `${placeOf(error.key)}: ${error.message}`);
  }
}

/** Bytes of a float32 in GiB. */
const GIB_PER_NUMBER = 4 / 2 ** 30;

/** @throws {ShapeError} where what a layer is told about a weight does not suit the weight's shape */
function checkWeights(weights: readonly WeightDefinition[]): void {
  for (const { name, shape, initializer, regularizer, constraint } of weights) {
    checkInitializer(initializer, shape, `${name}_initializer`);
    checkRegularizer(regularizer, shape, `${name}_regularizer`);
    checkConstraint(constraint, shape, `${name}_constraint`);
  }
}

/** @throws {UserError} where the model grows too large with the layer at this place */
function checkSize(parameters: number, outputShape: readonly number[], place: () => string): void {
  if (parameters > MAX_PARAMETERS) {
    const gib = Math.round(parameters * GIB_PER_NUMBER);
    const found = `${formatThousands(parameters)} (${formatThousands(gib)} GiB) up to this layer`;
    const expected = `expected at most ${formatThousands(MAX_PARAMETERS)} parameters in all`;
    throw new UserError(ExitCode.usage, `${place()}: ${expected}; found ${found}`);
  }
  const outputs = sizeOf(outputShape);
  if (outputs > MAX_INPUT_SIZE) {
    const expected = `expected at most ${formatThousands(MAX_INPUT_SIZE)} outputs for one row`;
    throw new UserError(
      ExitCode.usage,
      `${place()}: ${expected}; found ${formatThousands(outputs)}`,
    );
  }
}

/** How many numbers these weights hold. */
export function countParameters(weights: readonly WeightDefinition[]): number {
  return weights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
}
