/** One epoch of training: its batches, what is measured after them, and what callbacks make of it. */
import type { Network } from '../nn/network.ts';
import { type Random, shuffle } from '../random.ts';
import type { FitReport, Logs } from '../records.ts';
import type { CallbackList } from './callbacks/callback-list.ts';
import type { KeepBest } from './callbacks/keep-best.ts';
import type { EpochMeans } from './epoch-means.ts';
import { lossFailed, validationFailed, weightsFailed } from './finite.ts';
import type { FitSettings } from './fit.ts';
import type { Samples, TrainingRun } from './run.ts';
import { isDue } from './validation.ts';

/** What the epochs of a run share. */
export interface Training {
  readonly network: Network;
  readonly run: TrainingRun;
  readonly train: Samples;
  readonly validation: Samples | null;
  /** Batches are no larger than there are rows. */
  readonly settings: FitSettings;
  readonly callbacks: CallbackList;
  readonly best: KeepBest | null;
  /** The order of the training rows; shuffled further in each epoch. */
  readonly order: Int32Array;
  readonly random: Random;
}

/**
 * Runs an epoch, counted from 0, and yields its reports.
 *
 * @returns the epoch's logs
 * @throws {UserError} exit 5 where numbers are not finite any more; metrics may be
 */
export function* runEpoch(training: Training, epoch: number): Generator<FitReport, Logs> {
  const { network, run, train, callbacks, best, settings, order } = training;
  const { epochs, batchSize } = settings;
  const steps = Math.ceil(order.length / batchSize);
  yield* messages('callback', callbacks.onEpochBegin(epoch));
  yield { kind: 'epoch-begin', epoch, epochs, steps };
  // The order of rows that are all taken at once is nothing but rounding, which would mislead a line search.
  if (settings.shuffle && settings.optimizer.type !== 'lbfgs') shuffle(order, training.random);
  const means = run.startEpoch();
  yield* runBatches(training, epoch, means);
  const failed = run.findNonFinite();
  if (failed) throw weightsFailed(network, epoch, failed);
  const validated = validate(training, epoch);
  best?.onEpochEnd(epoch, validated, () => run.evaluate(train, batchSize));
  const { said, logs } = callbacks.onEpochEnd(epoch, [...means.logs(), ...validated]);
  yield* messages('callback', said);
  yield { kind: 'epoch-end', epoch, epochs, steps, logs };
  return logs;
}

function* runBatches(
  { network, run, train, order, settings }: Training,
  epoch: number,
  means: EpochMeans,
): Generator<FitReport> {
  const { batchSize: batch, batchReports } = settings;
  const end = order.length;
  const steps = Math.ceil(end / batch);
  const logs = () => means.logs();
  for (let step = 0; step < steps; ) {
    const done = run.trainBatches(train, { order, first: step * batch, end, batch });
    const width = done.values.length / done.steps;
    for (let i = 0; i < done.steps; i++) {
      const rows = Math.min(batch, end - step * batch);
      const loss = means.add(rows, done.values, i * width);
      step++;
      if (!Number.isFinite(loss)) {
        throw lossFailed(network, { epoch, batch: step, loss }, run.findNonFinite());
      }
      const isDue = batchReports !== 'some' || i === done.steps - 1;
      if (isDue) yield { kind: 'batch-end', step, steps, logs };
    }
  }
}

/** What the validation rows measure, `val_` in front of each name; empty where they are not due. */
function validate({ run, validation, settings }: Training, epoch: number): Logs {
  if (validation === null || !isDue(epoch, settings.validationFreq)) return [];
  const logs = run.evaluate(validation, settings.validationBatchSize);
  const loss = logs.find(([name]) => name === 'loss')?.[1];
  if (typeof loss === 'number' && !Number.isFinite(loss)) throw validationFailed(epoch, loss);
  return logs.map(([name, value]) => [`val_${name}`, value] as const);
}

export function* messages(
  said: 'callback' | 'run',
  texts: readonly string[],
): Generator<FitReport> {
  for (const text of texts) yield { kind: 'message', said, text };
}
