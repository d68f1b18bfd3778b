/** Files made to exhaust memory, time or the terminal: each is answered, and takes no more than is stated. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { Folder, hasTerminal, type Outcome } from './run.ts';

/** A network as small as can be, with weights. */
const one = {
  input_shape: [1],
  layers: [{ units: 1 }],
  weights: { dense: { kernel: [[2]], bias: [0] } },
};

/** Node writes here how many megabytes it held at most. */
const MEASURE =
  "process.on('exit', () => require('fs').writeFileSync('peak', String(process.resourceUsage().maxRSS / 1024)))";

/** Runs a line of shell, and gives the peak of memory of the last `mlp` in it, in megabytes. */
function measured(folder: Folder, line: string): Outcome & { readonly peak: number } {
  folder.write('measure.cjs', MEASURE);
  const outcome = folder.shell(`export NODE_OPTIONS='--require ./measure.cjs'; ${line}`);
  return { ...outcome, peak: Number(folder.read('peak')) };
}

/** Node itself and the program take somewhat more than a third of this. */
const SMALL = 150;

const endless =
  'expected the end of the row within 16777216 characters; found none\n  check that this is a CSV file\n';
const wholeText = 'expected at most 536,870,888 bytes in this format; found more';
const unclosed =
  'column "x": expected a closing quote within 16777216 characters; found none\n  close the quote, or take it out\n';
const cases: readonly [
  what: string,
  make: string,
  run: string,
  exit: number,
  message: string,
  most: number,
][] = [
  [
    'a model of 1 GiB',
    'truncate -s 1G m.json',
    'summary m.json',
    2,
    `mlp: m.json: ${wholeText}\n  is this a model file? data are named with --data\n`,
    SMALL,
  ],
  [
    'data in JSON of 1 GiB',
    'truncate -s 1G d.json',
    'predict --data d.json',
    3,
    `mlp: d.json: ${wholeText}\n  give large data as CSV or JSON lines, which are read in blocks\n`,
    SMALL,
  ],
  [
    'a table that is one row of 1 GiB',
    'truncate -s 1G d.csv',
    'predict --data d.csv',
    3,
    `mlp: d.csv:1: ${endless}`,
    300,
  ],
  [
    'a cell of 1 GiB in quotes',
    `printf 'x\\n1\\n"' > d.csv; truncate -s 1G d.csv`,
    'predict --data d.csv',
    3,
    `mlp: d.csv:3 ${unclosed}`,
    400,
  ],
  [
    'a line of JSON of 1 GiB',
    'truncate -s 1G d.jsonl',
    'predict --data d.jsonl',
    3,
    'mlp: d.jsonl:1: expected the end of the line within 16777216 characters; found none\n  check that these are JSON lines: one object or array on each line\n',
    SMALL,
  ],
  [
    'nesting 100,000 deep',
    `printf '{"layers":' > m.json; head -c 100000 /dev/zero | tr '\\0' '[' >> m.json`,
    'summary m.json',
    2,
    'mlp: m.json:1:1010: layers[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0][0…: expected at most 1000 levels of nesting; found more\n',
    SMALL,
  ],
  [
    'a million keys',
    `(printf '{"layers":[{"units":1}]'; seq 1000000 | sed 's/.*/,"&":0/'; echo '}') > m.json`,
    'summary m.json',
    2,
    'mlp: m.json:100000:2: expected at most 100,000 keys in one object; found more\n',
    300,
  ],
  [
    'a million tensors of one layer',
    `(printf '{"layers":[{"units":1}],"weights":{"dense":{"a":0'; seq 1000000 | sed 's/.*/,"&":0/'; echo '}}}') > m.json`,
    'summary m.json',
    2,
    'mlp: m.json:100000:2: weights.dense: expected at most 100,000 keys in one object; found more\n',
    300,
  ],
  [
    'twenty million empty arrays',
    `(printf '[[]'; yes ',[]' | head -n 20000000 | tr -d '\\n'; echo ']') > d.json`,
    'predict --data d.json',
    3,
    'mlp: d.json:1:50331648: [16777215][0]: expected at most 1,073,741,824 bytes of values in one file; found more\n',
    600,
  ],
];

