/**
 * `npm run bench [-- start|steps|tables …]`: start-up and the training example as a whole process, steps
 * per second, large tables. Whole processes are run in turns, so that all see the same load; times are
 * the smallest and the median.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import { benchTables } from './tables.mjs';

const ROUNDS = 15;
const root = resolve(import.meta.dirname, '..');
const program = join(root, 'bin/mlp.js');
const linear = join(root, 'fixtures/linear');
const scratch = mkdtempSync(join(tmpdir(), 'mlp-bench-'));

const trained = join(scratch, 'model.trained.json');
const train = ['train', join(linear, 'model.json'), '--data', join(linear, 'data.csv')];
const commands = {
  'node -e 0': ['-e', '0'],
  'mlp --version': [program, '--version'],
  'mlp summary': [program, 'summary', join(linear, 'model.json')],
  'mlp train (400 epochs)': [program, ...train, '--epochs', '400', '--seed', '1', '-o', trained],
};

function milliseconds(args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr}`);
  return performance.now() - start;
}

function benchStart() {
  const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, args] of Object.entries(commands)) times[name].push(milliseconds(args));
  }
  for (const [name, list] of Object.entries(times)) {
    list.sort((a, b) => a - b);
    const [min, median] = [list[0], list[Math.floor(list.length / 2)]].map((t) => t.toFixed(0));
    console.log(`${name.padEnd(24)} min ${min.padStart(4)} ms   median ${median.padStart(4)} ms`);
  }
}

function benchSteps() {
  const outfile = join(scratch, 'steps.cjs');
  const entryPoints = [join(root, 'bench/steps.ts')];
  buildSync({ entryPoints, bundle: true, platform: 'node', outfile, logLevel: 'warning' });
  const { status } = spawnSync(process.execPath, [outfile], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}

const groups = { start: benchStart, steps: benchSteps, tables: () => benchTables(root, scratch) };

try {
  console.log(`node ${process.version}, ${cpus().length} × ${cpus()[0].model}`);
  const asked = process.argv.slice(2);
  for (const [name, run] of Object.entries(groups)) {
    if (asked.length === 0 || asked.includes(name)) await run();
  }
} finally {
  rmSync(scratch, { recursive: true });
}
