/** `predict` on tables: columns of the input beside the predictions, whatever their order. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { done, Folder, refused } from './run.ts';

const number = (name: string, position: number) => ({ name, position, kind: 'number' });
/** sum = a + 10 b */
const model = {
  input_shape: [2],
  layers: [{ units: 1 }],
  weights: { dense: { kernel: [[1], [10]], bias: [0] } },
  columns: {
    header: true,
    features: [number('a', 1), number('b', 2)],
    targets: [number('sum', 3)],
  },
};
/** Cells that a careless writer would change. */
const NASTY =
  'id,b, a note,a,sum\n007,+2,"x, ""y""",1.50,\n"8\n",0.0, blanks ,"1e0",n/a\n,3,,4,99999999999999999999\n';

const folderWith = (spec: object = model): Folder => new Folder().write('model.json', spec);
const predict = (args: readonly string[], input = NASTY, spec?: object) =>
  folderWith(spec).mlp(['predict', ...args], input);

describe('--pass and --append', () => {
  test('give cells as they stand in the input', () => {
    expect(predict(['--append'])).toEqual(
      done(`id,b, a note,a,sum,predicted_sum
007,+2,"x, ""y""",1.50,,21.5
"8\n",0.0, blanks ,1e0,n/a,1
,3,,4,99999999999999999999,34
`),
    );
    expect(predict(['--append', '--format', 'tsv'])).toEqual(
      done(
        'id\tb\t a note\ta\tsum\tpredicted_sum\n007\t+2\t"x, ""y"""\t1.50\t\t21.5\n"8\n"\t0.0\t blanks \t1e0\tn/a\t1\n\t3\t\t4\t99999999999999999999\t34\n',
      ),
    );
  });

  test('name columns, patterns, positions and ranges, in the order said, each once', () => {
    expect(predict(['--pass', 'a,id', '--format', 'csv'])).toEqual(
      done('a,id,sum\n1.50,007,21.5\n1e0,"8\n",1\n4,,34\n'),
    );
    const header = (words: string) => predict(['--pass', words]).stdout.split('\n')[0];
    expect(header('*a*')).toBe(' a note,a,sum');
    expect(header('4,1-2')).toBe('a,id,b,sum');
    expect(header('id,1-2,i?')).toBe('id,b,sum');
  });

  test('in JSON: what is a number to the model is one as it is written, all else is text', () => {
    expect(predict(['--append', '--format', 'jsonl'])).toEqual(
      done(
        [
          '{"id":"007","b":"+2"," a note":"x, \\"y\\"","a":1.50,"sum":"","predicted_sum":21.5}',
          '{"id":"8\\n","b":0.0," a note":" blanks ","a":1e0,"sum":"n/a","predicted_sum":1}',
          '{"id":"","b":3," a note":"","a":4,"sum":99999999999999999999,"predicted_sum":34}',
          '',
        ].join('\n'),
      ),
    );
  });

  const objects =
    '{"id": 12345678901234567890, "a": 1.50, "b": "2", "more": {"x": [1, "a b"]}, "s": "\\u0041,\\n"}\n{"b": 1, "a": 2, "s": null}\n';

  test.each(['jsonl', 'json'])('of objects in %s keep their values', (format) => {
    const folder = folderWith().write(
      `t.${format}`,
      format === 'jsonl' ? objects : `[\n${objects.trim().replace('\n', ' ,\n')}\n ]`,
    );
    const args = ['predict', '--data', `t.${format}`];
    expect(folder.mlp([...args, '--append', '--format', 'jsonl'])).toEqual(
      done(
        '{"id":12345678901234567890,"a":1.50,"b":"2","more":{"x":[1,"a b"]},"s":"\\u0041,\\n","sum":21.5}\n{"id":null,"a":2,"b":1,"more":null,"s":null,"sum":12}\n',
      ),
    );
    expect(folder.mlp([...args, '--pass', 'id,more,s'])).toEqual(
      done('id,more,s,sum\n12345678901234567890,"{""x"":[1,""a b""]}","A,\n",21.5\n,,,12\n'),
    );
  });

  test('without a header go by position, and none is printed', () => {
    expect(predict(['--pass', '2'], '1,2\n3,4\n')).toEqual(done('2,21\n4,43\n'));
    expect(predict(['--append', '--format', 'jsonl'], '1,2.0\n')).toEqual(
      done('{"1":1,"2":2.0,"sum":21}\n'),
    );
    const lines = ['--input-format', 'jsonl', '--append', '--format', 'jsonl'];
    expect(predict(lines, '[1, 2.0]\n')).toEqual(done('{"1":1,"2":2.0,"sum":21}\n'));
  });

  test('stand before all kinds of predictions, and before none', () => {
    const rows = 'id,a,b\nx,1,2\ny,1,?\nz,3,4\n';
    expect(predict(['--pass', 'id', '--on-error', 'null', '-q'], rows)).toEqual(
      done('id,sum\nx,21\ny,\nz,43\n'),
    );
    expect(predict(['--pass', 'id', '--on-error', 'skip', '-q'], rows)).toEqual(
      done('id,sum\nx,21\nz,43\n'),
    );
    expect(
      predict(['--pass', 'id', '--on-error', 'null', '-q', '--format', 'jsonl'], rows),
    ).toEqual(done('{"id":"x","sum":21}\n{"id":"y","sum":null}\n{"id":"z","sum":43}\n'));
    expect(predict(['--pass', 'id', '--layer', 'dense'], 'id,a,b\nx,1,2\n')).toEqual(
      done('id,dense_1\nx,21\n'),
    );
  });

  test('keep to their rows where there are many', () => {
    const rows = Array.from({ length: 3000 }, (_, i) => `row ${i},${i},${i % 7 ? 1 : 'x'}\n`);
    const { stdout } = predict(
      ['--pass', 'id', '--on-error', 'null', '-q'],
      `id,a,b\n${rows.join('')}`,
    );
    const wanted = rows.map((_, i) => `row ${i},${i % 7 ? i + 10 : ''}\n`);
    expect(stdout).toBe(`id,sum\n${wanted.join('')}`);
  });
});