test.each(cases)('%s', (_, make, run, exit, message, most) => {
  const folder = new Folder().write('model.json', one);
  const { status, stdout, stderr, peak } = measured(folder, `${make}; mlp ${run}`);
  expect({ status, stderr }).toEqual({ status: exit, stderr: message });
  // Of a table the rows before the mistake are still good.
  expect(['', 'y\n2\n']).toContain(stdout);
  expect(peak).toBeLessThan(most);
});

describe('packed data', () => {
  const folder = () => new Folder().write('model.json', one);

  test('that unpack to more than --max-bytes are refused', () => {
    const bomb = folder().write('bomb.csv.gz', gzipSync(Buffer.alloc(2 ** 24, '1\n')));
    const { status, stderr, peak } = measured(
      bomb,
      'mlp predict --data bomb.csv.gz --max-bytes 1M > /dev/null',
    );
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr:
        'mlp: bomb.csv.gz: expected at most 1,048,576 bytes unpacked; found more\n  if it is meant to be so large, say how large: --max-bytes 20G\n',
    });
    expect(peak).toBeLessThan(SMALL + 50);
  });

  test('are read where --max-bytes allows it, and other files are held to it, too', () => {
    const small = folder().write('d.csv.gz', gzipSync('x\n1\n2\n')).write('d.csv', 'x\n1\n2\n');
    for (const name of ['d.csv.gz', 'd.csv']) {
      const predict = ['predict', '--data', name, '--max-bytes'];
      expect(small.mlp([...predict, '6'])).toEqual({ status: 0, stdout: 'y\n2\n4\n', stderr: '' });
      const unpacked = name === 'd.csv' ? '' : ' unpacked';
      expect(small.mlp([...predict, '5'])).toEqual({
        status: 3,
        stdout: '',
        stderr: `mlp: ${name}: expected at most 5 bytes${unpacked}; found more\n  if it is meant to be so large, say how large: --max-bytes 20G\n`,
      });
    }
    expect(small.mlp(['predict', '--max-bytes', '5'], 'x\n1\n2\n').status).toBe(3);
    expect(small.mlp(['predict', '--max-bytes', '1e9']).stderr).toBe(
      'mlp: --max-bytes: expected a number of bytes such as 500000, 64k, 100M or 20G; found "1e9"\n',
    );
  });
});

