/** Number targets: the scale that a network learns them in. (The kinds of targets are in table.test.ts.) */
import { describe, expect, test } from 'vitest';
import { outputUnits } from '../../src/data/columns.ts';
import { type NewColumns, readTable } from '../../src/data/table.ts';
import { failure, sourceOf, tableOf } from './text-source.ts';

const read = (text: string, wishes: Partial<NewColumns> = {}) =>
  readTable(tableOf(sourceOf(text)), { columns: { targets: [], mode: 'number', ...wishes } });

const withTargets = (cells: readonly (string | number)[]) =>
  `x,y\n${cells.map((cell, i) => `${i},${cell}\n`).join('')}`;

describe('a number target', () => {
  test('is learnt as mean 0 and deviation 1 where that is asked for', async () => {
    const { columns, y } = await read(withTargets([100, 300, 800]), { targetScaling: 'zscore' });
    const scale = Math.sqrt(260_000 / 3);
    expect(columns.targets).toEqual([
      { name: 'y', position: 2, kind: 'number', shift: 400, scale },
    ]);
    expect(y.values).toEqual(Float32Array.from([-300 / scale, -100 / scale, 400 / scale]));
    expect(outputUnits(columns)).toEqual({ scales: [scale], shifts: [400] });
  });

  test('that does not vary is only moved', async () => {
    const { columns } = await read(withTargets([5, 5, 5]), { targetScaling: 'zscore' });
    expect(columns.targets).toEqual([
      { name: 'y', position: 2, kind: 'number', shift: 5, scale: 1 },
    ]);
  });

  test.each([
    ['none', [1000, 2000, 4000], false],
    ['auto', [1000, 2000, 4000], true],
    ['auto', [10.5, 11, 12], true],
    ['auto', [0.01, 0.02, 0.05], true],
    ['auto', [-5, 0.5, 9], false],
    ['auto', [1.5, 2, 2.5], false],
  ] as const)('is scaled by %s, being %j: %s', async (targetScaling, cells, isScaled) => {
    const { columns, y } = await read(withTargets(cells), { targetScaling });
    expect(outputUnits(columns) !== null).toBe(isScaled);
    if (!isScaled) expect(y.values).toEqual(Float32Array.from(cells));
  });

  test('has the scale of the training rows', async () => {
    const { columns, y, validation } = await readTable(
      tableOf(sourceOf(withTargets([1, 3, 100, 200]))),
      {
        columns: { targets: [], mode: 'number', targetScaling: 'zscore' },
        split: {
          word: { by: 'last' },
          validation: 0.5,
          test: 0,
          seed: 0,
          source: '--validation-split',
          isAskedFor: false,
        },
      },
    );
    expect(columns.targets).toEqual([
      { name: 'y', position: 2, kind: 'number', shift: 2, scale: 1 },
    ]);
    expect([y.values, validation?.y.values]).toEqual([
      Float32Array.of(-1, 1),
      Float32Array.of(98, 198),
    ]);
  });

  test('of several is scaled by itself', async () => {
    const { columns, y } = await read('a,y,z\n1,0,100\n2,2,300\n', {
      targets: ['z', 'y'],
      targetScaling: 'zscore',
    });
    expect(outputUnits(columns)).toEqual({ scales: [100, 1], shifts: [200, 1] });
    expect(y).toEqual({ shape: [2, 2], values: Float32Array.of(-1, -1, 1, 1) });
  });

  test('that is missing leaves its row out, of several any', async () => {
    const { rows, y, notes } = await read('a,y,z\n1,0,1\n2,,2\n3,5,NA\n4,1,0\n', {
      targets: ['y', 'z'],
    });
    expect([rows, y.values]).toEqual([2, Float32Array.of(0, 1, 1, 0)]);
    expect(notes).toEqual(['left out 2 rows without a target']);
  });

  test('must be there in some row', async () => {
    expect(await failure(() => read('x,y\n1,\n2,NA\n'))).toBe(
      '3\nmlp: data.csv column "y": expected a target in some row; found only empty cells\n  name another target column: --target NAME\n',
    );
  });
});

test('a later table is learnt in the same scale, and measured in its own units', async () => {
  const { columns: contract } = await read(withTargets([0, 2]), { targetScaling: 'zscore' });
  const later = async (inOwnUnits: boolean) => {
    const rows = tableOf(sourceOf('y,x\n5,0\n-1,3\n'));
    return (await readTable(rows, { columns: { contract, inOwnUnits } })).y.values;
  };
  expect(await later(false)).toEqual(Float32Array.of(4, -2));
  expect(await later(true)).toEqual(Float32Array.of(5, -1));
});

test('classes are never scaled', async () => {
  const { columns, y } = await read(withTargets(['b', 'a', 'b']), {
    mode: 'auto',
    targetScaling: 'zscore',
  });
  expect(outputUnits(columns)).toBeNull();
  expect(y.values).toEqual(Float32Array.of(1, 0, 1));
});
