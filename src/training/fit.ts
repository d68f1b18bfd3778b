/**
 * Training: epochs of batches over rows in memory. Free of files, terminals and clocks: it yields
 * plain reports, and whoever iterates decides what to print.
 */
import type { Computing } from '../engine/names.ts';
import type { LayerWeights } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import { randomStream } from '../random.ts';
import type { FitReport, History, Logs } from '../records.ts';
import type { CallbackSpec } from '../spec/callbacks.ts';
import { adapt } from './adapt.ts';
import { CallbackList } from './callbacks/callback-list.ts';
import { KeepBest } from './callbacks/keep-best.ts';
import type { CompileSettings } from './compile.ts';
import { messages, runEpoch, type Training } from './epoch.ts';
import { checkOptimizer } from './optimizer-check.ts';
import { inOrder, type Samples, TrainingRun } from './run.ts';
import { validationOf } from './validation.ts';

export interface FitSettings extends CompileSettings, Computing {
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
  /** Whether a report comes after each batch (so where nothing is said), or only after as many as are run at once. */
  readonly batchReports?: 'each' | 'some';
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
  /** Maker and version of the library that computed with it, if one did. */
  readonly blas?: string;
  /** The number of the last epoch that was run, from 1; less than `epochs` where it was stopped. */
  readonly lastEpoch: number;
  /** The epoch whose weights these are, from 1, where they are not the last one's. */
  readonly keptEpoch: number | null;
}

/**
 * Trains, yielding a report at the start of each epoch, after batches and at the end of each epoch.
 *
 * Each epoch uses every row once; the last batch may be short and counts by its rows in the epoch's
 * means. Validation rows are measured after an epoch with the weights of its end.
 *
 * @param weights  where to start; not changed. New Normalization layers adapt to the training rows.
 * @throws {UserError} exit 5 at the first batch whose loss is not finite, and after the first epoch whose
 *   weights or validation loss are not; exit 2 where a callback watches what is not measured
 */
export function* fit(
  network: Network,
  weights: readonly LayerWeights[],
  train: Samples,
  validation: Samples | null,
  settings: FitSettings,
): Generator<FitReport, FitResult> {
  const training = prepare(network, weights, train, validation, settings);
  try {
    return yield* runEpochs(training);
  } finally {
    training.run.close();
  }
}

function* runEpochs(training: Training): Generator<FitReport, FitResult> {
  const { run, callbacks, best, settings } = training;
  const history: History = {};
  const isDone = () => callbacks.isStopped || run.isConverged;
  let epoch = settings.initialEpoch;
  for (; epoch < settings.epochs && !isDone(); epoch++) {
    record(history, yield* runEpoch(training, epoch));
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
    blas: run.blas,
    lastEpoch: epoch,
    keptEpoch: kept === epoch ? null : kept,
  };
}

/** All that the epochs of a run share, checked. */
function prepare(
  network: Network,
  weights: readonly LayerWeights[],
  train: Samples,
  validation: Samples | null,
  settings: FitSettings,
): Training {
  const rows = train.x.shape[0];
  checkOptimizer(network, settings, rows);
  const batchSize = Math.min(settings.batchSize, rows);
  const validationBatch = Math.min(settings.validationBatchSize, validation?.x.shape[0] ?? 1);
  const start = adapt(network, weights, train.x, settings);
  const sampleWeight = finerWeights(train.sampleWeight, validation?.sampleWeight);
  const sample = { ...train, sampleWeight };
  const maxBatch = Math.max(batchSize, validationBatch);
  const run = new TrainingRun(network, start, settings, sample, maxBatch);
  const measured = validationOf(validation !== null, settings);
  return {
    network,
    run,
    train,
    validation,
    settings: { ...settings, batchSize, validationBatchSize: validationBatch },
    callbacks: new CallbackList(run, settings, measured),
    best: settings.keep === 'best' ? new KeepBest(run, settings, measured) : null,
    order: inOrder(rows),
    random: randomStream(settings.seed, 'shuffle'),
  };
}

/** The weights that there are more of for a sample, as a run has to be ready for both. */
function finerWeights(a: Samples['sampleWeight'], b: Samples['sampleWeight']) {
  return (a?.shape[1] ?? 0) >= (b?.shape[1] ?? 0) ? a : b;
}

function record(history: History, logs: Logs): void {
  for (const [name, value] of logs) {
    history[name] ??= [];
    history[name].push(value);
  }
}
