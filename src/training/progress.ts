/** How far a run has come: epochs that are done, and of the next one the batches that are. */
import type { History, Logs, LogValue, StateValue } from '../records.ts';
import type { EpochMeans } from './epoch-means.ts';
import type { StateReader } from './state-reader.ts';

export class Progress {
  /** The epoch that is next or under way, from 0. */
  epoch: number;
  /** Batches of it that are done. */
  step = 0;
  /** What they measured; null where it is not begun. */
  means: EpochMeans | null = null;
  /** Of each epoch that is done. */
  readonly logs: Logs[] = [];
  readonly #first: number;

  /** @param first  the number of the first epoch, from 0 */
  constructor(first: number) {
    this.#first = first;
    this.epoch = first;
  }

  begin(means: EpochMeans): EpochMeans {
    this.step = 0;
    this.means = means;
    return means;
  }

  /** The epoch is done. */
  end(logs: Logs): void {
    this.logs.push(logs);
    this.epoch++;
    this.step = 0;
    this.means = null;
  }

  /** What an epoch measured, from 0; nothing where it is not done. */
  logsOf(epoch: number): Logs {
    return this.logs[epoch - this.#first] ?? [];
  }

  history(): History {
    // Names are of the user's choosing, `__proto__` included.
    const history: History = Object.create(null);
    for (const [name, value] of this.logs.flat()) {
      history[name] ??= [];
      history[name].push(value);
    }
    return history;
  }

  state(): StateValue {
    return { ...this.place(), logs: this.logs.slice() };
  }

  /** The state but for `logs`, which only grow. */
  place(): { readonly [key: string]: StateValue } {
    return { first: this.#first, step: this.step, means: this.means?.state() ?? null };
  }

  /**
   * Goes on where another run gave its state.
   *
   * @param epoch  steps of an epoch, and empty means that are filled where one is under way; null where it begins anew
   * @throws {UserError} exit 4 where it is of other epochs
   */
  resume(state: StateReader, epoch: { steps: number; means: EpochMeans } | null): void {
    state.count('first', this.#first, this.#first);
    const logs = state.list('logs').map(readLogs);
    this.logs.push(...logs);
    this.epoch = this.#first + logs.length;
    const underWay = state.part('means');
    if (epoch === null || underWay.isNone) return;
    epoch.means.resume(underWay);
    this.means = epoch.means;
    this.step = state.count('step', 0, epoch.steps);
  }
}

function readLogs(state: StateReader): Logs {
  return state.asList().map((entry): readonly [string, LogValue] => {
    const [name, value] = entry.asList(2);
    return [name.asText(), value.asNumbers()];
  });
}
