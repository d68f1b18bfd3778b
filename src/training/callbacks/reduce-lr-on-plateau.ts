/** ReduceLROnPlateau: a smaller learning rate when a value has not improved for `patience` epochs. */
import type { Logs, StateValue } from '../../records.ts';
import type { CallbackOf } from '../../spec/callbacks.ts';
import type { StateReader } from '../state-reader.ts';
import { type Callback, type Control, RATE_NAME, type Resumed } from './callback.ts';
import { type Direction, Monitor } from './monitor.ts';

export class ReduceLROnPlateau implements Callback {
  readonly logs = [RATE_NAME];
  readonly #spec: CallbackOf<'ReduceLROnPlateau'>;
  readonly #monitor: Monitor;
  #wait = 0;
  #cooldown = 0;

  constructor(spec: CallbackOf<'ReduceLROnPlateau'>, direction: Direction) {
    this.#spec = spec;
    this.#monitor = new Monitor(spec.monitor, direction, spec.min_delta);
  }

  onEpochEnd(epoch: number, logs: Logs, control: Control): void {
    control.log(RATE_NAME, control.learningRate);
    const value = this.#monitor.valueIn(logs);
    if (value === undefined) return;
    if (this.#cooldown > 0) {
      this.#cooldown--;
      this.#wait = 0;
    }
    if (this.#monitor.improves(value)) {
      this.#monitor.best = value;
      this.#wait = 0;
    } else if (this.#cooldown === 0) {
      this.#wait++;
      if (this.#wait >= this.#spec.patience) this.#reduce(epoch, control);
    }
  }

  state(): StateValue {
    return { best: this.#monitor.best, wait: this.#wait, cooldown: this.#cooldown };
  }

  resume(state: StateReader, { epochs }: Resumed): void {
    this.#monitor.best = state.numberOrNull('best');
    this.#wait = state.count('wait', 0, epochs);
    // It may have become shorter.
    this.#cooldown = Math.min(state.count('cooldown'), this.#spec.cooldown);
  }

  #reduce(epoch: number, control: Control): void {
    const { factor, min_lr, cooldown, verbose } = this.#spec;
    const old = control.learningRate;
    if (old <= Math.fround(min_lr)) return;
    const reduced = Math.max(old * factor, min_lr);
    control.learningRate = reduced;
    if (verbose > 0) {
      const what = 'ReduceLROnPlateau reducing learning rate to';
      control.say(`\nEpoch ${epoch + 1}: ${what} ${reduced}.`);
    }
    this.#cooldown = cooldown;
    this.#wait = 0;
  }
}
