/** Signals while a model is trained: what is said at once, and what becomes of the command. */
import { type Io, Stopped, type StopSignal } from './io.ts';
import type { Watch } from './watch.ts';

export class Interruption {
  readonly #io: Io;
  readonly #end: () => void;
  #signal: StopSignal | null = null;
  #watch: Watch | null = null;
  /** What a run does before it is saved; empty where there is nothing left of it. */
  #first = 'finishing the batch and ';

  /** From now on signals are listened to. */
  constructor(io: Io) {
    this.#io = io;
    this.#end = io.onSignal(
      (signal) => this.#stop(signal),
      () => void this.#say(`${this.#watch?.status(io.now()) ?? 'no epoch has begun yet'}\n`),
    );
  }

  /** From now on a signal stops a run, which is saved. */
  watch(watch: Watch): void {
    this.#watch = watch;
  }

  /** The epochs are over; what came of them is being saved. */
  isSaving(): void {
    this.#first = '';
  }

  /** @throws {Stopped} where a signal has come */
  throwIfStopped(): void {
    if (this.#signal) throw new Stopped(this.#signal);
  }

  end(): void {
    this.#end();
  }

  /** Until training begins nothing can be lost. */
  #stop(signal: StopSignal): void {
    this.#signal = signal;
    if (this.#watch) {
      this.#watch.stop(signal);
      void this.#say(`mlp: ${signal}: ${this.#first}saving; once more to leave at once\n`);
    } else {
      const said = this.#say(`mlp: ${signal}: nothing is trained yet, so nothing is saved\n`);
      void said.then(() => this.#io.endBy(signal));
    }
  }

  /** Says a line now, below the line on which the log may stand. */
  #say(line: string): Promise<void> {
    const { stderr } = this.#io;
    return stderr.write(stderr.isTerminal ? `\n${line}` : line);
  }
}
