/** `mlp spec`: the spec in our own words or in Keras's. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { done, Folder, refused } from './run.ts';

const KERAS = resolve(import.meta.dirname, '../../fixtures/keras/to-json/classifier.json');

const trained = {
  format: 'mlp-model',
  version: 1,
  name: 'two words',
  input_shape: [2],
  layers: [{ units: 1, name: 'out put', activation: 'linear' }],
  fit: { epochs: 3 },
  weights: { 'out put': { kernel: [[1], [2]], bias: [0] } },
  training: { seed: 1 },
};

const SHORT = `{
  "name": "two words",
  "input_shape": [2],
  "layers": [
    {
      "type": "Dense",
      "units": 1,
      "name": "out put"
    }
  ],
  "fit": {
    "epochs": 3
  }
}
`;

test('prints the spec without what was learnt and what is the default', () => {
  const folder = new Folder().write('model.json', trained);
  expect(folder.mlp(['spec'])).toEqual(done(SHORT));
  expect(folder.mlp(['spec', 'model.json', '--to', 'mlp'])).toEqual(done(SHORT));
  expect(folder.mlp(['spec', '-'], JSON.stringify(trained))).toEqual(done(SHORT));
});

test('makes a model file of ours from one of Keras', () => {
  const folder = new Folder();
  const saved = done('', 'saved own.json\n');
  expect(folder.mlp(['spec', KERAS, '-o', 'own.json'])).toEqual(saved);
  expect(folder.json('own.json').layers).toEqual([
    { type: 'Dense', units: 8, activation: 'relu' },
    { type: 'Dropout', rate: 0.3 },
    { type: 'Dense', units: 3, activation: 'softmax' },
  ]);
});

test('writes for Keras, and says what Keras and TensorFlow do not take', () => {
  const folder = new Folder().write('model.json', trained);
  const rule = 'it takes letters, digits, "_", ".", "-" and ">"';
  const { status, stdout, stderr } = folder.mlp(['spec', '--to', 'keras']);
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: `warning: name: Keras on TensorFlow does not run what is called "two words": ${rule}, a letter, a digit or "." first
warning: layers[0]: Keras on TensorFlow does not run what is called "out put": ${rule}
left out, since to_json() of Keras has no place for it: fit, weights, training
`,
  });
  expect(stdout).toMatch(/^\{"module": "keras", "class_name": "Sequential", .*\}\n$/);
  expect(folder.mlp(['spec', '--to', 'keras', '--quiet'])).toEqual(done(stdout));
});

test('what Keras reads and writes again is the same text', () => {
  const folder = new Folder();
  const first = folder.mlp(['spec', KERAS, '--to', 'keras']);
  expect(folder.mlp(['spec', '-', '--to', 'keras'], first.stdout)).toEqual(first);
  expect(folder.mlp(['spec', '-'], first.stdout)).toEqual(folder.mlp(['spec', KERAS]));
  expect(JSON.parse(first.stdout).compile_config.loss).toBe(
    JSON.parse(readFileSync(KERAS, 'utf8')).compile_config.loss,
  );
});

test('what Keras cannot hold is refused before anything is written', () => {
  const folder = new Folder().write('model.json', {
    layers: [{ units: 1, activation: 'x * x' }],
    compile: { optimizer: 'lbfgs', loss: 'mse' },
  });
  expect(folder.mlp(['spec', '--to', 'keras', '-o', 'out.json'])).toEqual(
    refused(
      2,
      `mlp: model.json: layers[0].activation: expected an activation of Keras's; found the formula "x * x"
mlp: model.json: compile.optimizer: expected an optimizer of Keras's; found "lbfgs"
  Keras's files hold no formulas: see "mlp help activations" for names
`,
    ),
  );
  expect(folder.names()).toEqual(['model.json']);
});

test('another form and a file of somebody are refused', () => {
  const folder = new Folder().write('model.json', trained).write('notes.json', '{}');
  expect(folder.mlp(['spec', '--to', 'onnx'])).toMatchObject({ status: 2, stdout: '' });
  expect(folder.mlp(['spec', '-o', 'notes.json'])).toMatchObject({ status: 6, stdout: '' });
  expect(folder.mlp(['spec', '-o', 'model.json', '--force'])).toMatchObject({ status: 6 });
  expect(folder.mlp(['spec', '-o', 'notes.json', '--force'])).toEqual(
    done('', 'saved notes.json\n'),
  );
});
