/** What people are told about a first training table. */
import { expect, test } from 'vitest';
import { readTable } from '../../src/data/table.ts';
import { sourceOf, tableOf } from './text-source.ts';

/** The notes on a table whose last column is the target. */
async function notesOn(lines: readonly string[]): Promise<readonly string[]> {
  const table = await readTable(tableOf(sourceOf(`${lines.join('\n')}\n`)), {
    columns: { targets: [], mode: 'auto', normalize: 'auto', targetScaling: 'auto' },
  });
  return table.notes;
}

test('each guess about a small table has a line, with the option that turns it the other way', async () => {
  const notes = await notesOn([
    'colour,smokes,when,size,same,empty,plain,y',
    'red,yes,2024-01-05,1,a,,0.5,1.5',
    'blue,no,2024-02-05,,a,NA,-0.5,2.5',
    ',no,2024-03-05,3,a,?,1.5,3.5',
  ]);
  expect(notes).toEqual([
    'column "colour": category: one input for each of 2 categories; 1 missing is a category of its own (--ignore)',
    'column "smokes": boolean: "no" is 0, "yes" is 1 (--categorical)',
    'column "when": date: month, weekday (--categorical)',
    'column "size": 1 missing filled with the mean 2 (--missing)',
    'column "same": left out: "a" in every row',
    'column "empty": left out: missing in every row',
    '3 columns of numbers scaled: zscore (--normalize)',
  ]);
});

test('numbers that are taken as they are have no line', async () => {
  expect(await notesOn(['a,b,y', '0.5,1,1.5', '-0.5,-1,2.5', '0.1,0.5,3.5'])).toEqual([]);
});

test('in a wide table columns of which the same was guessed share a line', async () => {
  const wide = (name: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${name}${i + 1}`);
  const header = [...wide('c', 300), ...wide('w', 2), ...wide('k', 3), ...wide('m', 20), 'y'];
  const row = (word: string, hole: string, y: string) =>
    [
      ...wide('', 300).map(() => '7'),
      ...[word, word],
      ...wide('', 3).map(() => (word === 'yes' ? 'red' : 'blue')),
      ...wide('', 20).map(() => hole),
      y,
    ].join(',');
  const notes = await notesOn([
    header.join(','),
    row('yes', '0.5', '1.5'),
    row('no', '', '2.5'),
    row('no', '-0.5', '3.5'),
  ]);
  expect(notes).toEqual([
    '300 columns left out: constant: "c1", "c2", "c3" and 297 more',
    'column "w1": boolean: "no" is 0, "yes" is 1 (--categorical)',
    'column "w2": boolean: "no" is 0, "yes" is 1 (--categorical)',
    '3 columns of categories, an input for each: "k1", "k2", "k3" (--ignore)',
    '20 columns of numbers, missing ones filled with the mean: "m1", "m2", "m3" and 17 more (--missing)',
  ]);
});

test('columns that say the same as the target are warned about, many of them in one line', async () => {
  const rows = Array.from({ length: 10 }, (_, i) => [i / 10, ...Array(4).fill(i % 2), i % 2]);
  const notes = await notesOn(['x,a,b,c,d,y', ...rows.map((row) => row.join(','))]);
  expect(notes).toEqual([
    'warning: 4 columns say the same as the target in every row; if it is not known beforehand, leave it out: --ignore NAMES: "a", "b", "c" and 1 more',
  ]);
});

test('a number that only counts the rows is warned of, unless it is all there is', async () => {
  const rows = Array.from({ length: 12 }, (_, i) => [i + 7, (i * 5) % 3, i % 4 < 2 ? 'a' : 'b']);
  const table = (columns: readonly number[]) => [
    columns.map((c) => ['number', 'size', 'kind'][c]).join(),
    ...rows.map((cells) => columns.map((c) => cells[c]).join()),
  ];
  const warning =
    'warning: column "number" counts the rows; if it says nothing else, leave it out: --ignore "number"';
  expect(await notesOn(table([0, 1, 2]))).toContain(warning);
  expect(await notesOn(table([0, 2]))).not.toContain(warning);
});
