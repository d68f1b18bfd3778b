/** Rows that `predict` can make nothing of, cells that it fills, and how cells are written. */
import { describe, expect, test } from 'vitest';
import { done, Folder, type Outcome, refused } from './run.ts';

const number = (name: string, position: number) => ({ name, position, kind: 'number' });
/** y = a + 10 b + 100 (c is "yes"); a may be missing, rows without c were left out of the training. */
const model = {
  input_shape: [3],
  layers: [{ units: 1 }],
  weights: { dense: { kernel: [[1], [10], [100]], bias: [0] } },
  columns: {
    header: true,
    features: [
      { ...number('a', 1), missing: 'mean', fill: 7 },
      number('b', 2),
      { name: 'c', position: 3, kind: 'boolean', missing: 'drop', values: ['no', 'yes'] },
    ],
    targets: [number('y', 4)],
  },
};
const ROWS = 'a,b,c\n1,2,yes\n1,x,no\n,3,no\n1,2,\n,z,maybe\n4,4,no\n';
const NAMED = `standard input:3 column "b": expected a number; found "x"
standard input:5 column "c": expected yes or no; found an empty cell
standard input:6 column "b": expected a number; found "z" (and 1 more cell of this row)
`;

const predict = (args: readonly string[], input = ROWS, spec: object = model): Outcome =>
  new Folder().write('model.json', spec).mlp(['predict', ...args], input);

describe('--on-error', () => {
  test('fail ends with the rows before, whatever they come with', () => {
    const message = `mlp: standard input:3 column "b": expected a number; found "x"
mlp: standard input:5 column "c": expected yes or no; found an empty cell
mlp: standard input:6 column "b": expected a number; found "z"
mlp: standard input:6 column "c": expected "no" or "yes"; found "maybe"
  correct the cells, or leave their rows out: --on-error skip
`;
    expect(predict([])).toEqual({ status: 3, stdout: 'y\n121\n', stderr: message });
    expect(predict(['--on-error', 'fail'])).toEqual(predict([]));
  });

  test('skip leaves them out, names them and counts them', () => {
    const notes = `${NAMED}filled 1 missing cell of column "a"\nleft out 3 of 6 rows\n`;
    expect(predict(['--on-error', 'skip'])).toEqual(done('y\n121\n37\n44\n', notes));
    expect(predict(['--on-error', 'skip', '-q'])).toEqual(done('y\n121\n37\n44\n'));
  });

  test('null keeps their place', () => {
    const notes = `${NAMED}filled 1 missing cell of column "a"\nno prediction for 3 of 6 rows\n`;
    const none = ['--on-error', 'null'];
    expect(predict(none)).toEqual(done('y\n121\n""\n37\n""\n""\n44\n', notes));
    expect(predict([...none, '--format', 'jsonl'])).toEqual(
      done('{"y":121}\n{"y":null}\n{"y":37}\n{"y":null}\n{"y":null}\n{"y":44}\n', notes),
    );
    expect(predict([...none, '--format', 'json'])).toEqual(
      done('[\n[121],\nnull,\n[37],\nnull,\nnull,\n[44]\n]\n', notes),
    );
    expect(predict([...none, '--layer', 'dense', '--format', 'tsv', '-q']).stdout).toBe(
      'dense_1\n121\n""\n37\n""\n""\n44\n',
    );
    expect(predict([...none, '--format', 'numpy'])).toEqual(
      refused(
        2,
        'mlp: --on-error null: expected --format csv, tsv, jsonl, json beside it; found --format numpy\n',
      ),
    );
  });

  test('skip makes whole arrays of the others', () => {
    const args = ['--on-error', 'skip', '--format', 'numpy', '--flatten', '-q'];
    expect(predict(args)).toEqual(done('[121.  37.  44.]\n'));
  });

  test('names ten rows and counts the others, however many blocks there are', () => {
    const rows = Array.from({ length: 4000 }, (_, i) => (i % 2 ? '1,1,no\n' : '1,?,no\n'));
    const { status, stdout, stderr } = predict(['--on-error', 'skip'], `a,b,c\n${rows.join('')}`);
    expect({ status, stdout }).toEqual({ status: 0, stdout: `y\n${'11\n'.repeat(2000)}` });
    const named = Array.from(
      { length: 10 },
      (_, i) =>
        `standard input:${2 + 2 * i} column "b": expected a number; found "?", a missing value\n`,
    );
    expect(stderr).toBe(`${named.join('')}and 1,990 more\nleft out 2,000 of 4,000 rows\n`);
  });

  test('counts a table of which nothing is left', () => {
    const { status, stdout, stderr } = predict(['--on-error', 'skip'], 'a,b,c\n1,x,no\n');
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'y\n' });
    expect(stderr).toMatch(/\nleft out 1 of 1 row\n$/);
  });

  test('says where in a JSON table', () => {
    const json = '[{"a": 1, "b": 2, "c": "no"}, {"a": 1, "c": "no"}]';
    expect(predict(['--input', json, '--on-error', 'skip'])).toEqual(
      done(
        'y\n21\n',
        '--input: [1] column "b": expected a number; found an empty cell\nleft out 1 of 2 rows\n',
      ),
    );
  });

  test('goes for outputs that are not finite, too', () => {
    const exp = {
      input_shape: [1],
      layers: [{ units: 1, activation: 'exp(x)' }],
      weights: { dense: { kernel: [[1]], bias: [0] } },
    };
    const row =
      'standard input: row 2: expected finite numbers; found Infinity, first from layers[0]';
    expect(predict(['--on-error', 'null'], '0\n1000\n0\n', exp)).toEqual(
      done('1\n""\n1\n', `${row} ("dense")\nno prediction for 1 of 3 rows\n`),
    );
    expect(predict([], '0\n1000\n0\n', exp)).toEqual({
      status: 5,
      stdout: '1\n',
      stderr: `mlp: ${row} ("dense")\n  look at this row, and at the weights and the activation of that layer\n`,
    });
  });

  test('goes for rows with too few or too many cells', () => {
    const rows = 'a,b,c\n1,2,no\n1,2\n"x\ny",2,no\n1,2,no,9\n3,4,no\n';
    const named = `standard input:3: expected 3 cells as in line 1; found 2
standard input:4 column "a": expected a number; found "x\\ny"
standard input:6: expected 3 cells as in line 1; found 4
`;
    expect(predict(['--on-error', 'skip'], rows)).toEqual(
      done('y\n21\n43\n', `${named}left out 3 of 5 rows\n`),
    );
    expect(predict(['--on-error', 'null', '--pass', 'a,c'], rows)).toEqual(
      done(
        'a,c,y\n1,no,21\n1,,\n"x\ny",no,\n1,no,\n3,no,43\n',
        `${named}no prediction for 3 of 5 rows\n`,
      ),
    );
    expect(predict([], rows)).toEqual({
      status: 3,
      stdout: 'y\n21\n',
      stderr:
        'mlp: standard input:3: expected 3 cells as in line 1; found 2\n  every row needs a cell for each column; a cell that holds "," must stand in double quotes\n',
    });
  });

  test('goes for lines that are no JSON, and values of another form', () => {
    const rows = '{"a":1,"b":2,"c":"no"}\n{"a":1,\n[1,2]\n\n{"c":"no","b":4}\n';
    const args = ['--input-format', 'jsonl', '--on-error', 'skip'];
    const { status, stdout, stderr } = predict(args, rows);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'y\n21\n47\n' });
    expect(stderr).toBe(
      `standard input:2:8: expected a key in double quotes; found the end of the line
standard input:3: expected an object as in line 1; found an array
filled 1 missing cell of column "a"
left out 2 of 4 rows
`,
    );
    const json = '[{"a":1,"b":2,"c":"no"}, 7, {"a":1,"b":3,"c":"no"}]';
    expect(predict(['--input', json, '--on-error', 'null', '--format', 'jsonl'])).toEqual(
      done(
        '{"y":21}\n{"y":null}\n{"y":31}\n',
        '--input: [1]: expected an object or an array; found 7\nno prediction for 1 of 3 rows\n',
      ),
    );
  });

  test('does not mend a file whose rows cannot be told apart', () => {
    expect(predict(['--on-error', 'skip'], 'a,b,c\n1,2,no\n1,"2,no\n3,4,no\n')).toEqual({
      status: 3,
      stdout: 'y\n21\n',
      stderr:
        'mlp: standard input:3 column "b": expected a closing quote; found the end of the file\n  a quote that belongs to the text of a quoted cell is written twice ("")\n',
    });
  });
});

