/** What the commands say about the tables they are given: headers, formats, targets. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { done, Folder, refused } from './run.ts';

/** As scikit-learn ships its data: counts and class names in the first row. */
const COUNTS = `6,2,setosa,virginica\n${'5.1,3.5,1.4,0\n4.9,3,1.4,1\n4.7,3.2,1.3,0\n'.repeat(2)}`;
const NOTE = 'note: data.csv:1 is taken as the header\n';

describe('a first row with numbers in it', () => {
  const train = ['train', '--data', 'data.csv', '--epochs', '1', '--verbose', '0', '--seed', '1'];

  test('is said to be taken as the header', () => {
    const folder = new Folder().write('data.csv', COUNTS);
    const made = folder.mlp(['new', '--data', 'data.csv', '--layers', 'none', '-o', 'model.json']);
    const reasons =
      'target "virginica": 2 classes ("0", "1"), so 1 sigmoid unit, binary_crossentropy, accuracy\nhidden layers: none; optimizer: adam; inputs: 3\n';
    const scaled = '3 columns of numbers scaled: zscore (--normalize)\n';
    expect(made).toEqual(done('', `${NOTE}${scaled}${reasons}saved model.json\n`));
    const [loss] = /\(loss .*\)/.exec(folder.mlp(train).stderr) ?? [];
    expect(folder.mlp([...train, '--force'])).toEqual(
      done('', `${NOTE}${scaled}saved model.trained.json ${loss}\n`),
    );
  });

  test.each([['--header'], ['--quiet']])('is not spoken of with %s', (option) => {
    const folder = new Folder().write('data.csv', COUNTS);
    const { status, stderr } = folder.mlp([...train, '--layers', 'none', option]);
    expect(status).toBe(0);
    expect(stderr).not.toContain('note:');
  });

  test('and a missing value is asked about', () => {
    const folder = new Folder().write('data.csv', '5.1,NA,0\n4.9,3,1\n');
    expect(folder.mlp(train)).toEqual(
      refused(
        3,
        'mlp: data.csv:1: expected a header or a row of numbers; found both "5.1" and "NA"\n  say which it is: --header, or --no-header if this row is data\n',
      ),
    );
  });
});

describe('predict', () => {
  const model = {
    input_shape: [2],
    layers: [{ units: 1 }],
    weights: { dense: { kernel: [[1], [1]], bias: [0] } },
  };
  const columns = {
    header: true,
    features: ['a', 'b'].map((name, i) => ({ name, position: i + 1, kind: 'number' })),
    targets: [{ name: 'y', position: 3, kind: 'number' }],
  };
  const named = () => new Folder().write('model.json', { ...model, columns });

  test('prints the header alone for a header alone that matches', () => {
    expect(named().mlp(['predict'], 'b,a\n')).toEqual(done('y\n'));
  });

  test('never ends well without a prediction otherwise', () => {
    expect(new Folder().write('model.json', model).mlp(['predict'], 'p,q\n')).toEqual({
      status: 3,
      stdout: '',
      stderr:
        'mlp: standard input:1: expected rows below the header; found none\n  if this row is data and no header, say --no-header\n',
    });
  });

  test('says what to do with JSON that is called CSV', () => {
    const message =
      'mlp: rows.csv: expected a CSV table; found JSON\n  JSON is read from a file whose name ends in .json, or with --input-format json\n';
    const predict = ['predict', '--data', 'rows.csv'];
    const folder = named().write('rows.csv', '[[1, 2]]');
    expect(folder.mlp(predict)).toEqual(refused(3, message));
    expect(folder.mlp([...predict, '--input-format', 'json'])).toEqual(done('y\n3\n'));
  });

  test('says what to do with a row that it takes for a header', () => {
    expect(named().mlp(['predict'], '1,x\n2,3\n')).toEqual(
      refused(
        3,
        'mlp: standard input:1: expected the columns "a", "b" (2); found "1", "x"\n  if this row is data and no header, say --no-header\n',
      ),
    );
  });
});

