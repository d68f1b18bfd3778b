/** Families of names as text and as JSON. */
import { describe, expect, test } from 'vitest';
import type { Family } from '../../src/records.ts';
import { formatFamily, formatFamilyJson } from '../../src/report/family-text.ts';
import { families } from '../../src/spec/families.ts';

const small: Family = {
  name: 'steps',
  about: ['What moves a weight: `w` is the weight, and every other letter is a number.'],
  entries: [
    {
      name: 'plain',
      aliases: ['Plain', 'simple'],
      arguments: [
        { name: 'rate', default: 0.1, required: false },
        { name: 'size', required: true },
        { name: 'axis', required: false },
      ],
      formula: 'w = w - rate * g',
      variants: { heavy: 'm = m - rate * g; w = w + m' },
      where: 'g is the `gradient`',
      differences: ['no `decay`', 'any case'],
    },
    {
      name: 'a_name_longer_than_its_column',
      aliases: [],
      arguments: [],
      formula: 'a + formula + that + does + not + fit + onto + one + line + of + fifty',
      variants: {},
      differences: [],
    },
  ],
  common: {
    arguments: [{ name: 'name', default: null, required: false }],
    except: ['plain', 'other'],
  },
  differences: ['Whole numbers are `numbers`, too, and this is a sentence of two lines.'],
};

test('a family is a list in two columns, and prose has lost its backticks', () => {
  expect(formatFamily(small, 50)).toBe(`What moves a weight: w is the weight, and every
other letter is a number.

  plain           w = w - rate * g
                  with heavy: m = m - rate * g
                  w = w + m
                  g is the gradient
                  arguments: rate 0.1, size
                  (required), axis (optional)
                  also: Plain, simple
                  differs: no decay
                  differs: any case
  a_name_longer_than_its_column
                  a + formula + that + does + not
                  + fit + onto + one + line + of +
                  fifty

All but plain and other also take: name null.

As in Keras 3.15, save where it says otherwise,
and:
  - Whole numbers are numbers, too, and this is a
    sentence of two lines.
`);
});

test('a terminal that is narrower still gets fifty columns', () => {
  expect(formatFamily(small, 20)).toBe(formatFamily(small, 50));
});

test('what Keras has not is not compared with it', () => {
  expect(formatFamily({ ...small, differences: null }, 80)).not.toContain('Keras');
  expect(formatFamily({ ...small, differences: [] }, 80)).toMatch(
    /\n\nAs in Keras 3\.15, save where it says otherwise\.\n$/,
  );
});

test('JSON is the record without backticks', () => {
  const text = formatFamilyJson(small);
  expect(text).not.toContain('`');
  expect(text.endsWith('}\n')).toBe(true);
  const { about, entries } = JSON.parse(text);
  expect(about).toEqual([
    'What moves a weight: w is the weight, and every other letter is a number.',
  ]);
  expect(entries[0]).toEqual({
    ...small.entries[0],
    where: 'g is the gradient',
    differences: ['no decay', 'any case'],
  });
});

describe.each(Object.entries(families))('%s', (_name, load) => {
  test.each([80, 120])('fit %i columns', async (columns) => {
    const lines = formatFamily(await load(), columns).split('\n');
    expect(lines.filter((line) => line.length > columns || line.endsWith(' '))).toEqual([]);
  });
});
