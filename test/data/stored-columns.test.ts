/** The contract in a model file: what is written is read back, what is malformed is refused with its place. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Columns } from '../../src/data/columns.ts';
import { checkClasses, readColumns } from '../../src/data/stored-columns.ts';
import { readTable } from '../../src/data/table.ts';
import { anyContract } from './any-contract.ts';
import { failure, sourceOf, tableOf } from './text-source.ts';

const stored = {
  header: true,
  features: [{ name: '__proto__', position: 1, kind: 'number' }],
  targets: [{ name: 'y', position: 2, kind: 'class', classes: ['a', 'b'] }],
};

/** As a model file would give it back. */
function writtenAndRead(columns: Columns): Columns {
  return readColumns(JSON.parse(JSON.stringify(columns)), 'model.json');
}

test('a contract that a table made is read back as it was written', async () => {
  const table = 'a,flag,sort,day,y,none,w\n1,yes,x,2020-01-31,3.5,,1\n,no,,2021-02-28,4.5,,2\n';
  const { columns } = await readTable(tableOf(sourceOf(table)), {
    columns: {
      targets: ['y'],
      mode: 'auto',
      normalize: 'robust',
      missing: 'indicator',
      unknownCategory: 'other',
      targetScaling: 'zscore',
      sampleWeight: 'w',
    },
    syntax: { na: ['-'] },
  });
  expect(writtenAndRead(columns)).toEqual(columns);
  expect(columns.features.map(({ kind }) => kind)).toEqual([
    'number',
    'boolean',
    'category',
    'date',
  ]);
});

test('a column may be called as nothing else is', async () => {
  const { columns } = await readTable(tableOf(sourceOf('__proto__,y\n1,a\n2,b\n')), {
    columns: { targets: [], mode: 'auto' },
  });
  expect(writtenAndRead(columns)).toEqual(columns);
  expect(columns).toEqual(stored);
});

describe('any contract', () => {
  test('survives being written and read', () => {
    fc.assert(
      fc.property(anyContract, (columns) => {
        expect(writtenAndRead(columns)).toEqual(columns);
      }),
    );
  });

  test('with a key replaced by nonsense is read or refused with its place, never anything else', async () => {
    const nonsense = fc.constantFrom(null, [], {}, 'x', -1, 0.5, true, ['x', 'x'], [1]);
    await fc.assert(
      fc.asyncProperty(anyContract, fc.nat(), nonsense, async (columns, at, value) => {
        const json = JSON.parse(JSON.stringify(columns));
        const places = placesIn(json);
        const [holder, key] = places[at % places.length];
        Object.assign(holder, { [key]: value });
        const said = await failure(() => readColumns(json, 'm.json'));
        expect(said).toMatch(/^(?:no failure$|4\nmlp: m\.json: columns[\w.[\]]*: expected )/);
      }),
    );
  });
});

/** All objects and arrays in a value, each with each of its keys. */
function placesIn(value: unknown): [holder: object, key: string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): [object, string][] => [
    [value, key],
    ...placesIn(inner),
  ]);
}

