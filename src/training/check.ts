/** Whether data fit a network and its loss: all that can be seen before the first epoch. */
import { ExitCode, UserError } from '../errors.ts';
import { Graph } from '../graph/graph.ts';
import { formatShape, type NdArray, sizeOf } from '../ndarray.ts';
import { forward, parametersOf } from '../nn/forward.ts';
import type { Targets } from '../nn/losses/loss.ts';
import { crossentropyFor, losses } from '../nn/losses.ts';
import type { Network } from '../nn/network.ts';
import type { LossSpec } from '../spec/losses.ts';
import { quote } from '../words.ts';
import { inputOf } from './compile.ts';
import { outOfReach } from './reach.ts';

/** Where targets come from, for messages. */
interface TargetSource {
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
      `the model's input_shape is ${JSON.stringify(wanted)}`,
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
  const { outputShape } = network;
  const targets = targetsOf(network, loss, y.shape);
  checkLoss(network, loss, targets);
  const isSparse = targets === 'class numbers';
  const wanted = isSparse ? [...outputShape.slice(0, -1), 1] : outputShape;
  const found = y.shape.slice(1);
  if (!sameButForOnes(found, wanted)) {
    throw new UserError(
      ExitCode.data,
      `${origin.source}: expected targets of shape ${batchShape(wanted)}; found ${batchShape(found)}`,
      shapeRemedy(network, targets, found),
    );
  }
  if (isSparse) checkClassNumbers(network, y, ignoredClass(loss), origin);
  if (targets === 'probabilities') checkProbabilities(network, loss, y, origin);
  return { shape: [y.shape[0], ...wanted], values: y.values };
}

/**
 * What a loss takes as targets, with Keras's rule where the shapes decide.
 *
 * @param targetShape  `[n, …]`
 */
export function targetsOf(
  { outputShape }: Network,
  loss: LossSpec,
  targetShape: readonly number[],
): Targets {
  const { targets } = losses[loss.type];
  if (targets !== 'by shape') return targets;
  const outputs = outputShape[outputShape.length - 1];
  const isSparse = targetShape.length <= outputShape.length || targetShape.at(-1) === 1;
  return losses[crossentropyFor(outputs, isSparse ? 1 : outputs).type].targets;
}

/**
 * What is odd about a network, its loss and its targets but can be computed: sentences for people.
 *
 * @param y  what is to be learnt, as `checkTargets` leaves it; null where nothing is
 */
export function notesOn(network: Network, loss: LossSpec, y: NdArray | null): string[] {
  const graph = new Graph();
  const x = inputOf(graph, 'x', network.inputShape);
  const { op } = forward(network, parametersOf(graph, network), x, false).output;
  const notes: string[] = [];
  const unreached = y && outOfReach(network, loss, y);
  if (unreached !== null) notes.push(`warning: ${unreached}`);
  // Keras warns of it too. Wherever it is, nothing in front of it can learn.
  else if (graph.tensors.some((tensor) => tensor.op === 'softmax' && tensor.shape.cols === 1)) {
    notes.push('warning: softmax over 1 output is always 1; use sigmoid');
  }
  const wantsLogits = 'from_logits' in loss && loss.from_logits;
  if (wantsLogits && (op === 'softmax' || op === 'sigmoid')) {
    const found = `the model ends in ${op}, which gives no logits`;
    notes.push(`warning: ${loss.type} has from_logits, but ${found}`);
  }
  const wantsProbabilities = 'from_logits' in loss && !loss.from_logits;
  const isFree = op === 'add' || op === 'matmul' || op === 'relu';
  if (wantsProbabilities && isFree) {
    const usual = losses[loss.type].targets === 'probabilities' ? 'sigmoid' : 'softmax';
    const remedy = `end it in ${usual}, or give the loss from_logits`;
    notes.push(
      `warning: ${loss.type} takes probabilities, but the last layer gives any number: ${remedy}`,
    );
  }
  return notes;
}

