import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitRows as divide, type SplitRule } from '../../src/data/split.ts';
import { failure } from './text-source.ts';

/** How many rows Keras's rule gives each part. */
function splitRows(rows: number, validation: number) {
  const all = Uint32Array.from({ length: rows }, (_, row) => row);
  const split = divide(all, { kind: 'last' }, { validation, test: 0 });
  expect([...split.training, ...split.validation]).toEqual([...all]);
  return { training: split.training.length, validation: split.validation.length };
}

test('rows are split as Keras splits them, in doubles and without rounding', () => {
  const cases: [rows: number, split: number][] = [
    [100, 0.2],
    [100, 0.8],
    [1000, 0.9],
    [150, 0.2],
    [3, 0.5],
    [10, 0],
  ];
  expect(cases.map(([rows, split]) => splitRows(rows, split))).toEqual([
    { training: 80, validation: 20 },
    { training: 19, validation: 81 },
    { training: 99, validation: 901 },
    { training: 120, validation: 30 },
    { training: 1, validation: 2 },
    { training: 10, validation: 0 },
  ]);
});

test('a part without rows is an error', async () => {
  expect(await failure(() => splitRows(10, 0.9))).toBe(
    '3\nmlp: fit.validation_split 0.9: expected at least one row for training; found none in 10 rows\n' +
      '  give more rows, or another share of them to validate with\n',
  );
  expect(await failure(() => splitRows(1, 0.00000000000000001))).toBe(
    '3\nmlp: fit.validation_split 1e-17: expected at least one row for validation; found none in 1 row\n' +
      '  give more rows, or another share of them to validate with\n',
  );
});

test('a split outside 0 to 1 is an error', async () => {
  for (const split of [1, -0.1, Number.NaN]) {
    expect(await failure(() => splitRows(10, split))).toBe(
      `2\nmlp: fit.validation_split: expected a number from 0, below 1; found ${split}\n`,
    );
  }
});

describe('whatever the rule', () => {
  /** Rows that need not be neighbours, each of a class or group by its number. */
  const rows = fc
    .uniqueArray(fc.nat({ max: 500 }), { minLength: 12, maxLength: 120 })
    .map((indices) => Uint32Array.from(indices).sort());
  const shares = fc.record({
    validation: fc.constantFrom(0, 0.1, 0.2, 0.25, 0.5),
    test: fc.constantFrom(0, 0.1, 0.2, 0.5),
  });
  const seed = fc.nat({ max: 2 ** 31 });
  const keyOf = (row: number) => `key ${row % 3}`;
  const kind = fc.constantFrom('last', 'random', 'stratified', 'group');
  const ruleOf = (name: string, of: number): SplitRule => {
    switch (name) {
      case 'last':
        return { kind: 'last' };
      case 'random':
        return { kind: 'random', seed: of };
      case 'stratified':
        return { kind: 'stratified', seed: of, keyOf };
      default:
        // Small groups, so that no part is left without one.
        return { kind: 'group', seed: of, keyOf: (row) => Math.floor(row / 2) };
    }
  };

  test('no row is lost and none is in two parts, each part in the order of the table', () => {
    fc.assert(
      fc.property(rows, kind, shares, seed, (all, name, share, of) => {
        const parts = divide(all, ruleOf(name, of), share);
        const { training, validation, test: kept } = parts;
        expect([...training, ...validation, ...kept].sort((a, b) => a - b)).toEqual([...all]);
        for (const part of [training, validation, kept]) {
          expect([...part]).toEqual([...part].sort((a, b) => a - b));
        }
        expect(divide(all, ruleOf(name, of), share)).toEqual(parts);
      }),
    );
  });

  test('parts are as large as they should be, but for whole groups', () => {
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom('random', 'stratified'),
        shares,
        seed,
        (all, name, share, of) => {
          const sizes = (rule: SplitRule) =>
            Object.values(divide(all, rule, share)).map((part) => part.length);
          expect(sizes(ruleOf(name, of))).toEqual(sizes({ kind: 'last' }));
        },
      ),
    );
  });

  test('a stratified part has of each class its share, to less than a row', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(0.1, 0.2, 0.25, 0.5), seed, (all, share, of) => {
        const { validation } = divide(all, ruleOf('stratified', of), {
          validation: share,
          test: 0,
        });
        for (const key of ['key 0', 'key 1', 'key 2']) {
          const count = (part: Iterable<number>) =>
            [...part].filter((row) => keyOf(row) === key).length;
          const fair = (count(all) * validation.length) / all.length;
          expect(Math.abs(count(validation) - fair)).toBeLessThan(1);
        }
      }),
    );
  });

  test('groups are never torn', () => {
    fc.assert(
      fc.property(rows, shares, seed, (all, share, of) => {
        const parts = divide(all, ruleOf('group', of), share);
        const groups = Object.values(parts).flatMap((part) => [
          ...new Set(Array.from(part, (row: number) => Math.floor(row / 2))),
        ]);
        expect(new Set(groups).size).toBe(groups.length);
      }),
    );
  });
});

test('another seed gives other rows', () => {
  const all = Uint32Array.from({ length: 100 }, (_, row) => row);
  const shares = { validation: 0.2, test: 0.1 };
  const validation = (seed: number) => divide(all, { kind: 'random', seed }, shares).validation;
  expect(validation(1)).not.toEqual(validation(2));
  expect(validation(1).length).toBe(18);
});

describe('a column of words', () => {
  const all = Uint32Array.of(0, 1, 2, 3, 4, 5);
  const byColumn = (words: readonly string[]) =>
    divide(
      all,
      {
        kind: 'column',
        wordOf: (row) => words[row],
        placeOf: (word) => `data.csv column "part" (${word})`,
      },
      { validation: 0, test: 0 },
    );

  test('says where each row goes, in any case', () => {
    expect(byColumn(['train', 'Test', ' VAL ', 'training', 'dev', 'validation'])).toEqual({
      training: Uint32Array.of(0, 3),
      validation: Uint32Array.of(2, 4, 5),
      test: Uint32Array.of(1),
    });
  });

  test('with another word is refused', async () => {
    const words = ['train', 'train', 'trian', 'test', 'test', 'test'];
    expect(await failure(() => byColumn(words))).toBe(
      '3\nmlp: data.csv column "part" (trian): expected train, validation or test; found "trian"\n',
    );
    expect(await failure(() => byColumn(words.map(() => 'test')))).toBe(
      '3\nmlp: data.csv column "part" (train): expected at least one row with "train"; found none\n',
    );
  });
});
