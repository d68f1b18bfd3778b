/** `--engine native` by the real program: what it computes and says, and what it needs. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hasBlas, machineBlas } from '../engine/native/machine-blas.ts';
import { folderWith } from './linear-run.ts';
import { done, type Folder, refused } from './run.ts';

const COLUMNS = 40;
const HEADER = [...Array.from({ length: COLUMNS }, (_, i) => `x${i}`), 'y'].join(',');
const ROWS = Array.from({ length: 150 }, (_, row) => {
  const cells = Array.from({ length: COLUMNS }, (_, i) => Math.sin(row * COLUMNS + i).toFixed(3));
  return [...cells, Math.cos(row).toFixed(3)].join(',');
});
const TABLE = `${[HEADER, ...ROWS].join('\n')}\n`;
/** Its products are worth a call. */
const wide = {
  layers: [{ units: 64, activation: 'relu' }, { units: 1 }],
  compile: { optimizer: 'adam', loss: 'mse' },
  fit: { epochs: 3, batch_size: 64 },
};
const train = ['train', '--data', 'data.csv', '--seed', '1', '-q'];
const native = ['--engine', 'native'];

describe.skipIf(!hasBlas)('with a BLAS', () => {
  test('the model says what computed it, and is the same each time', () => {
    const folder = folderWith(wide, TABLE);
    for (const name of ['a.json', 'b.json']) {
      expect(folder.mlp([...train, ...native, '-o', name])).toEqual(done(''));
    }
    expect(folder.read('a.json')).toBe(folder.read('b.json'));
    const { engine, blas } = folder.json('a.json').training;
    expect({ engine, blas }).toEqual({ engine: 'native', blas: machineBlas().name });
    expect(folder.mlp([...train, '-o', 'wasm.json'])).toEqual(done(''));
    expect(Object.keys(folder.json('wasm.json').training)).not.toContain('blas');
  });

  test('a run goes on by the same library to the same end', () => {
    const folder = folderWith(wide, TABLE);
    const checkpoint = ['--checkpoint', 'c.json', '--checkpoint-every', '1'];
    const part = [...train, ...native, '--epochs', '1', ...checkpoint, '-o', 'part.json'];
    expect(folder.mlp(part)).toEqual(done(''));
    const resume = ['train', '--data', 'data.csv', '-q', '--resume', 'c.json', '--epochs', '3'];
    expect(folder.mlp([...resume, '-o', 'rest.json'])).toEqual(done(''));
    expect(folder.mlp([...train, ...native, '-o', 'whole.json'])).toEqual(done(''));
    expect(folder.read('rest.json')).toBe(folder.read('whole.json'));
    const other = folder.read('c.json').replace(machineBlas().name, 'OpenBLAS 0.1');
    folder.write('c.json', other);
    const { status, stderr } = folder.mlp([...resume, '--no-verify', '-o', 'x.json']);
    const difference = `mlp: c.json: blas: expected "OpenBLAS 0.1", as when it was written; found "${machineBlas().name}"`;
    expect([status, stderr.split('\n')]).toEqual([4, expect.arrayContaining([difference])]);
  });

  test('predict and evaluate say that digits differ, and few do', () => {
    const folder = folderWith(wide, TABLE);
    expect(folder.mlp([...train, '-o', 'm.json'])).toEqual(done(''));
    const note = `note: ${machineBlas().name} computes the large matrix products (--engine native): last digits differ from those of other engines\n`;
    for (const [command, ...rest] of [['predict'], ['evaluate', '--json', '--verbose', '0']]) {
      const args = [command, 'm.json', '--data', 'data.csv', ...rest];
      const [found, wanted] = [folder.mlp([...args, ...native]), folder.mlp(args)];
      expect({ ...found, stdout: '' }).toEqual(done('', note));
      const [a, b] = [found, wanted].map(({ stdout }) => stdout.match(/-?\d+(\.\d+)?/g) ?? []);
      expect(a.length).toBe(b.length);
      const worst = b.reduce((most, x, i) => Math.max(most, Math.abs(Number(x) - Number(a[i]))), 0);
      expect(worst).toBeLessThan(1e-5);
    }
  });
});