const mistakes: readonly [
  what: string,
  args: string,
  input: string,
  status: number,
  message: string,
][] = [
  [
    'a column that is not there',
    '--pass idd',
    'id,a,b\n1,2,3\n',
    3,
    'standard input: expected for --pass the column "idd"; found "id", "a", "b"\n  did you mean "id"?',
  ],
  [
    'all and some',
    '--pass a --append',
    '',
    2,
    '--pass: expected no --append beside it; found both\n  see "mlp predict --help"',
  ],
  [
    'an array',
    '--append --input [[1,2]]',
    '',
    2,
    '--append: expected a table, which has columns; found the array of --input\n  give the rows as a table, or as JSON objects',
  ],
  [
    'a format without columns',
    '--pass a --format json',
    '',
    2,
    '--pass: expected --format csv, tsv, jsonl beside it; found --format json',
  ],
  [
    'a name that is taken twice',
    '--append',
    'a,b,sum,predicted_sum\n1,2,3,4\n',
    2,
    'predict: expected no column "predicted_sum" beside the prediction of that name; found one\n  pass other columns: --pass NAMES',
  ],
];

test.each(mistakes)('%s is refused', (_, args, input, status, message) => {
  expect(predict(args.split(' '), input)).toEqual(refused(status, `mlp: ${message}\n`));
});

test('the order of columns is of no matter: the same bytes', () => {
  const mixed = {
    input_shape: [6],
    layers: [{ units: 2, activation: 'softmax' }],
    weights: {
      dense: {
        kernel: [
          [0.1, -0.3],
          [0.7, 0.2],
          [-1, 1],
          [0.5, 0],
          [0, 0.25],
          [2, -2],
        ],
        bias: [0.1, 0],
      },
    },
    columns: {
      header: true,
      features: [
        { ...number('a', 1), missing: 'indicator', fill: 1.5, shift: 2, scale: 0.3 },
        { name: 'b', position: 2, kind: 'category', categories: ['x', 'y, z'], unknown: 'other' },
        { name: 'c', position: 3, kind: 'boolean', values: ['no', 'yes'] },
        number('d', 4),
      ],
      targets: [{ name: 'kind', position: 5, kind: 'class', classes: ['p', 'q'] }],
    },
  };
  const folder = folderWith(mixed);
  const names = ['a', 'b', 'c', 'd', 'unused', 'kind'];
  const rows = Array.from({ length: 50 }, (_, i) => [
    i % 9 ? String(i / 8) : '',
    ['x', 'y, z', 'w'][i % 3],
    i % 2 ? 'yes' : 'No',
    String(-i),
    'text "quoted"',
    i % 5 ? 'p' : '',
  ]);
  const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const table = (order: readonly number[]) =>
    [names, ...rows].map((row) => `${order.map((i) => quote(row[i])).join(',')}\n`).join('');
  const args = ['predict', '--proba', '--pass', 'unused,a'];
  const expected = folder.mlp(args, table([0, 1, 2, 3, 4, 5]));
  expect(expected.stdout.split('\n')).toHaveLength(52);
  const orders = fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 });
  fc.assert(
    fc.property(orders, (order) => {
      expect(folder.mlp(args, table(order))).toEqual(expected);
    }),
    { numRuns: 8 },
  );
});
