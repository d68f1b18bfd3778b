/** `--engine` and `--threads`: the same model from all, what is recorded, and what is refused. */
import { expect, test } from 'vitest';
import { folderWith, linear } from './linear-run.ts';
import { done } from './run.ts';

const train = ['train', '--data', 'data.csv', '--epochs', '3', '--seed', '1', '-q'];

test('each engine makes the same model, and says which one it was', () => {
  const folder = folderWith(linear);
  for (const engine of ['auto', 'wasm', 'reference']) {
    expect(folder.mlp([...train, '--engine', engine, '-o', `${engine}.json`])).toEqual(done(''));
  }
  const read = (name: string) => folder.json(`${name}.json`);
  expect([read('auto'), read('wasm'), read('reference')].map((m) => m.training.engine)).toEqual([
    'wasm',
    'wasm',
    'reference',
  ]);
  expect(folder.read('auto.json')).toBe(folder.read('wasm.json'));
  const renamed = folder
    .read('reference.json')
    .replace('"engine": "reference"', '"engine": "wasm"');
  expect(renamed).toBe(folder.read('wasm.json'));
  for (const [command, ...rest] of [['predict'], ['evaluate', '-q']]) {
    const [found, wanted] = ['wasm', 'reference'].map((engine) =>
      folder.mlp([command, 'wasm.json', '--data', 'data.csv', '--engine', engine, ...rest]),
    );
    expect(found.status).toBe(0);
    expect(found).toEqual(wanted);
  }
});

test.each(['train', 'predict', 'evaluate'])('%s knows no other engine', (command) => {
  const folder = folderWith(linear);
  const { status, stderr } = folder.mlp([command, '--data', 'data.csv', '--engine', 'wsam']);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr:
      'mlp: --engine: expected auto, wasm, reference, native; found "wsam"\n  did you mean wasm?\n',
  });
});

test('without WebAssembly the reference engine computes, and that is said', () => {
  const folder = folderWith(linear);
  const loud = train.slice(0, -1);
  const { status, stderr } = folder.shell(
    `NODE_OPTIONS=--jitless mlp ${[...loud, '-o', 'a.json'].join(' ')}`,
  );
  expect(status).toBe(0);
  expect(stderr).toContain(
    'note: expected a Node that has WebAssembly with SIMD and shared memory; found none',
  );
  expect(folder.json('a.json').training.engine).toBe('reference');
  const asked = folder.shell(`NODE_OPTIONS=--jitless mlp ${train.join(' ')} --engine wasm`);
  expect(asked.status).toBe(2);
  expect(asked.stderr).toContain('--engine wasm: expected a Node that has WebAssembly with SIMD');
});

test('any number of threads makes the same model, and the process ends', () => {
  const rows = Array.from({ length: 300 }, (_, i) =>
    [...Array.from({ length: 20 }, (_, j) => Math.sin(i * 20 + j).toFixed(3)), i % 3].join(','),
  );
  const layers = [
    { units: 200, activation: 'relu' },
    { units: 200 },
    { units: 3, activation: 'softmax' },
  ];
  const compile = { optimizer: 'adam', loss: 'sparse_categorical_crossentropy' };
  const folder = folderWith({ layers, compile, fit: { batch_size: 128 } }, `${rows.join('\n')}\n`);
  const args = ['train', '--data', 'data.csv', '--epochs', '40', '--seed', '1', '-q'];
  for (const threads of ['1', '2', '3', 'auto']) {
    expect(folder.mlp([...args, '--threads', threads, '-o', `${threads}.json`])).toEqual(done(''));
    expect(folder.read(`${threads}.json`)).toBe(folder.read('1.json'));
  }
  const failing = [...args, '--threads', '2', '--learning-rate', '1e30', '-o', 'x.json'];
  expect(folder.mlp(failing).status).toBe(5);
});

test.each(['0', '-1', '65', '1000', '1.5', 'x'])('--threads %s is refused', (threads) => {
  const { status, stderr } = folderWith(linear).mlp([...train, '--threads', threads]);
  const message = '--threads: expected a whole number from 1 to 64, or auto; found';
  expect({ status, stderr }).toEqual({ status: 2, stderr: `mlp: ${message} "${threads}"\n` });
});
