/**
 * Gradients of whole models in float64 against central differences, parameter by parameter: every
 * activation with every loss, every layer with every activation and every loss. The names come from
 * the spec's own tables, so that what is added to them is checked, too.
 */
import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/engine/engine.ts';
import { referenceEngine } from '../../src/engine/reference.ts';
import { sizeOf } from '../../src/ndarray.ts';
import { type ActivationName, activations } from '../../src/nn/activations.ts';
import { BLOCKS } from '../../src/nn/forward.ts';
import { buildNetwork, type Network } from '../../src/nn/network.ts';
import { type Random, randomStream } from '../../src/random.ts';
import { layers } from '../../src/spec/layers.ts';
import { losses } from '../../src/spec/losses.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { type CompiledModel, compileModel, INPUTS } from '../../src/training/compile.ts';

const STEP = 1e-5;
/** Relative to the larger of 1 and the gradient. */
const TOLERANCE = 1e-6;
const BATCH = 3;
/** Outputs; even, so that glu can halve what comes before. */
const UNITS = 4;

/** Arguments that have no default. */
const activationArguments: Partial<Record<ActivationName, object>> = {
  threshold: { threshold: 0.1, default_value: -0.3 },
};
const layerArguments: Readonly<Record<string, object>> = {
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
const layerTypes = Object.keys(layers).filter((type) => type !== 'InputLayer');
const lossTypes = Object.keys(losses).filter((type) => type !== 'crossentropy');

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
function lastLayer(loss: string): object {
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
function wrongGradients(document: object, loss: string): string[] {
  const checked = prepare(document, loss);
  const { session, start } = checked;
  if (start.length === 0) throw new Error('nothing to check');
  lossAt(checked, start, 1);
  const after = new Float64Array(start.length);
  session.read(BLOCKS.trainable, after);
  return [...start].flatMap((value, index) => {
    const shifted = (shift: number) => start.with(index, value + shift);
    const high = lossAt(checked, shifted(STEP), 0);
    const slope = (high - lossAt(checked, shifted(-STEP), 0)) / (2 * STEP);
    const gradient = value - after[index];
    const error = Math.abs(gradient - slope) / Math.max(1, Math.abs(slope));
    const isRight = error < TOLERANCE;
    return isRight ? [] : [`${nameOf(checked, index)}: gradient ${gradient}, slope ${slope}`];
  });
}

const named = (name: string) => ({
  name,
  ...activationArguments[name as ActivationName],
});
const compileWith = (loss: string) => ({ optimizer: 'sgd', loss });

describe.each(Object.keys(activations))('activation %s', (name) => {
  test.each(lossTypes)('with loss %s', (loss) => {
    const hidden = { units: 4, activation: named(name) };
    const document = {
      input_shape: [2],
      layers: [hidden, lastLayer(loss)],
      compile: compileWith(loss),
    };
    expect(wrongGradients(document, loss)).toEqual([]);
  });
});

describe.each(layerTypes)('layer %s', (type) => {
  const layer = { type, ...layerArguments[type] };

  test.each(lossTypes)('with loss %s', (loss) => {
    const document = {
      input_shape: [4],
      layers: [{ units: 4, activation: 'tanh' }, layer, { type: 'Flatten' }, lastLayer(loss)],
      compile: compileWith(loss),
    };
    expect(wrongGradients(document, loss)).toEqual([]);
  });

  test.each(Object.keys(activations))('with activation %s', (name) => {
    const document = {
      input_shape: [4],
      layers: [{ units: 8, activation: named(name) }, layer, { type: 'Flatten' }, { units: UNITS }],
      compile: compileWith('mse'),
    };
    expect(wrongGradients(document, 'mean_squared_error')).toEqual([]);
  });
});

test('a rank 3 input through layers of its own, some of them frozen', () => {
  const document = {
    input_shape: [3, 2],
    layers: [
      { units: 4, activation: 'tanh', kernel_regularizer: 'l2' },
      { units: 3, activation: 'x * sigmoid(x)', trainable: false },
      { units: UNITS, activity_regularizer: { l1: 0.01 } },
    ],
    compile: compileWith('mse'),
  };
  expect(wrongGradients(document, 'mean_squared_error')).toEqual([]);
});
