/** Every command that prints, with its streams full, closed, unread or slow. */
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Folder } from './run.ts';

const model = {
  input_shape: [1],
  layers: [{ units: 1 }],
  compile: { loss: 'mse' },
  weights: { dense: { kernel: [[2]], bias: [0] } },
};

/** One of each command, with whatever prints in another way. */
const commands = [
  'summary model.json',
  'summary model.json --json',
  'init model.json --seed 1 -o -',
  'get-weights model.json',
  'set-weights model.json --bias 1 -o -',
  'predict model.json --data x.csv',
  'predict model.json --data x.csv --format json',
  'evaluate model.json --data d.csv',
  'train model.json --data d.csv --seed 1 --epochs 2 -f -o t.json',
  'train model.json --data d.csv --seed 1 --epochs 2 --json -o -',
  'columns d.csv',
  'new --data d.csv',
  'spec model.json',
  'schema',
  'help',
  'help losses',
  '--version',
  'train --help',
];

const folderWith = () =>
  new Folder()
    .write('model.json', model)
    .write('x.csv', 'x\n1\n2\n3\n')
    .write('d.csv', 'x,y\n1,2\n2,4\n3,6\n');

const FULL =
  'mlp: standard output: expected a file that can be written; found no space left on the device\n  free some space, or choose another disk\n';

describe.each(commands)('mlp %s', (command) => {
  test.skipIf(!existsSync('/dev/full'))(
    'says that the disk of its results is full, and is exit code 6',
    () => {
      const { status, stderr } = folderWith().shell(`mlp ${command} > /dev/full`);
      expect(status).toBe(6);
      // Notes come before, and where the model is printed so does the log.
      expect(stderr.endsWith(FULL)).toBe(true);
    },
  );

  test('works on where nobody hears what is said about the work', () => {
    const folder = folderWith();
    const { status, stdout } = folder.shell(`mlp ${command} 2> /dev/null`);
    expect(status).toBe(0);
    const quiet = existsSync('/dev/full') ? ['2>&-', '2> /dev/full'] : ['2>&-'];
    for (const stderr of quiet) {
      const run = folder.shell(`mlp ${command} ${stderr}`);
      const times = / - \d+s \d+(us|ms|s)\/step/g;
      expect([run.status, run.stdout.replace(times, '')]).toEqual([0, stdout.replace(times, '')]);
    }
  });

  test('ends quietly where nobody reads its results', () => {
    const run = `mlp ${command} 2> said | true; echo "\${PIPESTATUS[0]}"`;
    const folder = folderWith();
    expect(folder.shell(run).stdout).toBe('0\n');
    expect(folder.read('said')).not.toContain('mlp:');
    expect(folder.shell(`mlp ${command} >&- 2>&-`).status).toBe(0);
  });
});

test('nothing of a long result is lost to a slow reader, whatever the exit code', () => {
  const folder = folderWith().write('wide.json', { input_shape: [2000], layers: [{ units: 40 }] });
  folder.mlp('init wide.json --seed 1 -q -o w.json'.split(' '));
  const weights = 'mlp get-weights w.json --format json';
  const { stdout } = folder.shell(`${weights} | wc -c; ${weights} | (sleep 0.5; wc -c)`);
  const [fast, slow] = stdout.split('\n').map(Number);
  expect(fast).toBeGreaterThan(800_000);
  expect(slow).toBe(fast);
  // 200,000 rows, and then one that is wrong.
  const rows = '(echo x; seq 200000; echo wrong)';
  const late = `${rows} | mlp predict model.json 2> said | (sleep 0.5; tail -n 1); echo "\${PIPESTATUS[1]}"`;
  expect(folder.shell(late).stdout).toBe('400000\n3\n');
  expect(folder.read('said')).toContain('standard input:200002 column "x": expected a number');
});

test.skipIf(!existsSync('/dev/full'))(
  'a mistake keeps its exit code where nobody hears of it',
  () => {
    expect(folderWith().shell('mlp summary nothing.json 2> /dev/full').status).toBe(6);
    expect(folderWith().shell('mlp summary --nothing 2>&-').status).toBe(2);
  },
);

test('a slow writer is waited for, row by row', () => {
  const slow = '(for x in x 1 2 3; do echo $x; sleep 0.1; done)';
  const { status, stdout } = folderWith().shell(`${slow} | mlp predict model.json`);
  expect({ status, stdout }).toEqual({ status: 0, stdout: 'y\n2\n4\n6\n' });
});
