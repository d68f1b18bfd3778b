/** Every call of the system that a write makes fails once, in every way; and all calls fail from there on. */
import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { checkWritable, writeAtomically } from '../../src/files/atomic-write.ts';

/** What fails: the call of this number, as it is made in the order of a write, or all from it on. */
interface Fault {
  readonly at: number;
  readonly code: string;
  readonly last: boolean;
}

const faults = vi.hoisted(() => ({
  /** The calls so far, by name. */
  calls: [] as string[],
  now: null as Fault | null,
}));

/** Whatever is written goes in so many parts. */
const PARTS = 3;

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const faulty = <Args extends unknown[], Result>(
    name: string,
    work: (...given: Args) => Result,
  ): ((...given: Args) => Result) => {
    return (...given) => {
      const { now } = faults;
      const at = faults.calls.push(name) - 1;
      const fails = now && (at === now.at || (at > now.at && !now.last));
      if (!fails) return work(...given);
      // A file is closed even if that fails.
      if (name === 'close' && now.last) work(...given);
      throw Object.assign(new Error(now.code), { code: now.code });
    };
  };
  const { writeSync: write } = fs;
  return {
    ...fs,
    accessSync: faulty('access', fs.accessSync),
    openSync: faulty('open', fs.openSync),
    closeSync: faulty('close', fs.closeSync),
    fchmodSync: faulty('fchmod', fs.fchmodSync),
    fchownSync: faulty('fchown', fs.fchownSync),
    fstatSync: faulty('fstat', (file: number) => fs.fstatSync(file)),
    fsyncSync: faulty('fsync', fs.fsyncSync),
    lstatSync: faulty('lstat', (path: string) => fs.lstatSync(path)),
    readdirSync: faulty('readdir', (path: string, options: object) =>
      fs.readdirSync(path, options),
    ),
    readlinkSync: faulty('readlink', (path: string) => fs.readlinkSync(path)),
    renameSync: faulty('rename', fs.renameSync),
    unlinkSync: faulty('unlink', fs.unlinkSync),
    statSync: faulty('stat', (path: string, options: object) => fs.statSync(path, options)),
    writeSync: faulty('write', (file: number, bytes: Uint8Array, start: number, length: number) =>
      write(file, bytes, start, Math.min(length, Math.ceil(bytes.length / PARTS))),
    ),
  };
});

/** EINTR is not among them: libuv makes such a call again. */
const CODES = ['ENOSPC', 'EDQUOT', 'EIO', 'EACCES', 'EROFS'];
const OLD = 'the old model\n';
const NEW = 'the new model, a little longer\n';

let folder: string;
const path = () => join(folder, 'model.json');

/** What is there when the write begins. */
const states = {
  'no file': () => {},
  'an old file': () => writeFileSync(path(), OLD, { mode: 0o600 }),
  'a link to an old file': () => {
    mkdirSync(join(folder, 'store'));
    writeFileSync(join(folder, 'store/v1.json'), OLD, { mode: 0o640 });
    symlinkSync('store/v1.json', path());
  },
};

/** A folder anew, in this state. */
function begin(state: keyof typeof states): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = mkdtempSync(join(tmpdir(), 'mlp-crash-'));
  Object.assign(faults, { calls: [], now: null });
  states[state]();
}

afterEach(() => {
  faults.now = null;
  rmSync(folder, { recursive: true, force: true });
});

/** What a work ended with, and what calls it made. */
function run(work: () => void, now: Fault | null): { error: unknown; calls: readonly string[] } {
  Object.assign(faults, { calls: [], now });
  let error: unknown;
  try {
    work();
  } catch (caught) {
    error = caught;
  }
  const { calls } = faults;
  Object.assign(faults, { calls: [], now: null });
  return { error, calls };
}

const write = () => writeAtomically(path(), NEW);
const check = () => checkWritable(path());
const readAll = (name = path()) => {
  try {
    return readFileSync(name, 'utf8');
  } catch {
    return null;
  }
};
/** All that is in the folder but the model. */
const others = () =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !['model.json', 'store', join('store', 'v1.json')].includes(name))
    .sort();

/** What an error that a person can fix says, the folder aside. */
function textOf(error: unknown): string {
  if (!(error instanceof UserError)) throw error;
  expect(error.exitCode).toBe(6);
  return error.format().replaceAll(folder, '.');
}

