/** What training takes in memory: told by `summary --resolved`, and refused before any data are read. */
import { expect, test } from 'vitest';
import { Folder, refused } from './run.ts';

const layers = [
  { units: 64, activation: 'relu' },
  { units: 32, activation: 'relu' },
  { units: 5, activation: 'softmax' },
];
const loss = 'sparse_categorical_crossentropy';

/** What `--resolved` adds for these settings. */
function memoryOf(compile: object, fit: object = {}): string {
  const folder = new Folder().write('model.json', { input_shape: [20], layers, compile, fit });
  const { status, stdout, stderr } = folder.mlp(['summary', '--resolved']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const table = folder.mlp(['summary']).stdout;
  expect(stdout.slice(0, table.length)).toBe(table);
  return stdout.slice(table.length);
}

test('each weight takes four bytes, its gradient and each slot as many, and a batch by its rows', () => {
  expect(memoryOf({ optimizer: 'adam', loss })).toBe(`
Memory of training with adam, besides the data:
  weights               14.0 KiB
  gradient              14.0 KiB
  momentum              14.0 KiB
  velocity              14.0 KiB
  one batch of 32 rows  30.6 KiB
  together              86.7 KiB
`);
  const sgd = memoryOf({ optimizer: 'sgd', loss }, { batch_size: 64 });
  expect(sgd).toBe(`
Memory of training with sgd, besides the data:
  weights               14.0 KiB
  gradient              14.0 KiB
  one batch of 64 rows  61.3 KiB
  together              89.3 KiB
`);
});

test('lbfgs, which takes all rows at once, is told for one row', () => {
  expect(memoryOf({ optimizer: 'lbfgs', loss })).toContain('\n  one row  ');
});

test('without settings Keras’s are told', () => {
  expect(memoryOf({})).toContain('Memory of training with rmsprop');
});

test('--batch-size says of which batch, and is refused where it would say nothing', () => {
  const model = { input_shape: [20], layers, compile: { optimizer: 'sgd', loss } };
  const folder = new Folder().write('model.json', model);
  const { stdout } = folder.mlp(['summary', '--resolved', '--batch-size', '7']);
  expect(stdout).toContain('\n  one batch of 7 rows  ');
  expect(folder.mlp(['summary', '--batch-size', '7'])).toEqual(
    refused(
      2,
      'mlp: --batch-size: expected --resolved beside it; found none\n' +
        '  only the memory of training depends on it\n',
    ),
  );
});

test('--json has the bytes', () => {
  const model = { input_shape: [20], layers, compile: { optimizer: 'rmsprop', loss } };
  const folder = new Folder().write('model.json', model);
  const { memory } = JSON.parse(folder.mlp(['summary', '--resolved', '--json']).stdout);
  const block = 4 * 3589;
  const batch = memory.parts[3].bytes;
  expect(memory).toEqual({
    optimizer: 'rmsprop',
    batch_size: 32,
    parts: [
      { name: 'weights', bytes: block },
      { name: 'gradient', bytes: block },
      { name: 'velocity', bytes: block },
      { name: 'one batch of 32 rows', bytes: batch },
    ],
    total_bytes: 3 * block + batch,
  });
  // The rows themselves and what the layers make of them, at least.
  expect(batch).toBeGreaterThan(4 * 32 * (20 + 64 + 32 + 5));
  const plain = JSON.parse(folder.mlp(['summary', '--json']).stdout);
  expect(plain).not.toHaveProperty('memory');
});

test('a model whose rows are unknown has no memory to tell', () => {
  const folder = new Folder().write('model.json', { layers });
  expect(folder.mlp(['summary', '--resolved', '--style', 'keras3'])).toEqual(
    refused(
      2,
      'mlp: model.json: input_shape: expected the shape of one input row; found nothing\n' +
        '  add "input_shape": [N] at the top; only "mlp train" takes it from the data\n',
    ),
  );
});

test('no WebAssembly is needed to tell it', () => {
  const model = { input_shape: [20], layers, compile: { optimizer: 'adam', loss } };
  const folder = new Folder().write('model.json', model);
  folder.write('none.cjs', 'delete globalThis.WebAssembly;');
  const wanted = folder.mlp(['summary', '--resolved']);
  expect(folder.shell('NODE_OPTIONS="--require ./none.cjs" mlp summary --resolved')).toEqual(
    wanted,
  );
});

test('a model that is too large for the machine is refused before its data are looked for', () => {
  const wide = [{ units: 5000 }, { units: 1000 }, { units: 1 }];
  const model = { input_shape: [20], layers: wide, compile: { optimizer: 'adam', loss: 'mse' } };
  const folder = new Folder().write('model.json', model);
  // A machine of 64 MiB.
  folder.write('machine.cjs', `require('node:os').totalmem = () => 2 ** 26;`);
  const train = 'mlp train --data none.csv --epochs 1';
  expect(folder.shell(`NODE_OPTIONS="--require ./machine.cjs" ${train}`)).toEqual(
    refused(
      2,
      'mlp: model: expected training that fits in the 64.0 MiB of this machine; found 78.0 MiB: ' +
        'weights 19.5 MiB, gradient 19.5 MiB, momentum 19.5 MiB, velocity 19.5 MiB, one row 58.7 KiB\n' +
        '  give its layers fewer units, or take an optimizer that keeps less, such as sgd\n',
    ),
  );
  expect(folder.shell(train).stderr).toMatch(/^mlp: none\.csv: expected a file/);
});
