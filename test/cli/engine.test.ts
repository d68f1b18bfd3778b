/** `--engine`: the same model from each, what is recorded, and what is said where one cannot be had. */
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
    stderr: 'mlp: --engine: expected auto, wasm, reference; found "wsam"\n  did you mean wasm?\n',
  });
});

test('without WebAssembly the reference engine computes, and that is said', () => {
  const folder = folderWith(linear);
  const loud = train.slice(0, -1);
  const { status, stderr } = folder.shell(
    `NODE_OPTIONS=--jitless mlp ${[...loud, '-o', 'a.json'].join(' ')}`,
  );
  expect(status).toBe(0);
  expect(stderr).toContain('note: expected a Node that has WebAssembly with SIMD; found none');
  expect(folder.json('a.json').training.engine).toBe('reference');
  const asked = folder.shell(`NODE_OPTIONS=--jitless mlp ${train.join(' ')} --engine wasm`);
  expect(asked.status).toBe(2);
  expect(asked.stderr).toContain('--engine wasm: expected a Node that has WebAssembly with SIMD');
});
