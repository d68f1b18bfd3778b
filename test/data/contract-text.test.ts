/** A contract in words. */
import { expect, test } from 'vitest';
import type { FeatureColumn } from '../../src/data/columns.ts';
import { describeContract } from '../../src/data/contract-text.ts';

const number = { name: 'x', position: 1, kind: 'number' } as const;

test.each<[string, FeatureColumn]>([
  ['as it is', number],
  ['x + 2.5', { ...number, shift: -2.5 }],
  [
    'robust (x - 1,234,568) / 0.0001235',
    { ...number, normalize: 'robust', shift: 1_234_567.8, scale: 0.000123456 },
  ],
  ['missing → 0.3333', { ...number, missing: 'median', fill: 1 / 3 }],
  ['missing → 2, and 1 in an input of its own', { ...number, missing: 'indicator', fill: 2 }],
  ['rows without it are left out', { ...number, missing: 'drop' }],
  [
    '"no" is 0, "yes" is 1; missing → 0.25',
    { ...number, kind: 'boolean', values: ['no', 'yes'], missing: 'mean', fill: 0.25 },
  ],
  [
    'year, hour; missing → the mean, and 1 in an input of its own',
    {
      ...number,
      kind: 'date',
      parts: [
        { part: 'year', fill: 3 },
        { part: 'hour', fill: 2 },
      ],
      missing: 'indicator',
    },
  ],
  [
    'an input each: "1", "2", "3", "4", "5", "6" and 2 more',
    { ...number, kind: 'category', categories: ['1', '2', '3', '4', '5', '6', '7', '8'] },
  ],
])('%s', (text, feature) => {
  const [column] = describeContract({ header: true, features: [feature], targets: [] });
  expect(column.how).toBe(text);
});

test('columns without a name go by their position', () => {
  const names = (header: boolean, name: string) =>
    describeContract({ header, features: [{ ...number, name }], targets: [] })[0].name;
  expect([names(true, 'x'), names(true, ''), names(false, '1')]).toEqual([
    'x',
    'column 1',
    'column 1',
  ]);
});
