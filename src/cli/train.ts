/** A training run from its files to its model file. Everything that can fail early is done early. */
import { basename, join } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import { rescueFolder } from '../files/rescue.ts';
import { NumbersFailed } from '../training/failure.ts';
import type { FitResult } from '../training/fit.ts';
import { escapeControls } from '../words.ts';
import { describeProgress, stepsOf, trySave, tryWriting } from './checkpoint.ts';
import { saveFailed } from './failed-run.ts';
import { Interruption } from './interruption.ts';
import type { Io } from './io.ts';
import { isStandardOutput, saySaved, writeModel } from './model-output.ts';
import { prepareRun } from './prepare-run.ts';
import { resumeCommand } from './resume-command.ts';
import { runEpochs } from './run-epochs.ts';
import { writeTestRows } from './test-rows.ts';
import type { Run, TrainOptions } from './train-run.ts';
import { lastValues } from './training-log.ts';
import { columnsRecord, historyRecord, trainedSpec, trainingRecord } from './training-record.ts';
import { type StopReason, Watch } from './watch.ts';

/**
 * Trains a model on data and writes it.
 *
 * @param path  MODEL; where it is not named, ./model.json, or a spec made from the data
 * @throws {Stopped} where a signal has ended it and what there was is saved
 */
export async function train(
  io: Io,
  path: string | undefined,
  options: TrainOptions,
): Promise<void> {
  const start = io.now();
  const interruption = new Interruption(io);
  try {
    const notes: string[] = [];
    const run = await prepareRun(io, path, options, notes);
    if (!options.quiet) for (const note of notes) await io.stderr.write(`${note}\n`);
    const end = options.maxTime === undefined ? null : start + options.maxTime.seconds;
    const watch = new Watch({ every: run.checkpoint.every, end, targets: run.targets }, io.now());
    interruption.watch(watch);
    const log = isStandardOutput(run.output) ? io.stderr : io.stdout;
    const epochs = runEpochs(io, run, log, options, watch).finally(() => interruption.isSaving());
    const result = await epochs.catch(async (error) => {
      throw error instanceof NumbersFailed ? await saveFailed(io, run, error, options) : error;
    });
    // A signal that comes from here on ends nothing that is not over.
    const { reason } = watch;
    await saveAll(io, run, result, reason, options);
    if (reason?.kind === 'failure') throw reason.error;
    interruption.throwIfStopped();
  } finally {
    interruption.end();
  }
}

/** Saves a run and says where; what cannot be written keeps nothing else from being so. */
async function saveAll(
  io: Io,
  run: Run,
  result: FitResult,
  reason: StopReason | null,
  options: TrainOptions,
): Promise<void> {
  const isSaved = reason !== null || run.checkpoint.every !== null;
  const unsaved = isSaved ? await trySave(io, run, result.checkpoint) : null;
  const unwritten = await tryWriting(() => writeResult(io, run, result));
  // Where the model goes to standard output, the log on standard error has said it already.
  if (!unwritten && !options.quiet && !isStandardOutput(run.output)) {
    await saySaved(io, run.output, outcomeOf(result, run.fit.epochs));
  }
  const rowsUnwritten = await tryWriting(() => writeAside(io, run, options));
  if (isSaved && !unsaved) await sayCheckpoint(io, run, result, reason, options);
  const failed = [unwritten, rowsUnwritten, unsaved].filter((error) => error !== null);
  if (failed.length === 0) return;
  if (unwritten?.exitCode === ExitCode.io && !isStandardOutput(run.output))
    await rescue(io, run, result);
  const problems = failed.flatMap((error) => error.problems);
  throw new UserError(failed[0].exitCode, problems, failed[0].remedy);
}

/** Keeps a model for which there is no place any more, as where a disk has become full: it may be hours of work. */
async function rescue(io: Io, run: Run, result: FitResult): Promise<void> {
  const folder = rescueFolder();
  if (folder === null) return;
  const output = join(folder, basename(run.output));
  const lost = await tryWriting(() => writeResult(io, { ...run, output }, result));
  // Even with --quiet: nobody would look there.
  if (!lost) await saySaved(io, output, `as ${escapeControls(run.output)} could not be written`);
}

/** Writes the rows that were kept aside. */
async function writeAside(io: Io, { data }: Run, { testOut }: TrainOptions): Promise<void> {
  if (testOut !== undefined) await writeTestRows(io, testOut, data.test ?? []);
}

async function writeResult(io: Io, run: Run, result: FitResult): Promise<void> {
  await writeModel(io, run.output, trainedSpec(run), {
    weights: result.weights,
    columns: run.data.columns ? columnsRecord(run.data.columns) : undefined,
    history: historyRecord(result.history),
    training: trainingRecord(run, result),
  });
}

/** Where the run is saved and, if something stopped it, how it goes on: after a signal even with `--quiet`. */
async function sayCheckpoint(
  io: Io,
  run: Run,
  { lastEpoch, step }: FitResult,
  reason: StopReason | null,
  options: TrainOptions,
): Promise<void> {
  const { path } = run.checkpoint;
  if (!options.quiet) await saySaved(io, path, describeProgress(lastEpoch, step, stepsOf(run)));
  const isOver = reason === null || lastEpoch >= run.fit.epochs;
  if (isOver || (options.quiet && reason.kind !== 'signal')) return;
  // A value that is reached would stop it again at once.
  const rest = reason.kind === 'target' ? { ...options, stopAt: undefined } : options;
  await io.stderr.write(`to go on: ${resumeCommand(path, rest)}\n`);
}

/** `loss 0.0095`, and which epoch that is where it is not the last that was asked for. */
function outcomeOf({ lastEpoch, keptEpoch, logs }: FitResult, epochs: number): string {
  const values = lastValues(logs);
  const saying = (what: string) => (values === '' ? what : `${what}: ${values}`);
  if (keptEpoch !== null) return saying(`epoch ${keptEpoch} of ${lastEpoch}`);
  return lastEpoch < epochs ? saying(`stopped after epoch ${lastEpoch} of ${epochs}`) : values;
}
