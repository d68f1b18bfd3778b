/**
 * Peers, for run.mjs: what is on this machine of NumPy, PyTorch, JAX, scikit-learn, Keras and C, each with a
 * script of its own in peers/. `npm run bench:peers` installs the Python ones into a virtual environment,
 * bench/.venv, and runs everything side by side.
 *
 *     node peers.mjs install
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const environment = join(folder, '.venv');

/** The Python that has the peers: PYTHON, else the one in bench/.venv; undefined without. */
export function pythonOfPeers() {
  const own = join(environment, 'bin/python');
  return process.env.PYTHON ?? (existsSync(own) ? own : undefined);
}

/** Packages by peer; JAX and scikit-learn train the small jobs only, which the large ones would take minutes for. */
const pythonPeers = {
  numpy: { needs: ['numpy'], jobs: ['seed', 'small', 'medium', 'large'] },
  jax: { needs: ['jax'], jobs: ['seed', 'small', 'medium', 'large', 'large1024'] },
  torch: { needs: ['torch'], jobs: ['seed', 'small', 'medium', 'large', 'large1024'] },
  sklearn: { needs: ['sklearn'], jobs: ['seed', 'small', 'medium'] },
  'keras-jax': { needs: ['keras', 'jax'], jobs: ['seed', 'small', 'medium', 'large', 'large1024'] },
  'keras-tensorflow': {
    needs: ['keras', 'tensorflow'],
    jobs: ['seed', 'small', 'medium', 'large', 'large1024'],
  },
};

/** Ways to compile mlp.c; the second needs OpenBLAS. */
const cPeers = { C: [], 'C, OpenBLAS': ['-DBLAS', '-l:libopenblas.so.0'] };

/**
 * The peers that this machine has.
 *
 * @returns of each its name, the jobs it is timed with, `run(job)` → µs a step and megabytes, and for the
 *   Python ones `command(job, csv)`, which reads rows from a file, for whole processes
 */
export function findPeers(scratch) {
  return [...findC(scratch), ...findPython()];
}

function findPython() {
  const python = pythonOfPeers();
  if (python === undefined) return [];
  const has = (name) =>
    spawnSync(python, [
      '-c',
      `import importlib.util, sys; sys.exit(importlib.util.find_spec("${name}") is None)`,
    ]).status === 0;
  const script = join(folder, 'peers/train.py');
  return Object.entries(pythonPeers)
    .filter(([, { needs }]) => needs.every(has))
    .map(([name, { jobs }]) => ({
      name,
      jobs,
      run: (job) => measured(python, [script, name, job]),
      command: (job, csv) => [python, [script, name, job, csv]],
    }));
}

function findC(scratch) {
  const jobs = JSON.parse(readFileSync(join(folder, 'jobs.json'), 'utf8'));
  return Object.entries(cPeers).flatMap(([name, flags]) => {
    const program = join(scratch, name.replace(/\W+/g, '-'));
    const source = join(folder, 'peers/mlp.c');
    const [libraries, defines] = [
      flags.filter(isLibrary),
      flags.filter((flag) => !isLibrary(flag)),
    ];
    const options = ['-O3', '-march=native', '-ffast-math', ...defines];
    const { status } = spawnSync('cc', [...options, source, '-lm', ...libraries, '-o', program]);
    if (status !== 0) return [];
    const run = (job) => {
      const { rows, batch, epochs, widths } = jobs[job];
      return measured(program, [rows, batch, epochs, ...widths].map(String));
    };
    // Plain loops take seconds a step there.
    return [{ name, jobs: flags.length > 0 ? Object.keys(jobs) : ['seed', 'small'], run }];
  });
}

function isLibrary(flag) {
  return flag.startsWith('-l');
}

/** Rounds in which peers run: they take longer than all of ours. */
const EVERY = 3;

/** Times the peers, a round at a time. */
export class PeerBench {
  #peers;
  #tables;
  #steps = {};
  #processes = {};

