/**
 * Keeps the weights that measured best, where best means the weights in force when the value was
 * measured. Values of training are means over an epoch of changing weights, which belong to none of
 * them; so without validation rows the training rows are measured again after each epoch.
 */
import type { Logs, StateValue } from '../../records.ts';
import type { Measured } from '../measured.ts';
import type { TrainingRun } from '../run.ts';
import type { StateReader } from '../state-reader.ts';
import type { Validation } from '../validation.ts';
import type { Resumed } from './callback.ts';
import { directionOf } from './callback-list.ts';
import { Monitor } from './monitor.ts';

export class KeepBest {
  readonly #run: TrainingRun;
  readonly #monitor: Monitor;
  /** Whether it compares what the training rows measure, and not the validation rows. */
  readonly watchesTraining: boolean;
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
    this.watchesTraining = !(validation === 'due' && name.startsWith('val_'));
  }

  /**
   * @param logs  what the rows it watches measure with the weights as they are now; empty for validation
   *   rows that were not due
   */
  onEpochEnd(epoch: number, logs: Logs): void {
    const value = this.#monitor.valueIn(logs);
    if (value === undefined || Number.isNaN(value) || !this.#monitor.improves(value)) return;
    this.#monitor.best = value;
    this.epoch = epoch;
    this.#weights = this.#run.snapshot();
  }

  state(): StateValue {
    return { best: this.#monitor.best, epoch: this.epoch, weights: this.#weights };
  }

  /** Goes on where another one gave its state. @throws {UserError} exit 4 where it is of other weights */
  resume(state: StateReader, { weights, epochs }: Resumed): void {
    this.#monitor.best = state.numberOrNull('best');
    this.epoch = state.countOrNull('epoch', epochs - 1);
    this.#weights = state.weightsOrNull('weights', weights);
    if ((this.epoch === null) === (this.#weights === null)) return;
    throw state.part('weights').wrong('the weights of its epoch, or nothing where there is none');
  }

  onTrainEnd(): void {
    if (this.#weights) this.#run.restore(this.#weights);
  }
}
