/**
 * A state of a run from which a failing step can be found again. While all goes well nothing is watched:
 * a run is the same bits each time, so that what failed fails again, step by step.
 */
import type { StateValue } from '../records.ts';
import { resume, stateBesideProgress } from './checkpoint.ts';
import { runEpoch } from './epoch.ts';
import { NotFinite } from './finite.ts';
import { freshParts, type Training } from './parts.ts';
import { AT_ONCE } from './run.ts';

/** A state is kept after so many products of samples and parameters: after some ten milliseconds. */
const BETWEEN = 8 * AT_ONCE;
/** What a step costs besides its products, as so many of them. */
const STEP = 10_000;
/** Keeping a number costs as much as a few products; with so many for each it is not to be felt. */
const PER_NUMBER = 2048;

/** How far a run is: epochs that are done, and batches of the next. */
export interface Place {
  readonly epoch: number;
  readonly step: number;
}

interface Kept extends Place {
  readonly weights: Float32Array;
  /** Without what epochs measured: of many epochs these are most of it, and the run has them. */
  readonly state: { readonly [key: string]: StateValue };
  readonly progress: { readonly [key: string]: StateValue };
  /** Epochs that were done. */
  readonly epochs: number;
}

export class LastGood {
  /** The last, and the one before it: the step that fails may be the first after the last. */
  #kept: readonly Kept[] = [];
  /** Products since the last. */
  #work = Number.POSITIVE_INFINITY;

  /**
   * Keeps the state before a series of steps, where enough was done since one was kept.
   *
   * @throws {NotFinite} where it is not good
   */
  keep(training: Training): void {
    if (this.#work < BETWEEN) return;
    const { run, order, settings } = training;
    const { weights, memory } = run.stateSize;
    const copies = 1 + settings.callbacks.length + Number(settings.keep === 'best');
    const size = weights * copies + memory + order.length;
    if (this.#work < PER_NUMBER * size) return;
    // The first is as the run was given it.
    const found = this.#kept.length > 0 && run.findNonFinite();
    if (found) throw new NotFinite(found);
    const { epoch, step, logs } = training.progress;
    const progress = training.progress.place();
    const state = stateBesideProgress(training);
    const kept = { epoch, step, weights: run.snapshot(), state, progress, epochs: logs.length };
    this.#kept = [...this.#kept.slice(-1), kept];
    this.#work = 0;
  }

  /** Steps have been run. */
  add(steps: number, work: number): void {
    this.#work += steps * (STEP + work);
  }

  /** How far the run was in the last state that is kept, and in the first. */
  get places(): { readonly last: Place; readonly first: Place } {
    const [first] = this.#kept;
    const last = this.#kept.at(-1);
    if (!first || !last) throw new Error('internal: no state is kept');
    return { first, last };
  }

  /**
   * The run as it was, in the same session, to go on a step at a time.
   *
   * @param training  which is over
   * @param place     one of those that are kept is not behind it
   */
  again(training: Training, place: Place): Training {
    const kept = this.#kept.findLast((state) => !isBehind(state, place));
    if (!kept) throw new Error('internal: no state is kept');
    const logs = training.progress.logs.slice(0, kept.epochs);
    const from = {
      state: { ...kept.state, progress: { ...kept.progress, logs } },
      source: 'internal',
      isSameRun: false,
      isSameRows: true,
      isSameBatches: true,
      isSameRate: true,
    };
    const parts = resume(freshParts(training), from);
    parts.run.restore(kept.weights);
    const checkpoint = () => {
      throw new Error('internal: nobody saves a run that is looking for a step');
    };
    // What the user has read stays read.
    const { said } = training;
    return { ...parts, said, checkpoint, lastGood: null, stepsAtOnce: 1, inspection: null };
  }
}

export function isBehind(a: Place, b: Place): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.step > b.step);
}

/**
 * Goes on a pause at a time.
 *
 * @param isEnd  asked at once, and at each pause
 * @returns what has failed; null where it came to the end
 */
export function goOn(training: Training, isEnd: () => boolean): NotFinite | null {
  try {
    while (!isEnd()) {
      const epoch = runEpoch(training);
      for (let next = epoch.next(); !next.done; next = epoch.next()) {
        if (next.value.kind === 'pause' && isEnd()) return null;
      }
    }
    return null;
  } catch (error) {
    if (error instanceof NotFinite) return error;
    throw error;
  }
}
