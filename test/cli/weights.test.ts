/** init, get-weights, set-weights and schema. */
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { decodeNpy } from '../../src/data/npy.ts';
import { done, Folder } from './run.ts';

const spec = {
  name: 'net',
  input_shape: [2],
  layers: [
    { units: 3, name: 'hidden', activation: 'relu' },
    { type: 'Dropout', rate: 0.5 },
    { units: 1 },
  ],
};

const weights = {
  hidden: {
    kernel: [
      [1, 2, 3],
      [4, 5, 6.5],
    ],
    bias: [0.1, -0.25, 1e-7],
  },
  dense: { kernel: [[1], [2], [3]], bias: [0] },
};

describe('init', () => {
  test('the same seed gives the same bytes, another seed others', () => {
    const folder = new Folder().write('model.json', spec);
    const outputs = [1, 1, 2].map((seed, i) => {
      const args = ['init', '--seed', String(seed), '-o', `${i}.json`, '--quiet'];
      expect(folder.mlp(args)).toEqual(done(''));
      return folder.read(`${i}.json`);
    });
    expect(outputs[1]).toBe(outputs[0]);
    expect(outputs[2]).not.toBe(outputs[0]);
  });

  test('without a seed one is picked, said and stored', () => {
    const folder = new Folder().write('net.json', spec);
    const { status, stderr } = folder.mlp(['init', 'net.json']);
    expect(status).toBe(0);
    const [, seed] =
      /^saved net\.init\.json \(13 parameters, picked seed (\d+)\)\n$/.exec(stderr) ?? [];
    const { training } = folder.json('net.init.json');
    expect(String(training.seed)).toBe(seed);
  });

  test('the seed of the spec is used, and the one of the command line before it', () => {
    const folder = new Folder().write('model.json', { ...spec, fit: { seed: 7 } });
    expect(folder.mlp(['init']).stderr).toBe('saved model.init.json (13 parameters, seed 7)\n');
    expect(folder.mlp(['init', '--seed', '8']).stderr).toBe(
      'saved model.init.json (13 parameters, seed 8)\n',
    );
  });

  test('the document stays as it was written, with what is new behind it', () => {
    const folder = new Folder().write('model.json', spec);
    folder.mlp(['init', '--seed', '1']);
    const { weights: drawn, digest, training, ...rest } = folder.json('model.init.json');
    expect(rest).toEqual({ format: 'mlp-model', version: 1, ...spec });
    expect(Object.keys(drawn)).toEqual(['hidden', 'dense']);
    expect(Object.keys(digest.weights)).toEqual(['hidden', 'dense']);
    expect(training).toEqual({ tool_version: manifest.version, seed: 1 });
  });

  test('a model comes in by standard input and goes out by standard output', () => {
    const folder = new Folder().write('model.json', spec);
    folder.mlp(['init', '--seed', '1', '-q']);
    const piped = folder.mlp(
      ['init', '-', '--seed', '1', '-o', '-', '-q'],
      folder.read('model.json'),
    );
    expect(piped).toEqual(done(folder.read('model.init.json')));
    expect(folder.mlp(['init', '-', '--seed', '1', '-f'], folder.read('model.json')).stderr).toBe(
      'saved model.init.json (13 parameters, seed 1)\n',
    );
  });

  test('the result lies beside the model', () => {
    const folder = new Folder().write('model.json', spec);
    const { stderr } = folder.shell(
      'mkdir nets && mv model.json nets/a.json && mlp init nets/a.json --seed 1',
    );
    expect(stderr).toBe('saved nets/a.init.json (13 parameters, seed 1)\n');
    expect(folder.json('nets/a.init.json').name).toBe('net');
  });
});

