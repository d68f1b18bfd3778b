/** Threads of the real program that fail, that are told to stop, and a Node that can have none. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PATIENCE, READY } from '../../src/engine/wasm/assembly/words.ts';
import { folderWith, linear } from './linear-run.ts';
import { done, type Folder } from './run.ts';

/** Large enough that threads divide a step. */
const model = {
  layers: [{ units: 200, activation: 'relu' }, { units: 200 }, { units: 3, activation: 'softmax' }],
  compile: { optimizer: 'adam', loss: 'sparse_categorical_crossentropy' },
  fit: { batch_size: 128 },
};

function table(): string {
  const row = (i: number) =>
    [...Array.from({ length: 20 }, (_, j) => Math.sin(i * 20 + j).toFixed(3)), i % 3].join(',');
  return `${Array.from({ length: 300 }, (_, i) => row(i)).join('\n')}\n`;
}

const train = 'train --data data.csv --epochs 100 --seed 1 -q --verbose 0';

/** A run with a script that every thread begins with. */
function runWith(folder: Folder, script: string, words: string) {
  folder.write('first.cjs', `const { isMainThread } = require('node:worker_threads');\n${script}`);
  return folder.shell(`NODE_OPTIONS='--require ./first.cjs' mlp ${words}`);
}

describe('workers', () => {
  test('that cannot start leave the work to the main thread', () => {
    const folder = folderWith(model, table());
    expect(folder.mlp([...train.split(' '), '-o', 'one.json'])).toEqual(done(''));
    const none = `if (!isMainThread) throw new Error('no');`;
    expect(runWith(folder, none, `${train} --threads 2 -o two.json`)).toEqual(done(''));
    expect(folder.read('two.json')).toBe(folder.read('one.json'));
  });

  test('that have started and do not come are not waited for', () => {
    const folder = folderWith(model, table());
    expect(folder.mlp([...train.split(' '), '-o', 'one.json'])).toEqual(done(''));
    // What they run says that it is there, and returns.
    const absent = `
      if (!isMainThread) {
        const { Instance, Table } = WebAssembly;
        const set = Table.prototype.set;
        Table.prototype.set = function (...words) { try { set.apply(this, words); } catch {} };
        WebAssembly.Instance = function (module, imports) {
          const { exports } = new Instance(module, imports);
          const words = new Int32Array(imports.env.memory.buffer);
          const work = (control) => void Atomics.add(words, (control + ${READY}) / 4, 1);
          return { exports: exports.work ? { ...exports, work } : exports };
        };
      }`;
    expect(runWith(folder, absent, `${train} --threads 2 -o two.json`)).toEqual(done(''));
    expect(folder.read('two.json')).toBe(folder.read('one.json'));
  });

  test('that fail in the middle of a step end the run, which leaves no file', () => {
    const folder = folderWith(model, table());
    // None of the kernels that their part of a step calls is there.
    const crippled = `if (!isMainThread) WebAssembly.Table.prototype.set = () => {};`;
    const long = train.replace('--epochs 100', '--epochs 100000');
    const { status, stdout, stderr } = runWith(folder, crippled, `${long} --threads 3 -o x.json`);
    expect({ status, stdout }).toEqual({ status: 70, stdout: '' });
    expect(stderr).toContain('a thread ended in the middle of a step (--threads 1 has only one)');
    expect(folder.names()).toEqual(['data.csv', 'first.cjs', 'model.json']);
  });

  test('that are killed in the middle of a step end the run, which leaves no file', () => {
    const folder = folderWith(model, table());
    // An import that is exported again, of the type that kernels have, in the place of all of them: it takes memory
    // until the thread has no more and is killed, of which nothing in the thread hears.
    const killed = `
      const threads = require('node:worker_threads');
      const { Worker } = threads;
      threads.Worker = class extends Worker {
        constructor(source, options) {
          super(source, { ...options, resourceLimits: { maxOldGenerationSizeMb: 16 } });
        }
      };
      if (!isMainThread) {
        const { Instance, Module, Table } = WebAssembly;
        const type = [1, 5, 1, 0x60, 1, 0x7f, 0];
        const imported = [2, 7, 1, 1, 0x65, 1, 0x66, 0, 0];
        const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...type, ...imported, 7, 5, 1, 1, 0x66, 0, 0];
        const f = () => {
          try {
            for (const all = []; ; ) all.push(new Array(1000).fill(all));
          } finally {
            require('node:fs').writeFileSync('it-hears-of-it', '');
          }
        };
        const kernel = new Instance(new Module(Uint8Array.from(bytes)), { e: { f } }).exports.f;
        const set = Table.prototype.set;
        Table.prototype.set = function (index) { set.call(this, index, kernel); };
        WebAssembly.Instance = function (module, imports) {
          const { exports } = new Instance(module, imports);
          const words = new Int32Array(imports.env.memory.buffer);
          const work = (control, worker) => {
            words[(control + ${PATIENCE}) / 4] = 1;
            exports.work(control, worker);
          };
          return { exports: exports.work ? { ...exports, work } : exports };
        };
      }`;
    const long = train.replace('--epochs 100', '--epochs 100000');
    const { status, stdout, stderr } = runWith(folder, killed, `${long} --threads 2 -o x.json`);
    expect({ status, stdout }).toEqual({ status: 70, stdout: '' });
    expect(stderr).toContain('a thread ended in the middle of a step (--threads 1 has only one)');
    expect(folder.names()).toEqual(['data.csv', 'first.cjs', 'model.json']);
  });
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a run of several threads', async (signal) => {
  const folder = folderWith(model, table());
  const program = resolve(import.meta.dirname, '../../bin/mlp.js');
  const words = ['train', '--data', 'data.csv', '--epochs', '1000000', '--threads', '3'];
  const child = spawn(process.execPath, [program, ...words], { cwd: folder.path });
  // It has begun to train once it says so.
  await once(child.stdout, 'data');
  child.stdout.resume();
  child.stderr.resume();
  child.kill(signal);
  const [code, by] = await once(child, 'exit');
  const number = signal === 'SIGINT' ? 130 : 143;
  expect([number, signal]).toContain(by ?? code);
});

