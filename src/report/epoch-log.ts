/**
 * What Keras's `fit` prints while it trains: the reports of training in, the text of Keras 2 or
 * Keras 3 out.
 */
import type { FitReport, Logs } from '../records.ts';
import { formatDiagnosis } from './diagnosis-text.ts';
import { type Display, ProgressBar, type Style } from './progress-bar.ts';

export interface EpochLogOptions {
  readonly style: Style;
  /** 0: nothing; 1: a bar per epoch; 2: a line per epoch. */
  readonly verbose: 0 | 1 | 2;
  readonly display: Display;
  readonly color: boolean;
  /** Of the terminal; null, or not given, where there is none. */
  readonly width?: number | null;
}

export class EpochLog {
  readonly #options: EpochLogOptions;
  #bar: ProgressBar | null = null;
  /** For Keras 3: what the running epoch measures; other names come with the validation or callbacks. */
  #trained = new Set<string>();

  constructor(options: EpochLogOptions) {
    this.#options = options;
  }

  /**
   * The text that a report adds to the log; empty where nothing is due.
   *
   * @param now  seconds on any clock, the same one for all reports
   */
  write(report: FitReport, now: number): string {
    const { verbose, style, width } = this.#options;
    if (report.kind === 'warning') return '';
    if (report.kind === 'diagnosis') return `${formatDiagnosis(report.diagnosis, width)}\n`;
    // Callbacks have a verbosity of their own.
    if (report.kind === 'message' && report.said === 'callback') return `${report.text}\n`;
    if (verbose === 0 || report.kind === 'resume') return '';
    if (report.kind === 'message') return `${report.text}\n`;
    if (report.kind === 'epoch-begin') return this.#begin(report, verbose, now);
    if (!this.#bar) throw new Error(`internal: report ${report.kind} came before epoch-begin`);
    if (report.kind === 'epoch-end') {
      const { steps, logs } = report;
      return this.#bar.update(steps, () => orderLogs(style, logs, this.#trained), now, true);
    }
    const { step, logs } = report;
    // Keras 3 alone sorts by it.
    if (this.#trained.size === 0 && style === 'keras3')
      this.#trained = new Set(logs().map(([name]) => name));
    return this.#bar.update(step, () => orderLogs(style, logs()), now, false);
  }

  #begin(report: FitReport & { kind: 'epoch-begin' }, verbose: 1 | 2, now: number): string {
    const { steps, epoch, epochs, done } = report;
    const { style, display, color } = this.#options;
    this.#trained = new Set();
    // Field by field: V8 takes longer to spread options and add to them than for all the rest of an epoch's log.
    this.#bar = new ProgressBar({ style, verbose, display, color, steps, done, start: now });
    return epochs > 1 ? `Epoch ${epoch + 1}/${epochs}\n` : '';
  }
}

/**
 * Logs in the order in which a Keras shows them. Keras 2 leaves them as they are and calls the
 * learning rate `lr`; Keras 3 sorts by name, first what is measured in training, then `val_…`, then
 * the rest as it comes.
 *
 * @param trained  the names measured in training; by default all that do not begin with `val_`
 */
export function orderLogs(style: Style, logs: Logs, trained?: ReadonlySet<string>): Logs {
  if (style === 'keras2') {
    return logs.map(([name, value]) => [name === 'learning_rate' ? 'lr' : name, value] as const);
  }
  const isValidation = ([name]: Logs[number]) => name.startsWith('val_');
  const isTrained = (entry: Logs[number]) =>
    trained ? trained.has(entry[0]) : !isValidation(entry);
  const rank = (entry: Logs[number]) => (isTrained(entry) ? 0 : isValidation(entry) ? 1 : 2);
  return [0, 1, 2].flatMap((wanted) => {
    const entries = logs.filter((entry) => rank(entry) === wanted);
    return wanted === 2 ? entries : entries.sort(([a], [b]) => (a < b ? -1 : 1));
  });
}
