/**
 * Training: epochs of batches over rows in memory. Free of files, terminals and clocks: it yields
 * plain reports, and whoever iterates decides what to print.
 */
import type { Computing } from '../engine/names.ts';
import type { LayerWeights } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import type { Checkpoint, History, Logs, StateValue } from '../records.ts';
import type { CallbackSpec } from '../spec/callbacks.ts';
import { adapt } from './adapt.ts';
import { RateFailed } from './callbacks/callback.ts';
import { checkpointOf, resume, withSaid } from './checkpoint.ts';
import type { CompileSettings } from './compile.ts';
import { messages, type Reports, runEpoch } from './epoch.ts';
import { diagnose, rateFailed } from './failure.ts';
import { NotFinite } from './finite.ts';
import { Inspection } from './inspection.ts';
import { LastGood } from './last-good.ts';
import { checkOptimizer } from './optimizer-check.ts';
import { freshParts, type Training, type TrainingParts } from './parts.ts';
import { type Samples, TrainingRun } from './run.ts';

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
  /**
   * Whether batches are run one by one, with a report and a pause after each (so where nothing is said), or as
   * many at once as take some milliseconds. The numbers are the same.
   */
  readonly batchReports?: 'each' | 'some';
  readonly callbacks: readonly CallbackSpec[];
  /** Which weights are returned: those of the last epoch, or those that measured best. */
  readonly keep: 'last' | 'best';
  /** What `keep: 'best'` compares; the validation loss where there is one, else the loss. */
  readonly monitor: string | null;
  /** What the inputs of a row are called, for messages; null, or nothing, where nobody knows. */
  readonly inputNames?: readonly string[] | null;
  /** The same of classes. */
  readonly classNames?: readonly string[] | null;
  /**
   * Whether layers are looked at: not (so where nothing is said), for warnings after few epochs, or also for
   * statistics after each.
   */
  readonly inspect?: 'no' | 'warnings' | 'statistics';
}

/** What `fit` returns when it is done. */
export interface FitResult {
  readonly weights: LayerWeights[];
  readonly history: History;
  /** Of the epoch whose weights these are. */
  readonly logs: Logs;
  /** The engine that computed it. */
  readonly engine: string;
  /** Maker and version of the library that computed with it, if one did. */
  readonly blas?: string;
  /** The number of the last epoch that was run to its end, from 1; less than `epochs` where it was stopped. */
  readonly lastEpoch: number;
  /** How many batches of the next epoch the weights have seen; 0 but where it was stopped in the middle. */
  readonly step: number;
  /** The epoch whose weights these are, from 1, where they are not the last one's. */
  readonly keptEpoch: number | null;
  /** What it takes to go on with more epochs, or with those that are left. */
  readonly checkpoint: Checkpoint;
}

/** What a run goes on from. */
export interface Resumption {
  readonly state: StateValue;
  /** Where it is from, in front of messages. */
  readonly source: string;
  /** Whether nothing at all differs; else nobody knows what its epochs had to measure. */
  readonly isSameRun: boolean;
  /** Whether the rows are those that the state is of; else the epoch that was under way begins anew. */
  readonly isSameRows: boolean;
  /** Whether batches are of the same rows, too; else the epoch that was under way begins anew. */
  readonly isSameBatches: boolean;
  /** Whether the learning rate is as it was; else a new one holds from here on. */
  readonly isSameRate: boolean;
}

/**
 * Trains, yielding a report at the start of each epoch, after batches and at the end of each epoch, and pauses
 * between them. Whoever answers a pause with `stop` gets the result as it is then.
 *
 * Each epoch uses every row once; the last batch may be short and counts by its rows in the epoch's
 * means. Validation rows are measured after an epoch with the weights of its end.
 *
 * @param weights  where to start; not changed. New Normalization layers adapt to the training rows.
 * @param from     the state of a checkpoint, to go on from as if the run had never stopped; `weights` are
 *   those of the checkpoint then
 * @throws {NumbersFailed} exit 5 where the loss of a batch, weights, gradients or a validation loss are not
 *   finite: with what was found out about it, and the last state in which all was
 * @throws {UserError} exit 2 where a callback watches what is not measured; exit 4
 *   where the state is of another run
 */
