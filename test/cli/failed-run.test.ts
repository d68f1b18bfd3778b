/** Runs whose numbers fail, through the real program: what is said, saved and left alone. */
import { describe, expect, test } from 'vitest';
import { Folder, refused } from './run.ts';

/** Two columns of very different size, and what a line through them gives. */
const rows = Array.from({ length: 40 }, (_, i) => [i % 7, (i * 1300) % 20000, (i % 7) / 7]);
const CSV = `rooms,price,y\n${rows.map((row) => `${row.join(',')}\n`).join('')}`;
const model = (activation: string | null, learning_rate: number) => ({
  input_shape: [2],
  layers: [
    { units: 3, activation, kernel_initializer: 'ones' },
    { units: 1, kernel_initializer: 'ones' },
  ],
  compile: { optimizer: { name: 'sgd', learning_rate }, loss: 'mse' },
  fit: { seed: 1, verbose: 0 },
});
const train = ['train', 'model.json', '--data', 'data.csv', '--epochs', '9', '-q'];

function folderWith(document: object): Folder {
  return new Folder().write('model.json', document).write('data.csv', CSV);
}

describe('a run whose numbers fail', () => {
  test('names batch, layer, column and remedy; keeps the old model; saves what was good', () => {
    const old = '{"format": "mlp-model", "old": 1}';
    for (const engine of ['wasm', 'reference']) {
      const folder = folderWith(model(null, 0.01)).write('model.trained.json', old);
      expect(folder.mlp([...train, '--engine', engine])).toEqual(refused(5, 'X'));
      expect(folder.read('model.trained.json')).toBe(old);
      expect(folder.names()).toEqual([
        'data.csv',
        'model.checkpoint.json',
        'model.json',
        'model.trained.json',
      ]);
    }
  });

  test('of rows of one size gives the command that goes on with smaller steps', () => {
    const folder = folderWith(model('exp(x)', 0.9));
    const scaled = [...train, '--normalize', 'zscore'];
    const failed = folder.mlp(scaled);
    expect(failed).toEqual(refused(5, 'Y'));
    const [, command] = /to go on from it: (mlp .*)/.exec(failed.stderr) ?? [];
    const resumed = folder.shell(`${command} -q`);
    expect(resumed).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(folder.json('model.trained.json').history.loss).toHaveLength(9);
  });

  test('before any step was good saves nothing', () => {
    const folder = folderWith(model('log(x - 5)', 0.01));
    expect(folder.mlp([...train, '--checkpoint', 'c.json'])).toEqual(refused(5, 'Z'));
    expect(folder.names()).toEqual(['data.csv', 'model.json']);
  });

  test('says why the last good state could not be saved, and still what happened', () => {
    const folder = folderWith(model('exp(x)', 0.9)).write('model.checkpoint.json', 'dear diary');
    const failed = folder.mlp([...train, '--normalize', 'zscore']);
    expect(failed).toEqual(refused(5, 'W'));
    expect(folder.read('model.checkpoint.json')).toBe('dear diary');
  });

  test('is none with --clip-norm', () => {
    const folder = folderWith(model('exp(x)', 0.9));
    const clipped = folder.mlp([...train, '--normalize', 'zscore', '--clip-norm', '0.1']);
    expect(clipped).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(folder.json('model.trained.json').compile.optimizer.clipnorm).toBe(0.1);
  });
});
