/**
 * What a person can fix, and the exit code that tells a script which kind of thing it is.
 * Anything else that is thrown is a bug of ours.
 */

import { escapeControls } from './words.ts';

/** The program's exit codes; docs and `--help` list the same ones. */
export const ExitCode = {
  /** Done. */
  done: 0,
  /** Done, and what was asked to hold does not. */
  assertion: 1,
  /** Wrong usage or a wrong model spec. */
  usage: 2,
  /** The data do not fit. */
  data: 3,
  /** The model's or weights' file does not fit. */
  model: 4,
  /** The numbers failed: NaN or infinity. */
  numbers: 5,
  /** Reading or writing failed. */
  io: 6,
  /** Our own bug. */
  bug: 70,
  /** Ended by a signal, work saved: 128 and the signal's number, as a shell has it. */
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** At most this many problems of one file are printed; then "and N more". */
const MAX_PROBLEMS = 10;

/**
 * A mistake that a person can fix.
 *
 * Each problem is one line, "where: expected …; found …" (no final full stop, no `mlp:` in front).
 * The remedy is what to do about it (in lower case, no final full stop either), shown indented below.
 */
export class UserError extends Error {
  readonly problems: readonly string[];

  constructor(
    readonly exitCode: ExitCode,
    problems: string | readonly string[],
    readonly remedy?: string,
  ) {
    const list = typeof problems === 'string' ? [problems] : problems;
    super(list.join('\n'));
    this.name = 'UserError';
    this.problems = list;
  }

  /**
   * The lines for standard error: `mlp: problem`, at most ten of them, then `  remedy`. Whatever text from
   * outside is in them, the terminal takes none of it for a command.
   */
  format(): string {
    const shown = this.problems.slice(0, MAX_PROBLEMS).map(escapeControls);
    const lines = shown.map((problem) => `mlp: ${problem}`);
    const more = this.problems.length - MAX_PROBLEMS;
    if (more > 0) lines.push(`mlp: and ${more} more`);
    if (this.remedy)
      lines.push(...this.remedy.split('\n').map((line) => `  ${escapeControls(line)}`));
    return `${lines.join('\n')}\n`;
  }
}
