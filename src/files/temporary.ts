/**
 * Files that are being written beside their place. Their names say whose they are, so that what a dead
 * process left behind is known and removed, and what a living one works on is left alone.
 */
import {
  closeSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { kill, pid } from 'node:process';
import { errorCode } from './failure.ts';

/** Names of one process that may be taken before we give up finding a free one. */
const MAX_NUMBER = 1000;

/** So much is written to a folder to see that it takes anything: a full disk takes an empty file. */
const PROBE_BYTES = 4096;

const NAME = /^\.mlp-(\d+)-\d+-(.*)\.tmp$/;

/**
 * Makes a temporary file in `folder`, new and of a name that no other process uses, and closes it after
 * `write`. Where anything fails, the file is gone.
 *
 * @param mode   of the new file, before the process's mask
 * @param write  fills the open file
 * @returns its path
 * @throws what the system says
 */
export function writeTemporary(
  folder: string,
  mode: number,
  write: (file: number) => void,
): string {
  const { path, file } = openTemporary(folder, mode);
  try {
    try {
      write(file);
    } catch (error) {
      quietly(() => closeSync(file));
      throw error;
    }
    closeSync(file);
    return path;
  } catch (error) {
    removeTemporary(path);
    throw error;
  }
}

/** Removes a file that is not wanted any more; where that fails, the next command tries again. */
export function removeTemporary(path: string): void {
  quietly(() => unlinkSync(path));
}

/**
 * Checks that `folder` takes a file of some bytes and lets it be removed, and removes what dead processes
 * of the same user on this machine have left in it.
 *
 * @returns the user whom new files in it belong to, by number
 * @throws what the system says
 */
export function probeFolder(folder: string): number {
  let uid = -1;
  const path = writeTemporary(folder, 0o600, (file) => {
    writeAll(file, new Uint8Array(PROBE_BYTES));
    fsyncSync(file);
    uid = fstatSync(file).uid;
  });
  unlinkSync(path);
  removeLeftOvers(folder, uid);
  return uid;
}

/**
 * Writes all bytes to an open file: in several goes where the system takes fewer at once, and when it is
 * ready again where it takes none for now.
 */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) {
    try {
      written += writeSync(file, bytes, written, bytes.length - written);
    } catch (error) {
      if (errorCode(error) !== 'EAGAIN') throw error;
      pause();
    }
  }
}

/** Sleeps for some milliseconds: a pipe that is full says so at once where it does not wait. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}

function openTemporary(folder: string, mode: number): { path: string; file: number } {
  for (let number = 0; ; number++) {
    const path = join(folder, `.mlp-${pid}-${number}-${thisMachine()}.tmp`);
    try {
      return { path, file: openSync(path, 'wx', mode) };
    } catch (error) {
      if (errorCode(error) !== 'EEXIST' || number === MAX_NUMBER) throw error;
    }
  }
}

function removeLeftOvers(folder: string, uid: number): void {
  let names: readonly string[] = [];
  quietly(() => {
    names = readdirSync(folder);
  });
  for (const name of names) {
    const [, owner, machine] = NAME.exec(name) ?? [];
    if (owner === undefined || machine !== thisMachine() || isAlive(Number(owner))) continue;
    const path = join(folder, name);
    quietly(() => {
      const stats = lstatSync(path);
      if (stats.isFile() && stats.uid === uid) unlinkSync(path);
    });
  }
}

/** Whether there is a process of this number, whoever's it is. */
function isAlive(number: number): boolean {
  try {
    return kill(number, 0);
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

/** Where numbers of processes mean the same: this host, and on Linux this container. */
function thisMachine(): string {
  let container = '';
  quietly(() => {
    container = readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
  });
  return `${hostname()}-${container}`.replace(/[^\w.-]/g, '_').slice(0, 100);
}

/** For work that may fail without harm. */
function quietly(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}