describe('MLP_BLAS must name one, which is seen before data are read', () => {
  const remedy =
    '  name the library itself, for example MLP_BLAS=/usr/lib/libopenblas.so.0, or leave MLP_BLAS out\n';
  const run = (folder: Folder, library: string, command: string) =>
    folder.shell(`MLP_BLAS=${library} mlp ${command} --data missing.csv --engine native`);
  const place = (library: string) => `mlp: MLP_BLAS: expected a BLAS; found "${library}", which`;

  test.each(['/nonexistent', './text.so'])('and not %s', (library) => {
    const folder = folderWith(wide, TABLE).write('text.so', 'no library at all, but a text\n');
    const { status, stdout, stderr } = run(folder, library, 'train');
    const [problem, ...rest] = stderr.split('\n');
    // What follows are the system's words.
    expect(problem.startsWith(`${place(library)} does not load: `)).toBe(true);
    expect({ status, stdout, rest: rest.join('\n') }).toEqual({
      status: 2,
      stdout: '',
      rest: remedy,
    });
  });

  test.skipIf(process.platform !== 'linux')('and not a library of something else', () => {
    const folder = folderWith(wide, TABLE);
    expect(folder.mlp([...train, '-o', 'model.trained.json'])).toEqual(done(''));
    for (const command of ['train --force', 'predict', 'evaluate']) {
      const wrong = refused(2, `${place('libm.so.6')} has no cblas_sgemm\n${remedy}`);
      expect(run(folder, 'libm.so.6', command)).toEqual(wrong);
    }
  });
});

test('a long training that it would halve is told of it, and only with the engine that nobody chose', () => {
  const layers = [{ units: 1024 }, { units: 1024, activation: 'relu' }, { units: 1 }];
  const compile = { optimizer: 'adam', loss: 'mse' };
  const folder = folderWith({ layers, compile, fit: { batch_size: 150 } }, TABLE);
  // It ends at once, with a loss that is no number.
  const begin = (...options: string[]) => {
    const long = ['train', '--data', 'data.csv', '--seed', '1', '--epochs', '100000'];
    const found = folder.mlp([...long, '--threads', '1', '--learning-rate', '1e30', ...options]);
    expect(found.status).toBe(5);
    return found.stderr.split('\n').filter((line) => !line.startsWith('mlp: ') && !/^ /.test(line));
  };
  const hint =
    'hint: --engine native (OpenBLAS or another BLAS) should take half the time at most, and gives other last digits';
  expect(begin()).toEqual([hint, '']);
  expect(begin('--quiet')).toEqual(['']);
  expect(begin('--engine', 'wasm')).toEqual(['']);
});

/** Runs the program beside a `koffi` of one file, or beside none. */
function besideKoffi(koffi: string | null, variables: Readonly<Record<string, string>> = {}) {
  const folder = folderWith(wide, TABLE);
  const args = ['train', '--data', 'missing.csv', ...native];
  copyFileSync(resolve(import.meta.dirname, '../../dist/mlp.js'), join(folder.path, 'mlp.cjs'));
  if (koffi !== null) {
    mkdirSync(join(folder.path, 'node_modules'), { recursive: true });
    writeFileSync(join(folder.path, 'node_modules/koffi.js'), koffi);
  }
  const program = `require('./mlp.cjs').main(process.argv.slice(1)).then((code) => { process.exitCode = code; })`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', program, '--', ...args], {
    cwd: folder.path,
    env: { PATH: process.env.PATH, ...variables },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('what is missing is named before data are read', () => {
  const install =
    '  install it where mlp is installed: npm install koffi (with -g where mlp was)\n';

  test('koffi', () => {
    const problem =
      'mlp: --engine native: expected the optional package koffi; found none beside mlp\n';
    expect(besideKoffi(null)).toEqual(refused(2, problem + install));
  });

  test('its part for this machine', () => {
    const broken = `throw new Error('Cannot find the native Koffi module');`;
    const problem =
      'mlp: --engine native: expected the optional package koffi; found one that does not load: Cannot find the native Koffi module\n';
    expect(besideKoffi(broken)).toEqual(refused(2, problem + install));
  });

  test('a BLAS', () => {
    const empty = `exports.load = () => { throw new Error('Failed to load shared library: no such file'); };`;
    const { status, stdout, stderr } = besideKoffi(empty);
    const [problem, remedy] = stderr.split('\n');
    expect({ status, stdout, problem }).toEqual({
      status: 2,
      stdout: '',
      problem:
        'mlp: --engine native: expected OpenBLAS, MKL, BLIS or Apple Accelerate; found none by the usual names',
    });
    expect(remedy).toMatch(
      /^ {2}install one \(.+\), or say where it is: MLP_BLAS=\/path\/to\/library$/,
    );
  });

  test('one that multiplies rightly', () => {
    const wrong = `
      exports.address = () => 0n;
      exports.load = () => ({
        func(declaration) {
          if (declaration.includes('cblas_sgemm')) return () => {};
          throw new Error("Cannot find function 'any' in shared library");
        },
      });`;
    const { stderr } = besideKoffi(wrong, { MLP_BLAS: 'any.so' });
    expect(stderr.split('\n')[0]).toBe(
      'mlp: MLP_BLAS: expected a BLAS; found "any.so", whose products are wrong (another BLAS)',
    );
  });
});