describe('get-weights', () => {
  const withWeights = () => new Folder().write('model.json', { ...spec, weights });

  test('the trained model is looked at before the spec', () => {
    const other = {
      input_shape: [1],
      layers: [{ units: 1 }],
      weights: { dense: { kernel: [[9]], bias: [0] } },
    };
    const folder = withWeights().write('model.trained.json', other);
    expect(folder.mlp(['get-weights'])).toEqual(
      done('[array([[9.]], dtype=float32), array([0.], dtype=float32)]\n'),
    );
  });

  test.each([
    [
      ['--layer', 'hidden'],
      '[array([[1. , 2. , 3. ],\n       [4. , 5. , 6.5]], dtype=float32), array([ 1.0e-01, -2.5e-01,  1.0e-07], dtype=float32)]\n',
    ],
    [['--layer', 'hidden', '--tensor', 'kernel'], '[[1.  2.  3. ]\n [4.  5.  6.5]]\n'],
    [['--layer', 'dropout'], '[]\n'],
    [
      ['--format', 'json'],
      '{\n  "hidden": {\n    "kernel": [\n      [1, 2, 3],\n      [4, 5, 6.5]\n    ],\n    "bias": [0.1, -0.25, 1e-7]\n  },\n  "dense": {\n    "kernel": [\n      [1],\n      [2],\n      [3]\n    ],\n    "bias": [0]\n  }\n}\n',
    ],
    [
      ['--format', 'json', '--layer', 'dense'],
      '{\n  "kernel": [\n    [1],\n    [2],\n    [3]\n  ],\n  "bias": [0]\n}\n',
    ],
    [['--format', 'json', '--layer', 'hidden', '--tensor', 'bias'], '[0.1, -0.25, 1e-7]\n'],
    [['--format', 'csv', '--layer', 'hidden', '--tensor', 'kernel'], '1,2,3\n4,5,6.5\n'],
    [['--format', 'csv', '--layer', 'hidden', '--tensor', 'bias'], '0.1,-0.25,1e-7\n'],
  ])('%j', (args, text) => {
    expect(withWeights().mlp(['get-weights', ...args])).toEqual(done(text));
  });

  test('npy is what NumPy reads', () => {
    const folder = withWeights();
    const line = 'mlp get-weights --layer hidden --tensor kernel --format npy | od -An -v -tu1';
    const bytes = Uint8Array.from(folder.shell(line).stdout.trim().split(/\s+/), Number);
    expect(decodeNpy(bytes, 'stdout')).toEqual({
      shape: [2, 3],
      values: Float32Array.of(1, 2, 3, 4, 5, 6.5),
    });
  });

  test('one array is asked for where a format holds one', () => {
    expect(withWeights().mlp(['get-weights', '--format', 'npy'])).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'mlp: --format npy: expected one tensor; found 4\n  choose one with --layer NAME --tensor NAME\n',
    });
  });
});

