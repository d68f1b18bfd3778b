/** Columns as they are read, before anybody decided what they are. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TextBatch } from '../../src/data/batch.ts';
import { cellSyntax, USUAL_SYNTAX } from '../../src/data/cell-syntax.ts';
import { areNumbers, ColumnSurvey, type SurveyedColumn } from '../../src/data/survey.ts';

/** The only column of a table with these cells, from line 2 on. */
function survey(cells: readonly string[], syntax = USUAL_SYNTAX, batch = cells.length) {
  const column = new ColumnSurvey(0, syntax);
  for (let first = 0; first < cells.length; first += batch) {
    const rows = cells
      .slice(first, first + batch)
      .map((cell, i) => ({ line: 2 + first + i, cells: [cell] }));
    column.add(new TextBatch(rows, syntax));
  }
  return column.finish();
}

const many = (count: number, cell: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => cell(i));

/** The cells that a column holds, as text or as what is left of them. */
function valuesOf({ values }: SurveyedColumn): unknown[] {
  if (values.form === 'free text') return [];
  if (values.form === 'codes') return Array.from(values.codes, (code) => values.texts[code]);
  return [...values.values];
}

test('a column with few texts keeps each of them once', () => {
  expect(survey(['b', 'a', '', 'b', 'NA'])).toEqual({
    values: {
      form: 'codes',
      texts: ['b', 'a', '', 'NA'],
      numbers: [Number.NaN, Number.NaN, Number.NaN, Number.NaN],
      codes: Uint32Array.of(0, 1, 2, 0, 3),
    },
    missing: {
      count: 2,
      first: [
        { cell: '', line: 4 },
        { cell: 'NA', line: 6 },
      ],
    },
    texts: {
      count: 3,
      first: [
        { cell: 'b', line: 2 },
        { cell: 'a', line: 3 },
        { cell: 'b', line: 5 },
      ],
    },
    numbers: 0,
    placeholders: 0,
  });
});

test('a column with very many numbers keeps numbers, and notes what is none', () => {
  const cells = [...many(10_001, (i) => `${i}.5`), 'x', '', '7'];
  const { values, missing, texts, numbers } = survey(cells);
  expect(values.form).toBe('numbers');
  expect(valuesOf({ values, missing, texts, numbers, placeholders: 0 }).slice(-4)).toEqual([
    10_000.5,
    Number.NaN,
    Number.NaN,
    7,
  ]);
  expect({ missing, texts, numbers }).toEqual({
    missing: { count: 1, first: [{ cell: '', line: 10_004 }] },
    texts: { count: 1, first: [{ cell: 'x', line: 10_003 }] },
    numbers: 10_002,
  });
});

test('a column with very many dates keeps moments', () => {
  const day = (i: number) => new Date(i * 86_400_000).toISOString().slice(0, 10);
  const { values } = survey([...many(10_001, day), '', 'soon']);
  expect(values.form).toBe('moments');
  const moments = valuesOf(survey([...many(10_001, day), '', 'soon']));
  expect(moments.slice(0, 2)).toEqual([0, 86_400_000]);
  expect(moments.slice(-2)).toEqual([Number.NaN, Number.NaN]);
});

test('with more texts than anybody has categories, only their number is kept', () => {
  const { values, texts } = survey(many(100_002, (i) => `id${i}`));
  expect(values).toEqual({ form: 'free text' });
  expect(texts.count).toBe(100_002);
});

test('however the rows come, the column is the same', () => {
  const cell = fc.constantFrom('1', '2.5', 'a', 'b', '', 'NA', '-', '2020-01-01');
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1 }), fc.integer({ min: 1, max: 5 }), (cells, size) => {
      const column = survey(cells, USUAL_SYNTAX, size);
      expect(column).toEqual(survey(cells));
      expect(valuesOf(column)).toEqual(cells);
      expect(column.numbers + column.texts.count + column.missing.count).toBe(cells.length);
    }),
  );
});

describe('a column is one of numbers', () => {
  test.each<[string, string[], boolean]>([
    ['where all are', ['1', '2'], true],
    ['where all others are missing', ['1', '', 'NA'], true],
    ['where a single text is among several', ['1', '2', 'x'], true],
    ['not where it is one of two', ['1', 'x'], false],
    ['not where there are texts alone', ['x', 'y'], false],
    ['not where all are missing', ['', 'NA'], false],
    ['where fewer than a tenth are text', [...many(19, String), 'x', 'y'], true],
    ['not where a tenth are text', [...many(18, String), 'x', 'y'], false],
    ['where what is no number is no name either', ['1', '-', '.', '--'], true],
    ['where numbers are written otherwise', ['1,5', '2,5', '1,234.5'], true],
    ['where they are beyond float32, or hexadecimal', ['1e400', '0x10', '1_0', 'inf'], true],
  ])('%s', (_, cells, expected) => {
    expect(areNumbers(survey(cells))).toBe(expected);
  });
});

test('what is missing, and what a number is, are as the syntax says', () => {
  const syntax = cellSyntax({ na: ['-', '999'], decimalComma: true });
  const { numbers, missing, texts } = survey(['1,5', '-', '999', 'NA', '2.5', ''], syntax);
  expect([numbers, missing.count, texts.first.map(({ cell }) => cell)]).toEqual([
    1,
    3,
    ['NA', '2.5'],
  ]);
});
