/** All callbacks of a run, in the order in which the spec names them. */
import { ExitCode, UserError } from '../../errors.ts';
import { hasOneValue, metrics as metricTable } from '../../nn/metrics.ts';
import type { Logs, StateValue } from '../../records.ts';
import type { CallbackSpec } from '../../spec/callbacks.ts';
import { escapeControls, nearest, quote } from '../../words.ts';
import { type Measured, measuredMetrics } from '../measured.ts';
import type { TrainingRun } from '../run.ts';
import type { StateReader } from '../state-reader.ts';
import type { Validation } from '../validation.ts';
import type { Callback, Control, Resumed } from './callback.ts';
import { EarlyStopping } from './early-stopping.ts';
import { LearningRateScheduler } from './learning-rate-scheduler.ts';
import type { Direction } from './monitor.ts';
import { ReduceLROnPlateau } from './reduce-lr-on-plateau.ts';

/** What came of the end of an epoch. */
interface EpochOutcome {
  /** The epoch's logs with what callbacks added. */
  readonly logs: Logs;
  readonly said: readonly string[];
}

export class CallbackList {
  /** Whether a callback has ended training. */
  isStopped = false;
  /** The epoch whose weights a callback has put back, from 0. */
  restoredEpoch: number | null = null;
  readonly #callbacks: readonly Callback[];
  readonly #control: Control;
  #said: string[] = [];
  #added = new Map<string, number>();

  /** @throws {UserError} exit 2 where a callback watches what is not measured */
  constructor(
    run: TrainingRun,
    settings: Measured & { readonly callbacks: readonly CallbackSpec[] },
    validation: Validation,
  ) {
    const { callbacks } = settings;
    this.#callbacks = callbacks.map((spec) => makeCallback(spec, settings, validation));
    this.#control = {
      get learningRate() {
        return run.learningRate;
      },
      set learningRate(rate: number) {
        run.learningRate = rate;
      },
      stop: () => {
        this.isStopped = true;
      },
      snapshot: () => run.snapshot(),
      restore: (weights, epoch) => {
        run.restore(weights);
        this.restoredEpoch = epoch;
      },
      log: (name, value) => this.#added.set(name, value),
      say: (text) => this.#said.push(text),
    };
  }

  /** What callbacks add to the logs of each epoch. */
  get loggedNames(): readonly string[] {
    return [...new Set(this.#callbacks.flatMap(({ logs = [] }) => logs))];
  }

  /** What is to be said before the epoch. */
  onEpochBegin(epoch: number): readonly string[] {
    for (const callback of this.#callbacks) callback.onEpochBegin?.(epoch, this.#control);
    return this.#takeSaid();
  }

  onEpochEnd(epoch: number, logs: Logs): EpochOutcome {
    this.#added = new Map();
    for (const callback of this.#callbacks) callback.onEpochEnd?.(epoch, logs, this.#control);
    return { logs: [...logs, ...this.#added], said: this.#takeSaid() };
  }

  onTrainEnd(): readonly string[] {
    for (const callback of this.#callbacks) callback.onTrainEnd?.(this.#control);
    return this.#takeSaid();
  }

  /** The epoch that is under way is to begin anew. */
  undoEpochBegin(): void {
    // Each gives back what it found, so the first one comes last.
    for (const callback of this.#callbacks.toReversed()) callback.undoEpochBegin?.(this.#control);
  }

  state(): StateValue {
    return {
      is_stopped: this.isStopped,
      callbacks: this.#callbacks.map((callback) => callback.state?.() ?? null),
    };
  }

  /**
   * Goes on where a list of the same callbacks gave its state.
   *
   * @throws {UserError} exit 4 where it is of others
   */
  resume(state: StateReader, run: Resumed): void {
    const states = state.list('callbacks', this.#callbacks.length);
    this.#callbacks.forEach((callback, index) => {
      callback.resume?.(states[index], run);
    });
    const hasStopped = this.#callbacks.some(({ isStopping }) => isStopping === true);
    this.isStopped = state.flag('is_stopped');
    if (this.isStopped === hasStopped) return;
    throw state.part('is_stopped').wrong(`${hasStopped}, as the callbacks say`);
  }

  #takeSaid(): readonly string[] {
    const said = this.#said;
    this.#said = [];
    return said;
  }
}

function makeCallback(spec: CallbackSpec, measured: Measured, validation: Validation): Callback {
  switch (spec.type) {
    case 'EarlyStopping':
      return new EarlyStopping(spec, directionOf(spec, measured, validation));
    case 'ReduceLROnPlateau':
      return new ReduceLROnPlateau(spec, directionOf(spec, measured, validation));
    case 'LearningRateScheduler':
      return new LearningRateScheduler(spec);
  }
}

/**
 * Which values of a watched name are better: as `mode` says, else by what the name measures.
 *
 * @throws {UserError} exit 2 where the name is not measured, or is not one number
 */
export function directionOf(
  watch: { readonly type: string; readonly monitor: string; readonly mode: 'auto' | Direction },
  measured: Measured,
  validation: Validation,
): Direction {
  const directions = new Map<string, Direction>([['loss', 'min']]);
  const metrics = measuredMetrics(measured);
  for (const { name, spec } of metrics) directions.set(name, metricTable[spec.type].better);
  if (validation === 'due') {
    for (const [name, direction] of [...directions]) directions.set(`val_${name}`, direction);
  }
  const direction = directions.get(watch.monitor);
  if (direction === undefined) throw notMeasured(watch, [...directions.keys()], validation);
  const watched = metrics.find(({ name }) => [name, `val_${name}`].includes(watch.monitor));
  if (watched && !hasOneValue(watched.spec)) throw manyValues(watch);
  return watch.mode === 'auto' ? direction : watch.mode;
}

function manyValues({ type, monitor }: { readonly type: string; readonly monitor: string }) {
  const found = `found ${quote(monitor)}, which is several`;
  const remedy = 'give the metric an average, or one threshold';
  const problem = `${type}: monitor: expected a metric that is one number; ${found}`;
  return new UserError(ExitCode.usage, problem, remedy);
}

/** What to do about a `val_…` that a run does not measure. */
const withoutValidation: Readonly<Record<Validation, string | undefined>> = {
  none: 'give rows to validate with: --validation-split or --validation-data',
  'never due': 'validation is due after none of the epochs: use a lower --validation-freq',
  due: undefined,
};

function notMeasured(
  { type, monitor }: { readonly type: string; readonly monitor: string },
  names: readonly string[],
  validation: Validation,
): UserError {
  const near = nearest(monitor, names);
  const missing = monitor.startsWith('val_') ? withoutValidation[validation] : undefined;
  const unknown =
    near === undefined
      ? `measure it: --metrics ${escapeControls(monitor.replace(/^val_/, ''))}`
      : `did you mean ${quote(near)}?`;
  const remedy = missing ?? unknown;
  const expected = `expected one of ${names.join(', ')}`;
  const problem = `${type}: monitor: ${expected}; found ${quote(monitor)}`;
  return new UserError(ExitCode.usage, problem, remedy);
}
