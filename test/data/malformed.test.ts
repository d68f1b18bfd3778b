/**
 * The files of fixtures/data/malformed as `src/data` reads them alone (test/cli/malformed.test.ts runs the
 * program on all of them), each as a training table with the target `species` (or
 * the one named here). What comes of it: the classes of the target, or the whole message.
 */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readRows } from '../../src/data/rows.ts';
import { openSource } from '../../src/data/source.ts';
import { readTable, type Table } from '../../src/data/table.ts';
import { failure, sourceOf, tableOf } from './text-source.ts';

const folder = fileURLToPath(new URL('../../fixtures/data/malformed/', import.meta.url));

const IRIS = ['setosa', 'versicolor', 'virginica'];
const REMEDY = (cell: string) =>
  `  treat it as missing: --na ${cell}; or take the column for categories: --categorical NAME`;
const COMMA = '  if commas are decimal points here, say --decimal-comma';
const ROWS =
  '  every row needs a cell for each column; a cell that holds "," must stand in double quotes';
const QUOTES = '  a quote that belongs to the text of a quoted cell is written twice ("")';
const RENAME = '  rename the columns, or leave some out of the file';
const WRONG = (cell: string, found = cell) => [
  `4 column "petal_length": expected a number; found ${found}`,
  REMEDY(cell),
];

/** The lines of a message after `mlp: FILE:`, or the classes, and what is said of 12 rows. */
interface Outcome {
  readonly classes?: readonly string[];
  readonly rows?: number;
  readonly notes?: readonly string[];
  readonly message?: readonly string[];
  readonly target?: string;
  readonly mode?: 'number';
}

