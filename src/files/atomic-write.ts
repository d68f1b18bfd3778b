/**
 * Files written whole or not at all: a temporary file in the same folder, flushed, then renamed.
 * What is not a regular file (a FIFO, /dev/stderr) is written directly.
 */
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  openSync,
  readlinkSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { errorCode, writingFailed, writingRefused } from './failure.ts';

/** Links followed before a path counts as a circle; Linux gives up after as many. */
const MAX_LINKS = 40;

/** Temporary files that may lie around from crashed runs before we give up finding a free name. */
const MAX_TEMPORARY = 1000;

/**
 * Checks, before any work is done, that `path` can be written: it is no folder, its folder exists
 * and takes new files (one is made and removed: rights alone do not tell of a read-only or full
 * disk), and an existing file is writable.
 *
 * @throws {UserError} exit 6, with path and remedy
 */
export function checkWritable(path: string): void {
  try {
    const target = followLinks(path);
    const stats = statOrNone(target);
    if (stats?.isDirectory()) throw writingRefused(path, 'EISDIR');
    if (stats && !stats.isFile()) accessSync(target, constants.W_OK);
    else checkReplaceable(target, stats);
  } catch (error) {
    throw writingFailed(path, error);
  }
}

/**
 * Writes `content` to `path` so that a reader finds the old file or the whole new one. An existing
 * file keeps its mode; a symbolic link stays and its target is replaced.
 *
 * @throws {UserError} exit 6; the old file is untouched and no temporary file is left
 */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  try {
    const target = followLinks(path);
    const stats = statOrNone(target);
    if (stats?.isDirectory()) throw writingRefused(path, 'EISDIR');
    if (stats && !stats.isFile()) writeDirectly(target, bytes);
    else replace(target, bytes, stats);
  } catch (error) {
    throw writingFailed(path, error);
  }
}

function checkReplaceable(target: string, old: Stats | undefined): void {
  // The rename would not ask for the right to write the file itself.
  if (old) closeSync(openSync(target, 'r+'));
  const { temporary, file } = openTemporary(dirname(target));
  closeSync(file);
  unlinkSync(temporary);
}

function replace(target: string, bytes: Uint8Array, old: Stats | undefined): void {
  // The rename would not ask for the right to write the file itself.
  if (old) closeSync(openSync(target, 'r+'));
  const folder = dirname(target);
  const { temporary, file } = openTemporary(folder);
  try {
    try {
      writeAll(file, bytes);
      if (old) fchmodSync(file, old.mode & 0o7777);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
  flushFolder(folder);
}

function openTemporary(folder: string): { temporary: string; file: number } {
  for (let number = 0; ; number++) {
    const temporary = join(folder, `.mlp-${number}.tmp`);
    try {
      return { temporary, file: openSync(temporary, 'wx') };
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || number === MAX_TEMPORARY) throw error;
    }
  }
}

function writeDirectly(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    writeAll(file, bytes);
  } finally {
    closeSync(file);
  }
}

/** Writes all bytes to an open file, in several goes where the system takes fewer at once. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written, bytes.length - written);
  }
}

/** Makes the rename last through a power cut. Some file systems cannot flush a folder; that is no failure. */
function flushFolder(folder: string): void {
  let file: number;
  try {
    file = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(file);
  } catch {
    // The file itself is flushed and in place.
  } finally {
    closeSync(file);
  }
}

/**
 * The path that symbolic links at `path` end at, whether something is there or not. What the
 * kernel opens in its own way (/dev/stderr → /proc/self/fd/2 → a pipe) stays as it is.
 */
function followLinks(path: string): string {
  let target = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    let next: string;
    try {
      next = readlinkSync(target);
    } catch {
      return target;
    }
    const stats = statOrNone(target);
    if (stats && !stats.isFile()) return target;
    target = resolve(dirname(target), next);
  }
  statSync(path);
  return target;
}

function statOrNone(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}
