/** The files that commands write, on disks that are full, small or read-only, and with others who write too. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith, start, train } from './linear-run.ts';
import { Folder, refused } from './run.ts';

const cannot = (path: string, found: string, remedy: string) =>
  refused(6, `mlp: ${path}: expected a file that can be written; found ${found}\n  ${remedy}\n`);
const FULL = ['no space left on the device', 'free some space, or choose another disk'] as const;

/** 12,000 weights: a file of more than 100 kB. */
const wide = { input_shape: [3000], layers: [{ units: 4 }] };
const OLD = '{"format": "mlp-model", "version": 1}';

/** A disk of `kilobytes`; null where the machine lets nobody make one. */
function smallDisk(folder: Folder, name: string, kilobytes: number): (() => void) | null {
  const path = join(folder.path, name);
  mkdirSync(path);
  const options = ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', path];
  if (spawnSync('mount', options).status !== 0) return null;
  return () => {
    spawnSync('umount', [path]);
  };
}

const canMount = (() => {
  const probe = spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/tmp']);
  return probe.status === 0;
})();
if (!canMount) console.warn('left out: a disk that is really full, since this user may not mount');

describe.skipIf(!canMount)('a disk that is really full', () => {
  test('before the training is seen before it', () => {
    const folder = folderWith(start);
    const unmount = smallDisk(folder, 'disk', 16);
    try {
      folder.shell('head -c 100000 /dev/zero > disk/filler');
      expect(folder.mlp([...train, '-o', 'disk/model.json'])).toEqual(
        cannot('disk/model.json', ...FULL),
      );
      expect(folder.shell('ls -A disk').stdout).toBe('filler\n');
    } finally {
      unmount?.();
    }
  });

  test('after a training leaves the old file, and the model among the temporary files', () => {
    const names = Array.from({ length: 3000 }, (_, i) => `x${i}`);
    const targets = ['a', 'b', 'c', 'd'];
    const columns = [...names, ...targets];
    const rows = [1, 2, 3].map((row) => columns.map((_, i) => (i * row) % 7).join(','));
    const folder = new Folder().write('wide.json', wide);
    folder.write('data.csv', `${columns.join(',')}\n${rows.join('\n')}\n`);
    mkdirSync(join(folder.path, 'temporary'));
    const unmount = smallDisk(folder, 'disk', 64);
    try {
      folder.write('disk/model.json', OLD);
      const line = `TMPDIR=$PWD/temporary mlp train wide.json --data data.csv --target ${targets}`;
      const run = folder.shell(`${line} --epochs 1 --seed 1 -q -o disk/model.json`);
      const saved = /^saved (.*\/temporary\/mlp-\w+\/model\.json) \(as disk\/model\.json could not/;
      expect(run.status).toBe(6);
      const [rescued, ...said] = run.stderr.split('\n');
      expect(rescued).toMatch(saved);
      expect(said.join('\n')).toBe(cannot('disk/model.json', ...FULL).stderr);
      expect(folder.read('disk/model.json')).toBe(OLD);
      expect(folder.shell(`mlp summary '${saved.exec(rescued)?.[1]}'`).status).toBe(0);
    } finally {
      unmount?.();
    }
  });

  test('in the middle of the writing leaves the old file and no other', () => {
    const folder = new Folder().write('wide.json', wide);
    const unmount = smallDisk(folder, 'disk', 64);
    try {
      folder.write('disk/model.json', OLD);
      const run = folder.mlp(['init', 'wide.json', '--seed', '1', '-o', 'disk/model.json']);
      expect(run).toEqual(cannot('disk/model.json', ...FULL));
      expect(folder.read('disk/model.json')).toBe(OLD);
      expect(folder.shell('ls -A disk').stdout).toBe('model.json\n');
    } finally {
      unmount?.();
    }
  });
});

test('a limit on the size of files leaves the old file and no other', () => {
  const folder = new Folder().write('wide.json', wide).write('model.json', OLD);
  const run = folder.shell('ulimit -f 16; mlp init wide.json --seed 1 -o model.json');
  expect(run).toEqual(cannot('model.json', 'the size limit for files', 'see "ulimit -f"'));
  expect(folder.read('model.json')).toBe(OLD);
  expect(folder.names()).toEqual(['model.json', 'wide.json']);
});

const long = `${'n'.repeat(300)}.json`;
test.each([
  ['a folder', 'out', 'a folder', 'name a file in it'],
  ['a name that only a folder can have', 'new/', 'a folder', 'name a file in it'],
  ['a name that is too long', long, 'a name that is too long', 'choose a shorter name'],
  [
    'a folder that is not there',
    'no/m.json',
    'no folder of that name',
    'make the folder first, or check the path',
  ],
  ['a full device', '/dev/full/m.json', 'a file where a folder is needed', 'check the path'],
])('%s is refused before the first epoch', (_, path, found, remedy) => {
  const folder = folderWith(start);
  mkdirSync(join(folder.path, 'out'));
  const names = folder.names();
  for (const option of ['-o', '--csv-log']) {
    expect(folder.mlp([...train, option, path])).toEqual(cannot(path, found, remedy));
  }
  expect(folder.names()).toEqual(names);
});

test('a model goes into a FIFO as into a pipe', () => {
  const folder = new Folder().write('model.json', start);
  const line = 'mkfifo pipe; mlp init --seed 1 -q -o pipe & cat pipe; wait; mlp init --seed 1 -o -';
  const { status, stdout } = folder.shell(line);
  const [one, other, none] = stdout.split('}\n{\n');
  expect({ status, none }).toEqual({ status: 0, none: undefined });
  expect(`{\n${other}`).toBe(`${one}}\n`);
  expect(folder.names()).toEqual(['model.json', 'pipe']);
});

test('two who write the same file do not mix, and a reader always finds a whole one', () => {
  const folder = new Folder().write('wide.json', wide);
  const writer = (seed: number) =>
    `(for i in 1 2 3; do mlp init wide.json --seed ${seed} -q -o model.json; done) &`;
  const reader =
    '(until [ -e stop ]; do [ -e model.json ] && md5sum < model.json >> seen; sleep 0.01; done) & reader=$!';
  const sums = 'for i in 1 2; do mlp init wide.json --seed $i -o - 2>/dev/null | md5sum; done';
  const whole = folder.shell(sums).stdout.trim().split('\n');
  const line = `${reader}; ${writer(1)} a=$!; ${writer(2)} b=$!; wait $a $b; touch stop; wait; sort -u seen`;
  const found = folder.shell(line).stdout.trim().split('\n');
  expect(found.length).toBeGreaterThan(0);
  expect(whole).toEqual(expect.arrayContaining(found));
  expect(folder.names().filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('the mode of a file and the link to it stay through a training', () => {
  const folder = folderWith(start);
  mkdirSync(join(folder.path, 'store'));
  folder.write('store/v1.json', OLD);
  chmodSync(join(folder.path, 'store/v1.json'), 0o640);
  symlinkSync('store/v1.json', join(folder.path, 'current.json'));
  expect(folder.mlp([...train, '-q', '-o', 'current.json'])).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  });
  expect(folder.json('store/v1.json').history.loss).toHaveLength(2);
  expect(statSync(join(folder.path, 'store/v1.json')).mode & 0o7777).toBe(0o640);
  expect(folder.names()).toEqual(['current.json', 'data.csv', 'model.json', 'store']);
});