const outcomes: Record<string, Outcome> = {
  'all_missing_column.csv': {
    classes: IRIS,
    notes: ['column "petal_length": left out: missing in every row'],
  },
  'array.jsonl': {
    message: [
      '1:106: expected a value; found the end of the line',
      '  each line holds a whole value; JSON over several lines is read with --input-format json',
    ],
  },
  'blank_lines.csv': { classes: IRIS },
  'blank_lines_then_error.csv': {
    message: ['8 column "sepal_width": expected a number; found "oops"', REMEDY('"oops"')],
  },
  'bom.csv': { classes: IRIS },
  'bom_quoted_header.csv': { classes: IRIS },
  'broken_line.jsonl': {
    message: [
      '4:95: expected a value; found the end of the line',
      '  each line holds a whole value; JSON over several lines is read with --input-format json',
    ],
  },
  'comment_lines.csv': {
    message: [
      '3: expected 1 cell as in line 1; found 5',
      '  lines that begin with # are left out with --comment "#"',
    ],
  },
  'constant_column.csv': {
    classes: IRIS,
    notes: ['column "sepal_width": left out: 3 in every row'],
  },
  'cr_only.csv': { classes: IRIS },
  'crlf.csv': { classes: IRIS },
  'duplicate_headers.csv': {
    message: [
      '1: expected a name of its own for each column; found "sepal_width" in columns 2 and 3',
      RENAME,
    ],
  },
  'duplicate_target.csv': {
    message: [
      '1: expected a name of its own for each column; found "species" in columns 1 and 5',
      RENAME,
    ],
  },
  'empty.csv': { message: [' expected rows of cells; found an empty file'] },
  'excel_sep_line.csv': { classes: IRIS },
  'header_only.csv': { message: ['1: expected rows below the header; found none'] },
  'header_spaces.csv': {
    message: [
      ' expected the target column "species"; found "sepal_length", " sepal_width ", " petal_length", "petal_width ", " species"',
      '  did you mean " species"?',
    ],
  },
  'headerless.csv': {
    message: [
      '1: expected a header or a row of numbers; found both "5.1" and "setosa"',
      '  say which it is: --header, or --no-header if this row is data',
    ],
  },
  'int_beyond_2p53.csv': { classes: ['9007199254740992', '9007199254740993'], target: 'id' },
  'invalid_utf8.csv': {
    message: [
      '5: expected UTF-8 text; found the byte E9',
      '  if it is in another encoding, name it: --encoding windows-1252',
    ],
  },
  'missing_key.jsonl': {
    message: [
      '5: expected the keys of line 1; found the key "note", which is not among them',
      '  the first object has all columns; null stands for a value that is missing',
    ],
  },
  'missing_tokens.csv': {
    message: [
      '7 column "sepal_width": expected a number; found "-"',
      '8 column "petal_length": expected a number; found "."',
      REMEDY('"-"'),
    ],
  },
  'mixed_line_ends.csv': { classes: IRIS },
  'nan_text.csv': {
    classes: IRIS,
    notes: ['column "petal_length": 1 missing filled with the mean 3.664 (--missing)'],
  },
  'no_final_newline.csv': { classes: IRIS },
  'nul_bytes.csv': { message: WRONG('"6\\u0000.0"') },
  'number_1e400.csv': { message: WRONG('"1e400"', '"1e400", which is beyond float32 (3.4e38)') },
  'number_decimal_comma.csv': { message: [WRONG('"6,0"')[0], COMMA] },
  'number_forms.csv': { classes: IRIS },
  'number_hex.csv': { message: WRONG('"0x10"') },
  'number_inf.csv': {
    message: [
      WRONG('"inf"')[0],
      '7 column "petal_length": expected a number; found "-Infinity"',
      REMEDY('"inf"'),
    ],
  },
  'number_spaces.csv': { classes: IRIS },
  'number_thousands.csv': {
    message: [
      WRONG('"1,234.5"')[0],
      '  take the commas out of the numbers; or take the column for categories: --categorical NAME',
    ],
  },
  'number_underscore.csv': { message: WRONG('"1_0"') },
  'only_newlines.csv': { message: [' expected rows of cells; found only blank lines'] },
  'plain_text.csv.gz': { classes: IRIS },
  'proto_columns.csv': { classes: ['__proto__', 'constructor', ...IRIS] },
  'quote_mid_field.csv': { classes: ['setosa', 'versicolor', 'vir"gini"ca', 'virginica'] },
  'quoted_newline.csv': {
    classes: ['say "hi", twice', 'setosa', 'versicolor', 'vir\nginica', 'virginica'],
  },
  'quoted_newline_then_error.csv': {
    message: ['10 column "petal_length": expected a number; found "four"', REMEDY('"four"')],
  },
  'ragged_long.csv': { message: ['6: expected 5 cells as in line 1; found 6', ROWS] },
  'ragged_short.csv': { message: ['5: expected 5 cells as in line 1; found 4', ROWS] },
  'semicolons_decimal_commas.csv': {
    message: [
      '2 column "sepal_length": expected a number; found "5,1", and 11 more such cells',
      '2 column "sepal_width": expected a number; found "3,5", and 11 more such cells',
      '2 column "petal_length": expected a number; found "1,4", and 11 more such cells',
      '2 column "petal_width": expected a number; found "0,2", and 11 more such cells',
      COMMA,
    ],
  },
  'tabs_named_csv.csv': { classes: IRIS },
  'target_missing.csv': { classes: IRIS, rows: 10, notes: ['left out 2 rows without a target'] },
  'target_one_class.csv': {
    message: [
      ' column "species": expected at least two classes; found only "setosa"',
      '  name another target column, or give rows of other classes',
    ],
  },
  'target_text_regression.csv': {
    message: [
      '9 column "petal_length": expected a number; found "n. a."',
      '  correct the cells, or leave the rows out of the file',
    ],
    target: 'petal_length',
    mode: 'number',
  },
  'text_after_quote.csv': {
    message: [
      '4 column "species": expected "," or the end of the line after the closing quote; found "x"',
      QUOTES,
    ],
  },
  'trailing_delimiter_all.csv': {
    classes: IRIS,
    notes: ['column 6: left out: missing in every row'],
  },
  'trailing_delimiter_rows.csv': {
    message: ['2: expected 5 cells as in line 1; found 6', ROWS],
  },
  'truncated.csv.gz': {
    message: [
      ' expected a whole gzip file; found one that ends early',
      '  it seems to be cut off: copy it again',
    ],
  },
  'two_members.csv.gz': { classes: IRIS },
  'types.jsonl': {
    message: [
      '3 column "sepal_length": expected a number; found "[6.3]"',
      '3 column "sepal_width": expected a number; found "{\\"v\\":3.3}"',
      '3 column "petal_length": expected a number; found "true"',
      REMEDY('"[6.3]"'),
    ],
  },
  'unclosed_quote.csv': {
    message: ['4 column "species": expected a closing quote; found the end of the file', QUOTES],
  },
  'unnamed_first_column.csv': {
    classes: IRIS,
    notes: ['column 1: left out: the numbers of the 12 rows (--numeric)'],
  },
  'utf16le.csv': { classes: IRIS },
};

