/** What is written of a run while it lasts: the epoch log, and its table of epochs where one is asked for. */
import { UserError } from '../errors.ts';
import { LineFile } from '../files/line-file.ts';
import type { FitReport } from '../records.ts';
import { CsvLog } from '../report/csv-log.ts';
import type { TrainingLog } from './training-log.ts';

export class RunLogs {
  readonly #log: TrainingLog;
  readonly #file: LineFile | null;
  readonly #csv = new CsvLog();
  readonly #fail: (error: UserError) => void;
  #hasFailed = false;

  /**
   * @param csvLog  where the table goes
   * @param fail    told once, where a log cannot be written any more: what was learnt is worth more than its log
   */
  constructor(log: TrainingLog, csvLog: string | undefined, fail: (error: UserError) => void) {
    this.#log = log;
    this.#file = csvLog === undefined ? null : new LineFile(csvLog);
    this.#fail = fail;
  }

  /** Takes a report. Returns whether something is to be flushed: short epochs must not wait for each report. */
  take(report: FitReport): boolean {
    if (this.#hasFailed) return false;
    try {
      this.#file?.write(this.#csv.write(report));
    } catch (error) {
      this.#failed(error);
    }
    return this.#log.take(report);
  }

  flush(): Promise<void> {
    return this.#write(() => this.#log.flush());
  }

  async #write(write: () => Promise<void>): Promise<void> {
    if (this.#hasFailed) return;
    try {
      await write();
    } catch (error) {
      this.#failed(error);
    }
  }

  async close(): Promise<void> {
    await this.#write(() => this.#log.end());
    this.#file?.close();
  }

  #failed(error: unknown): void {
    if (!(error instanceof UserError)) throw error;
    this.#hasFailed = true;
    this.#fail(error);
  }
}
