/**
 * `npm run bench`: start-up and training as whole processes, beside an empty Node; microseconds a step
 * of the jobs in steps.ts. All are run in turns, so that all see the same load; of each the smallest and
 * the median count. Prints a table and writes it with machine and date to bench/results.
 *
 *     npm run bench -- [--rounds N] [--only NAME,NAME] [--no-peers] [--no-write] [--help]
 *
 * Beside them what is here of others that train such networks: peers.mjs.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { findPeers, PeerBench, printPeers } from './peers.mjs';
import { benchScaling } from './scaling.mjs';
import { benchTables } from './tables.mjs';

const USAGE = 'npm run bench -- [--rounds N] [--only NAME,NAME] [--no-peers] [--no-write]';

/** The options, or the end: help, or what is wrong with them. */
function readOptions(names) {
  try {
    const { values } = parseArgs({
      options: {
        rounds: { type: 'string', default: '9' },
        only: { type: 'string' },
        'no-peers': { type: 'boolean', default: false },
        'no-write': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      console.log(`${USAGE}\n\nNAME is one of ${names.join(', ')}.`);
      process.exit(0);
    }
    if (!/^[1-9]\d*$/.test(values.rounds)) {
      throw new Error(`--rounds: expected a whole number, 1 or more; found "${values.rounds}"`);
    }
    const unknown = values.only?.split(',').find((name) => !names.includes(name));
    if (unknown !== undefined) {
      throw new Error(`--only: expected ${names.join(', ')}; found "${unknown}"`);
    }
    return values;
  } catch (error) {
    console.error(`bench: ${error.message}\n  ${USAGE}`);
    process.exit(2);
  }
}

const root = resolve(import.meta.dirname, '..');
const program = join(root, 'bin/mlp.js');
const linear = join(root, 'fixtures/linear');
const scratch = join(tmpdir(), `mlp-bench-${process.pid}`);
const at = (name) => join(scratch, name);

/** Jobs timed step by step, on how many threads, and in which of the rounds: the large ones take their time. */
const stepJobs = {
  seed: { job: 'seed', threads: 1, every: 1 },
  small: { job: 'small', threads: 1, every: 1 },
  medium: { job: 'medium', threads: 1, every: 1 },
  'medium, 2 threads': { job: 'medium', threads: 2, every: 1 },
  large: { job: 'large', threads: 1, every: 2 },
  'large, 2 threads': { job: 'large', threads: 2, every: 2 },
  large1024: { job: 'large1024', threads: 1, every: 3 },
  'large1024, 2 threads': { job: 'large1024', threads: 2, every: 3 },
};

/** The same with the machine's BLAS, where it has one. */
const nativeJobs = Object.fromEntries(
  ['medium', 'large', 'large1024'].flatMap((job) =>
    [1, 2].map((threads) => {
      const name = `${job}, native${threads > 1 ? `, ${threads} threads` : ''}`;
      return [name, { job, engine: 'native', threads, every: 2 }];
    }),
  ),
);

/** Whole processes; the first is what all others are compared with. */
function commands() {
  const seed = ['train', join(linear, 'model.json'), '--data', join(linear, 'data.csv')];
  const trainSeed = [program, ...seed, '--epochs', '400', '--seed', '1', '-o', at('seed.json')];
  const small = ['train', at('small.model.json'), '--data', at('small.csv'), '--epochs', '10'];
  return {
    'node -e 0': ['-e', '0'],
    'mlp --version': [program, '--version'],
    'mlp --help': [program, '--help'],
    'mlp summary': [program, 'summary', at('small.model.json')],
    'mlp train, seed': trainSeed,
    'mlp train, seed, --quiet': [...trainSeed, '--quiet'],
    'mlp train, small': [program, ...small, '--seed', '1', '-o', at('small.json')],
  };
}

/** What `--only` may name: what stands before the comma of a name. */
const names = [
  ...new Set(
    [...Object.keys(commands()), ...Object.keys(stepJobs)].map((name) => name.split(',')[0]),
  ),
  ...['tables', 'scaling'],
];
const options = readOptions(names);

/** A model 20-64-32-5 and 10,000 rows for it. */
function writeSmall() {
  const layers = [64, 32].map((units) => ({ units, activation: 'relu' }));
  const compile = { optimizer: 'adam', loss: 'sparse_categorical_crossentropy' };
  const model = {
    input_shape: [20],
    layers: [...layers, { units: 5, activation: 'softmax' }],
    compile,
  };
  writeFileSync(at('small.model.json'), JSON.stringify(model));
  // Any numbers do, if they are the same each time.
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const lines = [[...Array.from({ length: 20 }, (_, i) => `x${i}`), 'y'].join(',')];
  for (let row = 0; row < 10_000; row++) {
    const cells = Array.from({ length: 20 }, () => (random() * 2 - 1).toFixed(6));
    lines.push([...cells, Math.floor(random() * 5)].join(','));
  }
  writeFileSync(at('small.csv'), `${lines.join('\n')}\n`);
}

function node(args) {
  const start = performance.now();
  // The log goes to a file, as it does where nobody watches.
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} failed: ${stderr}`);
  return { milliseconds: performance.now() - start, stdout };
}

function buildSteps() {
  const outfile = at('steps.cjs');
  const entryPoints = [join(root, 'bench/steps.ts')];
  // Where packages are looked for: beside the sources, not beside the bundle.
  const define = { 'import.meta.url': JSON.stringify(pathToFileURL(entryPoints[0]).href) };
  const external = ['koffi'];
  buildSync({
    entryPoints,
    bundle: true,
    platform: 'node',
    external,
    define,
    outfile,
    logLevel: 'warning',
  });
  return outfile;
}

/** Whether the native engine runs here; says so if not. */
function hasBlas(stepsProgram) {
  const { status, stderr } = spawnSync(process.execPath, [stepsProgram, 'seed', 'native'], {
    encoding: 'utf8',
  });
  if (status !== 0) console.log(`without native: ${/UserError: (.*)/.exec(stderr)?.[1] ?? stderr}`);
  return status === 0;
}

function median(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

/** Runs everything in turns and collects the times. */
function measure(rounds, isWanted, peers) {
  const whole = Object.fromEntries(Object.keys(commands()).map((name) => [name, []]));
  const stepsProgram = buildSteps();
  const jobs = { ...stepJobs, ...(hasBlas(stepsProgram) ? nativeJobs : {}) };
  const steps = Object.fromEntries(Object.keys(jobs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of Object.entries(commands())) {
      if (isWanted(name)) whole[name].push(node(args).milliseconds);
    }
    for (const [name, { job, engine = 'auto', threads, every }] of Object.entries(jobs)) {
      if (!isWanted(name) || round % every !== 0) continue;
      const { stdout } = node([stepsProgram, job, engine, String(threads)]);
      steps[name].push(JSON.parse(stdout));
    }
    peers.round(round, isWanted);
  }
  return { whole, steps };
}

function summarize({ whole, steps }) {
  const processes = {};
  for (const [name, list] of Object.entries(whole)) {
    if (list.length > 0) processes[name] = { min: Math.min(...list), median: median(list) };
  }
  const jobs = {};
  for (const [name, list] of Object.entries(steps)) {
    if (list.length === 0) continue;
    jobs[name] = {
      min: Math.min(...list.map(({ min }) => min)),
      median: median(list.map((run) => run.median)),
      gigaflops: Math.max(...list.map(({ gigaflops }) => gigaflops)),
      megabytes: median(list.map(({ megabytes }) => megabytes)),
      runs: list.length,
    };
  }
  return { processes, jobs };
}

function print({ processes, jobs }) {
  const empty = processes['node -e 0'];
  for (const [name, { min, median }] of Object.entries(processes)) {
    const over = empty
      ? `   over node -e 0: ${(min - empty.min).toFixed(0)} / ${(median - empty.median).toFixed(0)}`
      : '';
    console.log(
      `${name.padEnd(26)} min ${min.toFixed(0).padStart(5)} ms   median ${median.toFixed(0).padStart(5)} ms${over}`,
    );
  }
  for (const [name, { min, median, gigaflops, megabytes }] of Object.entries(jobs)) {
    const [fastest, usual] = [min, median].map((t) => t.toFixed(t < 100 ? 2 : 0).padStart(8));
    const speed = `${gigaflops.toFixed(1)} GFLOP/s, ${megabytes.toFixed(0)} MB`;
    console.log(`${name.padEnd(26)} min ${fastest} µs   median ${usual} µs a step   ${speed}`);
  }
}

/** Of each job the fastest of our own ways to run it. */
function fastestOf({ processes, jobs }) {
  const steps = {};
  for (const [name, times] of Object.entries(jobs)) {
    const job = name.split(',')[0];
    if (!steps[job] || times.min < steps[job].min) steps[job] = times;
  }
  const whole = (job) => processes[`mlp train, ${job}`];
  return { steps, processes: { seed: whole('seed'), small: whole('small') } };
}

mkdirSync(scratch);
try {
  const only = options.only?.split(',');
  writeSmall();
  const before = loadavg();
  const isWanted = (name) => !only || name === 'node -e 0' || only.includes(name.split(',')[0]);
  const tables = { seed: join(linear, 'data.csv'), small: at('small.csv') };
  const peers = new PeerBench(options['no-peers'] ? [] : findPeers(scratch), tables);
  const found = summarize(measure(Number(options.rounds), isWanted, peers));
  found.peers = peers.summary();
  const machine = {
    node: process.version,
    processors: `${cpus().length} × ${cpus()[0].model}`,
    load: { before: before[0], after: loadavg()[0] },
  };
  console.log(`node ${machine.node}, ${machine.processors}, load ${before[0].toFixed(1)}`);
  print(found);
  printPeers(found.peers, fastestOf(found));
  if (isWanted('tables')) await benchTables(root, scratch);
  if (isWanted('scaling')) found.scaling = benchScaling(root, scratch, Number(options.rounds));
  if (!options['no-write']) {
    const date = new Date().toISOString().slice(0, 10);
    const target = join(root, 'bench/results', `${date}.json`);
    const command = ['npm run bench --', ...process.argv.slice(2)].join(' ');
    writeFileSync(target, `${JSON.stringify({ date, command, machine, ...found }, null, 2)}\n`);
    console.log(`written to ${target}`);
  }
} finally {
  rmSync(scratch, { recursive: true });
}
