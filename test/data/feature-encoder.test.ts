/** Cells of one feature to the inputs that they are, by its contract alone. */
import { describe, expect, test } from 'vitest';
import { cellSyntax, USUAL_SYNTAX } from '../../src/data/cell-syntax.ts';
import type { FeatureColumn } from '../../src/data/columns.ts';
import { featureEncoder } from '../../src/data/feature-encoder.ts';

type Rest<T> = T extends unknown ? Omit<T, 'name' | 'position'> : never;

/** Its inputs, or the problem with the remedy; what stood there before must be overwritten. */
function encode(feature: Rest<FeatureColumn>, cell: string, syntax = USUAL_SYNTAX) {
  const encoder = featureEncoder({ name: 'x', position: 1, ...feature }, syntax);
  const out = new Float32Array(encoder.width + 2).fill(9);
  const found = encoder.text(cell, out, 1);
  expect([out[0], out.at(-1)]).toEqual([9, 9]);
  const inputs = [...out.subarray(1, -1)];
  if (typeof found !== 'object') return inputs;
  expect(inputs.every((input) => input === 0)).toBe(true);
  return `${found.problem}\n${found.remedy}`;
}

const FILL = 'fill missing values when training: --missing mean (median, mode, indicator)';
const CORRECT = 'correct the cells, or leave the rows out of the file';

describe('a number', () => {
  test('is moved and divided in doubles', () => {
    const feature = { kind: 'number', shift: 1e9, scale: 2 } as const;
    expect(encode(feature, '1000000001')).toEqual([0.5]);
    expect(encode({ kind: 'number' }, ' -1.5e1 ')).toEqual([-15]);
  });

  test('that is missing is filled before it is scaled', () => {
    const feature = { kind: 'number', missing: 'mean', fill: 5, shift: 3, scale: 4 } as const;
    expect(['', 'NA', '?', '7'].map((cell) => encode(feature, cell))).toEqual([
      [0.5],
      [0.5],
      [0.5],
      [1],
    ]);
  });

  test('that is missing is told by an indicator', () => {
    const feature = { kind: 'number', missing: 'indicator', fill: 5 } as const;
    expect([encode(feature, ''), encode(feature, '6')]).toEqual([
      [5, 1],
      [6, 0],
    ]);
  });

  test('that is missing is a mistake where nothing was missing in training', () => {
    expect(encode({ kind: 'number' }, '')).toBe(`expected a number; found an empty cell\n${FILL}`);
    expect(encode({ kind: 'number' }, 'n/a')).toBe(
      `expected a number; found "n/a", a missing value\n${FILL}`,
    );
  });

  test('that is none is a mistake, and what can be done is said', () => {
    const filled = { kind: 'number', missing: 'mean', fill: 5 } as const;
    expect(encode({ kind: 'number' }, 'old')).toBe(`expected a number; found "old"\n${CORRECT}`);
    expect(encode(filled, 'old')).toBe(
      'expected a number; found "old"\nif it stands for a missing value, say --na "old"',
    );
    expect(encode(filled, '1,5')).toBe(
      'expected a number; found "1,5"\nif commas are decimal points here, say --decimal-comma',
    );
  });

  test('is written as the syntax says', () => {
    const comma = cellSyntax({ decimalComma: true, na: ['-'] });
    const feature = { kind: 'number', missing: 'mean', fill: 5 } as const;
    expect(encode(feature, '1,5', comma)).toEqual([1.5]);
    expect(encode(feature, '-', comma)).toEqual([5]);
    expect(encode(feature, 'NA', comma)).toContain('expected a number; found "NA"');
  });
});

describe('yes and no', () => {
  const feature = { kind: 'boolean', values: ['no', 'yes'] } as const;

  test('are 1 and 0 in any case, with blanks or without', () => {
    const cells = ['yes', 'No', 'YES', ' no '];
    expect(cells.map((cell) => encode(feature, cell))).toEqual([[1], [0], [1], [0]]);
  });

  test('are nothing else', () => {
    expect(encode(feature, 'true')).toBe(`expected "no" or "yes"; found "true"\n${CORRECT}`);
    expect(encode(feature, '')).toBe(`expected yes or no; found an empty cell\n${FILL}`);
  });

  test('that are missing are filled', () => {
    expect(encode({ ...feature, missing: 'mean', fill: 0.25 }, '')).toEqual([0.25]);
    expect(encode({ ...feature, missing: 'indicator', fill: 0.25 }, 'NA')).toEqual([0.25, 1]);
  });
});

describe('a category', () => {
  const feature = { kind: 'category', categories: ['a', 'b', 'c'] } as const;

  test('is an input of its own', () => {
    expect([encode(feature, 'a'), encode(feature, 'c')]).toEqual([
      [1, 0, 0],
      [0, 0, 1],
    ]);
  });

  test('that training never saw is a mistake, or none of them', () => {
    expect(encode(feature, 'B')).toBe(
      'expected one of the categories "a", "b", "c"; found "B" (did you mean "b"?)\nto take what training never saw for none of them, train with --unknown-category other',
    );
    expect(encode({ ...feature, unknown: 'other' }, 'B')).toEqual([0, 0, 0]);
    expect(encode({ ...feature, unknown: 'other' }, '')).toEqual([0, 0, 0]);
  });

  test('that is missing is a category of its own, the commonest, or a mistake', () => {
    expect(encode({ ...feature, missing: 'category' }, '')).toEqual([0, 0, 0, 1]);
    expect(encode({ ...feature, missing: 'category' }, 'b')).toEqual([0, 1, 0, 0]);
    expect(encode({ ...feature, missing: 'mode', fill: 'b' }, 'NA')).toEqual([0, 1, 0]);
    expect(encode(feature, '')).toBe(`expected a category; found an empty cell\n${FILL}`);
  });

  test('that is filled in may be one that is called missing now', () => {
    const syntax = cellSyntax({ na: ['b'] });
    expect(encode({ ...feature, missing: 'mode', fill: 'b' }, 'b', syntax)).toEqual([0, 1, 0]);
  });

  test('of numbers is found by value', () => {
    const codes = { kind: 'category', categories: ['1', '2.50', '10'] } as const;
    expect(['1.0', '2.5', '1e1'].map((cell) => encode(codes, cell))).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });
});

describe('a date', () => {
  const feature = {
    kind: 'date',
    parts: [{ part: 'year', shift: 2000, scale: 10 }, { part: 'month' }],
  } as const;

  test('is its parts, each scaled by itself', () => {
    expect(encode(feature, '2015-03-31')).toEqual([1.5, 3]);
    expect(encode(feature, 'Dec 1 2000')).toEqual([0, 12]);
  });

  test('is nothing else', () => {
    expect(encode(feature, '31.3.2015')).toBe(`expected a date; found "31.3.2015"\n${CORRECT}`);
    expect(encode(feature, '')).toBe(`expected a date; found an empty cell\n${FILL}`);
  });

  test('that is missing has each part filled', () => {
    const parts = [
      { part: 'year', fill: 2010, shift: 2000, scale: 10 },
      { part: 'month', fill: 6.5 },
    ] as const;
    expect(encode({ kind: 'date', missing: 'mean', parts }, '')).toEqual([1, 6.5]);
    expect(encode({ kind: 'date', missing: 'indicator', parts }, '')).toEqual([1, 6.5, 1]);
    expect(encode({ kind: 'date', missing: 'indicator', parts }, '2020-01-01')).toEqual([2, 1, 0]);
  });
});
