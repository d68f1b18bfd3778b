/**
 * Whole models against the real Keras: from its JSON through `fit` to predictions. Data, weights and
 * numbers are in fixtures/keras/models.json, the tolerances in its README.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { splitRows } from '../../src/data/split.ts';
import type { LayerWeights } from '../../src/ndarray.ts';
import { buildNetwork, type Network } from '../../src/nn/network.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import type { ModelSpec } from '../../src/spec/spec.ts';
import { checkInputs, checkSampleWeight, checkTargets } from '../../src/training/check.ts';
import { withClassWeight } from '../../src/training/class-weight.ts';
import { type FitResult, type FitSettings, fit } from '../../src/training/fit.ts';
import { createPredictor } from '../../src/training/predict.ts';
import { type Samples, TrainingRun } from '../../src/training/run.ts';
import { arrayOf, expectNear, flat, type KerasNumbers } from '../nn/keras-numbers.ts';

/** Of fixtures/keras/README.md. */
const CLOSE = { atol: 1e-6, rtol: 1e-5 };
const AFTER_TRAINING = { atol: 5e-6, rtol: 5e-5 };

interface Case {
  readonly model: string;
  readonly config: object;
  readonly compile: object;
  readonly fit: Readonly<Record<string, unknown>> & { readonly batch_size: number };
  readonly weight_paths: readonly string[];
  readonly trainable_paths: readonly string[];
  readonly initial_weights: readonly KerasNumbers[];
  readonly x: KerasNumbers;
  readonly y: KerasNumbers;
  readonly sample_weight?: KerasNumbers;
  readonly validation_data?: readonly [KerasNumbers, KerasNumbers];
  readonly predict_before: KerasNumbers;
  readonly step1: {
    readonly rows: readonly [number, number];
    readonly loss: number;
    readonly gradients: readonly KerasNumbers[];
  };
  readonly history: Readonly<Record<string, readonly KerasNumbers[]>>;
  readonly final_weights: readonly KerasNumbers[];
  readonly evaluate_after: Readonly<Record<string, KerasNumbers>>;
  readonly predict_after: KerasNumbers;
}

const file = join(import.meta.dirname, '../../fixtures/keras/models.json');
const cases: Case[] = JSON.parse(readFileSync(file, 'utf8')).cases;

/** Keras's JSON of the layers, and its compile and fit arguments, as one spec. */
function specOf({ config, compile, fit: fitArguments }: Case): ModelSpec {
  const { spec } = readSpec(JSON.stringify(config), 'keras.json');
  const rest = { input_shape: [1], layers: [{ units: 1 }], compile, fit: fitArguments };
  const own = readSpec(JSON.stringify(rest), 'compile and fit').spec;
  return { ...spec, compile: own.compile, fit: own.fit };
}

/** Keras's flat list of weights, in the network's order. */
function weightsOf(network: Network, numbers: readonly KerasNumbers[]): LayerWeights[] {
  let next = 0;
  return network.layers.map(({ name, weights }) => ({
    layer: name,
    tensors: weights.map((weight) => ({
      name: weight.name,
      shape: weight.shape,
      values: Float32Array.from(flat(numbers[next++])),
    })),
  }));
}

function expectWeights(found: readonly LayerWeights[], wanted: readonly KerasNumbers[]): void {
  const tensors = found.flatMap(({ layer, tensors }) =>
    tensors.map(({ name, values }) => ({ path: `${layer}/${name}`, values })),
  );
  expect(tensors.length).toBe(wanted.length);
  for (const [i, { values }] of tensors.entries()) {
    expectNear(values, wanted[i], AFTER_TRAINING);
  }
}

/** One golden case, ready to run. */
class Model {
  readonly spec: ModelSpec;
  readonly network: Network;
  readonly start: LayerWeights[];
  readonly settings: FitSettings;

  constructor(readonly golden: Case) {
    this.spec = specOf(golden);
    if (!this.spec.input_shape) throw new Error('Keras says the shape');
    this.network = buildNetwork(this.spec, this.spec.input_shape);
    this.start = weightsOf(this.network, golden.initial_weights);
    const { optimizer, loss, metrics, weighted_metrics } = this.spec.compile;
    if (!optimizer || !loss) throw new Error('Keras says both');
    const { fit: options } = this.spec;
    this.settings = {
      optimizer,
      loss,
      metrics,
      weightedMetrics: weighted_metrics,
      epochs: options.epochs,
      initialEpoch: 0,
      batchSize: golden.fit.batch_size,
      validationBatchSize: options.validation_batch_size ?? golden.fit.batch_size,
      validationFreq: options.validation_freq,
      shuffle: false,
      seed: 0,
      callbacks: options.callbacks,
      keep: 'last',
      monitor: null,
    };
  }

  samples(x: KerasNumbers, y: KerasNumbers, weights?: KerasNumbers): Samples {
    const { loss } = this.settings;
    return {
      x: checkInputs(this.network, arrayOf(x), 'x'),
      y: checkTargets(this.network, loss, arrayOf(y), { source: 'y' }),
      sampleWeight: weights ? checkSampleWeight(this.network, arrayOf(weights), 'y') : null,
    };
  }

