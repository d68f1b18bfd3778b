import { expect, test } from 'vitest';
import { splitRows as divide } from '../../src/data/split.ts';
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