export function* fit(
  network: Network,
  weights: readonly LayerWeights[],
  train: Samples,
  validation: Samples | null,
  settings: FitSettings,
  from: Resumption | null = null,
): Reports<FitResult> {
  const start = from ? weights : adapt(network, weights, train.x, settings);
  const training = prepare(network, start, train, validation, settings, from);
  try {
    const { logs } = training.progress;
    if (from) yield { kind: 'resume', firstEpoch: settings.initialEpoch, logs };
    return yield* runEpochs(training);
  } catch (error) {
    if (error instanceof NotFinite) throw diagnose(training, error);
    throw error instanceof RateFailed ? rateFailed(training, error) : error;
  } finally {
    training.run.close();
  }
}

/**
 * Puts a run together and lets it go again, to see whether it can go on from a state. All is as `fit` takes it.
 *
 * @throws {UserError} exit 4 where the state is of another run; what `fit` throws before its first epoch
 */
export function checkResumable(
  network: Network,
  weights: readonly LayerWeights[],
  train: Samples,
  validation: Samples | null,
  settings: FitSettings,
  from: Resumption,
): void {
  prepare(network, weights, train, validation, { ...settings, threads: 1 }, from).run.close();
}

function* runEpochs(training: Training): Reports<FitResult> {
  const { run, callbacks, best, settings, progress } = training;
  const isDone = () => progress.epoch >= settings.epochs || callbacks.isStopped || run.isConverged;
  training.inspection?.begin();
  let isWantedToStop = false;
  while (!isWantedToStop && !isDone()) isWantedToStop = yield* runEpoch(training);
  const { epoch, step } = progress;
  // What ends a run changes the weights that it would go on with.
  const checkpoint = training.checkpoint();
  if (run.isConverged) yield* messages('run', [`Epoch ${epoch}: lbfgs has converged`]);
  run.finish();
  yield* messages('callback', callbacks.onTrainEnd());
  best?.onTrainEnd();
  if (training.inspection) yield* training.inspection.end();
  const kept = (best?.epoch ?? callbacks.restoredEpoch ?? epoch - 1) + 1;
  return {
    weights: run.weights(),
    history: progress.history(),
    logs: progress.logsOf(kept - 1),
    engine: run.engine,
    blas: run.blas,
    lastEpoch: epoch,
    step,
    keptEpoch: kept === epoch ? null : kept,
    checkpoint: withSaid(checkpoint, training),
  };
}

/** All that the epochs of a run share, checked. */
function prepare(
  network: Network,
  weights: readonly LayerWeights[],
  train: Samples,
  validation: Samples | null,
  settings: FitSettings,
  from: Resumption | null,
): Training {
  const rows = train.x.shape[0];
  checkOptimizer(network, settings, rows);
  const batchSize = Math.min(settings.batchSize, rows);
  const validationBatchSize = Math.min(settings.validationBatchSize, validation?.x.shape[0] ?? 1);
  const sampleWeight = finerWeights(train.sampleWeight, validation?.sampleWeight);
  const sample = { ...train, sampleWeight };
  const maxBatch = Math.max(batchSize, validationBatchSize);
  const run = new TrainingRun(network, weights, settings, sample, maxBatch);
  const resolved = { ...settings, batchSize, validationBatchSize };
  const parts = freshParts({ network, run, train, validation, settings: resolved });
  const resumed = from ? resumedOrClosed(parts, from) : parts;
  const { inspect = 'no' } = settings;
  return {
    ...resumed,
    checkpoint: () => checkpointOf(resumed),
    lastGood: new LastGood(),
    stepsAtOnce: Number.POSITIVE_INFINITY,
    inspection: inspect === 'no' ? null : new Inspection(resumed, inspect === 'statistics'),
  };
}

/** Where a state does not fit, threads end with the run that nobody has. */
function resumedOrClosed(parts: TrainingParts, from: Resumption): TrainingParts {
  try {
    return resume(parts, from);
  } catch (error) {
    parts.run.close();
    throw error;
  }
}

/** The weights that there are more of for a sample, as a run has to be ready for both. */
function finerWeights(a: Samples['sampleWeight'], b: Samples['sampleWeight']) {
  return (a?.shape[1] ?? 0) >= (b?.shape[1] ?? 0) ? a : b;
}
