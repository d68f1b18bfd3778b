/** How far a run has come: epochs that are done, and of the next one the batches that are. */
import type { History, Logs, LogValue, StateValue } from '../records.ts';
import { quote } from '../words.ts';
import type { EpochMeans } from './epoch-means.ts';
import { StateReader } from './state-reader.ts';

export class Progress {
  /** The epoch that is next or under way, from 0. */
  epoch: number;
  /** Batches of it that are done. */
  step = 0;
  /** What they measured; null where it is not begun. */
  means: EpochMeans | null = null;
  /** Whether callbacks have begun the epoch that is under way. */
  isBegun = false;
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
    this.isBegun = false;
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
   * @returns whether an epoch was under way there
   * @throws {UserError} exit 4 where it is of other epochs
   */
  resume(state: StateReader, { namesOf, rowsOf, steps, means }: Resumable): boolean {
    state.count('first', this.#first, this.#first);
    const logs = state.list('logs').map(readLogs);
    if (namesOf) checkNames(logs, namesOf, state);
    this.logs.push(...logs);
    this.epoch = this.#first + logs.length;
    const underWay = state.part('means');
    if (underWay.isNone) state.count('step', 0, 0);
    else if (means) {
      this.step = state.count('step', 1, steps);
      means.resume(underWay, rowsOf(this.step));
      this.means = means;
    }
    return !underWay.isNone;
  }
}

/** What the epochs of a run have in common, and what is to be filled of the one that is under way. */
interface Resumable {
  /** What an epoch measures, from the run's first, as it stands in its logs; null where that was another run. */
  readonly namesOf: ((index: number) => readonly string[]) | null;
  /** How many rows the first batches of an epoch have. */
  readonly rowsOf: (steps: number) => number;
  readonly steps: number;
  /** Empty; null where an epoch that was under way begins anew. */
  readonly means: EpochMeans | null;
}

/** How far a run was where it gave its state: epochs, those before its first one included, and batches of the next. */
export function progressIn(state: StateValue, place: string): { epochs: number; batches: number } {
  const progress = new StateReader(state, place).part('progress');
  return {
    epochs: progress.count('first') + progress.list('logs').length,
    batches: progress.part('means').isNone ? 0 : progress.count('step'),
  };
}

function readLogs(state: StateReader): Logs {
  return state.asList().map((entry): readonly [string, LogValue] => {
    const [first, value] = entry.asList(2);
    const name = first.asText();
    const measured = value.asMeasured();
    // A run ends where a loss is not finite.
    const isLoss = name === 'loss' || name === 'val_loss';
    if (isLoss && !Number.isFinite(measured)) throw value.wrong('a finite number');
    return [name, measured];
  });
}

/** @throws {UserError} exit 4 where an epoch has measured something else */
function checkNames(
  logs: readonly Logs[],
  namesOf: (index: number) => readonly string[],
  state: StateReader,
): void {
  for (let index = 0; index < logs.length; index++) {
    const found = logs[index].map(([name]) => name);
    const names = namesOf(index);
    if (found.length === names.length && found.every((name, i) => name === names[i])) continue;
    const shown = found.length === 0 ? 'nothing' : found.map(quote).join(', ');
    throw state.list('logs')[index].wrong(names.map(quote).join(', '), shown);
  }
}
