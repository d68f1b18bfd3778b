/**
 * Keeps the weights that measured best, where best means the weights in force when the value was
 * measured. Values of training are means over an epoch of changing weights, which belong to none of
 * them; so without validation rows the training rows are measured again after each epoch.
 */
import type { Logs } from '../../records.ts';
import type { Measured } from '../measured.ts';
import type { TrainingRun } from '../run.ts';
import type { Validation } from '../validation.ts';
import { directionOf } from './callback-list.ts';
import { Monitor } from './monitor.ts';

export class KeepBest {
  readonly #run: TrainingRun;
  readonly #monitor: Monitor;
  readonly #isValidation: boolean;
  /** The epoch that was best so far, from 0. */
  epoch: number | null = null;
  #weights: Float32Array | null = null;

  /** @throws {UserError} exit 2 where `monitor` is not measured, or validation never due */
  constructor(
    run: TrainingRun,
    settings: Measured & { readonly monitor: string | null },
    validation: Validation,
  ) {
    const name = settings.monitor ?? (validation === 'none' ? 'loss' : 'val_loss');
    const watch = { type: '--keep best', monitor: name, mode: 'auto' } as const;
    const direction = directionOf(watch, settings, validation);
    this.#run = run;
    this.#monitor = new Monitor(name, direction, 0);
    this.#isValidation = validation === 'due' && name.startsWith('val_');
  }

  /**
   * @param validated  what the validation rows measured after this epoch; empty where it was not due
   * @param measureTraining  measures the training rows with the weights as they are now
   */
  onEpochEnd(epoch: number, validated: Logs, measureTraining: () => Logs): void {
    const value = this.#monitor.valueIn(this.#isValidation ? validated : measureTraining());
    if (value === undefined || Number.isNaN(value) || !this.#monitor.improves(value)) return;
    this.#monitor.best = value;
    this.epoch = epoch;
    this.#weights = this.#run.snapshot();
  }

  onTrainEnd(): void {
    if (this.#weights) this.#run.restore(this.#weights);
  }
}
