/** Model files that changed after they were written: found by every command that uses what was learnt. */
import { expect, test } from 'vitest';
import { Folder, refused } from './run.ts';

const REMEDY =
  '  it has changed since mlp wrote the file: copy the file again\n  if the change is meant: --no-verify; "mlp set-weights FILE --from FILE --no-verify -o NEW" writes NEW with new digests\n';

const CSV = 'x,y\n1,2\n2,4\n3,7\n4,8\n';

/** A folder with a model that `mlp` trained. */
function trained(): Folder {
  const folder = new Folder().write('data.csv', CSV);
  folder.write('model.json', { layers: [{ units: 2, name: 'hidden' }, { units: 1 }] });
  const args = 'train --data data.csv --epochs 2 --seed 1 --loss mse -q'.split(' ');
  expect(folder.mlp(args)).toEqual({ status: 0, stdout: '', stderr: '' });
  return folder;
}

/** All commands that use what was learnt; each prints or writes something. */
const commands = [
  ['summary', 'model.trained.json'],
  ['get-weights', 'model.trained.json'],
  ['set-weights', 'model.trained.json', '--layer', 'dense', '--bias', 'ones', '-o', '-'],
  ['predict', 'model.trained.json', '--data', 'data.csv'],
  ['evaluate', 'model.trained.json', '--data', 'data.csv'],
  ['train', 'model.trained.json', '--data', 'data.csv', '-o', '-'],
];

/** What has changed, as all commands must call it. */
function problem(path: string, said: string, found: string): string {
  return `mlp: model.trained.json: ${path}: expected the digest "${said}", as the file says; found "${found}"\n${REMEDY}`;
}

test('a digit that has changed in a weight is found by all of them, and its tensor named', () => {
  const folder = trained();
  const text = folder.read('model.trained.json');
  const model = JSON.parse(text);
  const [weight] = model.weights.hidden.kernel[0];
  const digits = String(weight);
  // The last digits may be more than float32 can tell apart.
  const flipped = digits.slice(0, 4) + ((Number(digits[4]) + 1) % 10) + digits.slice(5);
  const at = text.indexOf(
    digits,
    text.indexOf('"weights": {\n    "hidden": {\n      "kernel": [\n'),
  );
  folder.write('model.trained.json', text.slice(0, at) + flipped + text.slice(at + digits.length));
  // Written anew, the digest is that of the changed weights.
  const renewed = folder.mlp(
    'set-weights model.trained.json --from model.trained.json --no-verify -o new.json -q'.split(
      ' ',
    ),
  );
  expect(renewed).toEqual({ status: 0, stdout: '', stderr: '' });
  const { digest, weights } = folder.json('new.json');
  expect(weights.hidden.kernel[0][0]).toBeCloseTo(Number(flipped), 7);
  const said = model.digest.weights.hidden.kernel;
  const message = problem('weights.hidden.kernel', said, digest.weights.hidden.kernel);
  for (const command of commands) {
    expect(folder.mlp(command), command[0]).toEqual(refused(4, message));
    const { status, stdout } = folder.mlp([...command, '--no-verify']);
    expect({ status, isEmpty: stdout === '' }, command[0]).toEqual({ status: 0, isEmpty: false });
  }
  const from = ['set-weights', 'model.json', '--from', 'model.trained.json'];
  folder.write('model.json', { ...folder.json('model.json'), input_shape: [1] });
  expect(folder.mlp(from)).toEqual(refused(4, message));
  for (const command of commands) {
    const args = command.map((word) => (word === 'model.trained.json' ? 'new.json' : word));
    expect(folder.mlp(args).status, command[0]).toBe(0);
  }
});

