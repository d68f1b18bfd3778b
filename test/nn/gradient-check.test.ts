/** Gradients of every layer and activation in float64, parameter by parameter, against differences. */
import { describe, expect, test } from 'vitest';
import { referenceEngine } from '../../src/engine/reference.ts';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph, type Tensor } from '../../src/graph/graph.ts';
import { mul, square, sumAll } from '../../src/graph/ops.ts';
import { makePlan } from '../../src/graph/plan.ts';
import { activations } from '../../src/nn/activations.ts';
import { BLOCKS, forward, parametersOf, sumOf } from '../../src/nn/forward.ts';
import { buildNetwork, type Network } from '../../src/nn/network.ts';
import { randomStream } from '../../src/random.ts';
import type { layers } from '../../src/spec/layers.ts';
import { inputOf } from '../../src/training/compile.ts';
import { read } from '../spec/read-errors.ts';

/** Relative to the larger of 1 and the gradient. Central differences leave about h² and 1e-16 / h. */
const TOLERANCE = 1e-8;
const STEP = 1e-5;
const BATCH = 3;

/** Everything that is varied, by name, and the value that is differentiated. */
class Check {
  readonly network: Network;
  readonly #session;
  readonly #values = new Map<string, Float64Array>();
  readonly #lengths = new Map<string, number>();

  constructor(shape: readonly number[], layer: readonly object[]) {
    this.network = buildNetwork(read({ input_shape: shape, layers: layer }).spec, shape);
    const graph = new Graph();
    const parameters = parametersOf(graph, this.network);
    const x = inputOf(graph, 'x', shape);
    const { output, penalties } = forward(this.network, parameters, x, true);
    const weighting = inputOf(graph, 'weighting', this.network.outputShape);
    const loss = sumOf(sumAll(mul(square(output), weighting)), penalties);
    const own = parameters.weights.filter(({ spec }) => spec.trainable);
    const tensors = [x, ...own.map(({ tensor }) => tensor)];
    const names = ['x', ...own.map(({ spec }) => `${spec.layer}/${spec.name}`)];
    const named: Record<string, Tensor> = { loss };
    gradients(loss, tensors).forEach((gradient, i) => {
      named[`d ${names[i]}`] = gradient;
    });
    const plan = makePlan(graph, { run: Object.values(named) }, named, BATCH);
    this.#session = referenceEngine('float64').prepare(plan, 1);
    const random = randomStream(1, 'gradient check');
    const draw = (length: number) => Float64Array.from({ length }, () => 2 * random() - 1);
    for (const [name, block] of Object.entries(BLOCKS)) {
      const size = parameters[block]?.shape.cols;
      // Moving variances are among the frozen ones and above 0.
      if (size) this.#set(name, name === 'frozen' ? draw(size).map(Math.abs) : draw(size));
    }
    this.#set('x', draw(BATCH * x.shape.rows * x.shape.cols));
    this.#set('weighting', draw(BATCH * weighting.shape.rows * weighting.shape.cols));
    own.forEach(({ spec, offset, tensor: { shape: own } }) => {
      this.#places.set(`${spec.layer}/${spec.name}`, { block: BLOCKS.trainable, offset });
      this.#lengths.set(`${spec.layer}/${spec.name}`, own.rows * own.cols);
    });
    this.#places.set('x', { block: 'x', offset: 0 });
    this.#lengths.set('x', BATCH * x.shape.rows * x.shape.cols);
  }

  readonly #places = new Map<string, { block: string; offset: number }>();

