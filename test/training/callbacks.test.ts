import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { float32Functions } from '../../src/engine/elementary.ts';
import { parseFormula } from '../../src/graph/formula.ts';
import type { CallbackOf } from '../../src/spec/callbacks.ts';
import type { Control } from '../../src/training/callbacks/callback.ts';
import { EarlyStopping } from '../../src/training/callbacks/early-stopping.ts';
import { LearningRateScheduler } from '../../src/training/callbacks/learning-rate-scheduler.ts';
import { ReduceLROnPlateau } from '../../src/training/callbacks/reduce-lr-on-plateau.ts';

interface Trace {
  readonly kind: string;
  readonly config: Record<string, number | boolean | string>;
  readonly values: (number | string)[];
  readonly start?: number;
  readonly used?: number[];
  readonly after?: number[];
  readonly epochs_run?: number;
  readonly stopped?: boolean;
  readonly best_epoch?: number;
  readonly best?: number | string;
  readonly weights_of_epoch?: number;
}

const file = join(import.meta.dirname, '../../fixtures/keras/schedules.json');
const traces: Trace[] = JSON.parse(readFileSync(file, 'utf8')).cases;

/** A run whose weights are the number of the epoch. */
function fakeRun(learningRate: number) {
  let epochNow = 0;
  let weights = 0;
  const said: string[] = [];
  let isStopped = false;
  const control: Control = {
    learningRate,
    stop: () => {
      isStopped = true;
    },
    snapshot: () => Float32Array.of(epochNow),
    restore: ([epoch]) => {
      weights = epoch;
    },
    log: () => {},
    say: (text) => said.push(text),
  };
  return {
    control,
    said,
    atEpoch: (epoch: number) => {
      epochNow = epoch;
      weights = epoch;
    },
    isStopped: () => isStopped,
    weights: () => weights,
  };
}

const earlyDefaults: CallbackOf<'EarlyStopping'> = {
  type: 'EarlyStopping',
  monitor: 'val_loss',
  min_delta: 0,
  patience: 0,
  verbose: 0,
  mode: 'auto',
  baseline: null,
  restore_best_weights: false,
  start_from_epoch: 0,
};
const plateauDefaults: CallbackOf<'ReduceLROnPlateau'> = {
  type: 'ReduceLROnPlateau',
  monitor: 'val_loss',
  factor: 0.1,
  patience: 10,
  verbose: 0,
  mode: 'auto',
  min_delta: 1e-4,
  cooldown: 0,
  min_lr: 0,
};

function title({ config, values }: Trace): string {
  return `${JSON.stringify(config)} on ${values.slice(0, 4).join(', ')}, …`;
}

describe('EarlyStopping stops and restores where Keras does', () => {
  const cases = traces.filter(({ kind }) => kind === 'EarlyStopping');
  test('there are traces', () => expect(cases.length).toBeGreaterThan(20));
  for (const trace of cases) {
    test(title(trace), () => {
      const direction = trace.config.mode === 'max' ? 'max' : 'min';
      const callback = new EarlyStopping({ ...earlyDefaults, ...trace.config }, direction);
      const run = fakeRun(0.1);
      let epochsRun = 0;
      for (const [epoch, value] of trace.values.entries()) {
        run.atEpoch(epoch);
        epochsRun++;
        callback.onEpochEnd(epoch, [['val_loss', Number(value)]], run.control);
        if (run.isStopped()) break;
      }
      callback.onTrainEnd(run.control);
      expect({
        epochs_run: epochsRun,
        stopped: run.isStopped(),
        best_epoch: callback.bestEpoch,
        best: callback.best,
        weights_of_epoch: run.weights(),
      }).toEqual({
        epochs_run: trace.epochs_run,
        stopped: trace.stopped,
        best_epoch: trace.best_epoch,
        best: Number(trace.best),
        weights_of_epoch: trace.weights_of_epoch,
      });
    });
  }
});

