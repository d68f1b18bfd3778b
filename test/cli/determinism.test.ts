/** The same spec, data and seed give the same bytes, whatever is around them: on any day, anywhere. */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Folder } from './run.ts';

const hidden = { activation: 'relu', kernel_regularizer: { l2: 1e-4 } };

/** Three trainings that have little in common, and the SHA-256 of the models that come of them. */
const trainings = [
  {
    name: 'a line with Adam',
    sha256: 'eb3e07431a946d258a4263cc9fdba90956979ba74e0acedfd747591b7bf13629',
    files: ['linear/data.csv'],
    spec: { layers: [{ units: 1, input_shape: [2] }], compile: { optimizer: 'adam', loss: 'mse' } },
    words: ['--data', 'data.csv', '--epochs', '20', '--seed', '1'],
  },
  {
    name: 'classes of penguins with missing values, categories, chance, a schedule and the best weights',
    sha256: '8ffafc09e7155781172b86f598a98413e90fe7cb68c6c5ceba0de421bc951d0c',
    files: ['data/penguins.csv'],
    spec: {
      layers: [
        { units: 12, activation: 'x * tanh(softplus(x))' },
        { type: 'BatchNormalization' },
        { type: 'Dropout', rate: 0.25 },
        { units: 3, activation: 'softmax' },
      ],
    },
    words: [
      ...[
        '--data',
        'penguins.csv',
        '--target',
        'species',
        '--split',
        'stratified',
        '--keep',
        'best',
      ],
      ...['--validation-split', '0.2', '--lr-schedule', 'cosine', '--metrics', 'accuracy'],
      ...['--optimizer', 'adamw', '--epochs', '15', '--seed', '2'],
    ],
  },
  {
    name: 'steps that are large enough for threads',
    sha256: 'e1ac4fc217d329d43613a9b1826fdf5ebf74bf5b851e3de9237116f7d0e5a162',
    files: ['data/digits.csv.gz'],
    spec: {
      layers: [{ ...hidden, units: 96 }, { ...hidden, units: 64 }, { units: 10 }],
      compile: {
        optimizer: { name: 'sgd', learning_rate: 0.05, momentum: 0.9 },
        loss: { name: 'sparse_categorical_crossentropy', from_logits: true },
      },
    },
    words: ['--data', 'digits.csv.gz', '--batch-size', '256', '--epochs', '3', '--seed', '3'],
  },
];

type Training = (typeof trainings)[number];

function folderOf({ files, spec }: Training): Folder {
  return new Folder().take(...files).write('model.json', spec);
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The model that comes of a training. */
function trained(
  at: Folder,
  { words }: Training,
  more: readonly string[] = [],
  around: Parameters<Folder['mlp']>[2] = {},
): string {
  const command = ['train', 'model.json', ...words, ...more, '-q', '-o', 'out.json'];
  const { status, stderr } = at.mlp(command, '', around);
  expect([status, stderr]).toEqual([0, '']);
  return at.read(join(around.folder ?? '.', 'out.json'));
}

test.each(trainings)('the bytes of $name are those of the day it was written', (training) => {
  // Whoever changes what training computes or writes changes this, and says so in CHANGELOG.md.
  expect(sha256(trained(folderOf(training), training))).toBe(training.sha256);
});

test.each(trainings)('$name: any number of threads, and both engines', (training) => {
  const at = folderOf(training);
  const first = trained(at, training);
  for (const threads of ['1', '2', '4', '7']) {
    expect(trained(at, training, ['--threads', threads]), threads).toBe(first);
  }
  const reference = trained(at, training, ['--engine', 'reference']);
  expect(reference.replace('"engine": "reference"', '"engine": "wasm"')).toBe(first);
});

test.each(trainings)('$name: another locale, time zone, day and working folder', (training) => {
  const at = folderOf(training);
  const first = trained(at, training);
  const locale = { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8', TZ: 'Asia/Kathmandu' };
  expect(trained(at, training, [], { env: locale })).toBe(first);
  const day = 86_400_000;
  at.write('tomorrow.cjs', `const now = Date.now; Date.now = () => now() + ${day};`);
  const tomorrow = { NODE_OPTIONS: `--require ${join(at.path, 'tomorrow.cjs')}` };
  expect(trained(at, training, [], { env: tomorrow })).toBe(first);
  mkdirSync(join(at.path, 'elsewhere'));
  for (const name of at.names().filter((name) => /^model\.json$|\.csv/.test(name))) {
    copyFileSync(join(at.path, name), join(at.path, 'elsewhere', name));
  }
  expect(trained(at, training, [], { folder: 'elsewhere' })).toBe(first);
});
