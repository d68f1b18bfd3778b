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
  const has = (name) => spawnSync(python, ['-c', `import importlib.util, sys; sys.exit(importlib.util.find_spec("${name}") is None)`]).status === 0;
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
    const [libraries, defines] = [flags.filter(isLibrary), flags.filter((flag) => !isLibrary(flag))];
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
