/** What a callback is: something that looks at an epoch's logs and may change the run. */
import type { Logs, StateValue } from '../../records.ts';
import type { StateReader } from '../state-reader.ts';

/** The rate of an epoch in its logs, as Keras calls it. */
export const RATE_NAME = 'learning_rate';

/** Thrown where a callback finds no rate for the next epoch. */
export class RateFailed extends Error {
  readonly remedy: string;

  constructor(problem: string, remedy: string) {
    super(problem);
    this.name = 'RateFailed';
    this.remedy = remedy;
  }
}

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

/** The run whose state a callback goes on from. */
export interface Resumed {
  /** How many numbers a snapshot has. */
  readonly weights: number;
  /** How many epochs are done, those before the run's first one included. */
  readonly epochs: number;
}

/** Epochs count from 0. */
export interface Callback {
  onEpochBegin?(epoch: number, control: Control): void;
  onEpochEnd?(epoch: number, logs: Logs, control: Control): void;
  onTrainEnd?(control: Control): void;
  /** The epoch that is under way begins anew: all that `onEpochBegin` did is undone. */
  undoEpochBegin?(control: Control): void;
  /** What it adds to the logs of each epoch. */
  readonly logs?: readonly string[];
  /** Whether it has ended training. */
  readonly isStopping?: boolean;
  /** What it remembers between epochs; a callback without it remembers nothing. */
  state?(): StateValue;
  /**
   * Goes on where another one gave its state.
   *
   * @throws {UserError} exit 4 where it is no such state
   */
  resume?(state: StateReader, run: Resumed): void;
}
