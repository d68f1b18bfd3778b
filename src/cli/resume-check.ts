/** Whether what a checkpoint remembers fits a run that is not the one it was written in. */
import { ExitCode, UserError } from '../errors.ts';
import { checkResumable, type Resumption } from '../training/fit.ts';
import { type Model, weightsOf } from './model-input.ts';
import { shellWord } from './resume-command.ts';
import type { SettledRun } from './train-run.ts';

/**
 * Why it does not, with what can be done then, in lines for people; null where it does.
 *
 * @throws {UserError} where the run itself cannot be, wherever it goes on from
 */
export function whyNotAnyway(model: Model, run: SettledRun, from: Resumption): string[] | null {
  const misfit = refusal(() => {
    const { network, train, validation, compile, fit, computing, seed } = run;
    const settings = { ...compile, ...fit, ...computing, seed };
    const weights = weightsOf(model, network);
    checkResumable(network, weights, train, validation, settings, from);
  });
  if (misfit === null) return null;
  if (misfit.exitCode !== ExitCode.model) throw misfit;
  const detail = misfit.problems[0].replace(`${model.source}: `, '');
  return [
    `--resume-anyway does not help, since what the checkpoint remembers does not fit: ${detail}`,
    ...(refusal(() => weightsOf(model, run.network)) === null
      ? [`to train its weights on in a new run: mlp train ${shellWord(model.source)} --data FILE`]
      : []),
  ];
}

function refusal(work: () => void): UserError | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}
