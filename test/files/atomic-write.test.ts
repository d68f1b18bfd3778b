import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { checkWritable, writeAtomically } from '../../src/files/atomic-write.ts';

let folder: string;
const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-write-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What the work was refused with, without the folder's name. */
function refusal(work: () => void): { text: string; exitCode: number } {
  try {
    work();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { text: error.format().replaceAll(folder, '.'), exitCode: error.exitCode };
  }
  throw new Error('nothing was refused');
}

test('a new file has the content, and nothing else is left in the folder', () => {
  writeAtomically(at('model.json'), 'one\n');
  expect(read('model.json')).toBe('one\n');
  expect(readdirSync(folder)).toEqual(['model.json']);
});

test('bytes are written as they are', () => {
  writeAtomically(at('a.npy'), Uint8Array.of(0, 255, 10));
  expect([...readFileSync(at('a.npy'))]).toEqual([0, 255, 10]);
});

test('an existing file is replaced and keeps its mode', () => {
  writeFileSync(at('model.json'), 'old');
  chmodSync(at('model.json'), 0o640);
  writeAtomically(at('model.json'), 'new');
  expect(read('model.json')).toBe('new');
  expect(statSync(at('model.json')).mode & 0o7777).toBe(0o640);
});

test('whoever has the old file open still reads the old file', () => {
  writeFileSync(at('model.json'), 'old');
  const before = statSync(at('model.json')).ino;
  writeAtomically(at('model.json'), 'new');
  expect(statSync(at('model.json')).ino).not.toBe(before);
});

test('a symbolic link stays, its target is replaced', () => {
  mkdirSync(at('store'));
  writeFileSync(at('store/v1.json'), 'old');
  symlinkSync('store/v1.json', at('model.json'));
  writeAtomically(at('model.json'), 'new');
  expect(lstatSync(at('model.json')).isSymbolicLink()).toBe(true);
  expect(read('store/v1.json')).toBe('new');
  expect(readdirSync(at('store'))).toEqual(['v1.json']);
});

test('a link to nothing yet makes the file it names', () => {
  symlinkSync('later.json', at('model.json'));
  checkWritable(at('model.json'));
  writeAtomically(at('model.json'), 'new');
  expect(read('later.json')).toBe('new');
  expect(lstatSync(at('model.json')).isSymbolicLink()).toBe(true);
});

test('the left-over of a crash is stepped over', () => {
  writeFileSync(at('.mlp-0.tmp'), 'half');
  writeAtomically(at('model.json'), 'whole');
  expect(readdirSync(folder).sort()).toEqual(['.mlp-0.tmp', 'model.json']);
  expect(read('.mlp-0.tmp')).toBe('half');
});

test('a FIFO is written directly and stays a FIFO', () => {
  execFileSync('mkfifo', [at('pipe')]);
  // Open for reading and writing, so that neither side waits for the other.
  const reader = openSync(at('pipe'), 'r+');
  try {
    checkWritable(at('pipe'));
    writeAtomically(at('pipe'), 'through');
    const bytes = Buffer.alloc(7);
    expect(readSync(reader, bytes)).toBe(7);
    expect(bytes.toString()).toBe('through');
  } finally {
    closeSync(reader);
  }
  expect(statSync(at('pipe')).isFIFO()).toBe(true);
  expect(readdirSync(folder)).toEqual(['pipe']);
});

describe('refusals', () => {
  const both: [string, (path: string) => void][] = [
    ['before the work', checkWritable],
    ['at the work', (path) => writeAtomically(path, 'new')],
  ];

  test.each(both)('a folder in place of the file, %s', (_, work) => {
    mkdirSync(at('model.json'));
    expect(refusal(() => work(at('model.json')))).toEqual({
      exitCode: 6,
      text: 'mlp: ./model.json: expected a file that can be written; found a folder\n  name a file in it\n',
    });
  });

  test.each(both)('a folder that does not exist, %s', (_, work) => {
    expect(refusal(() => work(at('no/model.json')))).toEqual({
      exitCode: 6,
      text: 'mlp: ./no/model.json: expected a file that can be written; found no folder of that name\n  make the folder first, or check the path\n',
    });
  });

  test.each(both)('a file in place of the folder, %s', (_, work) => {
    writeFileSync(at('file'), '');
    expect(refusal(() => work(at('file/model.json')))).toEqual({
      exitCode: 6,
      text: 'mlp: ./file/model.json: expected a file that can be written; found a file where a folder is needed\n  check the path\n',
    });
  });

  test.each(both)('links in a circle, %s', (_, work) => {
    symlinkSync('b', at('a'));
    symlinkSync('a', at('b'));
    expect(refusal(() => work(at('a')))).toEqual({
      exitCode: 6,
      text: 'mlp: ./a: expected a file that can be written; found links that lead in a circle\n  check the path\n',
    });
  });

  test.each(both)('a file and a folder without the right to write, %s', (_, work) => {
    writeFileSync(at('model.json'), 'old');
    chmodSync(at('model.json'), 0o444);
    const text =
      'mlp: ./model.json: expected a file that can be written; found no permission to write it\n  look at its rights with "ls -l"\n';
    asNobody(() => {
      expect(refusal(() => work(at('model.json')))).toEqual({ exitCode: 6, text });
    });
    rmSync(at('model.json'));
    chmodSync(folder, 0o555);
    asNobody(() => {
      expect(refusal(() => work(at('model.json')))).toEqual({ exitCode: 6, text });
    });
  });

  test.skipIf(!existsSync('/dev/full'))('a full device, when it is written', () => {
    expect(refusal(() => writeAtomically('/dev/full', 'new'))).toEqual({
      exitCode: 6,
      text: 'mlp: /dev/full: expected a file that can be written; found no space left on the device\n  free some space, or choose another disk\n',
    });
  });

  test('what is no failure of the file system stays a bug', () => {
    expect(() => writeAtomically('a\0b', 'new')).toThrow(TypeError);
  });
});

/** Rights mean nothing to the superuser, who runs tests in containers: give them up for a while. */
function asNobody(work: () => void): void {
  if (process.geteuid?.() !== 0) {
    work();
    return;
  }
  chmodSync(folder, (statSync(folder).mode & 0o7777) | 0o055);
  process.seteuid?.(65534);
  try {
    work();
  } finally {
    process.seteuid?.(0);
  }
}
