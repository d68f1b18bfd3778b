/** Callbacks and `keep` in a whole run: what they do to weights, logs and history. */
import { expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { buildNetwork } from '../../src/nn/network.ts';
import type { FitReport } from '../../src/records.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { NumbersFailed } from '../../src/training/failure.ts';
import { type FitResult, type FitSettings, fit } from '../../src/training/fit.ts';
import type { Samples } from '../../src/training/run.ts';

const column = (values: number[]) => ({
  shape: [values.length, 1],
  values: Float32Array.from(values),
});
/** y = 2x, and validation rows that want something else, so that they get worse in the end. */
const train: Samples = { x: column([1, 2, 3, 4]), y: column([2, 4, 6, 8]) };
const validation: Samples = { x: column([1, 2]), y: column([1, 2]) };

interface Outcome {
  readonly reports: FitReport[];
  readonly result: FitResult;
}

function run(
  callbacks: object[],
  changed: Partial<FitSettings> = {},
  validationRows: Samples | null = validation,
): Outcome {
  const document = {
    input_shape: [1],
    layers: [{ units: 1, use_bias: false, kernel_initializer: 'zeros' }],
    compile: { optimizer: { type: 'sgd', learning_rate: 0.01 }, loss: 'mse', metrics: ['mae'] },
    fit: { callbacks },
  };
  const { spec } = readSpec(JSON.stringify(document), 'model.json');
  const network = buildNetwork(spec, [1]);
  const { optimizer, loss, metrics } = spec.compile;
  if (!optimizer || !loss) throw new Error('the spec says both');
  const epochs = fit(network, initialWeights(network, 1), train, validationRows, {
    optimizer,
    loss,
    metrics,
    epochs: 20,
    initialEpoch: 0,
    batchSize: 2,
    validationBatchSize: 2,
    validationFreq: 1,
    shuffle: false,
    seed: 1,
    callbacks: spec.fit.callbacks,
    keep: 'last',
    monitor: null,
    ...changed,
  });
  const reports: FitReport[] = [];
  for (;;) {
    const next = epochs.next();
    if (next.done) return { reports, result: next.value };
    if (next.value.kind !== 'pause') reports.push(next.value);
  }
}

const kernelOf = ({ result }: Outcome) => result.weights[0].tensors[0].values[0];
const lossOf = (kernel: number, { x, y }: Samples) =>
  x.values.reduce((sum, value, i) => sum + (kernel * value - y.values[i]) ** 2, 0) / x.shape[0];

test('early stopping ends the run, and restoring gives the weights of the best epoch back', () => {
  const outcome = run([{ type: 'EarlyStopping', patience: 2, restore_best_weights: true }]);
  const losses = outcome.result.history.val_loss.map(Number);
  const best = losses.indexOf(Math.min(...losses));
  expect(losses.length).toBe(best + 3);
  expect(lossOf(kernelOf(outcome), validation)).toBeCloseTo(losses[best], 6);
  expect([outcome.result.lastEpoch, outcome.result.keptEpoch]).toEqual([best + 3, best + 1]);
});

test('keep best saves the weights that the best validation loss was measured with', () => {
  const outcome = run([], { keep: 'best' });
  const losses = outcome.result.history.val_loss.map(Number);
  expect(losses.length).toBe(20);
  expect(lossOf(kernelOf(outcome), validation)).toBeCloseTo(Math.min(...losses), 6);
  expect(kernelOf(outcome)).not.toBe(kernelOf(run([])));
  const best = losses.map(Number).indexOf(Math.min(...losses.map(Number)));
  expect([outcome.result.lastEpoch, outcome.result.keptEpoch]).toEqual([20, best + 1]);
  expect(run([]).result.keptEpoch).toBe(null);
});

test('keep best without validation measures the training rows again after each epoch', () => {
  const options = { keep: 'best', monitor: 'loss', epochs: 6 } as const;
  // A rate this large overshoots, so that the last epoch is the worst.
  const wild = [{ type: 'LearningRateScheduler', schedule: 'where(epoch < 3, 0.01, 0.3)' }];
  const kept = kernelOf(run(wild, options, null));
  const candidates = [1, 2, 3, 4, 5, 6].map((epochs) => kernelOf(run(wild, { epochs }, null)));
  const losses = candidates.map((kernel) => lossOf(kernel, train));
  expect(kept).toBe(candidates[losses.indexOf(Math.min(...losses))]);
  expect(kept).not.toBe(candidates[5]);
});

test('a scheduled rate is used, logged behind everything else, and stored', () => {
  const { reports, result } = run(
    [{ type: 'LearningRateScheduler', schedule: 'lr / 2 ** (epoch > 0)' }],
    { epochs: 3 },
  );
  const rates = [0.01, 0.005, 0.0025].map(Math.fround);
  expect(result.history.learning_rate).toEqual(rates);
  const ends = reports.filter((report) => report.kind === 'epoch-end');
  expect(ends[0].logs.map(([name]) => name)).toEqual([
    'loss',
    'mae',
    'val_loss',
    'val_mae',
    'learning_rate',
  ]);
  // One SGD step from 0 on rows 1 and 2: the gradient of the mean square is −2 (1·2 + 2·4) / 2.
  const first = run([{ type: 'LearningRateScheduler', schedule: '0.1 * (lr > 0)' }], { epochs: 1 });
  const afterOne = 0.1 * 10;
  const second = (2 * (3 * (3 * afterOne - 6) + 4 * (4 * afterOne - 8))) / 2;
  expect(kernelOf(first)).toBeCloseTo(afterOne - 0.1 * second, 5);
});

test('a lowered rate slows the steps', () => {
  const plateau = { type: 'ReduceLROnPlateau', monitor: 'val_loss', patience: 1, factor: 0 };
  const outcome = run([plateau]);
  const { val_loss: losses } = outcome.result.history;
  // From the epoch after the first that got worse, the rate is 0 and nothing moves.
  expect(new Set(losses.slice(-5)).size).toBe(1);
});

test('one due epoch of validation is enough to watch it', () => {
  const best = run([], { keep: 'best', validationFreq: [20] });
  expect(best.result.keptEpoch).toBe(null);
  const freq = { validationFreq: 7, initialEpoch: 13, epochs: 14 };
  expect(run([{ type: 'EarlyStopping' }], freq).result.history.val_loss.length).toBe(1);
});

test('validation happens in the epochs that are due', () => {
  expect(run([], { validationFreq: 5 }).result.history.val_loss.length).toBe(4);
  expect(run([], { validationFreq: [1, 20, 7] }).result.history.val_loss.length).toBe(3);
});

test('what a callback says comes before the end of its epoch, the end of training after all', () => {
  const { reports } = run([{ type: 'EarlyStopping', patience: 0, verbose: 1 }]);
  expect(reports.at(-1)).toEqual({
    kind: 'message',
    said: 'callback',
    text: 'Epoch 3: early stopping',
  });
  const scheduled = run([{ type: 'LearningRateScheduler', schedule: 'lr', verbose: 1 }], {
    epochs: 1,
  });
  expect(scheduled.reports.slice(0, 2).map(({ kind }) => kind)).toEqual(['message', 'epoch-begin']);
});

const refused: [string, object[], Partial<FitSettings>, Samples | null, string][] = [
  [
    'validation that does not happen',
    [{ type: 'EarlyStopping' }],
    {},
    null,
    'mlp: EarlyStopping: monitor: expected one of loss, mae; found "val_loss"\n  give rows to validate with: --validation-split or --validation-data\n',
  ],
  [
    'validation that is never due',
    [{ type: 'EarlyStopping' }],
    { validationFreq: 21 },
    validation,
    'mlp: EarlyStopping: monitor: expected one of loss, mae; found "val_loss"\n  validation is due after none of the epochs: use a lower --validation-freq\n',
  ],
  [
    'it for the best weights',
    [],
    { keep: 'best', validationFreq: [3, 21], initialEpoch: 3 },
    validation,
    'mlp: --keep best: monitor: expected one of loss, mae; found "val_loss"\n  validation is due after none of the epochs: use a lower --validation-freq\n',
  ],
  [
    'a name that is not measured',
    [{ type: 'ReduceLROnPlateau', monitor: 'val_mea' }],
    {},
    validation,
    'mlp: ReduceLROnPlateau: monitor: expected one of loss, mae, val_loss, val_mae; found "val_mea"\n  did you mean "val_mae"?\n',
  ],
  [
    'for keep, too',
    [],
    { keep: 'best', monitor: 'accuracy' },
    validation,
    'mlp: --keep best: monitor: expected one of loss, mae, val_loss, val_mae; found "accuracy"\n  measure it: --metrics accuracy\n',
  ],
];

test.each(refused)(
  'watching %s is refused before the first epoch',
  (_, callbacks, changed, rows, text) => {
    let found: unknown;
    try {
      run(callbacks, changed, rows);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(UserError);
    if (found instanceof UserError) expect([found.exitCode, found.format()]).toEqual([2, text]);
  },
);

test('a formula that gives no rate stops the run, whose last state is there to be saved', () => {
  const fails = () => run([{ type: 'LearningRateScheduler', schedule: 'lr - epoch' }]);
  let found: unknown;
  try {
    fails();
  } catch (error) {
    found = error;
  }
  expect(found).toBeInstanceOf(NumbersFailed);
  if (!(found instanceof NumbersFailed)) return;
  expect(found.problems).toEqual([
    'epoch 2: LearningRateScheduler: expected a rate of 0 or more; found -0.99',
  ]);
  expect([found.exitCode, found.remedy]).toEqual([5, 'the formula is lr - epoch']);
  expect([found.checkpoint?.epoch, found.checkpoint?.step]).toEqual([1, 0]);
});
