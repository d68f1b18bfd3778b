/** Watches a run: when it is to be saved, and whether it is to end before its last epoch. */
import type { UserError } from '../errors.ts';
import type { FitReport } from '../records.ts';
import type { Interval } from './checkpoint-options.ts';
import type { StopSignal } from './io.ts';
import { lastValues } from './training-log.ts';

/** A value at which a run is good enough. */
export interface Target {
  readonly name: string;
  readonly value: number;
  readonly better: 'min' | 'max';
}

/** Why a run ends before its last epoch. */
export type StopReason =
  | { readonly kind: 'signal'; readonly signal: StopSignal }
  | { readonly kind: 'time' }
  | { readonly kind: 'failure'; readonly error: UserError }
  | { readonly kind: 'target'; readonly target: Target; readonly value: number };

interface Limits {
  /** How often it is saved; null for never. */
  readonly every: Interval | null;
  /** When it has to end, on the clock that `atPause` is told; null where it has not. */
  readonly end: number | null;
  readonly targets: readonly Target[];
}

export class Watch {
  /** Why the run is to end at the next pause; null where it is not. */
  reason: StopReason | null = null;
  readonly #limits: Limits;
  /** When it was saved last, and epochs since then. */
  #saved: number;
  #epochs = 0;

  readonly #start: number;
  /** The epoch under way and how many there are, and its last batch. */
  #epoch: (FitReport & { kind: 'epoch-begin' }) | null = null;
  #batch: (FitReport & { kind: 'batch-end' }) | null = null;

  /** @param now  in seconds on any clock, the same for `atPause` */
  constructor(limits: Limits, now: number) {
    this.#limits = limits;
    this.#saved = now;
    this.#start = now;
  }

  /** How far the run is, in a line, at a pause: `epoch 12/400, batch 30/313, loss 0.4321, 95 s`. */
  status(now: number): string {
    if (this.#epoch === null) return 'no epoch has begun yet';
    const { epoch, epochs } = this.#epoch;
    const time = `${Math.round(now - this.#start)} s`;
    if (this.#batch === null) return `epoch ${epoch + 1}/${epochs}, ${time}`;
    const { step, steps, logs } = this.#batch;
    return `epoch ${epoch + 1}/${epochs}, batch ${step}/${steps}, ${lastValues(logs())}, ${time}`;
  }

  /** A signal has come. A failure is still to be told. */
  stop(signal: StopSignal): void {
    if (this.reason?.kind !== 'failure') this.reason = { kind: 'signal', signal };
  }

  /** Something has failed that is not of training: what was learnt is to be saved. */
  fail(error: UserError): void {
    this.reason = { kind: 'failure', error };
  }

  /** Takes a report. */
  take(report: FitReport): void {
    if (report.kind === 'epoch-begin') {
      this.#epoch = report;
      this.#batch = null;
    }
    if (report.kind === 'batch-end') this.#batch = report;
    if (report.kind !== 'epoch-end') return;
    this.#epochs++;
    for (const target of this.#limits.targets) {
      const value = report.logs.find(([name]) => name === target.name)?.[1];
      if (typeof value !== 'number') continue;
      const { better } = target;
      const isReached = better === 'min' ? value <= target.value : value >= target.value;
      if (isReached) this.reason ??= { kind: 'target', target, value };
    }
  }

  /** Whether the run is to be saved at this pause. */
  atPause(now: number): boolean {
    const { every, end } = this.#limits;
    if (end !== null && now >= end) this.reason ??= { kind: 'time' };
    if (this.reason !== null || every === null) return false;
    const isDue =
      'epochs' in every ? this.#epochs >= every.epochs : now - this.#saved >= every.seconds;
    if (isDue) {
      this.#saved = now;
      this.#epochs = 0;
    }
    return isDue;
  }
}
