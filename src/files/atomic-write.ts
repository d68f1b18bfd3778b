/**
 * Files written whole or not at all: a temporary file in the same folder, flushed, then renamed.
 * What is not a regular file (a FIFO, /dev/stderr) is written directly.
 */
import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readlinkSync,
  renameSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { errorCode, writingFailed, writingRefused } from './failure.ts';
import { probeFolder, removeTemporary, writeAll, writeTemporary } from './temporary.ts';

/** Links followed before a path counts as a circle; Linux gives up after as many. */
const MAX_LINKS = 40;

/** Of a new file, before the process's mask: the mode that any program gives. */
const NEW_FILE_MODE = 0o666;

/** The bit of a folder in which only owners may replace files, as in /tmp. */
const STICKY = 0o1000;

/** What a path says that is no symbolic link; UNKNOWN is Windows. */
const NO_LINK: readonly (string | undefined)[] = ['EINVAL', 'ENOENT', 'ENOTDIR', 'UNKNOWN'];

/** What a folder says whose file system cannot flush folders. */
const CANNOT_FLUSH: readonly (string | undefined)[] = [
  'EACCES',
  'EBADF',
  'EINVAL',
  'EISDIR',
  'ENOSYS',
  'ENOTSUP',
  'EPERM',
];

/**
 * Checks, before any work is done, that `path` can be written: it is no folder, its folder exists
 * and takes new files (one is made and removed: rights alone do not tell of a read-only or full
 * disk), and an existing file is writable. What dead processes left in the folder is removed.
 *
 * @throws {UserError} exit 6, with path and remedy
 */
export function checkWritable(path: string): void {
  try {
    const { target, stats } = targetOf(path);
    if (stats && !stats.isFile()) accessSync(target, constants.W_OK);
    else checkReplaceable(target, stats);
  } catch (error) {
    throw writingFailed(path, error);
  }
}

/**
 * Writes `content` to `path` so that a reader finds the old file or the whole new one. An existing
 * file keeps its mode, and its owner where the system lets it; a symbolic link stays and its target is
 * replaced.
 *
 * @throws {UserError} exit 6; no temporary file is left, and the old file is untouched unless it was only
 *   its folder that could not be flushed
 */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
  try {
    const { target, stats } = targetOf(path);
    if (stats && !stats.isFile()) writeDirectly(target, bytes);
    else replace(target, bytes, stats);
  } catch (error) {
    throw writingFailed(path, error);
  }
}

/** What a path leads to. @throws for a folder, or a name that only a folder can have */
function targetOf(path: string): { target: string; stats: Stats | undefined } {
  const target = followLinks(path);
  const stats = statOrNone(target);
  if (stats?.isDirectory() || path.endsWith('/')) throw writingRefused(path, 'EISDIR');
  return { target, stats };
}

function checkReplaceable(target: string, old: Stats | undefined): void {
  if (old) checkOwnRight(target);
  const folder = dirname(target);
  const uid = probeFolder(folder);
  if (!old || uid === 0 || old.uid === uid) return;
  const { mode, uid: owner } = statSync(folder);
  if ((mode & STICKY) !== 0 && owner !== uid) throw writingRefused(target, 'EPERM');
}

/** The rename would not ask for the right to write the file itself. */
function checkOwnRight(target: string): void {
  closeSync(openSync(target, 'r+'));
}

function replace(target: string, bytes: Uint8Array, old: Stats | undefined): void {
  if (old) checkOwnRight(target);
  const folder = dirname(target);
  const temporary = writeTemporary(folder, old ? old.mode & 0o777 : NEW_FILE_MODE, (file) => {
    writeAll(file, bytes);
    if (old) keepAccess(file, old);
    fsyncSync(file);
  });
  try {
    renameSync(temporary, target);
  } catch (error) {
    removeTemporary(temporary);
    throw error;
  }
  flushFolder(folder);
}

/** Gives a file the owner and the mode of another one. */
function keepAccess(file: number, old: Stats): void {
  const own = fstatSync(file);
  if (own.uid !== old.uid || own.gid !== old.gid) {
    try {
      fchownSync(file, old.uid, old.gid);
    } catch (error) {
      // Only the superuser may give files away; it is ours then.
      if (errorCode(error) !== 'EPERM') throw error;
    }
  }
  // Asked anew: some systems take bits away with a new owner. Where there are no modes, none is set.
  const mode = old.mode & 0o7777;
  if ((fstatSync(file).mode & 0o7777) !== mode) fchmodSync(file, mode);
}

function writeDirectly(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    writeAll(file, bytes);
  } finally {
    closeSync(file);
  }
}

/** Makes the rename last through a power cut, on file systems that can. */
function flushFolder(folder: string): void {
  try {
    const file = openSync(folder, 'r');
    try {
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (!CANNOT_FLUSH.includes(errorCode(error))) throw error;
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
    } catch (error) {
      if (!NO_LINK.includes(errorCode(error))) throw error;
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
