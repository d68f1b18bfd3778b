/** Whose file is it? What is not ours is never overwritten unasked; what a command reads, never at all. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ExitCode, UserError } from '../errors.ts';
import { escapeControls } from '../words.ts';

/** So much of a file tells whose it is. */
const START_BYTES = 256;

/** A kind of file that a command may replace. */
export interface OwnKind {
  /** In messages: `a model written by mlp`; null for no kind. */
  readonly what: string | null;
  /** How a file of this kind starts. */
  readonly start: RegExp;
}

/** A model file starts with the name of its format; anything else is somebody's work. */
export function modelKind(format: string): OwnKind {
  const start = new RegExp(`^\\uFEFF?\\s*\\{\\s*"format"\\s*:\\s*"${format}"`);
  return { what: 'a model written by mlp', start };
}

/** What nobody can make again is never replaced unasked. */
export const noKind: OwnKind = { what: null, start: /(?!)/ };

/** A log of epochs starts with the name of its first column, or is empty still. */
export const epochLogKind: OwnKind = { what: 'a log of epochs', start: /^(?:epoch,|$)/ };

/**
 * Checks that a command may put its result at `path`.
 *
 * @param inputs  other paths of the command, read or written; `-` is skipped
 * @param flag    the option that names the path: `-o`
 * @param own     the kind of file that may be replaced; null to overwrite any file
 * @throws {UserError} exit 6
 */
export function checkOverwrite(
  path: string,
  inputs: readonly string[],
  flag: string,
  own: OwnKind | null,
): void {
  for (const input of inputs) {
    if (input !== '-' && isSameFile(path, input)) {
      throw new UserError(
        ExitCode.io,
        `${escapeControls(path)}: expected a file that the command does not use otherwise; found one that it does`,
        `name another one: ${flag} FILE`,
      );
    }
  }
  if (own !== null && existsAsFile(path) && !isOwn(path, own)) {
    const [wanted, found] =
      own.what === null ? ['', 'one that is there'] : [` or ${own.what}`, 'another file'];
    throw new UserError(
      ExitCode.io,
      `${escapeControls(path)}: expected a new file${wanted}; found ${found}`,
      `name another one: ${flag} FILE, or add --force to overwrite it`,
    );
  }
}

function isSameFile(path: string, other: string): boolean {
  if (resolve(path) === resolve(other)) return true;
  const a = statSync(path, { bigint: true, throwIfNoEntry: false });
  const b = statSync(other, { bigint: true, throwIfNoEntry: false });
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

function existsAsFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isOwn(path: string, { start }: OwnKind): boolean {
  const text = startOf(path);
  return text !== undefined && start.test(text);
}

/** The first characters of a file; undefined where it cannot be read. */
function startOf(path: string): string | undefined {
  const start = Buffer.alloc(START_BYTES);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const length = readSync(file, start, 0, START_BYTES, 0);
    return start.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}
