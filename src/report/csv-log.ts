/** Keras's CSVLogger: one line per epoch with everything that was measured. */
import { shortestFloat32 } from '../float32.ts';
import type { FitReport, Logs } from '../records.ts';
import { formatRepr } from './python.ts';

const LINE_END = '\r\n';

/**
 * The text of the log, report by report. The first epoch settles the columns: `epoch` (from 0), then
 * its names in alphabetical order. Where it has no `val_…`, a `val_` column follows for each, since
 * validation may come in later epochs; what an epoch did not measure is `NA`. Several values of one
 * name stand in one cell.
 */
export class CsvLog {
  #names: readonly string[] | null = null;

  /** The lines that a report adds; empty where it adds none. */
  write(report: FitReport): string {
    if (report.kind === 'resume') {
      const { firstEpoch, logs } = report;
      return logs.map((values, index) => this.#row(firstEpoch + index, values)).join('');
    }
    return report.kind === 'epoch-end' ? this.#row(report.epoch, report.logs) : '';
  }

  #row(epoch: number, logs: Logs): string {
    const header = this.#names === null ? this.#begin(logs) : '';
    const values = new Map(logs);
    const cells = (this.#names ?? []).map((name) => {
      const value = values.get(name);
      if (value === undefined) return 'NA';
      return typeof value === 'number'
        ? formatRepr(value)
        : `"[${value.map(formatFloat32).join(', ')}]"`;
    });
    return `${header}${[epoch, ...cells].join(',')}${LINE_END}`;
  }

  #begin(logs: Logs): string {
    const names = logs.map(([name]) => name).sort();
    const hasValidation = names.some((name) => name.startsWith('val_'));
    this.#names = hasValidation ? names : [...names, ...names.map((name) => `val_${name}`)];
    return `${['epoch', ...this.#names].map(quoteCell).join(',')}${LINE_END}`;
  }
}

/** As Python prints an element of a float32 array. */
function formatFloat32(value: number): string {
  return formatRepr(Number(shortestFloat32(value)));
}

/** RFC 4180: quotes around a cell that needs them. */
function quoteCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