test('a number that has changed in the columns is found, too', () => {
  const folder = trained();
  const model = folder.json('model.trained.json');
  Object.assign(model.columns.features[0], { shift: 1, scale: 2 });
  folder.write('model.trained.json', model);
  for (const command of commands.filter(([name]) => name === 'summary' || name === 'predict')) {
    const { status, stdout, stderr } = folder.mlp(command);
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
    expect(stderr).toMatch(
      /^mlp: model\.trained\.json: columns: expected the digest "sha256:[0-9a-f]{16}", as the file says; found "sha256:/,
    );
    expect(folder.mlp([...command, '--no-verify']).status, command[0]).toBe(0);
  }
  // What does not use them does not look at them.
  expect(folder.mlp(['spec', 'model.trained.json']).status).toBe(0);
});

test('a file that another program has written anew is the same file', () => {
  const folder = trained();
  const model = folder.json('model.trained.json');
  const predict = ['predict', 'again.json', '--data', 'data.csv'];
  const { stdout } = folder.mlp(['predict', ...predict.slice(2)]);
  expect(stdout.split('\n')).toHaveLength(6);
  // On one line; keys in another order; numbers with all digits of a double, or with a point.
  const { weights, ...rest } = model;
  const texts = [
    JSON.stringify(model),
    JSON.stringify({ weights, ...rest }, null, '\t'),
    JSON.stringify(model).replace(/:(\d+)([,}])/g, (whole, number, end) =>
      whole.includes('"version"') ? whole : `:${number}.0${end}`,
    ),
    JSON.stringify(model, (_, value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ),
  ];
  for (const text of texts) {
    folder.write('again.json', text);
    expect(folder.mlp(predict)).toEqual({ status: 0, stdout, stderr: '' });
  }
});

test('a file without digests is taken as it is', () => {
  const folder = trained();
  const { digest, ...rest } = folder.json('model.trained.json');
  expect(Object.keys(digest)).toEqual(['weights', 'columns']);
  rest.weights.hidden.kernel[0][0] = 0.5;
  folder.write('model.trained.json', rest);
  expect(folder.mlp(['get-weights', '--layer', 'hidden', '--tensor', 'kernel']).stdout).toMatch(
    /^\[\[0\.5 /,
  );
  expect(folder.mlp(['predict', '--data', 'data.csv']).status).toBe(0);
});

test('weights that no digest is of are called so, and no other section', () => {
  const folder = trained();
  const model = folder.json('model.trained.json');
  model.digest.weights.dense.bias = undefined;
  folder.write('model.trained.json', model);
  expect(folder.mlp(['get-weights'])).toEqual(
    refused(
      4,
      `mlp: model.trained.json: weights.dense.bias: expected its digest in the file; found none\n${REMEDY}`,
    ),
  );
});

test.each([
  [
    'two documents',
    (text: string) => text + text,
    /:\d+:1: expected the end of the file; found "\{"\n {2}JSON is one value; this file holds several\n$/,
  ],
  [
    'a file that is cut',
    (text: string) => text.slice(0, -10),
    /found the end of the file\n {2}the file seems to be cut off\n$/,
  ],
  [
    'a key given twice',
    (text: string) => text.replace('"history"', '"columns"'),
    /:\d+:3: columns: expected each key once; found it twice\n$/,
  ],
])('%s: exit code 2, with the place', (_, change, message) => {
  const folder = trained();
  folder.write('model.trained.json', change(folder.read('model.trained.json')));
  const { status, stdout, stderr } = folder.mlp(['predict', '--data', 'data.csv']);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(message);
  expect(stderr.startsWith('mlp: model.trained.json:')).toBe(true);
});

test('a newer version is said with the version of mlp that wrote it', () => {
  const folder = trained();
  const model = folder.json('model.trained.json');
  folder.write('model.trained.json', { ...model, version: 2, training: { tool_version: '3.1.0' } });
  expect(folder.mlp(['predict', '--data', 'data.csv'])).toEqual(
    refused(
      4,
      'mlp: model.trained.json: expected format "mlp-model", version 1; found format "mlp-model", version 2, written by mlp "3.1.0"\n  a newer mlp wrote this file; update mlp to read it\n',
    ),
  );
});
