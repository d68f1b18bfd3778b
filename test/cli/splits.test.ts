/** How `--split` and its shares divide a table, by the real program. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Folder, refused } from './run.ts';

const QUIET = ['--epochs', '2', '--seed', '1', '--verbose', '0', '-f'];
const train = (...words: string[]) => ['train', '--data', 'data.csv', ...QUIET, ...words];

/** Rows of a table, by number. */
const rows = (count: number, row: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => `${row(i)}\n`).join('');

/** What was said of the rows. */
function told(folder: Folder, words: readonly string[]): string[] {
  const { stderr } = folder.mlp(words);
  return stderr.split('\n').filter((line) => /^(?:warning|rows)/.test(line));
}

describe('--split', () => {
  const data = `a,person,part,y\n${rows(
    20,
    (i) =>
      `${i},${Math.floor(i / 4)},${i < 14 ? 'train' : i < 17 ? 'test' : 'val'},${'uv'[Number(i % 4 === 0)]}`,
  )}`;
  const folderWith = () => new Folder().write('data.csv', data);
  const base = ['--layers', 'none', '--features', 'a'];
  const share = ['--validation-split', '0.2'];

  test('stratified says how many rows of each class went where', () => {
    expect(told(folderWith(), train(...base, ...share, '--split', 'stratified'))).toEqual([
      'rows: 16 ("u" 12, "v" 4) to learn from; 4 ("u" 3, "v" 1) to validate with',
    ]);
  });

  test('stratified takes classes for what the loss takes them for, however they are spelt', () => {
    const folder = new Folder().write('model.json', {
      layers: [{ units: 3, activation: 'softmax' }],
      compile: { loss: 'sparse_categorical_crossentropy' },
    });
    folder.write('data.csv', `a,y\n${rows(24, (i) => `${i},${i % 3}${['', '.0'][i % 2]}`)}`);
    expect(told(folder, train('--split', 'stratified', '--validation-split', '0.25'))).toEqual([
      'rows: 18 ("0" 6, "1" 6, "2" 6) to learn from; 6 ("0" 2, "1" 2, "2" 2) to validate with',
    ]);
  });

  test('random and group take as many rows', () => {
    for (const how of ['random', 'group:person']) {
      const [line] = told(folderWith(), train(...base, ...share, '--split', how));
      expect(line).toMatch(/^rows: 16 \(.*\) to learn from; 4 \(.*\) to validate with$/);
    }
  });

  test('column goes by its words, and --test-out gets the others as they stand', () => {
    const folder = folderWith();
    const words = train(...base, '--split', 'column:part', '--test-out', 'test.csv');
    expect(told(folder, words)).toEqual([
      'rows: 14 ("u" 10, "v" 4) to learn from; 3 ("u" 3, "v" 0) to validate with; 3 ("u" 2, "v" 1) to test with',
    ]);
    const [head, ...all] = data.trimEnd().split('\n');
    expect(folder.read('test.csv')).toBe(`${[head, ...all.slice(14, 17)].join('\n')}\n`);
  });

  test('the same seed keeps the same rows aside, and no row is in two files', () => {
    const folder = folderWith();
    const words = train(
      ...base,
      '--split',
      'random',
      '--test-split',
      '0.25',
      '--test-out',
      't.csv',
    );
    const kept = () => {
      expect(folder.mlp(words).status).toBe(0);
      return folder.read('t.csv');
    };
    const first = kept();
    expect(kept()).toBe(first);
    const [head, ...lines] = first.trimEnd().split('\n');
    expect([head, lines.length, new Set(lines).size]).toEqual(['a,person,part,y', 5, 5]);
    expect(lines.every((line) => data.includes(`\n${line}\n`))).toBe(true);
    const { columns } = folder.json('model.trained.json');
    const others = data
      .split('\n')
      .slice(1, -1)
      .filter((line) => !lines.includes(line));
    const mean = others.reduce((sum, line) => sum + Number(line.split(',')[0]), 0) / 15;
    expect(columns.features[0].shift).toBe(mean);
  });

  test('last warns of a class that is only among the rows to validate with', () => {
    const sorted = `a,y\n${rows(10, (i) => `${i},${i < 8 ? 'abc'[i % 2] : 'c'}`)}`;
    const folder = new Folder().write('data.csv', sorted);
    expect(told(folder, train('--layers', 'none', ...share))).toEqual([
      'warning: "c" is only among the rows to validate with, so it cannot be learnt; --split stratified divides each class',
    ]);
  });

  test.each<[string[], string]>([
    [
      ['--split', 'halves'],
      '--split: expected random, stratified, last, column:NAME or group:NAME; found "halves"\n',
    ],
    [
      ['--split', 'random'],
      '--split random: expected --validation-split X or --test-split X beside it; found neither\n  X is a share of the rows: 0.2\n',
    ],
    [
      ['--test-split', '0.2'],
      '--test-split: expected --test-out FILE beside it; found none\n  rows that are kept aside go there\n',
    ],
    [
      ['--split', 'column:part', '--validation-split', '0.2'],
      '--split column:part: expected no share of rows beside it, since the column decides; found one\n  leave --validation-split, --validation-data and --test-split out\n',
    ],
  ])('refuses %j', (words, message) => {
    expect(folderWith().mlp(train(...base, ...words))).toEqual(refused(2, `mlp: ${message}`));
  });
});

test('the last rows of a sorted table are warned of; a packed file of test rows is packed', () => {
  const kinds = [...'uuuuuuuuuuuuuuuuuuuuvvvvvvvvvvvvvvvvvvvv'];
  const folder = new Folder().write(
    'data.csv',
    `a,y\n${rows(40, (i) => `${(i * 7) % 11},${kinds[i]}`)}`,
  );
  const words = train('--layers', 'none', '--test-split', '0.3', '--test-out', 'test.csv.gz');
  expect(told(folder, words)).toEqual([
    'rows: 28 ("u" 20, "v" 8) to learn from; 12 ("u" 0, "v" 12) to test with',
    'warning: the last rows have no "u", as where a table is sorted; --split stratified divides each class',
  ]);
  expect(folder.mlp(['evaluate', '--data', 'test.csv.gz', '--json']).status).toBe(0);
  expect(readFileSync(join(folder.path, 'test.csv.gz')).subarray(0, 2)).toEqual(
    Buffer.of(0x1f, 0x8b),
  );
});
