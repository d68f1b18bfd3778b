/** A training run from its files to its model file. Everything that can fail early is done early. */
import type { Logs } from '../records.ts';
import type { FitResult } from '../training/fit.ts';
import type { Io } from './io.ts';
import { isStandardOutput, saySaved, writeModel } from './model-output.ts';
import { prepareRun } from './prepare-run.ts';
import { runEpochs } from './run-epochs.ts';
import { writeTestRows } from './test-rows.ts';
import type { TrainOptions } from './train-run.ts';
import { lastValues } from './training-log.ts';
import { columnsRecord, historyRecord, trainedSpec, trainingRecord } from './training-record.ts';

/**
 * Trains a model on data and writes it.
 *
 * @param path  MODEL; where it is not named, ./model.json, or a spec made from the data
 */
export async function train(
  io: Io,
  path: string | undefined,
  options: TrainOptions,
): Promise<void> {
  const notes: string[] = [];
  const run = await prepareRun(io, path, options, notes);
  if (!options.quiet) for (const note of notes) await io.stderr.write(`${note}\n`);
  const log = isStandardOutput(run.output) ? io.stderr : io.stdout;
  const { result, logs } = await runEpochs(io, run, log, options);
  if (options.testOut !== undefined) {
    await writeTestRows(io, options.testOut, run.data.test ?? []);
  }
  await writeModel(io, run.output, trainedSpec(run), {
    weights: result.weights,
    columns: run.data.columns ? columnsRecord(run.data.columns) : undefined,
    history: historyRecord(result.history),
    training: trainingRecord(run, result),
  });
  // Where the model goes to standard output, the log on standard error has said it already.
  if (!options.quiet && !isStandardOutput(run.output)) {
    await saySaved(io, run.output, outcomeOf(result, run.fit.epochs, logs));
  }
}

/** `loss 0.0095`, and which epoch that is where it is not the last that was asked for. */
function outcomeOf({ lastEpoch, keptEpoch }: FitResult, epochs: number, logs: Logs): string {
  const values = lastValues(logs);
  if (keptEpoch !== null) return `epoch ${keptEpoch} of ${lastEpoch}: ${values}`;
  return lastEpoch < epochs ? `stopped after epoch ${lastEpoch} of ${epochs}: ${values}` : values;
}
