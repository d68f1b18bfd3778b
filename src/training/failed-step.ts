/** The step in which a run's numbers failed, found by running it again, and the last state worth going on from. */
import type { Checkpoint } from '../records.ts';
import { checkpointOf } from './checkpoint.ts';
import type { NonFinite } from './finite.ts';
import type { First } from './first-not-finite.ts';
import { goOn, isBehind, type Place } from './last-good.ts';
import type { Training } from './parts.ts';
import type { ProbedRows } from './probe.ts';
import { stepsIn } from './steps.ts';

/** The step that failed, run again. */
export interface FailedStep {
  /** From 0. */
  readonly epoch: number;
  /** From 1. */
  readonly batch: number;
  readonly weights: { readonly before: Float32Array; readonly after: Float32Array };
  /** The loss, where that is what is not finite. */
  readonly loss: number | null;
  /** What the step left that is not finite. */
  readonly left: NonFinite | null;
  readonly rows: ProbedRows;
  readonly rate: number;
  /** What its chance was keyed by. */
  readonly key: number;
}

/**
 * The run again up to the step before the one that failed, and that one. Null where no step has failed but
 * what the run was given, or where a library does not compute the same again.
 */
export function runAgain(training: Training): FailedStep | null {
  const { lastGood, run, settings, train } = training;
  if (!lastGood) throw new Error('internal: a run that nobody keeps a state of');
  const noticed = progressOf(training);
  const { first: begin, last: start } = lastGood.places;
  const search = lastGood.again(training, start);
  const isOver = () => !isBehind(noticed, search.progress);
  const hasFailed = () => isBehind(search.progress, start) && run.findNonFinite() !== null;
  goOn(search, () => hasFailed() || isOver());
  const { epoch, step: batch } = search.progress;
  if (batch === 0 || isBehind(begin, { epoch, step: batch - 1 })) return null;

  const again = lastGood.again(training, { epoch, step: batch - 1 });
  const { progress, order } = again;
  const isAt = (step: number) => progress.epoch === epoch && progress.step === step;
  if (goOn(again, () => isAt(batch - 1)) !== null) return null;
  const before = run.snapshot();
  const failed = goOn(again, () => isAt(batch))?.found;
  const first = (batch - 1) * settings.batchSize;
  const { rate, step: key } = run.lastStep;
  return {
    epoch,
    batch,
    weights: { before, after: run.snapshot() },
    loss: failed?.what === 'loss' ? failed.value : null,
    left: run.findNonFinite(),
    rows: {
      tables: run.tablesOf(train),
      rows: order,
      first,
      count: Math.min(settings.batchSize, order.length - first),
    },
    rate,
    key,
  };
}

export function progressOf({ progress: { epoch, step } }: Training): Place {
  return { epoch, step };
}

/**
 * The last state from which smaller steps lead elsewhere: where a step made of good numbers is what failed,
 * the one before it; else the one before the step that led to these weights. Null where none came before.
 */
export function lastGoodState(
  training: Training,
  { epoch, batch }: FailedStep,
  first: First | null,
): Checkpoint | null {
  const { lastGood, settings, order } = training;
  if (!lastGood) return null;
  const steps = stepsIn(order.length, settings.batchSize);
  const failed = { epoch, step: batch - 1 };
  const before =
    failed.step > 0 ? { epoch, step: failed.step - 1 } : { epoch: epoch - 1, step: steps - 1 };
  const place = first?.kind === 'update' ? failed : before;
  if (isBehind(lastGood.places.first, place)) return null;
  const again = lastGood.again(training, place);
  goOn(again, () => !isBehind(place, again.progress));
  const { progress } = again;
  const isNew = progress.step === 0 && progress.epoch === settings.initialEpoch;
  return isNew ? null : checkpointOf(again);
}
