/**
 * The gradient of a whole model in float64 against central differences, parameter by parameter: what
 * the checks of pairs and of the whole product share. The names come from the program's own tables, so
 * that what is added to them is checked, too.
 */
import type { Session } from '../../src/engine/engine.ts';
import { referenceEngine } from '../../src/engine/reference.ts';
import { sizeOf } from '../../src/ndarray.ts';
import type { ActivationName } from '../../src/nn/activations.ts';
import { BLOCKS } from '../../src/nn/forward.ts';
import { buildNetwork, type Network } from '../../src/nn/network.ts';
import { type Random, randomStream } from '../../src/random.ts';
import { layers } from '../../src/spec/layers.ts';
import { losses } from '../../src/spec/losses.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { type CompiledModel, compileModel, INPUTS } from '../../src/training/compile.ts';

const STEP = 1e-5;
/** Where a kink lies within the first step, it lies beyond the second; a wrong gradient is wrong by both. */
const STEPS = [STEP, STEP / 100];
/** Relative to the larger of 1 and the gradient. */
const TOLERANCE = 1e-6;
const BATCH = 3;
/** Outputs; even, so that glu can halve what comes before. */
export const UNITS = 4;

/** Arguments that have no default. */
const activationArguments: Partial<Record<ActivationName, object>> = {
  threshold: { threshold: 0.1, default_value: -0.3 },
};
export const layerArguments: Readonly<Record<string, object>> = {
  Dense: { units: UNITS, kernel_regularizer: { l1: 0.01, l2: 0.02 }, activity_regularizer: 'l2' },
  Activation: { activation: 'tanh' },
  PReLU: { alpha_initializer: 'ones' },
  Dropout: { rate: 0.4 },
  GaussianDropout: { rate: 0.4 },
  GaussianNoise: { stddev: 0.3 },
  AlphaDropout: { rate: 0.4 },
  ActivityRegularization: { l1: 0.01, l2: 0.02 },
  Normalization: { mean: 0.2, variance: 1.5 },
  Rescaling: { scale: 0.7, offset: 0.1 },
  Reshape: { target_shape: [-1, 2] },
  Permute: { dims: [1] },
};
/** An input layer has no computation, and `crossentropy` is another word for one of the others. */
export const layerTypes = Object.keys(layers).filter((type) => type !== 'InputLayer');
export const lossTypes = Object.keys(losses).filter((type) => type !== 'crossentropy');

const overClasses = new Set([
  'categorical_crossentropy',
  'categorical_focal_crossentropy',
  'sparse_categorical_crossentropy',
  'categorical_generalized_cross_entropy',
  'kl_divergence',
]);
const classNumbers = new Set([
  'sparse_categorical_crossentropy',
  'categorical_generalized_cross_entropy',
]);
const ofProbabilities = new Set([
  'binary_crossentropy',
  'binary_focal_crossentropy',
  'mean_absolute_percentage_error',
  'mean_squared_logarithmic_error',
  'poisson',
  'dice',
  'tversky',
]);

/** A last layer whose outputs the loss is defined on. */
export function lastLayer(loss: string): object {
  if (overClasses.has(loss)) return { units: UNITS, activation: 'softmax' };
  return { units: UNITS, activation: ofProbabilities.has(loss) ? 'sigmoid' : 'linear' };
}

function targetsFor(loss: string, rows: number, random: Random): number[] {
  if (classNumbers.has(loss)) {
    return Array.from({ length: rows }, () => Math.floor(random() * UNITS));
  }
  // Away from 0, where some losses have kinks.
  return Array.from({ length: rows * UNITS }, () => 0.1 + 0.8 * random());
}

interface Checked {
  readonly network: Network;
  readonly model: CompiledModel;
  readonly session: Session;
  readonly start: Float64Array;
}

function prepare(document: object, loss: string): Checked {
  const { spec } = readSpec(JSON.stringify(document), 'model.json');
  if (!spec.input_shape || !spec.compile.loss) throw new Error('the document says both');
  const network = buildNetwork(spec, spec.input_shape);
  const leading = network.outputShape.slice(0, -1);
  const targetShape = classNumbers.has(loss) ? [...leading, 1] : network.outputShape;
  // With SGD at rate 1, what a parameter loses in one step is its gradient.
  const optimizer = readSpec(
    JSON.stringify({ ...document, compile: { optimizer: { name: 'sgd', learning_rate: 1 } } }),
    'model.json',
  ).spec.compile.optimizer;
  if (!optimizer) throw new Error('the document says it');
  const settings = { optimizer, loss: spec.compile.loss, metrics: [] };
  const model = compileModel(network, { ...settings, weightedMetrics: [] }, targetShape, 0, BATCH);
  const session = referenceEngine('float64').prepare(model.plan, 7);

  const random = randomStream(3, JSON.stringify(document));
  const uniform = (n: number, low: number, high: number) =>
    Float64Array.from({ length: n }, () => low + (high - low) * random());
  session.write(INPUTS.x, uniform(BATCH * sizeOf(network.inputShape), -1.5, 1.5));
  session.write(INPUTS.y, targetsFor(loss, BATCH * sizeOf(leading), random));
  session.write(INPUTS.step, [1]);
  const { trainable, frozen } = model.parameters;
  if (frozen) session.write(BLOCKS.frozen, uniform(frozen.shape.cols, 0.5, 1.5));
  return { network, model, session, start: uniform(trainable?.shape.cols ?? 0, -0.9, 0.9) };
}

/** Names every parameter: `dense/kernel[3]`. */
function nameOf({ model }: Checked, index: number): string {
  const weight = model.parameters.weights
    .filter(({ spec }) => spec.trainable)
    .findLast(({ offset }) => offset <= index);
  return `${weight?.spec.layer}/${weight?.spec.name}[${index - (weight?.offset ?? 0)}]`;
}

function lossAt({ session, model }: Checked, parameters: Float64Array, rate: number): number {
  session.write(INPUTS.learningRate, [rate]);
  session.write(BLOCKS.trainable, parameters);
  session.run('train', BATCH, 1);
  return session.readNumber(model.train.loss);
}

/** Compares every parameter's gradient with a central difference; lists those that differ. */
export function wrongGradients(document: object, loss: string): string[] {
  const checked = prepare(document, loss);
  const { session, start } = checked;
  if (start.length === 0) throw new Error('nothing to check');
  lossAt(checked, start, 1);
  const after = new Float64Array(start.length);
  session.read(BLOCKS.trainable, after);
  return [...start].flatMap((value, index) => {
    const gradient = value - after[index];
    if (STEPS.some((step) => isClose(gradient, slopeAt(checked, index, step)))) return [];
    return [
      `${nameOf(checked, index)}: gradient ${gradient}, slope ${slopeAt(checked, index, STEP)}`,
    ];
  });
}

/** The central difference of the loss by one parameter. */
function slopeAt(checked: Checked, index: number, step: number): number {
  const { start } = checked;
  const shifted = (shift: number) => lossAt(checked, start.with(index, start[index] + shift), 0);
  return (shifted(step) - shifted(-step)) / (2 * step);
}

function isClose(gradient: number, slope: number): boolean {
  return Math.abs(gradient - slope) / Math.max(1, Math.abs(slope)) < TOLERANCE;
}

export const named = (name: string) => ({
  name,
  ...activationArguments[name as ActivationName],
});
export const compileWith = (loss: string) => ({ optimizer: 'sgd', loss });
