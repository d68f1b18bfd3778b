import { describe, expect, test } from 'vitest';
import { DATE_PARTS, parseDate, partOf } from '../../src/data/dates.ts';

/** The moment in ISO 8601, or `none`. */
function moment(cell: string): string {
  const found = parseDate(cell);
  return found === undefined ? 'none' : new Date(found).toISOString().replace('.000', '');
}

describe('a date is read', () => {
  test.each([
    ['2019-01-31', '2019-01-31T00:00:00Z'],
    ['2019/1/5', '2019-01-05T00:00:00Z'],
    ['  2019-01-31 ', '2019-01-31T00:00:00Z'],
    ['2019-01-31T12:30:05Z', '2019-01-31T12:30:05Z'],
    ['2019-01-31 12:30', '2019-01-31T12:30:00Z'],
    ['2019-01-31 12:30:05.789', '2019-01-31T12:30:05Z'],
    ['2019-01-31T12:30:05+02:00', '2019-01-31T10:30:05Z'],
    ['2019-12-31T23:00:00-0130', '2020-01-01T00:30:00Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    ['2020-02-29', '2020-02-29T00:00:00Z'],
    ['Jan 1 2000', '2000-01-01T00:00:00Z'],
    ['January 31, 2000', '2000-01-31T00:00:00Z'],
    ['sep. 5, 1999', '1999-09-05T00:00:00Z'],
    ['31 Jan 2000', '2000-01-31T00:00:00Z'],
    ['1-May-2000', '2000-05-01T00:00:00Z'],
  ])('%j', (cell, expected) => {
    expect(moment(cell)).toBe(expected);
  });
});

test.each([
  '',
  'NA',
  '2019',
  '20190131',
  '1/2/2000',
  '31.1.2000',
  '2019-01/31',
  '2019-02-29',
  '2019-13-01',
  '2019-00-10',
  '2019-01-32',
  '0050-01-01',
  '2019-01-31T24:00',
  '2019-01-31T12:60',
  '2019-01-31T12:30:61',
  '2019-01-31T12',
  'Janu 1 2000',
  'Foo 1 2000',
  'Feb 30 2000',
  '31 Jan 00',
  '12:30:05',
])('%j is no date: nothing is guessed', (cell) => {
  expect(moment(cell)).toBe('none');
});

test('the parts of a date are numbers, Monday the first day of a week', () => {
  const parts = (cell: string) => DATE_PARTS.map((part) => partOf(parseDate(cell) ?? NaN, part));
  expect(parts('2024-02-29T23:59:58Z')).toEqual([2024, 2, 29, 4, 23, 59, 58]);
  expect(parts('1969-12-29')).toEqual([1969, 12, 29, 1, 0, 0, 0]);
  expect(parts('2000-01-02')).toEqual([2000, 1, 2, 7, 0, 0, 0]);
  expect(parts('never')).toEqual(DATE_PARTS.map(() => Number.NaN));
});