async function read(file: string, { target, mode }: Outcome): Promise<Table> {
  const { chunks } = await openSource(folder + file, sourceOf('').chunks);
  const columns = { targets: [target ?? 'species'], mode: mode ?? ('auto' as const) };
  const rows = readRows({ name: file, chunks }, file.endsWith('.jsonl') ? 'jsonl' : 'csv');
  return readTable(rows, { columns });
}

for (const [file, outcome] of Object.entries(outcomes)) {
  const { message, classes } = outcome;
  if (message) {
    test(`${file} is refused in these words`, async () => {
      // Each problem begins with its line, or with a blank where it has none; remedies with two.
      const lines = message.map((line) => {
        if (line.startsWith('  ')) return line;
        return `mlp: ${file}${line.startsWith(' column') ? '' : ':'}${line}`;
      });
      const said = await failure(() => read(file, outcome));
      expect(said.replaceAll(folder, '')).toBe(`3\n${lines.join('\n')}\n`);
    });
  } else {
    test(`${file} is read whole`, async () => {
      const { rows, columns, notes } = await read(file, outcome);
      expect(columns.targets[0]).toMatchObject({ kind: 'class', classes });
      expect({ rows, notes }).toEqual({ rows: outcome.rows ?? 12, notes: outcome.notes ?? [] });
    });
  }
}

test('with --no-header, the first row of data without one is no header', async () => {
  const { chunks } = await openSource(`${folder}headerless.csv`, sourceOf('').chunks);
  const columns = { targets: [], mode: 'auto' as const };
  const table = await readTable(tableOf({ name: 'headerless.csv', chunks }), {
    columns,
    header: false,
  });
  expect(table.rows).toBe(12);
  expect([...table.x.values.slice(0, 4)]).toEqual([5.1, 3.5, 1.4, 0.2].map(Math.fround));
});

test('a column without a name is found by its position', async () => {
  const { chunks } = await openSource(`${folder}unnamed_first_column.csv`, sourceOf('').chunks);
  const columns = { targets: ['1'], mode: 'number' as const };
  const table = await readTable(tableOf({ name: 'x.csv', chunks }), { columns });
  expect(table.columns.targets).toEqual([{ name: '', position: 1, kind: 'number' }]);
  expect([...table.y.values]).toEqual(Array.from({ length: 12 }, (_, row) => row + 1));
  expect(table.notes).toEqual([
    'column "species": category: one input for each of 3 categories (--ignore)',
  ]);
});

test('all forms of a number are read as they are meant', async () => {
  const { x } = await read('number_forms.csv', {});
  expect([...x.values.slice(0, 16)]).toEqual(
    [5.1, 0.5, 1, 0.2, 7, 3.2, 4.7, -0, 6.3, 3.3, 6, 2.5, 4.9, 3, 0, 0.2].map(Math.fround),
  );
});
