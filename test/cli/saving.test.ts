/** Signals that come while files are being written: what is said, and what the files are then. */
import { describe, expect, test } from 'vitest';
import { Folder } from './run.ts';

/** Sends signals from within writes of files that hold JSON, `signals[0]` of them in the first, and so on. */
function runWith(at: Folder, signals: readonly number[], line: string) {
  at.write(
    'first.cjs',
    `const fs = require('node:fs');
     const { writeSync } = fs;
     const signals = ${JSON.stringify(signals)};
     fs.writeSync = (file, bytes, ...rest) => {
       const count = bytes[0] === '{'.charCodeAt(0) ? (signals.shift() ?? 0) : 0;
       for (let i = 0; i < count; i++) process.kill(process.pid, 'SIGINT');
       return writeSync(file, bytes, ...rest);
     };`,
  );
  const { status, stdout, stderr } = at.shell(`NODE_OPTIONS='--require ./first.cjs' mlp ${line}`);
  return { status, stdout, stderr };
}

const train = 'train model.json --data data.csv --seed 1 --epochs 3 --verbose 0';
const folder = () => new Folder().take('linear/model.json', 'linear/data.csv');
const OLD = '{"format": "mlp-model", "version": 1, "old": true}';
const SAYS = 'mlp: SIGINT: saving; once more to leave at once\n';

describe('a signal while the model is written', () => {
  test.each([[[1]], [[2]]])('is heard once it is whole, %j of them as one', (signals) => {
    const at = folder();
    const { status, stdout, stderr } = runWith(at, signals, `${train} -o out.json`);
    expect({ status, stdout }).toEqual({ status: 130, stdout: '' });
    expect(stderr).toMatch(
      /^mlp: SIGINT: saving; once more to leave at once\nsaved out\.json \(loss \d+\.\d+\)\n$/,
    );
    expect(at.json('out.json').history.loss).toHaveLength(3);
    expect(at.names()).toEqual(['data.csv', 'first.cjs', 'model.json', 'out.json']);
  });

  test('and one while the checkpoint was: the second leaves at once, files whole', () => {
    const at = folder().write('out.json', OLD);
    const { status, stdout, stderr } = runWith(
      at,
      [1, 1],
      `${train} --checkpoint saved.json -o out.json`,
    );
    expect({ status, stdout, stderr }).toEqual({ status: 130, stdout: '', stderr: SAYS });
    expect(at.json('saved.json').history.loss).toHaveLength(3);
    // The write that was under way is done.
    expect(at.json('out.json').history.loss).toHaveLength(3);
    expect(at.names()).toEqual(['data.csv', 'first.cjs', 'model.json', 'out.json', 'saved.json']);
  });

  test('by a command that does not listen ends it, once the file is whole', () => {
    const at = new Folder().write('model.json', { input_shape: [2], layers: [{ units: 1 }] });
    const ended = runWith(at, [1], 'init model.json --seed 1 -o out.json');
    // As a shell calls it.
    expect(ended).toEqual({ status: 130, stdout: '', stderr: '' });
    expect(at.json('out.json').weights.dense.kernel).toHaveLength(2);
    expect(at.names()).toEqual(['first.cjs', 'model.json', 'out.json']);
  });
});