  #set(name: string, values: Float64Array): void {
    this.#values.set(name, values);
    this.#session.write(name, values);
  }

  #loss(): number {
    this.#session.run('run', BATCH, 1);
    return this.#session.readNumber('loss');
  }

  /** The largest disagreement of each varied tensor, by name. */
  errors(): Record<string, number> {
    const result: Record<string, number> = {};
    for (const [name, length] of this.#lengths) {
      const place = this.#places.get(name);
      const values = this.#values.get(place?.block ?? '');
      if (!place || !values) throw new Error(`nothing is called ${name}`);
      this.#loss();
      const gradient = new Float64Array(length);
      this.#session.read(`d ${name}`, gradient);
      let worst = 0;
      for (let i = 0; i < length; i++) {
        const at = place.offset + i;
        const kept = values[at];
        const moved = (step: number) => {
          values[at] = kept + step;
          this.#session.write(place.block, values);
          return this.#loss();
        };
        const difference = (moved(STEP) - moved(-STEP)) / (2 * STEP);
        moved(0);
        const error = Math.abs(difference - gradient[i]) / Math.max(1, Math.abs(gradient[i]));
        worst = Math.max(worst, error);
      }
      result[name] = worst;
    }
    return result;
  }
}

/** Each layer as it may be written, behind a Dense so that gradients have to pass through it. */
const variants: Readonly<Record<keyof typeof layers, readonly object[]>> = {
  Dense: [
    { units: 3, kernel_regularizer: 'l2', bias_regularizer: 'l1', activity_regularizer: 'l2' },
  ],
  InputLayer: [],
  Activation: [{ activation: 'tanh' }],
  ReLU: [{}, { max_value: 0.5, negative_slope: 0.1, threshold: 0.2 }],
  LeakyReLU: [{}],
  PReLU: [
    { alpha_initializer: 'ones', alpha_regularizer: 'l2' },
    { shared_axes: [1] },
    { shared_axes: [2] },
    { shared_axes: [1, 2] },
  ],
  ELU: [{ alpha: 0.7 }],
  Softmax: [{}, { axis: 1 }, { axis: [1, 2] }],
  Dropout: [{ rate: 0.4 }],
  GaussianDropout: [{ rate: 0.4 }],
  GaussianNoise: [{ stddev: 0.4 }],
  AlphaDropout: [{ rate: 0.4 }],
  ActivityRegularization: [{ l1: 0.1, l2: 0.2 }],
  BatchNormalization: [
    { gamma_regularizer: 'l2', beta_regularizer: 'l2' },
    { axis: 1, center: false },
    { trainable: false },
  ],
  LayerNormalization: [{}, { axis: [1, 2] }, { axis: 1, scale: false }],
  RMSNormalization: [{}, { axis: [1, 2] }, { axis: 1 }],
  UnitNormalization: [{}, { axis: 1 }],
  Normalization: [{}, { mean: [0.1, 0.2, 0.3, 0.4], variance: 2 }, { axis: 1 }, { axis: null }],
  Rescaling: [
    { scale: [1, 2, 3, 4], offset: [[1], [2]] },
    { scale: 0.5, offset: 1 },
  ],
  Flatten: [{}],
  Reshape: [{ target_shape: [4, -1] }],
  Permute: [{ dims: [2, 1] }],
};

describe.each(
  Object.entries(variants).flatMap(([type, list]) => list.map((variant) => ({ type, ...variant }))),
)('%j', (layer) => {
  test('passes on gradients that differences confirm', () => {
    const check = new Check([2, 3], [{ units: 4 }, layer, { units: 2, activation: 'tanh' }]);
    const errors = check.errors();
    const own = check.network.weights.filter(({ trainable }) => trainable);
    const names = own.map((weight) => `${weight.layer}/${weight.name}`);
    expect(Object.keys(errors).sort()).toEqual(['x', ...names].sort());
    for (const [name, error] of Object.entries(errors)) {
      expect(error, name).toBeLessThan(TOLERANCE);
    }
  });
});

/** Arguments of those that need some. */
const needed: Readonly<Record<string, object>> = {
  threshold: { threshold: 0.1, default_value: -0.5 },
};

describe.each(Object.keys(activations))('%s', (name) => {
  const activation = { name, ...needed[name] };
  test.each([
    ['on Dense', [{ units: 4, activation }, { units: 2 }]],
    ['as a layer', [{ units: 4 }, { type: 'Activation', activation }, { units: 2 }]],
  ])('%s passes on gradients that differences confirm', (_where, stack) => {
    for (const [parameter, error] of Object.entries(new Check([2, 3], stack).errors())) {
      expect(error, parameter).toBeLessThan(TOLERANCE);
    }
  });
});
