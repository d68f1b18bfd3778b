/** What a column is taken for, by its cells and by what the user says. */
import { describe, expect, test } from 'vitest';
import { TextBatch } from '../../src/data/batch.ts';
import { cellSyntax, USUAL_SYNTAX } from '../../src/data/cell-syntax.ts';
import { profileOf } from '../../src/data/column-profile.ts';
import { decideKind, type KindWish } from '../../src/data/decide-kind.ts';
import { ColumnSurvey } from '../../src/data/survey.ts';

/** The kind, with the words of a boolean or the reason of a column that is not used. */
function kindOf(
  cells: readonly string[],
  wish: Partial<KindWish> = {},
  syntax = USUAL_SYNTAX,
): string {
  const survey = new ColumnSurvey(0, syntax);
  survey.add(
    new TextBatch(
      cells.map((cell, i) => ({ line: i + 1, cells: [cell] })),
      syntax,
    ),
  );
  const column = survey.finish();
  const rows = Uint32Array.from(cells.keys());
  const profile = profileOf(column, rows, syntax);
  const decision = decideKind(
    column,
    profile,
    { name: 'x', position: 2, isWanted: false, kind: null, oneHotLimit: 1000, ...wish },
    syntax,
  );
  if (decision.kind === 'boolean') return `boolean ${decision.values.join(' ')}`;
  return decision.kind === 'unused' ? `unused: ${decision.reason}` : decision.kind;
}

const many = (count: number, cell: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => cell(i));
const words = (count: number) => many(count, (i) => `word ${i}`);

describe('a column is taken for', () => {
  test.each<[string, string[], string]>([
    ['numbers where all are', ['1', '2.5', '-3e2'], 'number'],
    ['numbers where some are missing', ['1', 'NA', '2'], 'number'],
    ['numbers where a few are mistaken', [...many(30, String), 'x'], 'number'],
    ['codes that are numbers for numbers', many(40, (i) => String(i % 3)), 'number'],
    ['categories where there are words', ['a', 'b', 'a'], 'category'],
    ['categories where words and numbers mix', ['1', 'b', 'c', '2'], 'category'],
    ['a category where there is one word, or none', ['a', '', 'a'], 'category'],
    ['yes and no', ['yes', 'no', 'yes'], 'boolean no yes'],
    ['yes and no in any case', ['Yes', 'NO', ' yes'], 'boolean no yes'],
    ['true and false', ['False', 'True', 'TRUE'], 'boolean false true'],
    ['yes and no though some are missing', ['y', 'n', ''], 'boolean n y'],
    ['on and off', ['on', 'off'], 'boolean off on'],
    ['categories where there is a third word', ['yes', 'no', 'maybe'], 'category'],
    ['categories where words are of two pairs', ['yes', 'false'], 'category'],
    ['dates', ['2020-01-01', '2020-02-01', '2021-01-01'], 'date'],
    ['dates of which some are missing', ['Jan 1 2000', '', 'Feb 1 2000'], 'date'],
    ['categories where not all are dates', ['2020-01-01', 'soon', 'late'], 'category'],
    ['nothing where nothing is there', ['', 'NA', '?'], 'unused: missing in every row'],
    ['nothing where a number is in every row', ['7', '7.0', '07'], 'unused: 7 in every row'],
    ['a number where one number is in some rows', ['7', '', '7'], 'number'],
    ['nothing where a word is in every row', ['a', 'a'], 'unused: "a" in every row'],
    ['categories where few rows all differ', words(20), 'category'],
    ['nothing where many rows differ', words(21), 'unused: 21 different texts in 21 rows'],
    [
      'nothing where most rows differ',
      [...words(21), ...many(19, () => 'word 0'), ''],
      'unused: 21 different texts in 40 rows',
    ],
    [
      'categories where no more than half differ',
      [...words(21), ...many(21, () => 'word 0')],
      'category',
    ],
  ])('%s', (_, cells, expected) => {
    expect(kindOf(cells)).toBe(expected);
  });
});

describe('a first column without a name of its own is of row numbers', () => {
  const first = { position: 1 };
  test.each(['', 'Unnamed: 0', 'rownames', 'Row.Names', 'rowname'])('being called %j', (name) => {
    expect(kindOf(['0', '1', '2'], { ...first, name })).toBe('unused: the numbers of the 3 rows');
    expect(kindOf(['7', '8', '9'], { ...first, name })).toBe('unused: the numbers of the 3 rows');
  });

  test('but not where it does not count, is another column, has a name, or is asked for', () => {
    expect(kindOf(['0', '1', '3'], { ...first, name: '' })).toBe('number');
    expect(kindOf(['0', '1', '2'], { position: 2, name: '' })).toBe('number');
    expect(kindOf(['0', '1', '2'], { ...first, name: 'age' })).toBe('number');
    expect(kindOf(['0', '1', '2'], { ...first, name: '', isWanted: true })).toBe('number');
  });
});

describe('what the user says stands above what the cells are', () => {
  test.each<[string, string[], Partial<KindWish>, string]>([
    ['numbers as categories', ['1', '2'], { kind: 'category' }, 'category'],
    ['dates as categories', ['2020-01-01', '2020-01-02'], { kind: 'category' }, 'category'],
    ['words as numbers', ['a', 'b'], { kind: 'number' }, 'number'],
    ['a constant as a category', ['a', 'a'], { kind: 'category' }, 'category'],
    ['a constant number that is asked for', ['7', '7'], { isWanted: true }, 'number'],
    ['texts that all differ and are asked for', words(30), { isWanted: true }, 'category'],
    ['nothing that is there', ['', ''], { kind: 'number' }, 'unused: missing in every row'],
  ])('%s', (_, cells, wish, expected) => {
    expect(kindOf(cells, wish)).toBe(expected);
  });

  test('more categories than --one-hot-limit are left out unless they are asked for', () => {
    const cells = many(30, (i) => `word ${i % 4}`);
    const said = 'unused: 4 categories, more than --one-hot-limit 3';
    expect(kindOf(cells, { oneHotLimit: 3 })).toBe(said);
    expect(kindOf(cells, { oneHotLimit: 4 })).toBe('category');
    expect(kindOf(cells, { oneHotLimit: 3, isWanted: true })).toBe('category');
  });

  test('how cells are written', () => {
    const comma = cellSyntax({ decimalComma: true });
    expect(kindOf(['1,5', '2,5', '3'], {}, comma)).toBe('number');
    expect(kindOf(['1.5', 'x', '3.5', 'y'], {}, comma)).toBe('category');
    const dash = cellSyntax({ na: ['none'] });
    expect(kindOf(['1', 'none', 'none', '2'], {}, dash)).toBe('number');
    expect(kindOf(['a', 'NA', 'b'], {}, dash)).toBe('category');
  });
});
