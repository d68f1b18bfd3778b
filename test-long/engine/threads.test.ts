/**
 * Every optimizer on threads 1, 2, 3 and 5 beside the reference engine, over layers with chance, with running means
 * and without either, the last batch short: equal bits of all weights, slots and measures. `test/engine/wasm/threads.test.ts` has one.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Session } from '../../src/engine/engine.ts';
import { referenceEngine } from '../../src/engine/reference.ts';
import { WasmSession } from '../../src/engine/wasm/session.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { optimizers } from '../../src/spec/optimizers.ts';
import { compileModel } from '../../src/training/compile.ts';
import { measuredPlaces } from '../../src/training/epoch-means.ts';
import { OptimizerClock } from '../../src/training/optimizer-clock.ts';
import { loadWeights } from '../../src/training/weights.ts';
import { bitsOf, numbers } from '../../test/engine/wasm/compare.ts';
import { modelOf } from '../../test/training/train-model.ts';

const WIDTH = 40;
const BATCH = 130;
const STEPS = 6;
const ROWS = BATCH * STEPS - 37;

const output = { units: 5, activation: 'softmax' };
const layers: Record<string, object[]> = {
  'dense layers': [{ units: 96, activation: 'relu' }, { units: 64, activation: 'tanh' }, output],
  'chance and running means': [
    { units: 96, activation: 'relu' },
    { type: 'Dropout', rate: 0.3 },
    { type: 'BatchNormalization' },
    { type: 'GaussianNoise', stddev: 0.1 },
    { units: 64, activation: 'gelu', kernel_regularizer: { l2: 0.01 } },
    output,
  ],
};

const settings: readonly object[] = [
  ...Object.keys(optimizers)
    .filter((type) => type !== 'lbfgs')
    .map((type) => ({ type })),
  { type: 'sgd', momentum: 0.9, nesterov: true, global_clipnorm: 0.1 },
  { type: 'adam', gradient_accumulation_steps: 2, clipnorm: 0.1 },
  { type: 'adam', amsgrad: true, use_ema: true, ema_overwrite_frequency: 2 },
];

const tables = [
  { name: 'x', values: numbers(ROWS * WIDTH, 'x', false) },
  { name: 'y', values: Float32Array.from({ length: ROWS }, (_, i) => (i * 7) % 5) },
];

describe.each(Object.keys(layers))('%s', (name) => {
  test.each(settings)('%o', async (optimizer) => {
    const loss = 'sparse_categorical_crossentropy';
    const compile = { optimizer, loss, metrics: ['accuracy'] };
    const made = modelOf({ input_shape: [WIDTH], layers: layers[name], compile });
    const model = compileModel(made.network, made.settings, [1], 0, BATCH);
    const train = (session: Session) => {
      const { optimizer: spec } = made.settings;
      if (spec.type === 'lbfgs') throw new Error('it has no steps');
      loadWeights(session, model.parameters, initialWeights(made.network, 1));
      const order = Int32Array.from({ length: ROWS }, (_, i) => (i * 11) % ROWS);
      const measures = measuredPlaces(model.train);
      const rows = { order, first: 0, end: ROWS, batch: BATCH };
      const next = new OptimizerClock(session, spec).next(STEPS);
      const { values } = session.runSeries({ ...next, ...rows, tables, measures });
      const kept = [...model.plan.places].filter(([place]) =>
        /^(trainable|frozen|slot)/.test(place),
      );
      const bits = kept.map(([place, { rows, cols }]) => {
        const found = new Float32Array(rows * cols);
        session.read(place, found);
        return [place, bitsOf(found)] as const;
      });
      return { measured: bitsOf(values.slice()), bits };
    };
    const wanted = train(referenceEngine('float32').prepare(model.plan, 1));
    expect(wanted.bits.length).toBeGreaterThan(0);
    for (const threads of [1, 2, 3, 5]) {
      const session = new WasmSession(model.plan, 1, threads);
      onTestFinished(() => session.close());
      for (let i = 0; i < 1000 && session.threads < threads; i++) await sleep(10);
      expect(session.threads).toBe(threads);
      expect(train(session)).toEqual(wanted);
    }
  });
});
