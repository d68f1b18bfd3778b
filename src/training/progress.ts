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

  /** Forgets what the epoch under way has measured, so that it begins anew. */
  restartEpoch(): void {
    this.step = 0;
    this.means = null;
  }

  /** What an epoch measured, from 0; nothing where it is not done. */
  logsOf(epoch: number): Logs {
    return this.logs[epoch - this.#first] ?? [];
  }

  history(): History {
    const history: History = {};
    for (const [name, value] of this.logs.flat()) {
      history[name] ??= [];
      history[name].push(value);
    }
    return history;
  }

  state(): StateValue {
    return {
      first: this.#first,
      step: this.step,
      means: this.means?.state() ?? null,
      logs: this.logs.map((logs) => logs.map(([name, value]) => [name, value])),
    };
  }

  /**
   * Goes on where another run gave its state.
   *
   * @param steps      of an epoch
   * @param means      empty means; they are filled where an epoch is under way
   * @throws {UserError} exit 4 where it is of other epochs
   */
  resume(state: StateReader, steps: number, means: EpochMeans): void {
    state.count('first', this.#first, this.#first);
    const logs = state.list('logs').map(readLogs);
    this.logs.push(...logs);
    this.epoch = this.#first + logs.length;
    const underWay = state.part('means');
    if (underWay.isNone) return;
    means.resume(underWay);
    this.means = means;
    this.step = state.count('step', 0, steps);
  }
}

function readLogs(state: StateReader): Logs {
  return state.asList().map((entry): readonly [string, LogValue] => {
    const [name, value] = entry.asList(2);
    return [name.asText(), value.asNumbers()];
  });
}