describe('a packed table', () => {
  const train = 'mlp train --epochs 2 --seed 1 --json --quiet --data';
  const iris = () => new Folder().take('data/iris.csv');

  test('trains and predicts as the table itself, from a file of any name and from standard input', () => {
    const folder = iris();
    const whole = folder.shell(
      `${train} iris.csv -o plain.json; mlp predict plain.json < iris.csv`,
    );
    expect(whole.stderr).toBe('');
    folder.shell('gzip -k iris.csv; cp iris.csv.gz packed');
    for (const name of ['iris.csv.gz', 'packed', '- < iris.csv.gz', '- < iris.csv']) {
      const run = `${train} ${name} -o packed.json -f; mlp predict packed.json --data ${name}`;
      expect(folder.shell(run)).toEqual(whole);
      expect(folder.json('packed.json').weights).toEqual(folder.json('plain.json').weights);
    }
  });

  test('is in the format that its name has without .gz', () => {
    const folder = new Folder()
      .write('t.TSV.gz', gzipSync('a b\ty,z\n1\t2\n3\t4\n'))
      .write('t.json.gz', gzipSync('{"x": [[1], [3]], "y": [2, 4]}'));
    const said = (name: string) =>
      folder.mlp(['new', '--data', name, '--layers', 'none', '-o', 'm.json', '-f']).stderr;
    const classes = '2 classes ("2", "4"), so 1 sigmoid unit, binary_crossentropy, accuracy';
    const rest = 'hidden layers: none; optimizer: adam; inputs: 1\nsaved m.json\n';
    expect(said('t.TSV.gz')).toBe(
      `1 column of numbers scaled: zscore (--normalize)\ntarget "y,z": ${classes}\n${rest}`,
    );
    expect(said('t.json.gz')).toBe(`target y: ${classes}\n${rest}`);
  });

  test('that is cut off trains nothing', () => {
    const folder = new Folder().take('data/malformed/truncated.csv.gz');
    expect(folder.shell(`${train} truncated.csv.gz`)).toEqual(
      refused(
        3,
        'mlp: truncated.csv.gz: expected a whole gzip file; found one that ends early\n  it seems to be cut off: copy it again\n',
      ),
    );
    expect(folder.names()).toEqual(['truncated.csv.gz']);
  });
});

describe('--delimiter', () => {
  // In the first line there are more commas than anything else.
  const table = (between: string) =>
    ['a,b,c', '"y,d"', 'e'].join(between) +
    [1, 2, 3].map((i) => `\n${[i, 2 * i + 0.5, i * i].join(between)}`).join('');
  const train = ['train', '--epochs', '2', '--seed', '1', '--json', '--quiet', '--layers', '4'];

  test.each([
    [';', ';'],
    ['|', '|'],
    [':', ':'],
    ['·', '·'],
    ['tab', '\t'],
    ['\t', '\t'],
  ])('%j is what new, train and predict go by', (said, between) => {
    const folder = new Folder().write('t.csv', table(between));
    const quoted = ['a,b,c', 'y,d', 'e'].map((name) => `"${name}"`).join(',');
    folder.write('plain.csv', table(between).replace(/^.*/, quoted).replaceAll(between, ','));
    const expected = folder.mlp([...train, '--data', 'plain.csv', '-o', 'plain.json']);
    const delimiter = ['--delimiter', said];
    const given = ['--data', 't.csv', ...delimiter];
    expect(
      folder.mlp([...train, ...given, '--validation-data', 't.csv', '-o', 'm.json']).stderr,
    ).toBe('');
    expect(folder.json('m.json').weights).toEqual(folder.json('plain.json').weights);
    expect(folder.json('m.json').columns).toEqual(folder.json('plain.json').columns);
    expect(expected.status).toBe(0);
    expect(folder.mlp(['predict', 'm.json', ...given])).toEqual(
      folder.mlp(['predict', 'plain.json', '--data', 'plain.csv']),
    );
    expect(folder.mlp(['new', ...given]).stderr).toContain('inputs: 2\n');
  });

  test.each(['', ';;', '"', '\n', '\\t', 'comma'])('refuses %j', (said) => {
    expect(new Folder().mlp(['predict', '--delimiter', said])).toEqual(
      refused(
        2,
        `mlp: --delimiter: expected one character other than a double quote or a line end, tab or space; found ${JSON.stringify(said)}\n`,
      ),
    );
  });

  test('stands above a name in .tsv, and beside no JSON', () => {
    const folder = new Folder().write('t.tsv', table(';')).write('t.json', '{"x": [], "y": []}');
    const made = folder.mlp(['new', '--data', 't.tsv', '--delimiter', ';']);
    expect(made.stderr).toContain('target "e": numbers, ');
    expect(folder.mlp(['new', '--data', 't.json', '--delimiter', ';'])).toEqual(
      refused(
        2,
        'mlp: --delimiter: expected a CSV table; found t.json, which is read as json\n  if it is a table, say --input-format csv\n',
      ),
    );
  });
});