  /** Training and validation samples as Keras takes them. */
  data(): { train: Samples; validation: Samples | null } {
    const { x, y, sample_weight, validation_data } = this.golden;
    const whole = this.samples(x, y, sample_weight);
    const rows = Uint32Array.from({ length: whole.x.shape[0] }, (_, row) => row);
    const shares = { validation: this.spec.fit.validation_split, test: 0 };
    const split = splitRows(rows, { kind: 'last' }, shares);
    const [training, validation] = [split.training.length, split.validation.length];
    const given = validation_data ? this.samples(...validation_data) : null;
    if (validation === 0) return { train: this.weighted(whole), validation: given };
    return {
      train: this.weighted(rowsOf(whole, 0, training)),
      validation: rowsOf(whole, training, training + validation),
    };
  }

  /** Training rows with the weights of their classes; validation rows get none. */
  weighted(train: Samples): Samples {
    const { class_weight } = this.spec.fit;
    const origin = { source: 'class_weight', classes: null };
    return class_weight
      ? withClassWeight(train, class_weight, this.network, this.settings.loss, origin)
      : train;
  }

  train(train: Samples, validation: Samples | null, changed: Partial<FitSettings> = {}): FitResult {
    const settings = { ...this.settings, ...changed };
    const epochs = fit(this.network, this.start, train, validation, settings);
    for (;;) {
      const next = epochs.next();
      if (next.done) return next.value;
    }
  }
}

function rowsOf({ x, y, sampleWeight }: Samples, first: number, end: number): Samples {
  const cut = ({ shape, values }: Samples['x']) => {
    const width = values.length / shape[0];
    return {
      shape: [end - first, ...shape.slice(1)],
      values: values.slice(first * width, end * width),
    };
  };
  return { x: cut(x), y: cut(y), sampleWeight: sampleWeight ? cut(sampleWeight) : null };
}

describe.each(cases.map((golden) => [golden.model, golden] as const))('%s', (_, golden) => {
  const model = new Model(golden);
  const { train, validation } = model.data();

  test('weights have the names and shapes that Keras gives them', () => {
    const paths = model.network.weights.map(
      ({ layer, name }) => `${golden.model}/${layer}/${name}`,
    );
    expect(paths).toEqual(golden.weight_paths);
  });

  test('predictions before training', () => {
    const predictor = createPredictor(model.network, model.start);
    const x = arrayOf(golden.x);
    expectNear(predictor.predict(x.values, x.shape[0]), golden.predict_before, CLOSE);
  });

  test('loss and gradients of the first batch, by name', () => {
    const [first, end] = golden.step1.rows;
    // With SGD at rate 1 and no constraint, what a weight loses in one step is its gradient.
    const free = { ...model.network, weights: model.network.weights.map(withoutConstraint) };
    const sgd = { type: 'sgd', learning_rate: 1, momentum: 0, nesterov: false } as const;
    const settings = { ...model.settings, optimizer: sgd };
    const batch = rowsOf(train, first, end);
    const run = new TrainingRun(free, model.start, settings, batch, end - first);
    const order = Int32Array.from({ length: end - first }, (_, row) => row);
    const rows = { order, first: 0, end: end - first, batch: end - first };
    const [loss] = run.trainBatches(batch, rows).values;
    expectNear([loss], golden.step1.loss, CLOSE);
    const before = model.start.flatMap(({ tensors }) => tensors);
    const after = run.weights().flatMap(({ tensors }) => tensors);
    golden.trainable_paths.forEach((path, i) => {
      const at = golden.weight_paths.indexOf(path);
      const gradient = before[at].values.map((value, j) => value - after[at].values[j]);
      // Both are rounded to float32 near the weight's own size.
      expectNear(
        gradient,
        golden.step1.gradients[i],
        CLOSE,
        (j) => Math.abs(before[at].values[j]) * 2e-7 + Math.abs(gradient[j]) * 1e-6,
      );
    });
  });

  const result = model.train(train, validation);

  test('the history of every epoch', () => {
    expect(Object.keys(result.history).sort()).toEqual(Object.keys(golden.history).sort());
    for (const [name, values] of Object.entries(golden.history)) {
      expectNear(flat(result.history[name]), values, AFTER_TRAINING);
    }
  });

  test('the weights after training', () => expectWeights(result.weights, golden.final_weights));

  test('evaluation and predictions after training', () => {
    const whole = model.samples(golden.x, golden.y, golden.sample_weight);
    const rows = whole.x.shape[0];
    const run = new TrainingRun(model.network, result.weights, model.settings, whole, rows);
    for (const [name, value] of run.evaluate(whole, Math.min(32, rows))) {
      expectNear(flat(value), golden.evaluate_after[name], AFTER_TRAINING);
    }
    const predictor = createPredictor(model.network, result.weights);
    expectNear(predictor.predict(whole.x.values, rows), golden.predict_after, AFTER_TRAINING);
  });
});

function withoutConstraint<W extends { readonly constraint: unknown }>(weight: W): W {
  return { ...weight, constraint: null };
}
