/**
 * Every case of fixtures/data/malformed/cases.json through the program: the exit code, the place in the
 * message, the rows, and a check for each outcome that would be wrong whatever else happens.
 */
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import document from '../../fixtures/data/malformed/cases.json' with { type: 'json' };
import { Folder, type Outcome } from './run.ts';

const MALFORMED = resolve(import.meta.dirname, '../../fixtures/data/malformed');

interface Case {
  readonly file: string;
  readonly expect: {
    readonly kind: string;
    readonly text: string;
    readonly exit?: number;
    readonly line?: number;
    readonly column?: string;
    readonly rows?: number;
    readonly never?: readonly string[];
  };
  readonly target?: string;
  readonly task?: string;
  readonly use?: string;
}

const cases: readonly Case[] = document.cases;

/** What a case came to. */
interface Result extends Outcome {
  readonly folder: Folder;
  /** The model that was trained, if any. */
  readonly model: Model | undefined;
}

interface Model {
  readonly columns: {
    readonly features: readonly { name: string; position: number; kind: string }[];
    readonly targets: readonly { name: string; classes?: readonly string[] }[];
  };
  readonly weights: unknown;
  readonly training: { readonly rows: number };
}

const TRAIN = [
  'train',
  '--epochs',
  '2',
  '--seed',
  '1',
  '--json',
  '--layers',
  '4',
  '-o',
  'm.json',
  '-f',
];

function train(folder: Folder, file: string, options: readonly string[]): Result {
  const outcome = folder.mlp([...TRAIN, '--data', file, ...options]);
  const model = folder.names().includes('m.json') ? folder.json('m.json') : undefined;
  return { ...outcome, folder, model };
}

function run({ file, target = document.target, task, use }: Case): Result {
  const folder = new Folder().take(`data/malformed/${file}`);
  if (use === undefined) {
    const loss = task === 'regression' ? ['--loss', 'mse'] : [];
    return train(folder, file, ['--target', target, ...loss]);
  }
  const trainingFile = use === 'predict' ? 'blank_lines.csv' : 'unseen_category_train.csv';
  folder.take(`data/malformed/${trainingFile}`);
  const { model } = train(folder, trainingFile, ['--target', target]);
  return { ...folder.mlp(['predict', 'm.json', '--data', file]), folder, model };
}

/** A message that speaks of this place of the file, as short as messages are. */
function checkPlace(result: Result, { file, expect: expected }: Case): void {
  const lines = result.stderr.trimEnd().split('\n');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(260);
  const here = lines.filter((line) => line.startsWith(`mlp: ${file}`));
  expect(here.length).toBeGreaterThan(0);
  const { line, column } = expected;
  if (line !== undefined)
    expect(here.some((text) => text.startsWith(`mlp: ${file}:${line}`))).toBe(true);
  // Bytes that are no text, and a row without a column's key, are known by their lines alone.
  if (column === undefined || /invalid_utf8|missing_key/.test(file)) return;
  const places = here.filter(
    (text) => line === undefined || text.startsWith(`mlp: ${file}:${line}`),
  );
  expect(places.join('\n')).toContain(`"${column}"`);
}

function checkAccepted(result: Result, { expect: { rows }, use }: Case): void {
  expect(result.stdout).not.toMatch(/NaN|Infinity/i);
  if (rows === undefined) return;
  if (use === undefined) expect(result.model?.training.rows).toBe(rows);
  else expect(result.stdout.trimEnd().split('\n')).toHaveLength(1 + rows);
}

const FEATURES = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];
const IRIS = ['setosa', 'versicolor', 'virginica'];

const names = ({ model }: Result) => model?.columns.features.map(({ name }) => name);
const classes = ({ model }: Result) => model?.columns.targets[0].classes;

const refusedWhole = ({ status, model }: Result) => expect([status, model]).toEqual([3, undefined]);
const fourFeatures = (result: Result) => {
  if (result.status === 0) expect([names(result), classes(result)]).toEqual([FEATURES, IRIS]);
};
const fourNumbers = (result: Result) => {
  const kinds = result.model?.columns.features.map(({ kind }) => kind) ?? [];
  expect(kinds.every((kind) => kind === 'number')).toBe(true);
};
const finite = ({ status, stdout }: Result) => {
  if (status !== 0) return;
  const losses = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).loss);
  expect(losses.every(Number.isFinite)).toBe(true);
};

