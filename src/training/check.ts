/** Whether data fit a network and its loss: all that can be seen before the first epoch. */
import { ExitCode, UserError } from '../errors.ts';
import { formatShape, type NdArray, sizeOf } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import type { LossSpec } from '../spec/losses.ts';
import { quote } from '../words.ts';

/** Where targets come from, for messages. */
export interface TargetSource {
  /** The file's name. */
  readonly source: string;
  /** The class texts in order, where the targets are class numbers of a table. */
  readonly classes?: readonly string[] | null;
}

/**
 * The inputs with the network's shape.
 *
 * @param x  `[n, …]`; a single trailing or missing axis of length 1 is let pass, as in Keras
 * @throws {UserError} exit 3 where the shapes differ
 */
export function checkInputs(network: Network, x: NdArray, source: string): NdArray {
  const found = x.shape.slice(1);
  const wanted = network.inputShape;
  if (!sameButForOnes(found, wanted)) {
    throw new UserError(
      ExitCode.data,
      `${source}: expected inputs of shape ${batchShape(wanted)}; found ${batchShape(found)}`,
      `The model's input_shape is ${JSON.stringify(wanted)}.`,
    );
  }
  return { shape: [x.shape[0], ...wanted], values: x.values };
}

/**
 * The targets with the shape that the loss wants: the output's own, or class numbers `[…, 1]`.
 *
 * @param y  `[n, …]`
 * @throws {UserError} exit 2 where the loss does not fit the network, 3 where the targets fit neither
 */
export function checkTargets(
  network: Network,
  loss: LossSpec,
  y: NdArray,
  origin: TargetSource,
): NdArray {
  checkLoss(network, loss);
  const { outputShape } = network;
  const isSparse = loss.type === 'sparse_categorical_crossentropy';
  const wanted = isSparse ? [...outputShape.slice(0, -1), 1] : outputShape;
  const found = y.shape.slice(1);
  if (!sameButForOnes(found, wanted)) {
    throw new UserError(
      ExitCode.data,
      `${origin.source}: expected targets of shape ${batchShape(wanted)}; found ${batchShape(found)}`,
      shapeRemedy(network, loss, found),
    );
  }
  if (isSparse) checkClassNumbers(network, y, origin);
  if (loss.type === 'binary_crossentropy') checkProbabilities(network, y, origin);
  return { shape: [y.shape[0], ...wanted], values: y.values };
}

/** Cross-entropies over classes need an output for each class. */
function checkLoss({ layers, outputShape }: Network, loss: LossSpec): void {
  const overClasses =
    loss.type === 'categorical_crossentropy' || loss.type === 'sparse_categorical_crossentropy';
  const units = outputShape[outputShape.length - 1];
  if (!overClasses || units > 1) return;
  const last = quote(layers[layers.length - 1].name);
  throw new UserError(
    ExitCode.usage,
    `${loss.type}: expected 2 or more outputs, one for each class; found 1 (layer ${last})`,
    'For two classes and one output use binary_crossentropy with a sigmoid.',
  );
}

/** Class numbers must be whole and below the number of outputs. */
function checkClassNumbers(network: Network, y: NdArray, { source, classes }: TargetSource): void {
  const units = network.outputShape[network.outputShape.length - 1];
  const last = quote(network.layers[network.layers.length - 1].name);
  const remedy = (count: number) => `Give the last layer ${count} units.`;
  if (classes && classes.length > units) {
    const found = `found ${classes.length} classes`;
    const expected = `expected at most ${units} classes, the units of layer ${last}`;
    throw new UserError(ExitCode.data, `${source}: ${expected}; ${found}`, remedy(classes.length));
  }
  const index = y.values.findIndex(
    (value) => !(Number.isInteger(value) && value >= 0 && value < units),
  );
  if (index < 0) return;
  const value = y.values[index];
  const row = Math.floor(index / (sizeOf(y.shape.slice(1)) || 1)) + 1;
  throw new UserError(
    ExitCode.data,
    `${source}: target of row ${row}: expected a class number from 0 to ${units - 1}; found ${value}`,
    Number.isInteger(value) && value >= units ? remedy(value + 1) : undefined,
  );
}

/** Targets of a binary cross-entropy are probabilities, mostly 0 and 1. */
function checkProbabilities(network: Network, y: NdArray, { source, classes }: TargetSource): void {
  const index = y.values.findIndex((value) => !(value >= 0 && value <= 1));
  if (index < 0) return;
  const row = Math.floor(index / (sizeOf(y.shape.slice(1)) || 1)) + 1;
  const found = classes ? `class ${y.values[index]} of ${classes.length}` : `${y.values[index]}`;
  const units = network.outputShape[network.outputShape.length - 1];
  throw new UserError(
    ExitCode.data,
    `${source}: target of row ${row}: binary_crossentropy expected 0 or 1; found ${found}`,
    units === 1 && classes
      ? `For ${classes.length} classes use ${classes.length} units, softmax and sparse_categorical_crossentropy.`
      : undefined,
  );
}

/** Shapes that hold the same numbers in the same order, up to one axis of length 1 at the end. */
function sameButForOnes(a: readonly number[], b: readonly number[]): boolean {
  const bare = (shape: readonly number[]) =>
    shape.length > 0 && shape[shape.length - 1] === 1 ? shape.slice(0, -1) : shape;
  const isSame = (x: readonly number[], y: readonly number[]) =>
    x.length === y.length && x.every((length, i) => length === y[i]);
  return isSame(a, b) || isSame(bare(a), b) || isSame(a, bare(b));
}

function batchShape(shape: readonly number[]): string {
  return formatShape([null, ...shape]);
}

function shapeRemedy(network: Network, loss: LossSpec, found: readonly number[]): string {
  const last = quote(network.layers[network.layers.length - 1].name);
  const columns = found[found.length - 1] ?? 1;
  if (loss.type === 'categorical_crossentropy' && columns === 1) {
    return 'For class numbers in one column use sparse_categorical_crossentropy.';
  }
  if (loss.type === 'sparse_categorical_crossentropy') {
    return 'For one column per class use categorical_crossentropy.';
  }
  const units = network.outputShape[network.outputShape.length - 1];
  return `Layer ${last} has ${units} units, the targets have ${columns} columns: make them equal.`;
}
