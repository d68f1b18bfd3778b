/**
 * Real tables against Keras: columns are prepared as for Keras, and the same network is as good on rows
 * that it has not seen. Two seeds each; `test-long` has five.
 */
import { expect, test } from 'vitest';
import type { Columns, FeatureColumn } from '../../src/data/columns.ts';
import {
  fileOf,
  nameOf,
  prepare,
  reach,
  type Task,
  tasks,
  worseThanKeras,
} from './reference-tasks.ts';
import { Folder } from './run.ts';

/** Sums may be in another order than NumPy's. */
const RELATIVE = 1e-12;

function near(value: number | undefined, expected: number): boolean {
  return value !== undefined && Math.abs(value - expected) <= RELATIVE * Math.abs(expected);
}

/** What of a feature is not as Keras had it. */
function differences(feature: FeatureColumn, { numeric, categories }: Task['prepared']): string[] {
  const { name, missing } = feature;
  if (feature.kind === 'category') {
    const levels = [...feature.categories, ...(missing === 'category' ? ['missing'] : [])];
    return levels.sort().join() === categories[name].join() ? [] : [`${name}: ${levels}`];
  }
  if (feature.kind !== 'number') return [`${name} is ${feature.kind}`];
  if (numeric === undefined) return [];
  const { shift, scale, missing_train } = numeric[name];
  const { fill } = feature;
  const isSame = near(feature.shift, shift) && near(feature.scale, scale);
  const isFilled = missing_train === 0 || (missing === 'mean' && near(fill, shift));
  return isSame && isFilled ? [] : [`${name}: ${JSON.stringify(feature)}`];
}

/** What the contract says of the target, where it is not as Keras had it. */
function targetDifferences(
  { targets: [target] }: Columns,
  { classes, target: scaled }: Task['prepared'],
) {
  if (target.kind === 'class') return target.classes.join() === classes?.join() ? [] : [target];
  const isSame = scaled && near(target.shift, scaled.mean) && near(target.scale, scaled.sd);
  return isSame ? [] : [target];
}

for (const task of tasks) {
  const path = fileOf(task);
  test.skipIf(path === null)(nameOf(task), { timeout: 60_000 }, () => {
    if (path === null) return;
    const folder = new Folder();
    prepare(folder, task, path);
    const all = [0, 1].map((seed) => reach(folder, task, seed));
    const [{ columns }] = all;
    const { prepared } = task;
    expect(columns.features.flatMap((feature) => differences(feature, prepared))).toEqual([]);
    expect(targetDifferences(columns, prepared)).toEqual([]);
    const numbers = Object.keys(prepared.numeric ?? {});
    const names = [...numbers, ...Object.keys(prepared.categories)].sort();
    if (prepared.numeric) expect(columns.features.map(({ name }) => name).sort()).toEqual(names);
    expect(
      worseThanKeras(
        task,
        all.map(({ scores }) => scores),
      ),
    ).toEqual([]);
  });
}