describe('formulas', () => {
  /** As many operations as 2,000 characters hold, and an activation that each layer has. */
  const terms = Array.from({ length: 110 }, (_, i) => `tanh(x*0.${String(i + 101)})`);
  const sum = (parts: readonly string[]): string => {
    if (parts.length === 1) return parts[0];
    const half = parts.length >> 1;
    return `(${sum(parts.slice(0, half))}+${sum(parts.slice(half))})`;
  };
  const model = (layers: number) => ({
    input_shape: [1],
    activations: { long: sum(terms) },
    layers: Array.from({ length: layers }, () => ({ units: 1, activation: 'long' })),
    compile: { loss: 'mse' },
  });
  const train = 'train --data data.csv --epochs 1 --seed 1 -q --verbose 0'.split(' ');

  test('that are as long as may be are trained with', () => {
    const folder = new Folder().write('model.json', model(3)).write('data.csv', 'x,y\n1,2\n2,3\n');
    expect(folder.mlp(train)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('of which too many layers have one are refused before any is computed', () => {
    const folder = new Folder().write('model.json', model(10_000)).write('data.csv', 'x,y\n1,2\n');
    expect(folder.mlp(train)).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'mlp: the network: expected at most 262,144 operations, gradients included; found more\n  use fewer layers, or shorter formulas\n',
    });
    expect(folder.names()).toEqual(['data.csv', 'model.json']);
  });

  test('whose derivatives would grow with each level share what is alike', () => {
    let formula = 'x';
    while (formula.length < 900) formula = `sin(${formula})*cos(${formula})`;
    const folder = new Folder()
      .write('model.json', { ...model(1), layers: [{ units: 1, activation: formula }] })
      .write('data.csv', 'x,y\n1,2\n2,3\n');
    expect(folder.mlp(train)).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe('names with commands for the terminal', () => {
  const E = '\u001b[31mred\u001b[0m\u0007\r\u202e\u009b2J\u007f';
  /** What a terminal may take for a command; a line feed ends a line. */
  const COMMANDS = /(?![\n\t])[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;
  const model = {
    name: E,
    input_shape: [3],
    layers: [
      { units: 3, name: `${E}h`, activation: 'relu' },
      { units: 2, name: `o${E}`, activation: 'softmax' },
    ],
    compile: {
      loss: 'sparse_categorical_crossentropy',
      metrics: ['acc', { type: 'accuracy', name: E }],
    },
  };
  const rows = Array.from({ length: 12 }, (_, i) => `${i},"u${E}${i % 2}","yes${E}${i % 3 && 1}"`);
  const table = (more = '') => `"${E}a","b${E}","t${E}"\n${rows.join('\n')}\n${more}`;

  test('are escaped in everything that is said and shown', () => {
    const folder = new Folder()
      .write('m.json', model)
      .write('d.csv', table())
      .write('bad.csv', table(`"x${E}","z${E}","maybe${E}"\n`));
    const commands = [
      'summary m.json',
      'summary m.json --style keras3',
      'summary m.json --json',
      'columns d.csv',
      'columns d.csv --json',
      'new --data d.csv',
      'spec m.json',
      'init m.json --seed 1 -o -',
      'train m.json --data d.csv --epochs 2 --seed 1 -f -o t.json',
      'train m.json --data d.csv --epochs 2 --seed 1 -f -o t.json --style keras3',
      'train m.json --data d.csv --epochs 2 --seed 1 -f -o t.json --json',
      'summary t.json',
      'summary t.json --json',
      'get-weights t.json --format json',
      'get-weights t.json --layer $E',
      'evaluate t.json --data d.csv',
      'evaluate t.json --data d.csv --json',
      'evaluate t.json --data bad.csv',
      'predict t.json --data bad.csv > /dev/null',
      'predict t.json --data bad.csv --on-error skip > /dev/null',
      'train --data d.csv --target $E',
      'train m.json --data $E',
      'init m.json -o no/$E',
      'init m.json --seed 1 -o $E.json',
      'evaluate $E.csv',
      'columns $E.csv --data x',
      '$E',
      'summary --$E',
    ];
    for (const command of commands) {
      const { stdout, stderr } = folder.shell(`E='${E}'; mlp ${command.replaceAll('$E', '"$E"')}`);
      expect(stdout + stderr, command).not.toMatch(COMMANDS);
      expect(stderr, command).not.toContain('bug');
      if (command.includes('--json') && !command.startsWith('train')) {
        expect(() => JSON.parse(stdout), command).not.toThrow();
      }
    }
    const { weights } = JSON.parse(folder.read('t.json'));
    expect(Object.keys(weights)).toEqual([`${E}h`, `o${E}`]);
  });

  test.skipIf(!hasTerminal)('in predictions are escaped on a terminal, and nowhere else', () => {
    const folder = new Folder().write('m.json', model).write('d.csv', table());
    folder.mlp('train m.json --data d.csv --epochs 1 --seed 1 -q --verbose 0 -o t.json'.split(' '));
    const { stdout } = folder.mlp(['predict', 't.json', '--data', 'd.csv']);
    expect(stdout.split('\n')[0]).toBe(`"t${E}"`);
    const shown = folder.terminal('mlp predict t.json --data d.csv');
    expect(shown.status).toBe(0);
    expect(shown.stdout).not.toMatch(COMMANDS);
    expect(shown.stdout).toContain('\\u001b[31mred');
  });
});
