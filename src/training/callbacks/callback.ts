/** What a callback is: something that looks at an epoch's logs and may change the run. */
import type { Logs, StateValue } from '../../records.ts';
import type { StateReader } from '../state-reader.ts';

/** The run as callbacks see it. */
export interface Control {
  /** The rate of the next step, a float32. Runs with a schedule have no callbacks that set it. */
  learningRate: number;
  /** Ends training after this epoch. */
  stop(): void;
  /** A copy of all weights as they are now. */
  snapshot(): Float32Array;
  /** Puts the weights of a snapshot back, which was taken at the end of `epoch`. */
  restore(weights: Float32Array, epoch: number): void;
  /** Adds a value to this epoch's logs, behind all others. */
  log(name: string, value: number): void;
  /** Something to print, a line. */
  say(text: string): void;
}

/** Epochs count from 0. */
export interface Callback {
  onEpochBegin?(epoch: number, control: Control): void;
  onEpochEnd?(epoch: number, logs: Logs, control: Control): void;
  onTrainEnd?(control: Control): void;
  /** What it remembers between epochs; a callback without it remembers nothing. */
  state?(): StateValue;
  /**
   * Goes on where another one gave its state.
   *
   * @param weights  how many numbers a snapshot has
   * @throws {UserError} exit 4 where it is no such state
   */
  resume?(state: StateReader, weights: number): void;
}
