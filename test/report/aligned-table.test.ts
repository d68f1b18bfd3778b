/** Rows below headings, cut and broken to the width of a terminal. */
import { expect, test } from 'vitest';
import { type AlignedColumn, formatAligned } from '../../src/report/aligned-table.ts';

const columns: readonly AlignedColumn[] = [
  { heading: 'name', align: 'left', least: 6 },
  { heading: 'count', align: 'right' },
];
const rows = [
  ['first', '1', 'short'],
  ['a much longer name', '1,234', 'one that is so long that it goes on in the next line'],
  ['宽的', '12', ''],
];
const show = (width: number | null) => formatAligned(columns, 'why', rows, width);

test('off a terminal each row is one line, however long', () => {
  expect(show(null)).toEqual([
    'name                count  why',
    'first                   1  short',
    'a much longer name  1,234  one that is so long that it goes on in the next line',
    '宽的                   12',
  ]);
});

test('prose is broken beside the other columns where there is room', () => {
  expect(show(60)).toEqual([
    'name                count  why',
    'first                   1  short',
    'a much longer name  1,234  one that is so long that it goes',
    '                           on in the next line',
    '宽的                   12',
  ]);
});

test('columns that may be are cut to make room for it', () => {
  expect(show(50)).toEqual([
    'name       count  why',
    'first          1  short',
    'a much l…  1,234  one that is so long that it goes',
    '                  on in the next line',
    '宽的          12',
  ]);
});

test('prose stands below its row where there is none', () => {
  expect(show(30)).toEqual([
    'name                count',
    'first                   1',
    '    short',
    'a much longer name  1,234',
    '    one that is so long that',
    '    it goes on in the next',
    '    line',
    '宽的                   12',
  ]);
});

test('what cannot be cut any more is left to the terminal', () => {
  expect(show(10).slice(0, 4)).toEqual([
    'name    count',
    'first       1',
    '    short',
    'a muc…  1,234',
  ]);
});