describe('rows as JSON', () => {
  const train = 'mlp train --epochs 2 --seed 1 --json --quiet --target species --data';
  /** The rows of iris.csv, each made to a line by `line`. */
  function lines(folder: Folder, line: (cells: string[], names: string[]) => unknown): string {
    const [head, ...rows] = folder.read('iris.csv').trimEnd().split('\n');
    const names = head.split(',');
    return rows.map((row) => `${JSON.stringify(line(row.split(','), names))}\n`).join('');
  }
  const value = (cell: string) => (/^[\d.]+$/.test(cell) ? Number(cell) : cell);
  const object = (cells: string[], names: string[]) =>
    Object.fromEntries(names.map((name, i) => [name, value(cells[i])]));

  test('in objects train and predict as the table itself', () => {
    const folder = new Folder().take('data/iris.csv');
    const rows = lines(folder, object);
    folder.write('iris.jsonl', rows).write('iris.NDJSON', rows).write('rows', rows);
    folder.write('iris.json', `[${rows.trimEnd().replaceAll('\n', ', ')}]`);
    folder.shell('gzip -k iris.jsonl');
    const whole = folder.shell(`${train} iris.csv -o a.json; mlp predict a.json < iris.csv`);
    expect(whole.stderr).toBe('');
    for (const data of [
      'iris.jsonl',
      'iris.NDJSON',
      'iris.jsonl.gz',
      'iris.json',
      '- --input-format json < iris.json',
      'rows --input-format jsonl',
      '- --input-format ndjson < iris.jsonl',
    ]) {
      const run = `${train} ${data} -o b.json -f; mlp predict b.json --data ${data}`;
      expect(folder.shell(run)).toEqual(whole);
      const { weights, columns } = folder.json('b.json');
      expect({ weights, columns }).toEqual({
        weights: folder.json('a.json').weights,
        columns: folder.json('a.json').columns,
      });
    }
    const evaluated = folder.mlp(['evaluate', 'a.json', '--data', 'iris.csv']);
    expect(evaluated.status).toBe(0);
    expect(folder.mlp(['evaluate', 'a.json', '--data', 'iris.jsonl'])).toEqual(evaluated);
  });

  test('in arrays, a line for each, train and predict as a table without a header', () => {
    const folder = new Folder().take('data/iris.csv');
    folder.write(
      'iris.jsonl',
      lines(folder, (cells) => cells.map(value)),
    );
    folder.shell('tail -n +2 iris.csv > plain.csv');
    const without = (data: string) =>
      `${train.replace('species', '5')} ${data} --no-header -o m.json -f; mlp predict m.json --no-header --data ${data}`;
    const whole = folder.shell(without('plain.csv'));
    expect(whole.stderr).toBe('');
    expect(folder.shell(without('iris.jsonl'))).toEqual(whole);
  });

  test('say by line and column what does not fit, in train and in predict', () => {
    const whole = '{"x": 1, "y": 2}\n'.repeat(30);
    const rows = `${whole}\n{"x": [1], "y": 3.5}\n{"x": false, "y": null}\n{"y": 4}\n`;
    const folder = new Folder().write('t.jsonl', rows);
    expect(folder.mlp(['new', '--data', 't.jsonl'])).toEqual(
      refused(
        3,
        `mlp: t.jsonl:32 column "x": expected a number; found "[1]"
mlp: t.jsonl:33 column "x": expected a number; found "false"
  treat it as missing: --na "[1]"; or take the column for categories: --categorical NAME\n`,
      ),
    );
    folder.write('model.json', {
      input_shape: [1],
      layers: [{ units: 1 }],
      weights: { dense: { kernel: [[2]], bias: [0] } },
      columns: {
        header: true,
        features: [{ name: 'x', position: 1, kind: 'number' }],
        targets: [{ name: 'y', position: 2, kind: 'number' }],
      },
    });
    const predict = ['predict', '--input-format', 'jsonl', '--format', 'jsonl'];
    expect(folder.mlp(predict, '{"id": [7], "x": 1}\n{"x": 2, "new": {}}\n{"x": -0.5}')).toEqual(
      done('{"y":2}\n{"y":4}\n{"y":-1}\n'),
    );
    const input = '[{"id": 7, "x": 1}, {"x": 2, "new": {}}]';
    expect(folder.mlp(['predict', '--input', input])).toEqual(done('y\n2\n4\n'));
    expect(folder.mlp(['predict', '--input', input.replace('2', 'null')])).toEqual({
      status: 3,
      stdout: 'y\n2\n',
      stderr:
        'mlp: --input: [1] column "x": expected a number; found an empty cell\n  fill missing values when training: --missing mean (median, mode, indicator)\n  or leave such rows out: --on-error skip\n',
    });
    expect(folder.mlp(predict, '{"X": 1}\n')).toEqual(
      refused(
        3,
        'mlp: standard input:1: expected the column "x"; found "X"\n  did you mean "X"?\n',
      ),
    );
    expect(folder.mlp(predict, '{"x": 1}\n{"x": 2\n')).toEqual({
      status: 3,
      stdout: '{"y":2}\n',
      stderr:
        'mlp: standard input:2:8: expected "," or "}"; found the end of the line\n  each line holds a whole value; JSON over several lines is read with --input-format json\n',
    });
  });
});

