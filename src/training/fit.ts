/**
 * Training: epochs of batches over rows in memory. Free of files, terminals and clocks: it yields
 * plain reports, and whoever iterates decides what to print.
 */
import { ExitCode, UserError } from '../errors.ts';
import type { LayerWeights } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import { randomStream, shuffle } from '../random.ts';
import type { FitReport, History, Logs } from '../records.ts';
import type { CallbackSpec } from '../spec/callbacks.ts';
import { adapt } from './adapt.ts';
import { CallbackList } from './callbacks/callback-list.ts';
import { KeepBest } from './callbacks/keep-best.ts';
import type { CompileSettings } from './compile.ts';
import { checkOptimizer } from './optimizer-check.ts';
import { inOrder, type Samples, TrainingRun } from './run.ts';

export interface FitSettings extends CompileSettings {
  /** The final epoch's number, as in Keras: with `initialEpoch` 10 and `epochs` 12, two are run. */
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly batchSize: number;
  readonly validationBatchSize: number;
  /** Validation happens after every n-th epoch, or after the epochs of a list (counted from 1). */
  readonly validationFreq: number | readonly number[];
  /** Whether rows come in a new random order in each epoch. */
  readonly shuffle: boolean;
  readonly seed: number;
  readonly callbacks: readonly CallbackSpec[];
  /** Which weights are returned: those of the last epoch, or those that measured best. */
  readonly keep: 'last' | 'best';
  /** What `keep: 'best'` compares; the validation loss where there is one, else the loss. */
  readonly monitor: string | null;
}

/** What `fit` returns when it is done. */
export interface FitResult {
  readonly weights: LayerWeights[];
  readonly history: History;
  /** The engine that computed it. */
  readonly engine: string;
  /** The number of the last epoch that was run, from 1; less than `epochs` where it was stopped. */
  readonly lastEpoch: number;
  /** The epoch whose weights these are, from 1, where they are not the last one's. */
  readonly keptEpoch: number | null;
}

/**
 * Trains, yielding a report at the start of each epoch, after each batch and at the end of each epoch.
 *
 * Each epoch uses every row once; the last batch may be short and counts by its rows in the epoch's
 * means. Validation rows are measured after an epoch with the weights of its end.
 *
 * @param weights  where to start; not changed. New Normalization layers adapt to the training rows.
 * @throws {UserError} exit 5 at the first batch whose loss is not finite; exit 2 where a callback
 *   watches what is not measured
 */
export function* fit(
  network: Network,
  weights: readonly LayerWeights[],
  train: Samples,
  validation: Samples | null,
  settings: FitSettings,
): Generator<FitReport, FitResult> {
  const rows = train.x.shape[0];
  checkOptimizer(network, settings, rows);
  const batchSize = Math.min(settings.batchSize, rows);
  const validationBatch = Math.min(settings.validationBatchSize, validation?.x.shape[0] ?? 1);
  const maxBatch = Math.max(batchSize, validationBatch);
  const start = adapt(network, weights, train.x);
  const sampleWeight = finerWeights(train.sampleWeight, validation?.sampleWeight);
  const run = new TrainingRun(network, start, settings, { ...train, sampleWeight }, maxBatch);
  const callbacks = new CallbackList(run, settings, validation !== null);
  const best = settings.keep === 'best' ? new KeepBest(run, settings, validation !== null) : null;

  const order = inOrder(rows);
  const random = randomStream(settings.seed, 'shuffle');
  // The order of rows that are all taken at once is nothing but rounding, which would mislead a line search.
  const isShuffled = settings.shuffle && settings.optimizer.type !== 'lbfgs';
  const steps = Math.ceil(rows / batchSize);
  const history: History = {};
  const { epochs } = settings;

  const isDone = () => callbacks.isStopped || run.isConverged;
  let epoch = settings.initialEpoch;
  for (; epoch < epochs && !isDone(); epoch++) {
    yield* messages('callback', callbacks.onEpochBegin(epoch));
    yield { kind: 'epoch-begin', epoch, epochs, steps };
    if (isShuffled) shuffle(order, random);
    const means = run.startEpoch();
    for (let first = 0; first < rows; first += batchSize) {
      const count = Math.min(batchSize, rows - first);
      run.trainBatch(train, order, first, count, means);
      const batch = Math.ceil((first + count) / batchSize);
      if (!Number.isFinite(means.lastLoss)) throw notFinite(epoch, batch, means.lastLoss);
      yield { kind: 'batch-end', step: batch, steps, logs: () => means.logs() };
    }
    const isDue = validation !== null && isValidated(epoch, settings.validationFreq);
    const validated = isDue ? validationLogs(run.evaluate(validation, validationBatch)) : [];
    best?.onEpochEnd(epoch, validated, () => run.evaluate(train, batchSize));
    const after = callbacks.onEpochEnd(epoch, [...means.logs(), ...validated]);
    yield* messages('callback', after.said);
    record(history, after.logs);
    yield { kind: 'epoch-end', epoch, epochs, steps, logs: after.logs };
  }
  if (run.isConverged) yield* messages('run', [`Epoch ${epoch}: lbfgs has converged`]);
  run.finish();
  yield* messages('callback', callbacks.onTrainEnd());
  best?.onTrainEnd();
  const kept = (best?.epoch ?? callbacks.restoredEpoch ?? epoch - 1) + 1;
  return {
    weights: run.weights(),
    history,
    engine: run.engine,
    lastEpoch: epoch,
    keptEpoch: kept === epoch ? null : kept,
  };
}

function* messages(said: 'callback' | 'run', texts: readonly string[]): Generator<FitReport> {
  for (const text of texts) yield { kind: 'message', said, text };
}

/** The weights that there are more of for a sample, as a run has to be ready for both. */
function finerWeights(a: Samples['sampleWeight'], b: Samples['sampleWeight']) {
  return (a?.shape[1] ?? 0) >= (b?.shape[1] ?? 0) ? a : b;
}

function isValidated(epoch: number, frequency: FitSettings['validationFreq']): boolean {
  return typeof frequency === 'number'
    ? (epoch + 1) % frequency === 0
    : frequency.includes(epoch + 1);
}

function validationLogs(logs: Logs): Logs {
  return logs.map(([name, value]) => [`val_${name}`, value] as const);
}

function record(history: History, logs: Logs): void {
  for (const [name, value] of logs) {
    history[name] ??= [];
    history[name].push(value);
  }
}

function notFinite(epoch: number, batch: number, loss: number): UserError {
  return new UserError(
    ExitCode.numbers,
    `epoch ${epoch + 1}, batch ${batch}: expected a finite loss; found ${loss}`,
    'try a lower --learning-rate, or bring the inputs to a similar scale',
  );
}