describe('a malformed contract is refused', () => {
  const withFeature = (feature: object) => ({
    ...stored,
    features: [{ name: 'a', position: 1, ...feature }],
  });
  const withTarget = (target: object) => ({
    ...stored,
    targets: [{ name: 'y', position: 2, ...target }],
  });
  const number = (rest: object) => withFeature({ kind: 'number', ...rest });
  const boolean = (rest: object) =>
    withFeature({ kind: 'boolean', values: ['no', 'yes'], ...rest });
  const category = (rest: object) => withFeature({ kind: 'category', categories: ['a'], ...rest });
  const date = (rest: object) => withFeature({ kind: 'date', parts: [{ part: 'year' }], ...rest });
  const POLICIES = '"mean", "median", "mode", "indicator" or "drop"';
  const cases: Record<string, [value: unknown, message: string]> = {
    'no object': [[], 'columns: expected an object; found []'],
    'no header': [{ ...stored, header: 1 }, 'columns.header: expected true or false; found 1'],
    'no list': [
      { ...stored, features: {} },
      'columns.features: expected an array; found an object',
    ],
    'a list of no objects': [
      { ...stored, features: ['a'] },
      'columns.features[0]: expected an object; found "a"',
    ],
    'no feature': [
      { ...stored, features: [] },
      'columns.features: expected at least one column; found []',
    ],
    'no targets': [
      { ...stored, targets: undefined },
      'columns.targets: expected an array; found nothing',
    ],
    'another kind of feature': [
      withFeature({ kind: 'text' }),
      'columns.features[0].kind: expected "number", "boolean", "category" or "date"; found "text"',
    ],
    'another kind of target': [
      withTarget({ kind: 'date' }),
      'columns.targets[0].kind: expected "number" or "class"; found "date"',
    ],
    'a name that is no text': [
      number({ name: 1 }),
      'columns.features[0].name: expected text; found 1',
    ],
    'a position that is none': [
      number({ position: 0 }),
      'columns.features[0].position: expected a whole number from 1; found 0',
    ],
    'two columns at one position': [
      number({ position: 2 }),
      'columns: expected one column at position 1; found none',
    ],
    'two columns of one name': [
      number({ name: 'y' }),
      'columns: expected a name of its own for each column; found "y"',
    ],
    'a class twice': [
      withTarget({ kind: 'class', classes: ['a', 'b', 'a'] }),
      'columns.targets[0].classes: expected each class once; found "a"',
    ],
    'a class that is no text': [
      withTarget({ kind: 'class', classes: ['a', 1] }),
      'columns.targets[0].classes[1]: expected text; found 1',
    ],
    'a target divided by nothing': [
      withTarget({ kind: 'number', scale: 0 }),
      'columns.targets[0].scale: expected a number other than 0; found 0',
    ],
    'a feature divided by nothing': [
      number({ scale: 0 }),
      'columns.features[0].scale: expected a number other than 0; found 0',
    ],
    'a shift that is no number': [
      number({ shift: '1' }),
      'columns.features[0].shift: expected a number; found "1"',
    ],
    'a way to scale that there is not': [
      number({ normalize: 'none' }),
      'columns.features[0].normalize: expected "zscore", "minmax" or "robust"; found "none"',
    ],
    'a policy that there is not': [
      number({ missing: 'zero', fill: 0 }),
      `columns.features[0].missing: expected ${POLICIES}; found "zero"`,
    ],
    'a policy of categories for numbers': [
      number({ missing: 'category', fill: 0 }),
      `columns.features[0].missing: expected ${POLICIES}; found "category"`,
    ],
    'a number to be filled with nothing': [
      number({ missing: 'mean' }),
      'columns.features[0].fill: expected a number; found nothing',
    ],
    'one word for yes and no': [
      boolean({ values: ['no'] }),
      'columns.features[0].values: expected two different texts; found an array of 1',
    ],
    'the same word for both': [
      boolean({ values: ['no', 'no'] }),
      'columns.features[0].values: expected two different texts; found an array of 2',
    ],
    'a word that no cell can be': [
      boolean({ values: ['no', 'Yes'] }),
      'columns.features[0].values[1]: expected text in lower case; found "Yes"',
    ],
    'a word to be filled with nothing': [
      boolean({ missing: 'mode' }),
      'columns.features[0].fill: expected a number; found nothing',
    ],
    'no category': [
      category({ categories: [] }),
      'columns.features[0].categories: expected at least one category; found []',
    ],
    'a category twice': [
      category({ categories: ['a', 'a'] }),
      'columns.features[0].categories: expected each category once; found "a"',
    ],
    'a policy of numbers for categories': [
      category({ missing: 'mean' }),
      'columns.features[0].missing: expected "category", "mode" or "drop"; found "mean"',
    ],
    'a category to be filled with another': [
      category({ missing: 'mode', fill: 'b' }),
      'columns.features[0].fill: expected "a"; found "b"',
    ],
    'a category to be filled with nothing': [
      category({ missing: 'mode' }),
      'columns.features[0].fill: expected "a"; found nothing',
    ],
    'something else for unknown categories': [
      category({ unknown: 'error' }),
      'columns.features[0].unknown: expected "other"; found "error"',
    ],
    'a date of no parts': [
      date({ parts: [] }),
      'columns.features[0].parts: expected at least one part; found []',
    ],
    'a part of a date that there is not': [
      date({ parts: [{ part: 'week' }] }),
      'columns.features[0].parts[0].part: expected "year", "month", "day", "weekday", "hour", "minute" or "second"; found "week"',
    ],
    'a part of a date twice': [
      date({ parts: [{ part: 'day' }, { part: 'day' }] }),
      'columns.features[0].parts: expected each part once; found "day"',
    ],
    'a part of a date to be filled with nothing': [
      date({ missing: 'median' }),
      'columns.features[0].parts[0].fill: expected a number; found nothing',
    ],
    'texts of missing values that are none': [
      { ...stored, na: ['NA', null] },
      'columns.na[1]: expected text; found null',
    ],
    'a decimal comma that is a comma': [
      { ...stored, decimal_comma: ',' },
      'columns.decimal_comma: expected true or false; found ","',
    ],
    'a weight without a place': [
      { ...stored, sample_weight: { name: 'w' } },
      'columns.sample_weight.position: expected a whole number from 1; found nothing',
    ],
    'an unused column without a reason': [
      { ...stored, unused: [{ name: 'u', position: 3 }] },
      'columns.unused[0].reason: expected text; found nothing',
    ],
  };
  for (const [name, [value, message]] of Object.entries(cases)) {
    test(name, async () => {
      expect(await failure(() => readColumns(value, 'model.json'))).toBe(
        `4\nmlp: model.json: ${message}\n`,
      );
    });
  }
});

describe('the classes of a contract', () => {
  const withClasses = (count: number): Columns => ({
    header: false,
    features: [{ name: '1', position: 1, kind: 'number' }],
    targets: [
      { name: '2', position: 2, kind: 'class', classes: Array.from({ length: count }, String) },
    ],
  });

  test.each([
    [1, 2],
    [3, 1],
    [3, 3],
  ])('fit a network of %i outputs, being %i', (outputs, count) => {
    expect(() => checkClasses(withClasses(count), outputs, 'model.json')).not.toThrow();
  });

  test.each([
    [1, 1, '2 classes, since there is 1 output'],
    [1, 3, '2 classes, since there is 1 output'],
    [3, 0, '1 to 3 classes, one for each output at most'],
    [3, 4, '1 to 3 classes, one for each output at most'],
  ])('do not fit a network of %i outputs, being %i', async (outputs, count, expected) => {
    expect(await failure(() => checkClasses(withClasses(count), outputs, 'model.json'))).toBe(
      `4\nmlp: model.json: columns.targets[0].classes: expected ${expected}; found ${count}\n`,
    );
  });
});
