/** Whose file is it? What is not ours is never overwritten unasked; what a command reads, never at all. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { ExitCode, UserError } from '../errors.ts';
import { escapeControls } from '../words.ts';

/** A model file starts like this, the name of its format first; anything else is somebody's work. */
const MODEL_START = /^\uFEFF?\s*\{\s*"format"\s*:\s*"([^"]*)"/;
const MODEL_START_BYTES = 256;

/**
 * Checks that a command may put its result at `path`.
 *
 * @param inputs  paths the command reads; `-` (standard input) is skipped
 * @param own     the format of our own files, which may be replaced; null to overwrite any file
 * @throws {UserError} exit 6
 */
export function checkOverwrite(path: string, inputs: readonly string[], own: string | null): void {
  for (const input of inputs) {
    if (input !== '-' && isSameFile(path, input)) {
      throw new UserError(
        ExitCode.io,
        `${escapeControls(path)}: expected an output other than the files that are read; found the same file`,
        'name another one with -o FILE',
      );
    }
  }
  if (own !== null && existsAsFile(path) && formatAtStart(path) !== own) {
    throw new UserError(
      ExitCode.io,
      `${escapeControls(path)}: expected a new file or a model written by mlp; found another file`,
      'name another one with -o FILE, or add --force to overwrite it',
    );
  }
}

function isSameFile(path: string, other: string): boolean {
  const a = statSync(path, { bigint: true, throwIfNoEntry: false });
  const b = statSync(other, { bigint: true, throwIfNoEntry: false });
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

function existsAsFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function formatAtStart(path: string): string | undefined {
  const start = Buffer.alloc(MODEL_START_BYTES);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const length = readSync(file, start, 0, MODEL_START_BYTES, 0);
    return MODEL_START.exec(start.toString('utf8', 0, length))?.[1];
  } finally {
    closeSync(file);
  }
}
