/** What `train` prints while it works: Keras's epoch log, or one JSON line per epoch. */
import { shortestFloat32 } from '../float32.ts';
import type { FitReport, Logs, LogValue } from '../records.ts';
import { EpochLog } from '../report/epoch-log.ts';
import type { Style } from '../report/progress-bar.ts';
import { formatFixed, formatScientific } from '../report/python.ts';
import { type Io, type Output, OutputClosed } from './io.ts';

interface TrainingLogOptions {
  readonly style: Style;
  readonly verbose: 0 | 1 | 2;
  readonly json: boolean;
  readonly color: boolean;
}

/** Takes the reports of training and writes what is due. */
export class TrainingLog {
  readonly #log: EpochLog;
  #closed = false;
  readonly #io: Io;
  readonly #output: Output;
  readonly #options: TrainingLogOptions;

  /** @param output  standard output, or standard error where the model itself goes to the former */
  constructor(io: Io, output: Output, options: TrainingLogOptions) {
    this.#io = io;
    this.#output = output;
    this.#options = options;
    const display = output.isTerminal ? 'in-place' : 'final';
    this.#log = new EpochLog({ ...options, display });
  }

  async write(report: FitReport): Promise<void> {
    const text = this.#options.json ? jsonLine(report) : this.#log.write(report, this.#io.now());
    if (text === '' || this.#closed) return;
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
  if (report.kind !== 'epoch-end') return '';
  const values = report.logs.map(([name, value]) => `${JSON.stringify(name)}:${asJson(value)}`);
  return `{${[`"epoch":${report.epoch + 1}`, ...values].join(',')}}\n`;
}

/** The number as a float32, null where it is none, or an array of these. */
function asJson(value: LogValue): string {
  if (typeof value !== 'number') return `[${value.map(asJson).join(',')}]`;
  return Number.isFinite(value) ? shortestFloat32(value) : 'null';
}

/** `loss 0.0095, val_loss 0.0101`: the last values of an epoch, as Keras rounds them. */
export function lastValues(logs: Logs): string {
  return logs
    .flatMap(([name, value]) => {
      if (name !== 'loss' && name !== 'val_loss') return [];
      if (typeof value !== 'number') return [];
      const isSmall = Math.abs(value) <= 1e-3 && value !== 0;
      return `${name} ${isSmall ? formatScientific(value, 4) : formatFixed(value, 4)}`;
    })
    .join(', ');
}
