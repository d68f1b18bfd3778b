import { describe, expect, test } from 'vitest';
import { done, Folder, refused } from './run.ts';

/** y1 = a + b, y2 = a − b. */
const sums = {
  input_shape: [2],
  layers: [{ units: 2 }],
  weights: {
    dense: {
      kernel: [
        [1, 1],
        [1, -1],
      ],
      bias: [0, 0],
    },
  },
};
const feature = (name: string, position: number) => ({ name, position, kind: 'number' });
const named = {
  ...sums,
  columns: {
    header: true,
    features: [feature('a', 1), feature('b', 3)],
    targets: [feature('sum', 2), feature('rest', 4)],
  },
};
/** The classes of iris by the sign of the input: logits ±x. */
const classes = {
  input_shape: [1],
  layers: [{ units: 2, activation: 'softmax' }],
  weights: { dense: { kernel: [[-1, 1]], bias: [0, 0] } },
  columns: {
    header: true,
    features: [feature('x', 1)],
    targets: [{ name: 'kind', position: 2, kind: 'class', classes: ['no', 'yes, "really"'] }],
  },
};

function folderWith(model: object): Folder {
  return new Folder().write('model.json', model);
}

describe('tables', () => {
  test.each([
    ['csv', 'y1,y2\n3,-1\n7,-1\n'],
    ['tsv', 'y1\ty2\n3\t-1\n7\t-1\n'],
    ['jsonl', '{"y1":3,"y2":-1}\n{"y1":7,"y2":-1}\n'],
    ['json', '[\n[3,-1],\n[7,-1]\n]\n'],
    ['numpy', '[[ 3. -1.]\n [ 7. -1.]]\n'],
    ['tensor', 'tf.Tensor(\n[[ 3. -1.]\n [ 7. -1.]], shape=(2, 2), dtype=float32)\n'],
  ])('--format %s', (format, text) => {
    const args = ['predict', '--input', '[[1,2],[3,4]]', '--format', format];
    expect(folderWith(sums).mlp(args)).toEqual(done(text));
  });

  test('numpy may be flattened', () => {
    const args = ['predict', '--input', '[[1,2],[3,4]]', '--format', 'numpy', '--flatten'];
    expect(folderWith(sums).mlp(args)).toEqual(done('[ 3. -1.  7. -1.]\n'));
  });

  test('columns are found by name, in any order, and others are left alone', () => {
    const csv = 'b,note,a\n2,hello,1\n4,,3\n';
    expect(folderWith(named).mlp(['predict'], csv)).toEqual(done('sum,rest\n3,-1\n7,-1\n'));
  });

  test('a table without a header gives one without', () => {
    expect(folderWith(named).mlp(['predict'], '1,2\n3,4\n')).toEqual(done('3,-1\n7,-1\n'));
    expect(folderWith(sums).mlp(['predict'], '1,2\n3,4\n')).toEqual(done('3,-1\n7,-1\n'));
  });

  test('with the targets in it, a table without a header is matched as in training', () => {
    expect(folderWith(named).mlp(['predict'], '1,9,2,9\n')).toEqual(done('3,-1\n'));
  });

  test('one output without a name is y', () => {
    const one = {
      input_shape: [1],
      layers: [{ units: 1 }],
      weights: { dense: { kernel: [[2]], bias: [0.1] } },
    };
    expect(folderWith(one).mlp(['predict'], 'x\n1\n')).toEqual(done('y\n2.1\n'));
    expect(folderWith(one).mlp(['predict', '--input', '[1, 2, 3]'])).toEqual(
      done('y\n2.1\n4.1\n6.1\n'),
    );
  });

  test('a header without rows gives a header without rows', () => {
    expect(folderWith(named).mlp(['predict'], 'a,b\n')).toEqual(done('sum,rest\n'));
    expect(folderWith(named).mlp(['predict', '--format', 'json'], 'a,b\n')).toEqual(done('[]\n'));
  });

  test('tab-separated and JSON input are known by the file name, or said', () => {
    const folder = folderWith(sums).write('a.tsv', '1\t2\n').write('a.json', '{"x": [[1, 2]]}');
    for (const args of [
      ['--data', 'a.tsv'],
      ['--data', '-', '--input-format', 'tsv'],
    ]) {
      expect(folder.mlp(['predict', ...args], '1\t2\n')).toEqual(done('3,-1\n'));
    }
    for (const args of [
      ['--data', 'a.json'],
      ['--input-format', 'json'],
    ]) {
      expect(folder.mlp(['predict', ...args], '[[1, 2]]')).toEqual(done('y1,y2\n3,-1\n'));
    }
  });

  test('an array of NumPy is rows, from a file, packed or not, and from standard input', () => {
    const folder = folderWith(sums).take('data/npy/i1_2x2.npy', 'data/npy/f4_2x3x4.npy');
    folder.shell('gzip -k i1_2x2.npy');
    for (const data of ['i1_2x2.npy', 'i1_2x2.npy.gz', '- < i1_2x2.npy']) {
      expect(folder.shell(`mlp predict --data ${data}`)).toEqual(done('y1,y2\n1,-1\n227,-27\n'));
    }
    expect(folder.mlp(['predict', '--data', 'f4_2x3x4.npy'])).toEqual(
      refused(
        3,
        'mlp: f4_2x3x4.npy: expected an array of shape (None, 2); found shape (2, 3, 4)\n  the first axis is rows, the others are what the network takes\n',
      ),
    );
  });

  test('the header can be forced either way', () => {
    const csv = '1,2\n3,4\n';
    expect(folderWith(sums).mlp(['predict', '--header'], csv)).toEqual(done('y1,y2\n7,-1\n'));
    expect(folderWith(named).mlp(['predict', '--no-header'], csv)).toEqual(done('3,-1\n7,-1\n'));
  });
});

