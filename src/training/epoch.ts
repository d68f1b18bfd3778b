/** One epoch of training: its batches, what is measured after them, and what callbacks make of it. */
import type { FitPause, FitReport, FitWish, Logs } from '../records.ts';
import { NotFinite } from './finite.ts';
import type { Training } from './parts.ts';
import type { Samples } from './run.ts';
import { stepsIn } from './steps.ts';
import { isDue } from './validation.ts';

/** What the epochs of a run yield, and what is answered to a pause. */
export type Reports<Result> = Generator<FitReport | FitPause, Result, FitWish>;

const STOP = 'stop' satisfies FitWish;

/**
 * Runs the next epoch, or what is left of it where the run goes on in the middle of one, and yields
 * its reports.
 *
 * @returns whether training was asked to stop; the epoch may have been completed all the same
 * @throws {NotFinite} where numbers are not finite any more; metrics may be
 */
export function* runEpoch(training: Training): Reports<boolean> {
  const { run, callbacks, settings, progress } = training;
  const { epoch } = progress;
  const { epochs } = settings;
  const steps = stepsIn(training.order.length, settings.batchSize);
  const isUnderWay = progress.means !== null;
  if (!isUnderWay) training.lastGood?.keep(training);
  if (!progress.isBegun) yield* messages('callback', callbacks.onEpochBegin(epoch));
  progress.isBegun = true;
  // Of an epoch that is under way the callbacks have said the rate already.
  if (isUnderWay) training.lastGood?.keep(training);
  const done = progress.means === null ? 0 : progress.step;
  yield { kind: 'epoch-begin', epoch, epochs, steps, done };
  const means = progress.means ?? begin(training);
  if (yield* runBatches(training, means, steps)) return true;
  const failed = run.findNonFinite();
  if (failed) throw new NotFinite(failed);
  const measured = yield* measureAfter(training);
  if (measured === STOP) return true;
  training.best?.onEpochEnd(epoch, measured.watched);
  const { said, logs } = callbacks.onEpochEnd(epoch, [...means.logs(), ...measured.validated]);
  progress.end(logs);
  yield* messages('callback', said);
  yield { kind: 'epoch-end', epoch, epochs, steps, logs };
  if (training.inspection) yield* training.inspection.after(epoch);
  return yield* pause(training);
}

/**
 * @returns whether it was asked to stop here
 * @throws {NotFinite} where it is to be saved and has failed already
 */
function* pause({ run, checkpoint }: Training): Reports<boolean> {
  for (;;) {
    const wish = yield { kind: 'pause', checkpoint };
    const failed = wish ? run.findNonFinite() : null;
    if (failed) throw new NotFinite(failed);
    if (wish !== 'look') return wish === STOP;
  }
}

/** A new order of rows, and empty means. */
function begin({ run, settings, order, shuffler, progress }: Training) {
  // The order of rows that are all taken at once is nothing but rounding, which would mislead a line search.
  if (settings.shuffle && settings.optimizer.type !== 'lbfgs') shuffler.shuffle(order);
  return progress.begin(run.startEpoch());
}

/** @returns whether it was asked to stop */
function* runBatches(
  training: Training,
  means: ReturnType<typeof begin>,
  steps: number,
): Reports<boolean> {
  const { run, train, order, settings, progress, lastGood } = training;
  const { batchSize: batch, batchReports } = settings;
  const end = order.length;
  const logs = () => means.logs();
  while (progress.step < steps) {
    if (progress.step > 0) lastGood?.keep(training);
    const first = progress.step * batch;
    const last = batchReports === 'some' ? end : Math.min(end, first + batch);
    const done = run.trainBatches(train, { order, first, end: last, batch }, training.stepsAtOnce);
    lastGood?.add(done.steps, run.workOf(batch));
    progress.step += done.steps;
    // A series ends with the first loss that is not finite.
    const loss = means.add(done, end - first, batch);
    if (!Number.isFinite(loss)) throw new NotFinite({ what: 'loss', value: loss });
    yield { kind: 'batch-end', step: progress.step, steps, logs };
    if (yield* pause(training)) return true;
  }
  return false;
}

/** What is measured once an epoch's batches are done. */
interface Measured {
  /** By the validation rows, `val_` in front of each name; empty where they are not due. */
  readonly validated: Logs;
  /** What `keep: 'best'` compares. */
  readonly watched: Logs;
}

function* measureAfter(training: Training): Reports<Measured | typeof STOP> {
  const { train, validation, settings, best, progress } = training;
  let validated: Logs = [];
  if (validation !== null && isDue(progress.epoch, settings.validationFreq)) {
    const logs = yield* measure(training, validation, settings.validationBatchSize);
    if (logs === STOP) return STOP;
    const loss = logs.find(([name]) => name === 'loss')?.[1];
    if (typeof loss === 'number' && !Number.isFinite(loss)) {
      throw new NotFinite({ what: 'val_loss', value: loss });
    }
    validated = logs.map(([name, value]) => [`val_${name}`, value] as const);
  }
  if (!best?.watchesTraining) return { validated, watched: validated };
  const watched = yield* measure(training, train, settings.batchSize);
  return watched === STOP ? STOP : { validated, watched };
}

function* measure(
  training: Training,
  samples: Samples,
  batchSize: number,
): Reports<Logs | typeof STOP> {
  const measuring = training.run.measure(samples, batchSize);
  for (;;) {
    const next = measuring.next();
    if (next.done) return next.value;
    if (yield* pause(training)) return STOP;
  }
}

export function* messages(said: 'callback' | 'run', texts: readonly string[]): Reports<void> {
  for (const text of texts) yield { kind: 'message', said, text };
}
