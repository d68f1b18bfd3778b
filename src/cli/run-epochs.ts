/** The epochs of a run, with everything that is written while they last. */
import { LineFile } from '../files/line-file.ts';
import type { Logs } from '../records.ts';
import { CsvLog } from '../report/csv-log.ts';
import { type FitResult, fit } from '../training/fit.ts';
import type { Io, Output } from './io.ts';
import { isColored } from './shared-options.ts';
import type { Run, TrainOptions } from './train-run.ts';
import { TrainingLog } from './training-log.ts';

const asVerbose = { '0': 0, '1': 1, '2': 2 } as const;

/**
 * Trains.
 *
 * @param output  where the epoch log goes
 * @returns the result, and the logs of the epoch whose weights it holds
 */
export async function runEpochs(
  io: Io,
  run: Run,
  output: Output,
  options: TrainOptions,
): Promise<{ result: FitResult; logs: Logs }> {
  const log = trainingLog(io, run, output, options);
  const csv = options.csvLog === undefined ? null : new LineFile(options.csvLog);
  const csvLog = new CsvLog();
  const { network, weights, train, validation, compile, computing, seed } = run;
  const settings = { ...compile, ...run.fit, ...computing, seed, batchReports: 'some' as const };
  const epochs = fit(network, weights, train, validation, settings);
  const logsOf: Logs[] = [];
  try {
    for (;;) {
      const next = epochs.next();
      if (next.done) {
        const { keptEpoch, lastEpoch } = next.value;
        return { result: next.value, logs: logsOf[keptEpoch ?? lastEpoch] };
      }
      if (next.value.kind === 'epoch-end') logsOf[next.value.epoch + 1] = next.value.logs;
      csv?.write(csvLog.write(next.value));
      if (log.take(next.value)) await log.flush();
    }
  } finally {
    await log.flush();
    csv?.close();
  }
}

function trainingLog(io: Io, run: Run, output: Output, options: TrainOptions): TrainingLog {
  const said = run.model.spec.fit.verbose;
  const verbose = options.verbose ? asVerbose[options.verbose] : said === 'auto' ? 1 : said;
  const isSilent = options.quiet === true && !options.json;
  return new TrainingLog(io, output, {
    style: options.style,
    verbose: isSilent ? 0 : verbose,
    json: options.json === true,
    color: isColored(options.color, output),
  });
}