describe('classes', () => {
  const csv = 'x\n-2\n2\n';

  test.each([
    [[], 'kind\nno\n"yes, ""really"""\n'],
    [['--proba'], 'no,"yes, ""really"""\n0.98201376,0.017986208\n0.017986208,0.98201376\n'],
    [['--format', 'jsonl'], '{"kind":"no"}\n{"kind":"yes, \\"really\\""}\n'],
    [
      ['--format', 'jsonl', '--proba'],
      '{"no":0.98201376,"yes, \\"really\\"":0.017986208}\n{"no":0.017986208,"yes, \\"really\\"":0.98201376}\n',
    ],
    [['--format', 'json'], '[\n[0.98201376,0.017986208],\n[0.017986208,0.98201376]\n]\n'],
  ])('%j', (args, text) => {
    const { status, stdout, stderr } = folderWith(classes).mlp(['predict', ...args], csv);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expectSameText(stdout, text);
  });

  test('two classes on one unit: above one half is the second', () => {
    const sigmoid = {
      ...classes,
      layers: [{ units: 1, activation: 'sigmoid' }],
      weights: { dense: { kernel: [[1]], bias: [0] } },
    };
    const rows = 'x\n-1\n0\n0.001\n';
    const yes = '"yes, ""really"""';
    expect(folderWith(sigmoid).mlp(['predict'], rows)).toEqual(done(`kind\nno\nno\n${yes}\n`));
    const { stdout } = folderWith(sigmoid).mlp(['predict', '--proba'], 'x\n0\n');
    expect(stdout).toBe(`no,${yes}\n0.5,0.5\n`);
  });

  test('outputs beyond the classes are called by their index', () => {
    const three = (names: string[]) => ({
      ...classes,
      layers: [{ units: 3, activation: 'softmax' }],
      weights: { dense: { kernel: [[0, 0, 0]], bias: [0, 0, 99] } },
      columns: {
        ...classes.columns,
        targets: [{ name: 'kind', position: 2, kind: 'class', classes: names }],
      },
    });
    const predict = (names: string[], ...args: string[]) =>
      folderWith(three(names)).mlp(['predict', ...args], 'x\n0\n');
    expect(predict(['no', 'yes'])).toEqual(done('kind\nclass 2\n'));
    expect(predict(['0', '1'])).toEqual(done('kind\n2\n'));
    expect(predict(['no', 'yes'], '--proba').stdout).toMatch(/^no,yes,class 2\n[^,]+,[^,]+,1\n$/);
  });

  test('that do not fit the outputs are refused', () => {
    const one = {
      ...classes,
      layers: [{ units: 1, activation: 'sigmoid' }],
      weights: { dense: { kernel: [[1]], bias: [0] } },
      columns: {
        ...classes.columns,
        targets: [{ name: 'kind', position: 2, kind: 'class', classes: ['a', 'b', 'c'] }],
      },
    };
    const message =
      'mlp: model.json: columns.targets[0].classes: expected 2 classes, since there is 1 output; found 3\n';
    expect(folderWith(one).mlp(['predict'], 'x\n0\n')).toEqual(refused(4, message));
    const folder = folderWith(one).write('data.csv', 'x,kind\n1,a\n2,b\n');
    expect(folder.mlp(['train', '--data', 'data.csv'])).toEqual(refused(4, message));
    expect(folder.names()).toEqual(['data.csv', 'model.json']);
  });

  test('logits become probabilities where the loss would have made them', () => {
    const logits = {
      ...classes,
      layers: [{ units: 2 }],
      compile: { loss: { name: 'sparse_categorical_crossentropy', from_logits: true } },
    };
    const { stdout } = folderWith(logits).mlp(['predict', '--proba', '--format', 'tsv'], 'x\n0\n');
    expect(stdout).toBe('no\t"yes, ""really"""\n0.5\t0.5\n');
    const one = {
      ...logits,
      layers: [{ units: 1 }],
      weights: { dense: { kernel: [[1]], bias: [0] } },
    };
    expect(folderWith(one).mlp(['predict'], 'x\n0.25\n').stdout).toBe('kind\n"yes, ""really"""\n');
    expect(folderWith(one).mlp(['predict', '--proba'], 'x\n0\n').stdout).toContain('0.5,0.5\n');
  });

  test('these probabilities are the bytes that a model with the activation prints', () => {
    const rows = `x\n${[-30, -2.7, -1e-3, 0.3, 1.9, 12.5].join('\n')}\n`;
    const printed = (units: number, activation: string, name: string, from_logits: boolean) => {
      const kernel = [Array.from({ length: units }, (_, i) => 0.7 - i * 1.3)];
      const model = {
        ...classes,
        layers: [{ units, activation, name: 'dense' }],
        compile: { loss: { name, from_logits } },
        weights: { dense: { kernel, bias: kernel[0] } },
      };
      return folderWith(model).mlp(['predict', '--proba'], rows).stdout;
    };
    const binary = 'binary_crossentropy';
    expect(printed(1, 'linear', binary, true)).toBe(printed(1, 'sigmoid', binary, false));
    const sparse = 'sparse_categorical_crossentropy';
    expect(printed(2, 'linear', sparse, true)).toBe(printed(2, 'softmax', sparse, false));
  });
});