describe('a target of texts meets a loss over numbers', () => {
  const spec = { layers: [{ units: 1 }], compile: { loss: 'mse' } };
  const REMEDY =
    '  the loss wants numbers; for classes choose sparse_categorical_crossentropy, or binary_crossentropy for two\n';

  test('in a table', () => {
    const folder = new Folder().take('data/iris.csv').write('model.json', spec);
    expect(folder.mlp(['train', '--data', 'iris.csv'])).toEqual(
      refused(
        3,
        `mlp: iris.csv:2 column "species": expected a number; found "setosa", and 149 more such cells\n${REMEDY}`,
      ),
    );
  });

  test('in JSON arrays', () => {
    const folder = new Folder().write('model.json', spec);
    folder.write('data.json', { x: [[1], [2]], y: ['no', 'yes'] });
    expect(folder.mlp(['train', '--data', 'data.json'])).toEqual(
      refused(
        3,
        `mlp: data.json: expected numbers as targets of mean_squared_error; found the classes "no", "yes"\n${REMEDY}`,
      ),
    );
  });

  test('in a model that has learnt its classes', () => {
    const folder = new Folder().write('data.csv', 'x,y\n1,no\n2,yes\n');
    const train = ['train', '--epochs', '1', '--seed', '1', '--verbose', '0', '--data', 'data.csv'];
    folder.mlp([...train, '--layers', 'none']);
    expect(folder.mlp([...train, 'model.trained.json', '--loss', 'mse', '-o', 'm.json'])).toEqual(
      refused(
        3,
        `mlp: data.csv: expected numbers as targets of mean_squared_error; found the classes "no", "yes"\n${REMEDY}`,
      ),
    );
  });
});

test('a model made beside a trained one is said not to be that one', () => {
  const folder = new Folder().write('data.csv', 'x,y\n1,2\n3,4.5\n5,6\n');
  const train = ['train', '--data', 'data.csv', '--epochs', '1', '--seed', '1', '--verbose', '0'];
  const first = folder.mlp([...train, '--layers', 'none']);
  const second = folder.mlp([...train, '--layers', 'none']);
  expect(second).toEqual({
    ...first,
    stderr: `note: there is no model.json, so the model is made from the data; to train model.trained.json on, name it\n${first.stderr}`,
  });
});
