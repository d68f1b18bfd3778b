/** `--stop-at`: the values at which a run has trained enough. */
import { directionOf } from '../training/callbacks/callback-list.ts';
import type { Measured } from '../training/measured.ts';
import type { Validation } from '../training/validation.ts';
import type { CheckpointOptions } from './checkpoint-options.ts';
import type { Target } from './watch.ts';

/**
 * The goals of the command line with the direction in which each is reached.
 *
 * @throws {UserError} exit 2 for a name that is not measured, or is not one number
 */
export function targetsOf(
  { stopAt = [] }: CheckpointOptions,
  measured: Measured,
  validation: Validation,
): Target[] {
  return stopAt.map(({ name, value }) => {
    const watch = { type: '--stop-at', monitor: name, mode: 'auto' } as const;
    return { name, value, better: directionOf(watch, measured, validation) };
  });
}