  /**
   * @param peers   as `findPeers` gives them
   * @param tables  CSV files by the jobs that are timed as whole processes
   */
  constructor(peers, tables) {
    this.#peers = peers;
    this.#tables = tables;
  }

  /** @param isWanted  of a job, by its name */
  round(number, isWanted) {
    if (number % EVERY !== 0) return;
    for (const { name, jobs, run, command } of this.#peers) {
      for (const job of jobs.filter(isWanted)) {
        const found = run(job);
        if (found) add(this.#steps, job, name, found);
        if (!command || !(job in this.#tables)) continue;
        const start = performance.now();
        const { status } = spawnSync(...command(job, this.#tables[job]));
        if (status === 0) add(this.#processes, job, name, performance.now() - start);
      }
    }
  }

  /** By job and peer: µs a step and MB, and milliseconds of whole processes. */
  summary() {
    const steps = mapRuns(this.#steps, (runs) => ({
      version: runs[0].version,
      min: Math.min(...runs.map(({ min }) => min)),
      median: middle(runs.map(({ median }) => median)),
      megabytes: middle(runs.map(({ megabytes }) => megabytes)),
      runs: runs.length,
    }));
    const processes = mapRuns(this.#processes, (times) => ({
      min: Math.min(...times),
      median: middle(times),
      runs: times.length,
    }));
    return { steps, processes };
  }
}

function add(lists, job, name, value) {
  lists[job] ??= {};
  lists[job][name] ??= [];
  lists[job][name].push(value);
}

function mapRuns(lists, summarize) {
  const ofJob = (runs) =>
    Object.fromEntries(Object.entries(runs).map(([name, list]) => [name, summarize(list)]));
  return Object.fromEntries(Object.entries(lists).map(([job, runs]) => [job, ofJob(runs)]));
}

function middle(list) {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
}

/**
 * Prints the peers of each job, the fastest first, with how many times ours is as fast.
 *
 * @param ours  { steps, processes } by job, of the fastest of our own ways: { min, median }
 */
export function printPeers({ steps, processes }, ours) {
  const sections = [
    ['a step', 'µs', steps, ours.steps],
    ['whole process', 'ms', processes, ours.processes],
  ];
  for (const [what, unit, found, own] of sections) {
    for (const [job, peers] of Object.entries(found)) {
      if (!own[job]) continue;
      const line = (name, { min, median }) => {
        const times = [min, median].map((time) => time.toFixed(time < 100 ? 2 : 0).padStart(9));
        const ratios = `${(min / own[job].min).toFixed(1)} × (medians ${(median / own[job].median).toFixed(1)} ×)`;
        console.log(
          `  ${name.padEnd(24)} min ${times[0]} ${unit}   median ${times[1]} ${unit}   ${ratios}`,
        );
      };
      console.log(`${job}, ${what}`);
      line('mlp', own[job]);
      const fastestFirst = Object.entries(peers).sort(([, a], [, b]) => a.min - b.min);
      for (const [name, times] of fastestFirst) line(name, times);
    }
  }
}

/** What a script says of itself in its last line; undefined where it failed, which is told. */
function measured(command, words) {
  const { status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8' });
  if (status === 0) return JSON.parse(stdout.trim().split('\n').at(-1));
  console.log(`${words.join(' ')} failed: ${stderr.trim().split('\n').at(-1)}`);
  return undefined;
}

/** Makes the virtual environment and fills it. */
function install() {
  const run = (command, words) => {
    const { status } = spawnSync(command, words, { stdio: 'inherit' });
    if (status !== 0) process.exit(1);
  };
  if (!existsSync(environment)) run('python3', ['-m', 'venv', environment]);
  const list = join(folder, 'peers/requirements.txt');
  run(join(environment, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '-r', list]);
}

if (process.argv[2] === 'install') install();