describe('a Node without', () => {
  const missing: Record<string, string> = {
    WebAssembly: 'delete globalThis.WebAssembly;',
    SIMD: `WebAssembly.Module = function () { throw new WebAssembly.CompileError('no SIMD'); };`,
    'shared memory': `
      const { Memory } = WebAssembly;
      WebAssembly.Memory = function (limits) {
        if (limits.shared) throw new TypeError('no shared memory');
        return new Memory(limits);
      };
      delete globalThis.SharedArrayBuffer;`,
  };
  test.each(Object.keys(missing))('%s computes by the reference engine, and says so', (name) => {
    const folder = folderWith(linear);
    const words = 'train --data data.csv --epochs 3 --seed 1 --verbose 0';
    const { status, stderr } = runWith(folder, missing[name], `${words} --threads 2 -o a.json`);
    expect(status).toBe(0);
    expect(stderr).toContain(
      'note: expected a Node that has WebAssembly with SIMD and shared memory; found none, so --engine reference computes: slower, the same numbers\n',
    );
    expect(folder.json('a.json').training.engine).toBe('reference');
    expect(folder.shell(`mlp ${words} -q --engine reference -o b.json`)).toEqual(done(''));
    expect(folder.read('a.json')).toBe(folder.read('b.json'));
    const asked = runWith(folder, missing[name], `${words} --engine wasm -o c.json`);
    expect(asked.status).toBe(2);
    expect(asked.stderr).toContain(
      'mlp: --engine wasm: expected a Node that has WebAssembly with SIMD and shared memory; found none\n' +
        '  use --engine reference, which is slower\n',
    );
  });
});
