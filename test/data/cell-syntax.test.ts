import { expect, test } from 'vitest';
import { cellSyntax } from '../../src/data/cell-syntax.ts';
import { readRows } from '../../src/data/rows.ts';
import { readTable } from '../../src/data/table.ts';
import { sourceOf } from './text-source.ts';

test('a number that says a value is missing is none', () => {
  const { number, isMissing } = cellSyntax({ na: ['-999', 'x'] });
  expect(isMissing(' -999 ')).toBe(true);
  expect(number(' -999 ')).toBeUndefined();
  expect(number('-999.0')).toBe(-999);
  expect(cellSyntax({ na: ['9,5'], decimalComma: true }).number('9,5')).toBeUndefined();
});

test('it is missing in every row, however many the table has', async () => {
  const lines = Array.from({ length: 12_000 }, (_, i) => `${i % 4 === 3 ? -999 : i},${i}`);
  const source = sourceOf(`a,y\n${lines.join('\n')}\n`, { chunk: 5000 });
  const { columns, x } = await readTable(readRows(source, 'csv'), {
    columns: { targets: [], mode: 'number' },
    syntax: { na: ['-999'] },
  });
  const mean = lines.reduce((sum, _, i) => sum + (i % 4 === 3 ? 0 : i), 0) / 9000;
  expect(columns.features[0]).toMatchObject({ kind: 'number', missing: 'mean', fill: mean });
  expect([...x.values.subarray(0, 4), x.values[11_999]]).toEqual(
    [0, 1, 2, mean, mean].map(Math.fround),
  );
});
