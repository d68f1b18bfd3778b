/** Bytes of a file as text, checked: UTF-8 and no longer than a string can be. */
import { constants, isUtf8 } from 'node:buffer';
import { statSync } from 'node:fs';
import { type ExitCode, UserError } from '../errors.ts';
import { escapeControls } from '../words.ts';

/** Whether there is anything at `path`; a broken link is nothing. */
export function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * Bytes as text, without a byte-order mark.
 *
 * @param source    the file's name, in front of messages
 * @param exitCode  for bytes that are not UTF-8: whose mistake that is depends on the file
 * @throws {UserError} `exitCode`, naming the first wrong line
 */
export function decodeText(bytes: Uint8Array, source: string, exitCode: ExitCode): string {
  const name = escapeControls(source);
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    const limit = constants.MAX_STRING_LENGTH;
    throw new UserError(
      exitCode,
      `${name}: expected at most ${limit} bytes of text; found ${bytes.length}`,
    );
  }
  if (isUtf8(bytes)) return new TextDecoder().decode(bytes);
  throw new UserError(
    exitCode,
    `${name}:${firstWrongLine(bytes)}: expected UTF-8 text; found other bytes`,
    'save the file as UTF-8',
  );
}

function firstWrongLine(bytes: Uint8Array): number {
  for (let line = 1, start = 0; ; line++) {
    const end = bytes.indexOf(10, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}
