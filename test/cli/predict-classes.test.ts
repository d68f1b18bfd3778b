/** What `predict` may be asked besides the likeliest class: probabilities, thresholds, hidden layers. */
import { describe, expect, test } from 'vitest';
import { done, Folder, refused } from './run.ts';

const number = (name: string, position: number) => ({ name, position, kind: 'number' });
const kinds = (...classes: string[]) => ({
  header: true,
  features: [number('x', 1)],
  targets: [{ name: 'kind', position: 2, kind: 'class', classes }],
});

/** Three classes, whose probabilities are the inputs times 1/8, 5/8 and 2/8. */
const three = {
  input_shape: [1],
  layers: [{ units: 3 }],
  weights: { dense: { kernel: [[0.125, 0.625, 0.25]], bias: [0, 0, 0] } },
  columns: kinds('a, b', 'say "c"', 'line\nbreak'),
};
/** Two classes on one unit: the probability of the second is the input. */
const two = {
  input_shape: [1],
  layers: [{ units: 1 }],
  weights: { dense: { kernel: [[1]], bias: [0] } },
  columns: kinds('no', 'yes'),
};
const price = { ...two, columns: { ...two.columns, targets: [number('price', 2)] } };
const bare = ({ columns: _, ...rest }: { readonly columns: object }): object => rest;

const predict = (model: object, args: readonly string[], input = 'x\n1\n') =>
  new Folder().write('model.json', model).mlp(['predict', ...args], input);

describe('--top-k', () => {
  test('prints the likeliest classes and their probabilities', () => {
    expect(predict(three, ['--top-k', '2'])).toEqual(
      done('class_1,proba_1,class_2,proba_2\n"say ""c""",0.625,"line\nbreak",0.25\n'),
    );
    expect(predict(three, ['--top-k', '3', '--format', 'tsv'])).toEqual(
      done(
        'class_1\tproba_1\tclass_2\tproba_2\tclass_3\tproba_3\n"say ""c"""\t0.625\t"line\nbreak"\t0.25\ta, b\t0.125\n',
      ),
    );
    expect(predict(three, ['--top-k', '1', '--format', 'jsonl'])).toEqual(
      done('{"class_1":"say \\"c\\"","proba_1":0.625}\n'),
    );
  });

  test('takes the first of two that are alike, as the prediction does', () => {
    expect(predict(two, ['--top-k', '2'], 'x\n0.5\n')).toEqual(
      done('class_1,proba_1,class_2,proba_2\nno,0.5,yes,0.5\n'),
    );
  });

  test('calls classes by their numbers where the model does not name them', () => {
    expect(predict(bare(three), ['--top-k', '1'], '1\n')).toEqual(done('1,0.625\n'));
  });
});

test('--threshold moves the line between two classes, and what is on it is the second', () => {
  const rows = 'x\n0.69\n0.7\n0.71\n';
  expect(predict(two, ['--threshold', '0.7'], rows)).toEqual(done('kind\nno\nyes\nyes\n'));
  expect(predict(two, ['--threshold', '0'], 'x\n0\n')).toEqual(done('kind\nyes\n'));
  const softmax = {
    ...two,
    layers: [{ units: 2, activation: 'softmax' }],
    weights: { dense: { kernel: [[0, 1]], bias: [0, 0] } },
  };
  expect(predict(softmax, ['--threshold', '0.7'], 'x\n0.5\n1\n')).toEqual(done('kind\nno\nyes\n'));
  expect(predict(bare(two), ['--threshold', '0.7'], '0.6\n0.8\n')).toEqual(done('0\n1\n'));
});

describe('--layer', () => {
  const deep = {
    input_shape: [1],
    layers: [
      { units: 2, name: 'hidden', activation: 'relu' },
      { units: 1, name: 'out' },
    ],
    weights: {
      hidden: { kernel: [[1, -1]], bias: [0, 0] },
      out: { kernel: [[1], [1]], bias: [0] },
    },
    columns: {
      ...two.columns,
      targets: [{ ...number('price', 2), shift: 100, scale: 10 }],
    },
  };

  test('prints its activations, not in the units of the target', () => {
    const rows = 'x\n2\n-3\n';
    expect(predict(deep, ['--layer', 'hidden'], rows)).toEqual(
      done('hidden_1,hidden_2\n2,0\n0,3\n'),
    );
    expect(predict(deep, ['--layer', 'out'], rows)).toEqual(done('out_1\n2\n3\n'));
    expect(predict(deep, [], rows)).toEqual(done('price\n120\n130\n'));
    expect(predict(deep, ['--layer', 'hidden', '--format', 'json'], rows)).toEqual(
      done('[\n[2,0],\n[0,3]\n]\n'),
    );
    expect(predict(deep, ['--layer', 'hidden', '--format', 'jsonl'], 'x\n2\n')).toEqual(
      done('{"hidden_1":2,"hidden_2":0}\n'),
    );
  });

  test('names the layers that there are', () => {
    expect(predict(deep, ['--layer', 'hiden'])).toEqual(
      refused(2, 'mlp: --layer: expected a layer; found "hiden"\n  did you mean "hidden"?\n'),
    );
    expect(predict(deep, ['--layer', 'x'])).toEqual(
      refused(2, 'mlp: --layer: expected a layer; found "x"\n  there is "hidden", "out"\n'),
    );
  });
});

const mistakes: readonly [what: string, model: object, args: string, message: string][] = [
  [
    'more classes than there are',
    three,
    '--top-k 4',
    '--top-k: expected at most 3, as many as there are classes; found 4',
  ],
  [
    'classes of numbers',
    price,
    '--top-k 1',
    '--top-k: expected a model of classes; found the number "price"',
  ],
  [
    'a threshold of numbers',
    price,
    '--threshold 0.5',
    '--threshold: expected a model of classes; found the number "price"',
  ],
  [
    'a threshold of three classes',
    three,
    '--threshold 0.5',
    '--threshold: expected a model of two classes; found 3\n  of more classes, --proba and --top-k tell the probabilities',
  ],
  [
    'a threshold that is no probability',
    two,
    '--threshold 50',
    '--threshold: expected a number from 0 to 1; found "50"',
  ],
  [
    'classes in arrays',
    three,
    '--top-k 2 --format numpy',
    '--top-k: expected --format csv, tsv, jsonl beside it; found --format numpy',
  ],
  [
    'two questions',
    three,
    '--top-k 2 --proba',
    '--top-k: expected no --proba beside it; found both\n  see "mlp predict --help"',
  ],
  [
    'classes of a hidden layer',
    three,
    '--layer dense --top-k 2',
    '--layer: expected no --top-k beside it; found both\n  see "mlp predict --help"',
  ],
];

test.each(mistakes)('%s are refused', (_, model, args, message) => {
  expect(predict(model, args.split(' '))).toEqual(refused(2, `mlp: ${message}\n`));
});

describe('--input', () => {
  test.each([
    ['test.csv', 'test.csv'],
    ['data/my test.jsonl.gz', '"data/my test.jsonl.gz"'],
  ])('that is the name of a file, %s, says how to read one', (name, shown) => {
    expect(predict(two, ['--input', name])).toEqual(
      refused(
        2,
        `mlp: --input: expected JSON; found the name of a file, "${name}"\n  to read a file: --data ${shown}\n`,
      ),
    );
  });

  test('that is the name of a file without an ending, too', () => {
    const folder = new Folder().write('model.json', two).write('rows', '1\n');
    expect(folder.mlp(['predict', '--input', 'rows']).stderr).toContain('--data rows\n');
    expect(folder.mlp(['predict', '--input', 'row']).stderr).not.toContain('--data');
  });
});