/** Texts whose numbers may differ in their last float32 digits: exp is not the same everywhere. */
function expectSameText(found: string, wanted: string): void {
  const number = /\d+\.\d+/g;
  expect(found.replace(number, '#')).toBe(wanted.replace(number, '#'));
  const numbers = (text: string) => [...text.matchAll(number)].map(Number);
  numbers(wanted).forEach((value, i) => {
    expect(numbers(found)[i]).toBeCloseTo(value, 6);
  });
}

describe('arrays', () => {
  const cube = {
    input_shape: [2, 2],
    layers: [{ units: 1 }],
    weights: { dense: { kernel: [[1], [10]], bias: [0] } },
  };

  test('an input of any rank, and an output of the same', () => {
    const input = '[[[1,2],[3,4]],[[5,6],[7,8]]]';
    expect(folderWith(cube).mlp(['predict', '--input', input, '--format', 'json'])).toEqual(
      done('[\n[[21],[43]],\n[[65],[87]]\n]\n'),
    );
    expect(folderWith(cube).mlp(['predict', '--input', input])).toEqual(
      done('y1,y2\n21,43\n65,87\n'),
    );
  });

  test('a single row may come without the outer brackets', () => {
    const args = ['predict', '--input', '[[1,2],[3,4]]', '--format', 'json'];
    expect(folderWith(cube).mlp(args)).toEqual(done('[\n[[21],[43]]\n]\n'));
  });
});

describe('--verbose 1', () => {
  test('shows the bar of Keras on standard error', () => {
    const { status, stdout, stderr } = folderWith(sums).mlp(
      ['predict', '--verbose', '1'],
      '1,2\n3,4\n',
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: '3,-1\n7,-1\n' });
    expect(stderr).toMatch(/^1\/1 \[={30}\] - \d+s \d+(us|ms|s)\/step\n$/);
  });

  test('counts steps of 32 rows, however many blocks there are', () => {
    const rows = '1,2\n'.repeat(3000);
    const { stderr } = folderWith(sums).mlp(['predict', '--verbose', '1'], rows);
    expect(stderr).toMatch(/^94\/94 \[={30}\] - \d+s \d+(us|ms|s)\/step\n$/);
  });
});

test('a row whose outputs are not finite stops with its number and layer, after the rows before it', () => {
  const deep = {
    input_shape: [1],
    layers: [
      { units: 1, name: 'first' },
      { units: 1, name: 'second', activation: 'exp(x)' },
    ],
    weights: { first: { kernel: [[1]], bias: [0] }, second: { kernel: [[1]], bias: [0] } },
  };
  expect(folderWith(deep).mlp(['predict'], '0\n'.repeat(2000).concat('1000\n'))).toEqual({
    status: 5,
    stdout: '1\n'.repeat(2000),
    stderr:
      'mlp: standard input: row 2001: expected finite numbers; found Infinity, first from layers[1] ("second")\n  look at this row, and at the weights and the activation of that layer\n',
  });
});
