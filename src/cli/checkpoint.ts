/** The checkpoints of a run: where they go, when, and what is in them. */
import { ExitCode, UserError } from '../errors.ts';
import { checkWritable } from '../files/atomic-write.ts';
import { checkOverwrite, modelKind } from '../files/overwrite.ts';
import { stateSection } from '../files/state.ts';
import type { Checkpoint } from '../records.ts';
import { FORMAT } from '../spec/schema.ts';
import { stepsIn } from '../training/steps.ts';
import { type CheckpointOptions, EVERY, type Interval } from './checkpoint-options.ts';
import type { Io } from './io.ts';
import { defaultOutput } from './model-input.ts';
import { isStandardOutput, writeModel } from './model-output.ts';
import { stateParts } from './resumption.ts';
import type { Run } from './train-run.ts';
import { columnsRecord, historyRecord, trainedSpec, trainingRecord } from './training-record.ts';

/** Where and when a run is saved. */
export interface CheckpointPlan {
  readonly path: string;
  /** Null where it is saved only if something stops it. */
  readonly every: Interval | null;
  /** @throws {UserError} exit 6 where it may not or cannot be written there */
  readonly check: () => void;
}

/**
 * Where a run is saved: where the user says, else where it was before, else beside the result.
 *
 * @param others  paths of the command that it must not be
 * @throws {UserError} exit 6 where the run is to be saved while it lasts and cannot be
 */
export function planCheckpoint(
  { checkpoint, checkpointEvery, resume, maxTime, stopAt }: CheckpointOptions,
  output: string,
  others: readonly string[],
  force: boolean,
): CheckpointPlan {
  const model = isStandardOutput(output) ? 'model.json' : output;
  const path = checkpoint ?? resume ?? defaultOutput(model, 'checkpoint');
  const check = () => {
    checkWritable(path);
    checkOverwrite(path, others, '--checkpoint', force ? null : modelKind(FORMAT));
  };
  if (isStandardOutput(path)) throw noStream();
  const isAsked = checkpoint !== undefined || checkpointEvery !== undefined;
  if (isAsked || maxTime !== undefined || stopAt !== undefined) check();
  return { path, every: isAsked ? (checkpointEvery ?? EVERY) : null, check };
}

function noStream(): UserError {
  return new UserError(
    ExitCode.usage,
    '--checkpoint: expected a file; found standard output',
    'a checkpoint takes the place of the one before',
  );
}

/**
 * Writes a model file that training can go on from.
 *
 * @returns why it could not be written; null where it was
 */
export function trySave(io: Io, run: Run, checkpoint: Checkpoint): Promise<UserError | null> {
  return tryWriting(async () => {
    run.checkpoint.check();
    await save(io, run, checkpoint);
  });
}

/** Why something could not be written; null where it was. */
export async function tryWriting(write: () => Promise<void>): Promise<UserError | null> {
  try {
    await write();
    return null;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

async function save(io: Io, run: Run, checkpoint: Checkpoint): Promise<void> {
  const { engine, blas, epoch: lastEpoch, step } = checkpoint;
  await writeModel(io, run.checkpoint.path, trainedSpec(run), {
    weights: checkpoint.weights,
    columns: run.data.columns ? columnsRecord(run.data.columns) : undefined,
    history: historyRecord(checkpoint.history),
    training: trainingRecord(run, { engine, blas, lastEpoch, step, keptEpoch: null }),
    state: stateSection(stateParts(checkpoint.state, run)),
  });
}

/** Batches of an epoch. */
export function stepsOf({ train, fit }: Run): number {
  return stepsIn(train.x.shape[0], fit.batchSize);
}

/** How far a run has come: `epoch 12`, `epoch 12 and 30 batches of the next`. */
export function describeProgress(epochs: number, step: number, steps: number): string {
  if (step === 0) return `epoch ${epochs}`;
  if (step === steps) return `epoch ${epochs} and all batches of the next`;
  return `epoch ${epochs} and ${step} ${step === 1 ? 'batch' : 'batches'} of the next`;
}
