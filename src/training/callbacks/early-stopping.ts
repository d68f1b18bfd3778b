/** EarlyStopping: ends training when a value has not improved for `patience` epochs. */

import type { Logs, StateValue } from '../../records.ts';
import type { CallbackOf } from '../../spec/callbacks.ts';
import type { StateReader } from '../state-reader.ts';
import type { Callback, Control, Resumed } from './callback.ts';
import { type Direction, Monitor } from './monitor.ts';

export class EarlyStopping implements Callback {
  /** The epoch of the best value, and the one training was stopped after. */
  bestEpoch = 0;
  stoppedEpoch: number | null = null;
  readonly #spec: CallbackOf<'EarlyStopping'>;
  readonly #monitor: Monitor;
  #wait = 0;
  #bestWeights: Float32Array | null = null;

  constructor(spec: CallbackOf<'EarlyStopping'>, direction: Direction) {
    this.#spec = spec;
    this.#monitor = new Monitor(spec.monitor, direction, spec.min_delta);
  }

  get isStopping(): boolean {
    return this.stoppedEpoch !== null;
  }

  get best(): number | null {
    return this.#monitor.best;
  }

  onEpochEnd(epoch: number, logs: Logs, control: Control): void {
    const { start_from_epoch, restore_best_weights, baseline, patience } = this.#spec;
    const value = this.#monitor.valueIn(logs);
    if (value === undefined || epoch < start_from_epoch) return;
    if (restore_best_weights && this.#bestWeights === null) this.#keep(epoch, control);
    this.#wait++;
    if (this.#monitor.improves(value)) {
      this.#monitor.best = value;
      if (restore_best_weights) this.#keep(epoch, control);
      this.bestEpoch = epoch;
      // Better than before but not than the baseline: the patience runs on.
      if (baseline === null || this.#monitor.isBetter(value, baseline)) this.#wait = 0;
      return;
    }
    // Never after the first epoch, as in Keras.
    if (this.#wait >= patience && epoch > 0) {
      this.stoppedEpoch = epoch;
      control.stop();
    }
  }

  /** Keras 3 restores at the end of training even if it was not stopped early. */
  onTrainEnd(control: Control): void {
    const isVerbose = this.#spec.verbose > 0;
    if (this.stoppedEpoch !== null && isVerbose) {
      control.say(`Epoch ${this.stoppedEpoch + 1}: early stopping`);
    }
    if (this.#bestWeights === null) return;
    if (isVerbose) {
      const epoch = this.bestEpoch + 1;
      control.say(`Restoring model weights from the end of the best epoch: ${epoch}.`);
    }
    control.restore(this.#bestWeights, this.bestEpoch);
  }

  state(): StateValue {
    return {
      best: this.#monitor.best,
      best_epoch: this.bestEpoch,
      stopped_epoch: this.stoppedEpoch,
      wait: this.#wait,
      best_weights: this.#bestWeights,
    };
  }

  resume(state: StateReader, { weights, epochs }: Resumed): void {
    const last = Math.max(0, epochs - 1);
    this.#monitor.best = state.numberOrNull('best');
    this.bestEpoch = state.count('best_epoch', 0, last);
    this.stoppedEpoch = state.countOrNull('stopped_epoch', last);
    this.#wait = state.count('wait', 0, epochs);
    const kept = state.weightsOrNull('best_weights', weights);
    this.#bestWeights = this.#spec.restore_best_weights ? kept : null;
  }

  #keep(epoch: number, control: Control): void {
    this.#bestWeights = control.snapshot();
    this.bestEpoch = epoch;
  }
}