describe.each(Object.keys(states) as (keyof typeof states)[])('%s', (state) => {
  begin(state);
  const old = readAll();
  const sequence = run(write, null).calls;
  begin(state);
  const checks = run(check, null).calls;

  beforeEach(() => begin(state));

  test('a write makes the calls that it must', () => {
    const needed = ['open', 'write', 'fsync', 'close', 'rename', 'open', 'fsync', 'close'];
    let from = 0;
    for (const call of needed) from = sequence.indexOf(call, from) + 1 || Number.NaN;
    expect(from).toBeLessThanOrEqual(sequence.length);
    expect(sequence.filter((call) => call === 'write').length).toBe(PARTS);
  });

  test.each(CODES)('%s of any call of a write leaves the old file or the new one', (code) => {
    for (const [at, call] of sequence.entries()) {
      begin(state);
      const { error } = run(write, { at, code, last: true });
      const place = `${call}, call ${at}`;
      const found = readAll();
      if (error === undefined) expect([place, found]).toEqual([place, NEW]);
      else {
        expect([old, NEW], place).toContain(found);
        expect(textOf(error), place).toMatch(
          /^mlp: \.\/model\.json: expected a file that can be written; found .+\n {2}.+\n$/,
        );
      }
      expect(others(), place).toEqual([]);
      if (state === 'a link to an old file') {
        expect(lstatSync(path()).isSymbolicLink(), place).toBe(true);
      }
      // What failed once is done the next time.
      writeAtomically(path(), NEW);
      expect(readAll(), place).toBe(NEW);
      expect(others(), place).toEqual([]);
    }
  });

  test('a process that ends at any call leaves the old file or the new one', () => {
    for (const [at, call] of sequence.entries()) {
      begin(state);
      const { error } = run(write, { at, code: 'EIO', last: false });
      const place = `${call}, call ${at}`;
      if (error !== undefined) textOf(error);
      expect([old, NEW], place).toContain(readAll());
      for (const name of others()) leaveDead(name);
      checkWritable(path());
      expect(others(), place).toEqual([]);
    }
  });

  test.each(CODES)('%s of any call of a check changes nothing', (code) => {
    for (const [at, call] of checks.entries()) {
      begin(state);
      const { error } = run(check, { at, code, last: true });
      const place = `${call}, call ${at}`;
      if (error !== undefined) textOf(error);
      expect(readAll(), place).toBe(old);
      for (const name of others()) {
        expect(call).toBe('unlink');
        leaveDead(name);
      }
      checkWritable(path());
      expect(others(), place).toEqual([]);
    }
  });
});

/** Gives a temporary file the name that it would have of a process that is no more. */
function leaveDead(name: string): void {
  const content = readFileSync(join(folder, name));
  rmSync(join(folder, name));
  writeFileSync(join(folder, ofProcess(name, deadProcess())), content);
}

function ofProcess(name: string, pid: number): string {
  return name.replace(/\.mlp-\d+-/, `.mlp-${pid}-`);
}

/** The number of a process that has ended. */
function deadProcess(): number {
  return spawnSync('true').pid;
}

/** A name that a temporary file of this process has. */
function ownName(): string {
  const { calls } = run(write, null);
  // The rename fails, and so does the removal: the file stays.
  run(write, { at: calls.indexOf('rename'), code: 'EIO', last: false });
  const [name] = others();
  rmSync(join(folder, name));
  return name;
}

test('what others are writing is left alone', () => {
  begin('an old file');
  const own = ownName();
  const dead = deadProcess();
  const elsewhere = ofProcess(own, dead).replace(/\.tmp$/, '.elsewhere.tmp');
  const kept = [
    // A living process: whoever runs this test.
    ofProcess(own, process.ppid),
    // Another machine, on which the number says nothing here.
    elsewhere,
    // No name of ours.
    '.mlp-draft.tmp',
    `mlp-${dead}-0-x.tmp`,
  ].sort();
  for (const name of kept) writeFileSync(join(folder, name), 'half');
  mkdirSync(join(folder, ofProcess(own, dead)));
  checkWritable(path());
  expect(others()).toEqual([...kept, ofProcess(own, dead)].sort());
  rmSync(join(folder, ofProcess(own, dead)), { recursive: true });
  writeFileSync(join(folder, ofProcess(own, dead)), 'half');
  // However old it is: a training may take days.
  for (const name of kept) utimesSync(join(folder, name), 0, 0);
  checkWritable(path());
  expect(others()).toEqual(kept);
});

test('a system that is not ready to take bytes is asked again', () => {
  begin('an old file');
  const { calls } = run(write, null);
  for (const [at, call] of calls.entries()) {
    if (call !== 'write') continue;
    begin('an old file');
    expect(run(write, { at, code: 'EAGAIN', last: true }).error).toBeUndefined();
    expect(readAll()).toBe(NEW);
  }
});
