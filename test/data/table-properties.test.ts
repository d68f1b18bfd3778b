/** What holds for any table: the order of columns and rows is of no matter, and only training rows teach. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { totalInputs } from '../../src/data/columns.ts';
import { readInputRows } from '../../src/data/predict-rows.ts';
import { type NewColumns, readTable } from '../../src/data/table.ts';
import { sourceOf, tableOf } from './text-source.ts';

const NAMES = ['n', 'm', 'flag', 'sort', 'day', 'y'] as const;

const cell = (values: readonly string[]) => fc.constantFrom(...values);
const row = fc.tuple(
  fc.integer({ min: -50, max: 50 }).map(String),
  cell(['', '1.5', '-2e3', '7', 'NA']),
  cell(['yes', 'no', 'YES', '']),
  cell(['a', 'b', 'c, d', '"', '']),
  cell(['2020-01-31', '2021-06-01', 'Jan 5 2000']),
  fc.integer({ min: -9, max: 9 }).map((value) => `${value}.5`),
);
/** The first rows have all that makes the columns what they are. */
const BEGIN: readonly string[][] = [
  ['1', '1', 'yes', 'a', '2020-01-31', '1.5'],
  ['2', '2', 'no', 'b', '2021-06-01', '2.5'],
  ['4', '', '', 'c, d', '2022-07-02', '0.5'],
  ['8', '7', 'no', '"', '2022-07-04', '0.5'],
];
const rows = fc.array(row, { maxLength: 30 }).map((more) => [...BEGIN, ...more]);
const wishes: fc.Arbitrary<Partial<NewColumns>> = fc.record(
  {
    normalize: fc.constantFrom('none', 'auto', 'zscore', 'minmax', 'robust'),
    missing: fc.constantFrom('mean', 'median', 'mode', 'indicator'),
    unknownCategory: fc.constantFrom('error', 'other'),
  },
  { requiredKeys: [] },
);

function csv(names: readonly string[], table: readonly (readonly string[])[]): string {
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  return [names, ...table].map((cells) => `${cells.map(quoted).join()}\n`).join('');
}

/** The inputs of each row, as text to compare by. */
function inputsOf(values: Float32Array, width: number): string[] {
  return Array.from({ length: values.length / width }, (_, at) =>
    values.subarray(at * width, (at + 1) * width).join(' '),
  );
}

const train = (table: readonly (readonly string[])[], asked: Partial<NewColumns>) =>
  readTable(tableOf(sourceOf(csv(NAMES, table))), {
    columns: { targets: ['y'], mode: 'number', ...asked },
  });

test('a later table with columns and rows in any order gives the inputs that training had', async () => {
  const orders = fc.tuple(
    fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }),
    fc.infiniteStream(fc.nat()),
  );
  await fc.assert(
    fc.asyncProperty(rows, wishes, orders, async (table, asked, [order, keys]) => {
      const { columns, x } = await train(table, asked);
      const width = totalInputs(columns);
      expect(x.shape).toEqual([table.length, width]);
      const places = table
        .map((_, at) => ({ at, key: Number(keys.next().value) }))
        .sort((a, b) => a.key - b.key)
        .map(({ at }) => at);
      const shuffled = places.map((at) => [...order.map((column) => table[at][column]), 'extra']);
      const names = [...order.map((column) => NAMES[column]), 'more'];
      const source = tableOf(sourceOf(csv(names, shuffled)));
      const { blocks } = await readInputRows(source, { columns, width });
      const found: string[] = [];
      for await (const { values } of blocks) found.push(...inputsOf(values, width));
      const learnt = inputsOf(x.values, width);
      expect(found).toEqual(places.map((at) => learnt[at]));
    }),
    { numRuns: 50 },
  );
});

test('fills and scales come from the training rows, whatever numbers the others hold', async () => {
  const split = {
    word: { by: 'last' },
    validation: 0.5,
    test: 0,
    seed: 0,
    source: '--validation-split',
    isAskedFor: false,
  } as const;
  const learn = async (table: readonly (readonly string[])[], asked: Partial<NewColumns>) => {
    const { columns, x } = await readTable(tableOf(sourceOf(csv(NAMES, table))), {
      columns: { targets: ['y'], mode: 'number', targetScaling: 'zscore', ...asked },
      split,
    });
    return { columns, x };
  };
  await fc.assert(
    fc.asyncProperty(rows, wishes, fc.nat({ max: 9999 }), async (table, asked, number) => {
      const twice = [...table, ...table];
      // The same categories and gaps, but other numbers in the second half.
      const others = table.map((cells) =>
        cells.map((text, column) =>
          [0, 1, 5].includes(column) && /^-?\d/.test(text) ? `${number + column}.25` : text,
        ),
      );
      expect(await learn([...table, ...others], asked)).toEqual(await learn(twice, asked));
    }),
    { numRuns: 50 },
  );
});