describe('set-weights', () => {
  const withWeights = () => new Folder().write('model.json', { ...spec, weights, columns: null });
  const set = ['set-weights', '--layer', 'hidden'];

  test('what is not named stays as it was', () => {
    const folder = withWeights();
    expect(folder.mlp([...set, '--bias', '[1, 2, 3]'])).toEqual(
      done('', 'saved model.weights.json\n'),
    );
    const { digest, ...rest } = folder.json('model.weights.json');
    expect(Object.keys(digest)).toEqual(['weights', 'columns']);
    expect(rest).toEqual({
      format: 'mlp-model',
      version: 1,
      ...spec,
      columns: null,
      weights: { ...weights, hidden: { ...weights.hidden, bias: [1, 2, 3] } },
      training: { tool_version: manifest.version },
    });
  });

  test.each([
    ['ones', [1, 1, 1]],
    ['zeros', [0, 0, 0]],
    ['-0.5', [-0.5, -0.5, -0.5]],
    ['@bias.json', [1, 2, 3]],
    ['@row.csv', [4, 5, 6]],
    ['@column.csv', [7, 8, 9]],
    ['@row.tsv', [1, 1, 2]],
  ])('--bias %s', (value, bias) => {
    const folder = withWeights().write('bias.json', '[1, 2, 3]').write('row.csv', '4,5,6\n');
    folder.write('column.csv', '7\n8\n9\n').write('row.tsv', '1\t1\t2\n');
    expect(folder.mlp([...set, '--bias', value, '-q'])).toEqual(done(''));
    expect(folder.json('model.weights.json').weights.hidden.bias).toEqual(bias);
  });

  test('npy goes out and in again', () => {
    const folder = withWeights();
    const get = 'mlp get-weights --layer hidden --tensor kernel --format npy > k.npy';
    const { stderr } = folder.shell(
      `${get} && mlp set-weights --layer hidden --kernel zeros -o z.json && mlp set-weights z.json --layer hidden --kernel @k.npy -o same.json`,
    );
    expect(stderr).toBe('saved z.json\nsaved same.json\n');
    expect(folder.json('z.json').weights.hidden.kernel.flat()).toEqual([0, 0, 0, 0, 0, 0]);
    expect(folder.json('same.json').weights).toEqual(weights);
  });

  test.each(['whole.json', 'section.json', '-'])('--from %s replaces all', (from) => {
    const folder = new Folder().write('model.json', spec);
    const whole = { ...spec, weights };
    folder.write('whole.json', whole).write('section.json', weights);
    const args = ['set-weights', '--from', from];
    expect(folder.mlp(args, JSON.stringify(weights))).toEqual(
      done('', 'saved model.weights.json\n'),
    );
    expect(folder.json('model.weights.json').weights).toEqual(weights);
  });

  test('what was recorded of the old weights is left out, the rest of the file stays', () => {
    const folder = new Folder().write('data.csv', 'x,y\n1,2\n3,4\n');
    const train = ['train', '--data', 'data.csv', '--layers', 'none', '--epochs', '2'];
    folder.mlp([...train, '--seed', '1', '--verbose', '0', '--quiet', '-o', 'a.json']);
    folder.mlp(['set-weights', 'a.json', '--bias', '0.5', '--quiet', '-o', 'b.json']);
    const { history, training, weights, digest, ...rest } = folder.json('a.json');
    expect([history.loss.length, training.seed]).toEqual([2, 1]);
    const { dense } = digest.weights;
    expect(folder.json('b.json')).toEqual({
      ...rest,
      // Of the bias 0.5, by another program.
      digest: { ...digest, weights: { dense: { ...dense, bias: 'sha256:3715f5fde4b2e7f0' } } },
      weights: { dense: { ...weights.dense, bias: [0.5] } },
      training: { tool_version: manifest.version },
    });
  });

  test.each([
    [
      ['--bias', '0'],
      2,
      '--layer: expected a layer with weights; found nothing\n  there is "hidden", "dense"',
    ],
    [
      ['--layer', 'hiden', '--bias', '0'],
      2,
      '--layer: expected a layer with weights; found "hiden"\n  did you mean "hidden"?',
    ],
    [
      ['--layer', 'hidden', '--bias', '@b.txt'],
      2,
      'b.txt: expected a file that ends in .json, .csv, .tsv or .npy; found another name',
    ],
    [
      ['--layer', 'hidden', '--bias', '@b.csv'],
      4,
      'b.csv:1 column 2: expected a number; found "b"\n  a file of weights has numbers only, no header',
    ],
    [
      ['--layer', 'hidden', '--bias', '[1, null, 3]'],
      4,
      '--bias: [1]: expected a number; found null',
    ],
    [
      ['--from', 'model.json', '--bias', '0'],
      2,
      '--from: expected no --layer, --kernel or --bias beside it; found one\n  --from replaces all weights',
    ],
    [
      [],
      2,
      'set-weights: expected --kernel V, --bias V or --from FILE; found none\n  see "mlp set-weights --help"',
    ],
  ])('%j is refused', (args, status, message) => {
    const folder = withWeights().write('b.txt', '').write('b.csv', '1,b,3\n');
    expect(folder.mlp(['set-weights', ...args])).toEqual({
      status,
      stdout: '',
      stderr: `mlp: ${message}\n`,
    });
    expect(folder.names()).toEqual(['b.csv', 'b.txt', 'model.json']);
  });

  test('a bias that a layer does not have cannot be set', () => {
    const folder = new Folder().write('model.json', {
      input_shape: [1],
      layers: [{ units: 1, use_bias: false }],
    });
    expect(folder.mlp(['set-weights', '--bias', '0']).stderr).toBe(
      'mlp: --bias: expected a tensor that layer "dense" has; found no bias in it\n  it has kernel\n',
    );
    expect(folder.mlp(['set-weights', '--kernel', '2']).stderr).toBe('saved model.weights.json\n');
  });
});

test('schema prints the JSON Schema, which knows the layers', () => {
  const { status, stdout, stderr } = new Folder().mlp(['schema']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const schema = JSON.parse(stdout);
  expect(schema.type).toBe('object');
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining(['layers', 'compile', 'fit']),
  );
});
