/** Standard streams: closed, full, slow. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { Folder, hasTerminal } from './run.ts';

const double = {
  input_shape: [1],
  layers: [{ units: 1 }],
  weights: { dense: { kernel: [[2]], bias: [0] } },
};

test('a closed pipe ends quietly with status 0', () => {
  const folder = new Folder().write('model.json', double);
  const run = 'seq 1 200000 | mlp predict | head -2';
  const { stdout, stderr } = folder.shell(`${run}; echo "status \${PIPESTATUS[1]}"`);
  expect({ stdout, stderr }).toEqual({ stdout: '2\n4\nstatus 0\n', stderr: '' });
});

test('training goes on when nobody reads its log, and saves the model', () => {
  const folder = new Folder().write('data.csv', 'x,y\n1,2\n2,4\n3,6\n');
  const run = 'mlp train --data data.csv --epochs 3000 --layers 2 --seed 1 2> notes | head -1';
  const { stdout } = folder.shell(`${run}; echo "status \${PIPESTATUS[0]}"`);
  expect(stdout).toBe('Epoch 1/3000\nstatus 0\n');
  expect(folder.read('notes')).toMatch(/saved model\.trained\.json \(loss [\d.e-]+\)\n$/);
  expect(folder.json('model.trained.json').history.loss).toHaveLength(3000);
});

test.skipIf(!existsSync('/dev/full'))('a full disk is said', () => {
  const folder = new Folder().write('model.json', double);
  const { status, stderr } = folder.shell('mlp summary > /dev/full');
  expect({ status, stderr }).toEqual({
    status: 6,
    stderr:
      'mlp: standard output: expected a file that can be written; found no space left on the device\n  free some space, or choose another disk\n',
  });
});

test('the model goes to /dev/stdout and /dev/stderr as to any file', () => {
  const folder = new Folder().write('model.json', double);
  const { stdout } = folder.shell('mlp init -q --seed 1 -o /dev/stdout');
  const { stdout: other } = folder.shell('mlp init -q --seed 1 -o /dev/stderr 2>&1 | cat');
  expect(JSON.parse(stdout).format).toBe('mlp-model');
  expect(other).toBe(stdout);
});

test('the first row is answered before the last has come', async () => {
  const folder = new Folder().write('model.json', double);
  const program = resolve(import.meta.dirname, '../../bin/mlp.js');
  const child = spawn(process.execPath, [program, 'predict'], { cwd: folder.path });
  const lines = child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false });
  child.stdin.write('1\n2\n');
  expect((await lines.next()).value).toBe('2\n4\n');
  child.stdin.write('3\n');
  expect((await lines.next()).value).toBe('6\n');
  child.stdin.end();
  const status = await new Promise((done) => child.on('close', done));
  expect(status).toBe(0);
});

test('off a terminal there is no carriage return, no backspace and no colour; FORCE_COLOR asks for it', () => {
  const folder = new Folder().write('model.json', double).write('data.csv', 'x,y\n1,2\n2,4\n');
  const train = 'mlp train --data data.csv --seed 1 --style keras3';
  const plain = folder.shell(`${train} -o a.json; mlp summary --style keras3`);
  for (const control of ['\r', '\b', '\u001b']) expect(plain.stdout).not.toContain(control);
  const asked = folder.shell('FORCE_COLOR=1 mlp summary --style keras3');
  expect(asked.stdout).toContain('\u001b[');
  expect(folder.shell('mlp summary --style keras3 --color always').stdout).toBe(asked.stdout);
  const refused = folder.shell('FORCE_COLOR=1 mlp summary --style keras3 --color never');
  expect(plain.stdout.endsWith(refused.stdout)).toBe(true);
  const noColor = folder.shell('NO_COLOR=1 FORCE_COLOR=1 mlp summary --style keras3');
  expect(noColor.stdout).toBe(refused.stdout);
});

test.skipIf(!existsSync('/dev/full'))(
  'a log that a full disk does not take ends a run, which is saved',
  () => {
    const at = new Folder().take('linear/model.json', 'linear/data.csv');
    const words = 'train model.json --data data.csv --epochs 4000 --seed 1';
    for (const line of [
      `mlp ${words} > /dev/full`,
      `mlp ${words} -q --force --csv-log /dev/full`,
    ]) {
      const { status, stderr } = at.shell(line);
      expect(stderr).toMatch(
        /expected a file that can be written; found no space left on the device\n/,
      );
      expect(status).toBe(6);
      const { last_epoch: epoch } = at.json('model.checkpoint.json').training;
      expect(at.json('model.trained.json').training.last_epoch).toBe(epoch);
      expect(epoch).toBeLessThan(4000);
    }
  },
);

test.skipIf(!hasTerminal)(
  'whoever sits at a terminal that is read is told, but with --quiet',
  () => {
    const folder = new Folder().write('model.json', double);
    const told = 'reading standard input from the terminal; end it with Ctrl-D\n';
    expect(folder.terminal('mlp predict --data -', '3\n4\n')).toEqual({
      status: 0,
      // The terminal shows what is typed.
      stdout: expect.stringMatching(new RegExp(`^(3\n4\n)?${told}(3\n4\n)?6\n8\n$`)),
      stderr: '',
    });
    const quiet = folder.terminal('mlp predict --data - --quiet', '3\n4\n');
    expect(quiet.stdout).toBe('3\n4\n6\n8\n');
  },
);
