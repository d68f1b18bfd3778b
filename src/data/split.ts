/** Training rows and validation rows, by Keras's rule for `validation_split`. */
import { ExitCode, UserError } from '../errors.ts';

/** Rows `[0, training)` are for training, the last `validation` rows for validation. */
export interface Split {
  readonly training: number;
  readonly validation: number;
}

/**
 * Keras's rule: `floor(rows * (1 - split))` in doubles, not rounded (10 rows and 0.9 give 0), and
 * the last rows, before any shuffling. A split of 0 is no validation.
 *
 * @param validationSplit  from 0, below 1
 * @param source  where it was given, for messages
 * @throws {UserError} exit 2 outside that range; exit 3 where one part would have no rows
 */
export function splitRows(
  rows: number,
  validationSplit: number,
  source = 'fit.validation_split',
): Split {
  if (!(validationSplit >= 0 && validationSplit < 1)) {
    throw new UserError(
      ExitCode.usage,
      `${source}: expected a number from 0, below 1; found ${validationSplit}`,
    );
  }
  const training = Math.floor(rows * (1 - validationSplit));
  if (validationSplit > 0 && (training === 0 || training === rows)) {
    const part = training === 0 ? 'training' : 'validation';
    throw new UserError(
      ExitCode.data,
      `${source} ${validationSplit}: expected at least one row for ${part}; found none in ${rows} row${rows === 1 ? '' : 's'}`,
      'give more rows, or another share of them to validate with',
    );
  }
  return { training, validation: rows - training };
}
