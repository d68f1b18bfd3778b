/** What `train` prints while it works: Keras's epoch log, or one JSON line per epoch. */
import { shortestFloat32 } from '../float32.ts';
import type { FitReport, Logs, LogValue } from '../records.ts';
import { diagnosisJson } from '../report/diagnosis-text.ts';
import { EpochLog } from '../report/epoch-log.ts';
import type { Style } from '../report/progress-bar.ts';
import { formatFixed, formatScientific } from '../report/python.ts';
import { escapeJson } from '../words.ts';
import { type Io, type Output, OutputClosed } from './io.ts';

interface TrainingLogOptions {
  readonly style: Style;
  readonly verbose: 0 | 1 | 2;
  readonly json: boolean;
  readonly color: boolean;
}

/** Seconds between two writes: short epochs are written several at once, since each write is a call. */
const INTERVAL = 0.05;

/** Takes the reports of training and writes what is due. */
export class TrainingLog {
  readonly #log: EpochLog;
  #closed = false;
  /** Whether what was written last ends within a line. */
  #isOpen = false;
  /** What is not written yet, and when something was. */
  #text = '';
  #written = Number.NEGATIVE_INFINITY;
  readonly #io: Io;
  readonly #output: Output;
  readonly #options: TrainingLogOptions;

  /** @param output  standard output, or standard error where the model itself goes to the former */
  constructor(io: Io, output: Output, options: TrainingLogOptions) {
    this.#io = io;
    this.#output = output;
    this.#options = options;
    const display = output.isTerminal ? 'in-place' : 'final';
    const width = output.isTerminal ? output.columns : null;
    this.#log = new EpochLog({ ...options, display, width });
  }

  /** Takes a report. Returns whether there is something to write, and the last time was long enough ago. */
  take(report: FitReport): boolean {
    const now = this.#io.now();
    this.#text += this.#options.json ? jsonLine(report) : this.#log.write(report, now);
    return this.#text !== '' && now - this.#written >= INTERVAL;
  }

  /** Writes what there is, and ends the line on which a bar may stand. */
  async end(): Promise<void> {
    await this.flush();
    if (this.#output.isTerminal && this.#isOpen) this.#text = '\n';
    await this.flush();
  }

  /** Writes what there is. */
  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = '';
    if (text === '' || this.#closed) return;
    this.#isOpen = !text.endsWith('\n');
    this.#written = this.#io.now();
    try {
      await this.#output.write(text);
    } catch (error) {
      // Whoever read the log has seen enough; the model is still wanted.
      if (!(error instanceof OutputClosed)) throw error;
      this.#closed = true;
    }
  }
}

function jsonLine(report: FitReport): string {
  if (report.kind === 'diagnosis') return `${diagnosisJson(report.diagnosis)}\n`;
  if (report.kind !== 'epoch-end') return '';
  const values = report.logs.map(
    ([name, value]) => `${escapeJson(JSON.stringify(name))}:${asJson(value)}`,
  );
  return `{${[`"epoch":${report.epoch + 1}`, ...values].join(',')}}\n`;
}

/** The number as a float32, null where it is none, or an array of these. */
function asJson(value: LogValue): string {
  if (typeof value !== 'number') return `[${value.map(asJson).join(',')}]`;
  return Number.isFinite(value) ? shortestFloat32(value) : 'null';
}

/** `loss 0.0095, val_loss 0.0101`: the last values of an epoch, as Keras rounds them; large ones with an exponent. */
export function lastValues(logs: Logs): string {
  return logs
    .flatMap(([name, value]) => {
      if (name !== 'loss' && name !== 'val_loss') return [];
      if (typeof value !== 'number') return [];
      const size = Math.abs(value);
      const isPlain = value === 0 || (size > 1e-3 && size < 1e6);
      return `${name} ${!isPlain ? formatScientific(value, 4) : formatFixed(value, 4)}`;
    })
    .join(', ');
}