/** Outcomes that are wrong, by file and by the words of `never`. */
const never: Readonly<Record<string, Readonly<Record<string, (result: Result) => unknown>>>> = {
  'trailing_delimiter_all.csv': {
    'target read from the empty column': ({ folder }) => {
      const { status, model } = train(folder, 'trailing_delimiter_all.csv', []);
      if (status === 0) expect(model?.columns.targets[0].name).not.toBe('');
    },
    'NaN loss': finite,
  },
  'unnamed_first_column.csv': {
    'columns shifted by one': ({ status, model }) => {
      if (status !== 0) return;
      const features = model?.columns.features.filter(({ name }) => name !== '');
      expect(features?.map(({ name, position }) => [name, position])).toEqual(
        FEATURES.map((name, i) => [name, i + 2]),
      );
    },
  },
  'cr_only.csv': { 'a table of one line or one column without a word': fourFeatures },
  'headerless.csv': {
    'a row lost without a word': ({ status, stderr, model }) => {
      if (status === 0 && !stderr.includes('header')) expect(model?.training.rows).toBe(12);
    },
  },
  'comment_lines.csv': { 'a one-column table': fourFeatures },
  'excel_sep_line.csv': { 'a one-column table': fourFeatures },
  'tabs_named_csv.csv': { 'a one-column table': fourFeatures },
  'semicolons_decimal_commas.csv': {
    'numbers read as categories without a word': fourNumbers,
    '1,4 read as 14': ({ status, model, folder }) => {
      if (status !== 0) return;
      folder.take('data/malformed/crlf.csv');
      const plain = train(folder, 'crlf.csv', ['--target', 'species']).model;
      expect(model?.weights).toEqual(plain?.weights);
    },
  },
  'header_spaces.csv': { 'a crash': ({ status }) => expect([0, 3]).toContain(status) },
  'quote_mid_field.csv': {
    'quotes dropped': (result) => {
      if (result.status === 0) expect(classes(result)).toContain('vir"gini"ca');
    },
  },
  'utf16le.csv': {
    'column names with NULs': ({ model }) => expect(JSON.stringify(model)).not.toContain('\\u0000'),
  },
  'invalid_utf8.csv': { 'U+FFFD in a class name without a word': refusedWhole },
  'number_1e400.csv': { 'Infinity in training': refusedWhole },
  'number_decimal_comma.csv': {
    '60': refusedWhole,
    'the column becomes a category without a word': refusedWhole,
  },
  'number_hex.csv': { '16': refusedWhole },
  'nan_text.csv': { 'NaN in training': finite },
  'missing_tokens.csv': { 'a number column becomes a category without a word': fourNumbers },
  'all_missing_column.csv': { 'NaN loss': finite },
  'target_missing.csv': {
    "a class '' or 'NA'": (result) => {
      for (const name of ['', 'NA']) expect(classes(result) ?? []).not.toContain(name);
    },
  },
  'truncated.csv.gz': { 'training on the part that could be read': refusedWhole },
};

/** What else the words of a case promise where it is accepted. */
const promises: Readonly<Record<string, (result: Result) => unknown>> = {
  'mixed_line_ends.csv': fourFeatures,
  'crlf.csv': fourFeatures,
  'bom.csv': fourFeatures,
  'bom_quoted_header.csv': fourFeatures,
  'utf16le.csv': fourFeatures,
  'two_members.csv.gz': fourFeatures,
  'proto_columns.csv': (result) => {
    expect(names(result)).toEqual(['__proto__', 'constructor', 'toString', 'hasOwnProperty']);
    expect(classes(result)).toEqual(['__proto__', 'constructor', ...IRIS]);
  },
  'quoted_newline.csv': (result) => {
    expect(classes(result)).toEqual([
      'say "hi", twice',
      'setosa',
      'versicolor',
      'vir\nginica',
      'virginica',
    ]);
  },
  'int_beyond_2p53.csv': ({ model, folder }) => {
    const ids = ['9007199254740992', '9007199254740993'];
    expect(model?.columns.targets[0].classes).toEqual(ids);
    const { stdout } = folder.mlp(['predict', 'm.json', '--data', 'int_beyond_2p53.csv']);
    const [, ...rows] = stdout.trimEnd().split('\n');
    expect(rows).toHaveLength(12);
    expect(rows.every((id) => ids.includes(id))).toBe(true);
  },
  'missing_key.jsonl': ({ status, stderr }) => {
    if (status === 0) expect(stderr).toContain('"note"');
  },
};

describe.each(cases.map((each) => [each.file, each] as const))('%s', (file, each) => {
  const { kind, text, exit, never: wrong = [] } = each.expect;
  test(`${kind}: ${text}`, () => {
    const result = run(each);
    if (kind === 'error') expect(result.status).toBe(exit);
    else if (kind === 'accept')
      expect([result.status, result.stderr]).toEqual([0, expect.anything()]);
    else expect([0, 3]).toContain(result.status);
    if (result.status === 0) checkAccepted(result, each);
    else checkPlace(result, each);
    for (const words of wrong) never[file][words](result);
    promises[file]?.(result);
  });
});

test('every file of the folder is a case, and every wrong outcome has its check', () => {
  const files = readdirSync(MALFORMED).filter((name) => name !== 'cases.json');
  expect(cases.map(({ file }) => file).sort()).toEqual(files.sort());
  const wrong = cases
    .filter((each) => each.expect.never)
    .map((each) => [each.file, each.expect.never]);
  expect(Object.fromEntries(wrong)).toEqual(
    Object.fromEntries(
      Object.entries(never).map(([file, checks]) => [
        file,
        expect.arrayContaining(Object.keys(checks)),
      ]),
    ),
  );
});

describe('what an option makes of a case', () => {
  test.each<[string, readonly string[]]>([
    ['comment_lines.csv', ['--comment', '#']],
    ['headerless.csv', ['--no-header', '--target', '5']],
    ['array.jsonl', ['--input-format', 'json']],
    ['text.parquet', ['--input-format', 'csv']],
  ])('%s is read with %j', (file, options) => {
    const folder = new Folder().take(`data/malformed/${file}`);
    const { status, model } = train(folder, file, ['--target', 'species', ...options]);
    expect([status, model?.training.rows]).toEqual([0, 12]);
  });

  test('invalid_utf8.csv is read with its encoding', () => {
    const folder = new Folder().take('data/malformed/invalid_utf8.csv');
    const options = ['--target', 'species', '--encoding', 'windows-1252'];
    const result = train(folder, 'invalid_utf8.csv', options);
    expect(classes(result)?.filter((name) => name.includes('é'))).toHaveLength(1);
  });
});