describe('ReduceLROnPlateau reduces where Keras does', () => {
  const cases = traces.filter(({ kind }) => kind === 'ReduceLROnPlateau');
  test('there are traces', () => expect(cases.length).toBeGreaterThan(20));
  for (const trace of cases) {
    test(title(trace), () => {
      const direction = trace.config.mode === 'max' ? 'max' : 'min';
      const callback = new ReduceLROnPlateau({ ...plateauDefaults, ...trace.config }, direction);
      const run = fakeRun(Math.fround(trace.start ?? 0));
      const after: number[] = [];
      for (const [epoch, value] of trace.values.entries()) {
        callback.onEpochEnd(epoch, [['val_loss', Number(value)]], run.control);
        run.control.learningRate = Math.fround(run.control.learningRate);
        after.push(run.control.learningRate);
      }
      expect(after).toEqual(trace.after?.map(Math.fround));
    });
  }
});

/** What a formula makes of the rate 0.5 in epoch 0, and of that in epoch 1, … */
function scheduledRates(text: string, epochs: number): number[] {
  const expression = parseFormula(text, ['epoch', 'lr'], ['epoch', 'lr']);
  const schedule = { text, expression };
  const callback = new LearningRateScheduler({
    type: 'LearningRateScheduler',
    schedule,
    verbose: 0,
  });
  const { control } = fakeRun(0.5);
  return Array.from({ length: epochs }, (_, epoch) => {
    callback.onEpochBegin(epoch, control);
    return control.learningRate;
  });
}

describe('LearningRateScheduler computes as the layers do, in float32 with our own functions', () => {
  const f32 = Math.fround;
  const { exp, pow } = float32Functions;
  test.each<[string, (epoch: number) => number]>([
    ['0 * lr + 0.1', () => f32(0.1)],
    ['epoch', (epoch) => epoch],
    ['lr / 2', (epoch) => 0.5 / 2 ** (epoch + 1)],
    ['0.1 * exp(-0.3 * epoch)', (epoch) => f32(f32(0.1) * exp(f32(f32(-0.3) * epoch)))],
    ['0.1 * 0.9 ** epoch', (epoch) => f32(f32(0.1) * pow(f32(0.9), epoch))],
    ['where(epoch < 2, lr, 0.001)', (epoch) => (epoch < 2 ? 0.5 : f32(0.001))],
  ])('%s', (text, rate) => {
    expect(scheduledRates(text, 5)).toEqual([0, 1, 2, 3, 4].map(rate));
  });

  test('and says what came out where it is no rate', () => {
    expect(() => scheduledRates('log(epoch)', 1)).toThrow(
      'epoch 1: LearningRateScheduler: expected a rate of 0 or more; found -Infinity',
    );
  });
});

test('a verbose EarlyStopping says what Keras says', () => {
  const spec = { ...earlyDefaults, restore_best_weights: true, verbose: 1 } as const;
  const callback = new EarlyStopping(spec, 'min');
  const run = fakeRun(0.1);
  for (const [epoch, value] of [1, 0.5, 0.7].entries()) {
    run.atEpoch(epoch);
    callback.onEpochEnd(epoch, [['val_loss', value]], run.control);
  }
  callback.onTrainEnd(run.control);
  expect(run.said).toEqual([
    'Epoch 3: early stopping',
    'Restoring model weights from the end of the best epoch: 2.',
  ]);
});

test('a verbose ReduceLROnPlateau shows the rate as Keras does', () => {
  const spec = { ...plateauDefaults, patience: 1, factor: 0.5, verbose: 1 } as const;
  const callback = new ReduceLROnPlateau(spec, 'min');
  const run = fakeRun(Math.fround(0.05));
  callback.onEpochEnd(0, [['val_loss', 1]], run.control);
  callback.onEpochEnd(1, [['val_loss', 1]], run.control);
  expect(run.said).toEqual([
    '\nEpoch 2: ReduceLROnPlateau reducing learning rate to 0.02500000037252903.',
  ]);
});
