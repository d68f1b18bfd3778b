/**
 * What `fit` prints, from real training: our numbers in our log against Keras's own logs of the same
 * runs (fixtures/keras/text/fit_runs_*.json), callbacks and their messages included.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { LayerWeights } from '../../src/ndarray.ts';
import { EpochLog } from '../../src/report/epoch-log.ts';
import type { FitSettings } from '../../src/training/fit.ts';
import type { Samples } from '../../src/training/run.ts';
import { expectClose, flat, type Nested, shapeOf } from '../close.ts';
import { build } from '../keras-goldens.ts';
import { arrayOf, modelOf, run } from './train-model.ts';

interface Runs {
  readonly x: readonly Nested[];
  readonly y: readonly Nested[];
  readonly weights: readonly Nested[];
  readonly cases: readonly { readonly name: string; readonly normalised: string }[];
}

interface Arguments {
  readonly metrics?: readonly (string | object)[];
  /** Validation rows: the last ones, or the first 20 given once more. */
  readonly validation?: number | 'first 20';
  readonly callbacks?: readonly object[];
  readonly settings: Partial<FitSettings>;
}

const watch = { monitor: 'val_loss', mode: 'min', min_delta: 0.2, verbose: 1 };

/** The calls behind the texts. */
const calls: Readonly<Record<string, Arguments>> = {
  '': {
    metrics: ['accuracy'],
    validation: 'first 20',
    settings: { epochs: 3, batchSize: 16, validationBatchSize: 16 },
  },
  _metrics: {
    metrics: ['mae', { class_name: 'AUC', config: { name: 'auc' } }, 'accuracy'],
    validation: 20,
    settings: { epochs: 2 },
  },
  _one_epoch: { settings: { epochs: 1 } },
  _initial_epoch: { settings: { epochs: 12, initialEpoch: 10 } },
  _callbacks: {
    metrics: ['accuracy'],
    validation: 30,
    callbacks: [
      { type: 'ReduceLROnPlateau', patience: 1, factor: 0.5, ...watch },
      { type: 'EarlyStopping', patience: 3, restore_best_weights: true, ...watch },
      { type: 'LearningRateScheduler', schedule: 'lr', verbose: 1 },
    ],
    settings: { epochs: 8 },
  },
};

function samples(x: readonly Nested[], y: readonly Nested[]): Samples {
  return { x: arrayOf([...x]), y: { ...arrayOf([...y]), shape: [y.length, 1] } };
}

function startOf(weights: readonly Nested[]): LayerWeights[] {
  const tensor = (name: string, i: number) => ({
    name,
    shape: shapeOf(weights[i]),
    values: Float32Array.from(flat(weights[i])),
  });
  return [
    { layer: 'dense', tensors: [tensor('kernel', 0), tensor('bias', 1)] },
    { layer: 'dense_1', tensors: [tensor('kernel', 2), tensor('bias', 3)] },
  ];
}

/** The log of one call, times as the fixture has them. */
function logOf(runs: Runs, style: 'keras2' | 'keras3', verbose: 1 | 2, call: Arguments): string {
  const { metrics = [], validation, callbacks = [], settings } = call;
  const document = {
    input_shape: [3],
    layers: [
      { units: 4, activation: 'tanh' },
      { units: 1, activation: 'sigmoid' },
    ],
    compile: {
      optimizer: { name: 'adam', learning_rate: 0.05 },
      loss: 'binary_crossentropy',
      metrics,
    },
    fit: { callbacks },
  };
  const specs = build(document).spec.fit.callbacks;
  const model = modelOf(document, { ...settings, callbacks: specs });
  const { x, y } = runs;
  const cut = x.length - (typeof validation === 'number' ? validation : 0);
  const aside =
    validation === undefined
      ? null
      : validation === 'first 20'
        ? samples(x.slice(0, 20), y.slice(0, 20))
        : samples(x.slice(cut), y.slice(cut));
  const { reports } = run(model, samples(x.slice(0, cut), y.slice(0, cut)), {
    weights: startOf(runs.weights),
    validation: aside,
  });
  const log = new EpochLog({ style, verbose, display: 'final', color: false });
  // A millisecond for each report: what the times are is another test's matter.
  const text = reports.map((report, i) => log.write(report, i / 1000)).join('');
  return text
    .replace(/ - \d+s /g, ' - <T> ')
    .replace(/ \d+s (\d+(?:us|ms|s)\/step)/g, ' <T> $1')
    .replace(/\d+(?:us|ms|s)\/(step|epoch)/g, '<t>/$1');
}

/**
 * Keras draws the bar of the first batch before a message of the epoch's end; off a terminal we draw
 * finished bars only, so that there its line is empty. Keras 2 says that it restores before it draws
 * the last bar, we (as Keras 3) after training has ended.
 */
function asWePrint(text: string, style: string): string {
  const shown = text.replace(/^1\/3 .*$/gm, '');
  if (style === 'keras3') return shown;
  const [restoring = ''] = shown.match(/^Restoring.*\n/m) ?? [];
  return shown.replace(restoring, '') + restoring;
}

/** Measured values apart, which may be printed one apart in the last digit, texts must be equal. */
function expectLog(found: string, wanted: string): void {
  const value = /\b\d+\.\d{4}\b/g;
  const values = (text: string) => [...text.matchAll(value)].map(([number]) => Number(number));
  expect(found.replace(value, '#')).toBe(wanted.replace(value, '#'));
  expectClose(values(found), values(wanted), { atol: 1.01e-4, rtol: 0 });
}

describe.each(['keras2', 'keras3'] as const)('%s', (style) => {
  const file = join(import.meta.dirname, `../../fixtures/keras/text/fit_runs_${style}.json`);
  const runs: Runs = JSON.parse(readFileSync(file, 'utf8'));

  test('every text has its call', () => {
    const names = [1, 2].flatMap((v) => Object.keys(calls).map((name) => `fit_verbose${v}${name}`));
    expect(runs.cases.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  test.each(runs.cases)('$name', ({ name, normalised }) => {
    const [, verbose, call] = name.match(/^fit_verbose([12])(.*)$/) ?? [];
    const found = logOf(runs, style, verbose === '1' ? 1 : 2, calls[call]);
    expectLog(found, asWePrint(normalised, style));
  });
});
