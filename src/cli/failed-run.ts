/** What is left of a run whose numbers have failed: its last good state is saved, and how to go on is said. */
import { UserError } from '../errors.ts';
import { exists } from '../files/read-text.ts';
import type { NumbersFailed } from '../training/failure.ts';
import { describeProgress, stepsOf, trySave } from './checkpoint.ts';
import type { Io } from './io.ts';
import { isStandardOutput } from './model-output.ts';
import { resumeCommand } from './resume-command.ts';
import type { Run, TrainOptions } from './train-run.ts';

/** The failure, with a line for each file. */
export async function saveFailed(
  io: Io,
  run: Run,
  failed: NumbersFailed,
  options: TrainOptions,
): Promise<UserError> {
  const lines = [...(failed.remedy?.split('\n') ?? []), ...(await saved(io, run, failed, options))];
  if (!isStandardOutput(run.output) && exists(run.output)) {
    lines.push(`${run.output} is as it was`);
  }
  return new UserError(failed.exitCode, failed.problems, lines.join('\n'));
}

async function saved(
  io: Io,
  run: Run,
  { checkpoint, smallerSteps }: NumbersFailed,
  options: TrainOptions,
): Promise<string[]> {
  if (checkpoint === null)
    return ['the last good state is the one it began with: nothing is saved'];
  const { path } = run.checkpoint;
  const error = await trySave(io, run, checkpoint);
  if (error) return [`the last good state could not be saved: ${error.problems[0]}`];
  const { epoch, step } = checkpoint;
  const lines = [
    `saved the last good state: ${path} (${describeProgress(epoch, step, stepsOf(run))})`,
  ];
  if (smallerSteps === null) return lines;
  const words = [resumeCommand(path, options), '--resume-anyway', ...smallerSteps];
  return [...lines, `to go on from it: ${words.join(' ')}`];
}
