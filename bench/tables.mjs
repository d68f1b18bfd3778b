/**
 * Large tables: read into the matrix of a training, predicted by a whole process, and one row at a time
 * through a pipe; beside them pandas with NumPy and Keras, where a Python has them (peers.mjs).
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { makeTable } from './make-table.mjs';
import { pythonOfPeers } from './peers.mjs';

const ROUNDS = 3;
const ROWS = 1_000_000;
const COLUMNS = 20;
const PIPED_ROWS = 3000;
/** So many at the start are not counted. */
const WARM_UP_ROWS = 1000;

const TIME = '/usr/bin/time';
const python = pythonOfPeers() ?? 'python3';

const network = {
  input_shape: [COLUMNS],
  layers: [
    { units: 64, activation: 'relu' },
    { units: 32, activation: 'relu' },
    { units: 5, activation: 'softmax' },
  ],
};

/** Seconds, seconds of processor time, and MB in memory of a whole process, its output to a file. */
function measure([command, ...args], out) {
  const quoted = [command, ...args].map((word) => `'${word}'`).join(' ');
  const format = '%e %U %S %M';
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', `${TIME} -f '${format}' ${quoted} > '${out}'`],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${quoted} failed: ${stderr}`);
  const [elapsed, user, system, kilobytes] = stderr
    .trim()
    .split('\n')
    .at(-1)
    .split(' ')
    .map(Number);
  return { elapsed, processor: user + system, memory: kilobytes / 1e3 };
}

function has(packages) {
  const imports = packages.map((name) => `import ${name}`).join('; ');
  return spawnSync(python, ['-c', imports]).status === 0;
}

function jobsFor(root, scratch, program) {
  const at = (name) => join(scratch, name);
  const [table, quarter, model, spec] = ['x.csv', 'quarter.csv', 'w.json', 'spec.json'].map(at);
  makeTable(table, ROWS, COLUMNS);
  makeTable(quarter, ROWS / 4, COLUMNS);
  writeFileSync(spec, JSON.stringify(network));
  measure([process.execPath, program, 'init', spec, '--seed', '1', '-o', model], at('log'));
  const reader = at('read-table.mjs');
  buildSync({
    entryPoints: [join(root, 'bench/read-table.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: reader,
    banner: {
      js: "import{createRequire}from'module';const require=createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  const predict = (data) => [process.execPath, program, 'predict', model, '--data', data];
  const peer = (job) => [
    python,
    join(root, 'bench/peers/tables.py'),
    job,
    table,
    model,
    at('peer'),
  ];
  const jobs = {
    'read, --normalize none': [process.execPath, reader, table, 'none'],
    'read, --normalize zscore': [process.execPath, reader, table, 'zscore'],
    'predict, a quarter of the rows': predict(quarter),
    predict: predict(table),
  };
  if (has(['pandas'])) {
    jobs['pandas read'] = peer('read');
    jobs['pandas + NumPy + to_csv'] = peer('numpy');
  }
  if (has(['polars', 'numpy'])) jobs['polars + NumPy + write_csv'] = peer('polars');
  if (has(['pandas', 'keras'])) jobs['pandas + Keras + to_csv'] = peer('keras');
  return { jobs, model };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Milliseconds from a line in to its line out, of a predict that is running. */
async function pipeLatency(program, model) {
  const child = spawn(process.execPath, [program, 'predict', model], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const row = `${Array.from({ length: COLUMNS }, (_, i) => (i / 7 - 1).toFixed(5)).join(',')}\n`;
  const times = [];
  for (let i = 0; i < PIPED_ROWS; i++) {
    const start = performance.now();
    const answered = new Promise((resolve) => child.stdout.once('data', resolve));
    child.stdin.write(row);
    await answered;
    times.push(performance.now() - start);
  }
  child.stdin.end();
  const counted = times.slice(WARM_UP_ROWS);
  return `min ${Math.min(...counted).toFixed(3)} ms   median ${median(counted).toFixed(3)} ms`;
}

/** Measures and prints. */
export async function benchTables(root, scratch) {
  if (!existsSync(TIME)) {
    console.log(`tables: left out, for there is no ${TIME}`);
    return;
  }
  const program = join(root, 'bin/mlp.js');
  const { jobs, model } = jobsFor(root, scratch, program);
  console.log(
    `${ROWS} rows × ${COLUMNS} columns of CSV, 20-64-32-5; s: min, median; processor s: min`,
  );
  const results = Object.fromEntries(Object.keys(jobs).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, job] of Object.entries(jobs)) {
      results[name].push(measure(job, join(scratch, 'out')));
    }
  }
  for (const [name, runs] of Object.entries(results)) {
    const of = (key) => runs.map((run) => run[key]);
    const [min, middle] = [Math.min(...of('elapsed')), median(of('elapsed'))];
    const figures = [min, middle, Math.min(...of('processor'))].map((x) =>
      x.toFixed(2).padStart(6),
    );
    console.log(
      `${name.padEnd(32)}${figures.join('  ')}   ${Math.max(...of('memory')).toFixed(0)} MB`,
    );
  }
  console.log(`one row through a running predict  ${await pipeLatency(program, model)}`);
}
