/** Signals while a model is trained: what is said at once, and what becomes of the command. */
import { type Io, Stopped, type StopSignal } from './io.ts';
import type { Watch } from './watch.ts';

export class Interruption {
  readonly #io: Io;
  readonly #end: () => void;
  #signal: StopSignal | null = null;
  /** Called at the signal while there is no run yet. */
  #leave: ((signal: StopSignal) => void) | null = null;
  #watch: Watch | null = null;

  /** From now on signals are listened to. */
  constructor(io: Io) {
    this.#io = io;
    this.#end = io.onSignal(
      (signal) => this.#stop(signal),
      () => this.#say(`${this.#watch?.status(io.now()) ?? 'no epoch has begun yet'}\n`),
    );
  }

  /** Gives what `work` gives, unless a signal comes first: until training begins nothing can be lost. */
  async unlessStopped<Result>(work: Promise<Result>): Promise<Result> {
    const stopped = new Promise<never>((_, reject) => {
      this.#leave = (signal) => reject(new Stopped(signal));
    });
    try {
      return await Promise.race([work, stopped]);
    } finally {
      this.#leave = null;
    }
  }

  /** From now on a signal stops a run, which is saved. */
  watch(watch: Watch): void {
    this.#watch = watch;
    if (this.#signal) watch.stop(this.#signal);
  }

  /** @throws {Stopped} where a signal has come */
  throwIfStopped(): void {
    if (this.#signal) throw new Stopped(this.#signal);
  }

  end(): void {
    this.#end();
  }

  #stop(signal: StopSignal): void {
    this.#signal = signal;
    this.#watch?.stop(signal);
    const what = this.#leave
      ? 'nothing is trained yet, so nothing is saved'
      : 'finishing the batch and saving; once more to leave at once';
    this.#say(`mlp: ${signal}: ${what}\n`);
    this.#leave?.(signal);
  }

  /** Says a line now, below the line on which the log may stand. */
  #say(line: string): void {
    const { stderr } = this.#io;
    // Nobody waits for it: the run goes on.
    void stderr.write(stderr.isTerminal ? `\n${line}` : line);
  }
}
