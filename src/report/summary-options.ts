/** What the summaries of both Keras versions have in common: options and headings. */
import { ExitCode, UserError } from '../errors.ts';

/** The arguments of `model.summary()`. */
export interface SummaryOptions {
  /** Characters per line. */
  readonly lineLength?: number;
  /**
   * Where the three columns end, rising: as parts of the line (0.45, 0.85, 1) or, for Keras 2, in
   * characters.
   */
  readonly positions?: readonly number[];
  /** Adds a column that tells whether a layer is trainable. */
  readonly showTrainable?: boolean;
}

export const HEADINGS = ['Layer (type)', 'Output Shape', 'Param #'] as const;
export const TRAINABLE_HEADING = 'Trainable';

/**
 * The given positions, or the default ones.
 *
 * @throws {UserError} unless they are three rising numbers above 0
 */
export function checkPositions(
  positions: readonly number[] | undefined,
  byDefault: readonly number[],
): readonly number[] {
  if (!positions) return byDefault;
  const isRising = positions.every((end, i) => end > (positions[i - 1] ?? 0));
  if (positions.length === HEADINGS.length && isRising) return positions;
  throw new UserError(
    ExitCode.usage,
    `positions: expected ${HEADINGS.length} rising numbers above 0; found ${positions.join(', ')}`,
    'they say where the columns end, for example 0.45, 0.85, 1',
  );
}

/** The error of a line that is too short for its columns. */
export function tooNarrow(lineLength: number): UserError {
  return new UserError(
    ExitCode.usage,
    `line length: expected room for every column; found ${lineLength} characters`,
    'widen the terminal, or give a larger line length or other positions',
  );
}
