/**
 * Runs each command on small files and keeps what V8 compiled on the way, for bin/load.js. A function that
 * no run here needs is compiled when it is first called, as ever.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const files = ['linear/model.json', 'linear/data.csv', 'data/iris.csv'];

/** What is run, in this order, by the name under which it is kept: `mlp` serves where no command does. */
const runs = {
  mlp: ['--version', '--help'],
  columns: ['columns --data iris.csv'],
  new: ['new --data iris.csv -o new.json'],
  train: [
    'train model.json --data data.csv --epochs 400 --seed 1',
    'train new.json --data iris.csv --epochs 3 --validation-split 0.2 -o iris.json',
  ],
  summary: ['summary model.json', 'summary iris.json', 'summary model.json --style keras3'],
  init: ['init model.json --seed 1'],
  predict: [
    'predict --data data.csv',
    'predict iris.json --data iris.csv',
    'predict --input [[1,2]] --format json',
  ],
  evaluate: ['evaluate --data data.csv', 'evaluate iris.json --data iris.csv'],
  'get-weights': ['get-weights', 'get-weights iris.json --format json'],
  'set-weights': ['set-weights --layer dense_layer --kernel ones --bias zeros -o set.json'],
  spec: ['spec iris.json', 'spec model.json --to keras'],
  schema: ['schema'],
};

/** @throws where a command fails */
export function compileCommands() {
  const folder = mkdtempSync(join(tmpdir(), 'mlp-compile-'));
  try {
    for (const file of files) cpSync(join(root, 'fixtures', file), join(folder, basename(file)));
    for (const [name, lines] of Object.entries(runs)) compile(name, lines, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In a process of its own, so that it has no other command's functions. */
function compile(name, lines, cwd) {
  const script = join(import.meta.dirname, 'compile-command.mjs');
  const { status, stderr, error } = spawnSync(process.execPath, [script, name, ...lines], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`compiling ${name}: ${error?.message ?? stderr}`);
}