test('a value that may not be missing is named, and what the training did with such rows', () => {
  expect(predict([], 'a,b,c\n1,2,NA\n')).toEqual(
    refused(
      3,
      'mlp: standard input:2 column "c": expected yes or no; found "NA", a missing value\n  the model was trained without rows in which it is missing (--missing drop)\n  or leave such rows out: --on-error skip\n',
    ),
  );
});

describe('cells that are taken for what they do not say', () => {
  const colours = {
    input_shape: [3],
    layers: [{ units: 1 }],
    weights: { dense: { kernel: [[1], [2], [4]], bias: [0] } },
    columns: {
      header: true,
      features: [
        { name: 'n', position: 1, kind: 'category', categories: ['x'], missing: 'category' },
        { name: 'hue', position: 2, kind: 'category', categories: ['red'], unknown: 'other' },
      ],
      targets: [number('y', 3)],
    },
  };

  test('are counted by column at the end', () => {
    const rows = 'n,hue\nx,red\n,blue\n,\nx,pink\n';
    expect(predict([], rows, colours)).toEqual(
      done(
        'y\n5\n2\n2\n1\n',
        'took 3 cells of column "hue" for none of the categories: training never saw them\n',
      ),
    );
    expect(predict(['--quiet'], rows, colours)).toEqual(done('y\n5\n2\n2\n1\n'));
  });

  test('are counted in rows that are used alone', () => {
    const filled = 'filled 2 missing cells of column "a"\n';
    expect(predict([], 'a,b,c\n,1,no\nNA,2,no\n')).toEqual(done('y\n17\n27\n', filled));
  });
});

describe('how cells are written', () => {
  const german = { ...model, columns: { ...model.columns, decimal_comma: true, na: ['k. A.'] } };

  test('the model knows', () => {
    expect(predict(['-q'], 'a;b;c\n1,5;2;no\nk. A.;2;no\n', german)).toEqual(done('y\n21.5\n27\n'));
  });

  test('the options say otherwise, each for itself', () => {
    expect(predict(['--decimal-comma', '-q'], 'a;b;c\n1,5;2;no\n')).toEqual(done('y\n21.5\n'));
    expect(predict(['--na', 'none,-', '-q'], 'a,b,c\n-,2,no\n,2,no\n')).toEqual(
      done('y\n27\n27\n'),
    );
    expect(predict(['--na', 'keine', '-q'], 'a;b;c\n1,5;2;no\nkeine;2;no\n', german)).toEqual(
      done('y\n21.5\n27\n'),
    );
  });

  test('a remedy says which option may help', () => {
    expect(predict([], 'a;b;c\n1,5;2;no\n').stderr).toContain(
      '\n  if commas are decimal points here, say --decimal-comma\n',
    );
    expect(predict([], 'a,b,c\n-,2,no\n').stderr).toContain(
      '\n  if it stands for a missing value, say --na "-"\n',
    );
  });
});
