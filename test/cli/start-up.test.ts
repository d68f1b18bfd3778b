/** What is loaded at the start, and that what was compiled beforehand changes nothing but time. */
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { Folder } from './run.ts';

const root = resolve(import.meta.dirname, '../..');

/** Runs a copy of the program, or the program itself. */
function run(program: string, cwd: string, args: readonly string[], flags: readonly string[] = []) {
  const words = [...flags, join(program, 'bin/mlp.js'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd,
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** A copy of what is installed. */
function copyOf(folder: Folder): string {
  const copy = join(folder.path, 'copy');
  for (const name of ['bin', 'dist', 'package.json']) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  return copy;
}

/** The folder of what was compiled for this Node on this machine. */
function compiledIn(program: string): string {
  const compiled = join(program, 'dist/compiled');
  const [name] = readdirSync(compiled);
  return join(compiled, name);
}

/** Which of these modules of Node a command loads, and whether it compiles WebAssembly. */
function loadedBy(folder: Folder, args: readonly string[]): string[] {
  folder.write(
    'watch.cjs',
    `const { Module } = WebAssembly;
    let compiled = '';
    WebAssembly.Module = new Proxy(Module, { construct(...all) { compiled = 'WebAssembly'; return Reflect.construct(...all); } });
    process.on('exit', () => {
      const names = process.moduleLoadList.map((entry) => entry.replace('NativeModule ', ''));
      const slow = ['child_process', 'crypto', 'fs/promises', 'worker_threads', 'zlib'];
      require('node:fs').writeFileSync('loaded.json', JSON.stringify([...slow.filter((name) => names.includes(name)), compiled].filter(Boolean)));
    });`,
  );
  const { status } = run(root, folder.path, args, ['--require', './watch.cjs']);
  expect(status).toBe(0);
  return folder.json('loaded.json');
}

test('--version, --help and summary load no engine, and nothing slow that they do not use', () => {
  const folder = new Folder().take('linear/model.json');
  expect(loadedBy(folder, ['--version'])).toEqual([]);
  expect(loadedBy(folder, ['--help'])).toEqual([]);
  expect(loadedBy(folder, ['train', '--help'])).toEqual([]);
  expect(loadedBy(folder, ['summary'])).toEqual(['fs/promises']);
});

test('training loads the engine, and no threads where there is little to do', () => {
  const folder = new Folder().take('linear/model.json', 'linear/data.csv');
  const train = ['train', '--data', 'data.csv', '--epochs', '1', '--seed', '1'];
  // The digest of the weights is made with crypto.
  expect(loadedBy(folder, train)).toEqual(['crypto', 'fs/promises', 'WebAssembly']);
});

test('there is something compiled for each command, and for none', () => {
  const names = readdirSync(compiledIn(root));
  const commands = run(root, '.', ['--help'])
    .stdout.split('\nCommands:\n')[1]
    .split('\n\n')[0]
    .split('\n')
    .map((line) => line.trim().split(' ')[0]);
  expect(names.sort()).toEqual([...commands, 'mlp'].sort());
});

test('whatever became of what was compiled, the program is the same', () => {
  const folder = new Folder().take('linear/model.json', 'linear/data.csv');
  const copy = copyOf(folder);
  const train = ['train', '--data', 'data.csv', '--epochs', '2', '--seed', '1', '--quiet'];
  const all = [['--version'], ['summary'], train, ['get-weights'], ['nothing']];
  const outcomes = (flags?: readonly string[]) => {
    const found = all.map((args) => run(copy, folder.path, args, flags));
    return [...found, folder.read('model.trained.json')];
  };
  const expected = outcomes();
  expect(expected.slice(0, 4)).toEqual(
    expected
      .slice(0, 4)
      .map((outcome) => expect.objectContaining({ status: 0, ...Object(outcome) })),
  );
  const compiled = compiledIn(copy);
  const files = readdirSync(compiled).map((name) => join(compiled, name));
  // V8 refuses what was compiled with other flags,
  expect(outcomes(['--no-lazy'])).toEqual(expected);
  // what has lost a block, with which it would crash,
  for (const file of files) writeFileSync(file, readFileSync(file).fill(0, 8192, 65536));
  expect(outcomes()).toEqual(expected);
  // and what is cut off;
  for (const file of files) writeFileSync(file, readFileSync(file).subarray(0, 100));
  expect(outcomes()).toEqual(expected);
  // what is not there, is not needed.
  rmSync(dirname(compiled), { recursive: true });
  expect(outcomes()).toEqual(expected);
});

test('what is damaged is not taken', () => {
  const copy = copyOf(new Folder());
  const { compiledFor, program } = createRequire(import.meta.url)(join(copy, 'bin/load.js'));
  const source = readFileSync(program, 'latin1');
  const file = join(compiledIn(copy), 'summary');
  // Nor is what serves where no command does.
  rmSync(join(compiledIn(copy), 'mlp'));
  const whole = readFileSync(file);
  const isTaken = (bytes: Uint8Array) => {
    writeFileSync(file, bytes);
    return compiledFor(source, 'summary') !== undefined;
  };
  expect(isTaken(whole)).toBe(true);
  const [begin, end] = [8192, 12288];
  const damaged = [
    // A block that is empty, or another one,
    Buffer.from(whole).fill(0, begin, end),
    Buffer.from(whole).fill(0, whole.length >> 1),
    Buffer.from(whole).copyWithin(begin, 65536, 65536 + end - begin),
    // that is missing, or one too many,
    Buffer.concat([whole.subarray(0, begin), whole.subarray(end)]),
    Buffer.concat([whole.subarray(0, begin), Buffer.alloc(512), whole.subarray(begin)]),
    Buffer.concat([whole, Buffer.alloc(512)]),
    // and a file that was not written to its end.
    ...[0, 1, 23, 24, 25, 100, 4096].map((length) => whole.subarray(0, length)),
    ...[1, 7, 24, 4096].map((length) => whole.subarray(0, -length)),
  ];
  expect(damaged.map(isTaken)).toEqual(damaged.map(() => false));
  // Wherever a block is lost.
  const blocks = Array.from({ length: Math.floor(whole.length / 4096) }, (_, i) => 4096 * i);
  const isEmpty = (at: number) => whole.subarray(at, at + 4096).every((byte) => byte === 0);
  const lost = blocks.filter((at) => !isEmpty(at));
  const unseen = lost.filter((at) => isTaken(Buffer.from(whole).fill(0, at, at + 4096)));
  expect(unseen).toEqual([]);
});

test('what was compiled from another text is not taken', () => {
  const folder = new Folder();
  const copy = copyOf(folder);
  const program = join(copy, 'dist/mlp.js');
  const source = readFileSync(program, 'latin1');
  const [, version] = run(copy, folder.path, ['--version']).stdout.trim().split(' ');
  const other = version.replace(/\d/g, '9');
  // As long as it was, so that V8 sees no difference: the fingerprint is another.
  const changed = source
    .replace(/^\/\* \w+ \*\//, `/* ${'f'.repeat(16)} */`)
    .replaceAll(version, other);
  expect(changed).toHaveLength(source.length);
  writeFileSync(program, changed);
  expect(run(copy, folder.path, ['--version']).stdout).toBe(`mlp ${other}\n`);
});