/** Losses over classes need an output for each class, and arguments that fit the outputs. */
function checkLoss({ layers, outputShape }: Network, loss: LossSpec, targets: Targets): void {
  const units = outputShape[outputShape.length - 1];
  const last = quote(layers[layers.length - 1].name);
  if ('axis' in loss && loss.axis && loss.axis !== -1 && loss.axis !== outputShape.length) {
    const problem = `${loss.type}: axis: expected -1, the last axis; found ${loss.axis}`;
    throw new UserError(ExitCode.usage, problem);
  }
  if (loss.type === 'categorical_focal_crossentropy' && typeof loss.alpha !== 'number') {
    checkAlpha(loss.alpha.length, units, last);
  }
  if ((targets !== 'one per class' && targets !== 'class numbers') || units > 1) return;
  throw new UserError(
    ExitCode.usage,
    `${loss.type}: expected 2 or more outputs, one for each class; found 1 (layer ${last})`,
    'for two classes and one output use binary_crossentropy with a sigmoid',
  );
}

function checkAlpha(found: number, units: number, layer: string): void {
  if (found === units) return;
  throw new UserError(
    ExitCode.usage,
    `categorical_focal_crossentropy: alpha: expected ${units} numbers, the units of layer ${layer}; found ${found}`,
  );
}

/** The class number that the loss leaves out. */
function ignoredClass(loss: LossSpec): number | undefined {
  return loss.type === 'sparse_categorical_crossentropy'
    ? (loss.ignore_class ?? undefined)
    : undefined;
}

/** Class numbers must be whole and below the number of outputs, or the one that is left out. */
function checkClassNumbers(
  network: Network,
  y: NdArray,
  ignored: number | undefined,
  { source, classes }: TargetSource,
): void {
  const units = network.outputShape[network.outputShape.length - 1];
  const last = quote(network.layers[network.layers.length - 1].name);
  const remedy = (count: number) => `give the last layer ${count} units`;
  if (classes && classes.length > units) {
    const found = `found ${classes.length} classes`;
    const expected = `expected at most ${units} classes, the units of layer ${last}`;
    throw new UserError(ExitCode.data, `${source}: ${expected}; ${found}`, remedy(classes.length));
  }
  const index = y.values.findIndex(
    (value) => !(Number.isInteger(value) && value >= 0 && value < units) && value !== ignored,
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

/** Targets of binary cross-entropies are probabilities, mostly 0 and 1. */
function checkProbabilities(
  network: Network,
  loss: LossSpec,
  y: NdArray,
  { source, classes }: TargetSource,
): void {
  const index = y.values.findIndex((value) => !(value >= 0 && value <= 1));
  if (index < 0) return;
  const row = Math.floor(index / (sizeOf(y.shape.slice(1)) || 1)) + 1;
  const found = classes ? `class ${y.values[index]} of ${classes.length}` : `${y.values[index]}`;
  const units = network.outputShape[network.outputShape.length - 1];
  throw new UserError(
    ExitCode.data,
    `${source}: target of row ${row}: ${loss.type} expected 0 or 1; found ${found}`,
    units === 1 && classes
      ? `for ${classes.length} classes use ${classes.length} units, softmax and sparse_categorical_crossentropy`
      : undefined,
  );
}

/**
 * Sample weights as training takes them: `[n, 1]`, or `[n, k]` for outputs of k rows.
 *
 * @param weights  `[n]`, `[n, 1]`, or `[n, …]` with the leading axes of the output
 * @throws {UserError} exit 3 for other shapes
 */
export function checkSampleWeight(network: Network, weights: NdArray, source: string): NdArray {
  const [rows, ...found] = weights.shape;
  const outputRows = network.outputShape.slice(0, -1);
  const size = sizeOf(found);
  if (size !== 1 && !sameButForOnes(found, outputRows)) {
    const each = outputRows.length > 0 ? ` or ${batchShape(outputRows)}` : '';
    throw new UserError(
      ExitCode.data,
      `${source}: sample_weight: expected the shape (None,)${each}; found ${batchShape(found)}`,
    );
  }
  return { shape: [rows, size], values: weights.values };
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

function shapeRemedy(network: Network, targets: Targets, found: readonly number[]): string {
  const last = quote(network.layers[network.layers.length - 1].name);
  const columns = found[found.length - 1] ?? 1;
  if (targets === 'one per class' && columns === 1) {
    return 'for class numbers in one column use sparse_categorical_crossentropy';
  }
  if (targets === 'class numbers') {
    return 'for one column per class use categorical_crossentropy';
  }
  const units = network.outputShape[network.outputShape.length - 1];
  return `layer ${last} has ${units} units, the targets have ${columns} columns: make them equal`;
}
