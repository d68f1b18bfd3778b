/** Real tables against Keras, with as many seeds as Keras had: `test/cli/reference-tasks.test.ts` in full. */
import { expect, test } from 'vitest';
import {
  fileOf,
  nameOf,
  prepare,
  reach,
  tasks,
  worseThanKeras,
} from '../../test/cli/reference-tasks.ts';
import { Folder } from '../../test/cli/run.ts';

for (const task of tasks) {
  const path = fileOf(task);
  test.skipIf(path === null)(nameOf(task), () => {
    if (path === null) return;
    const folder = new Folder();
    prepare(folder, task, path);
    const all = [0, 1, 2, 3, 4].map((seed) => reach(folder, task, seed).scores);
    expect(worseThanKeras(task, all)).toEqual([]);
  });
}
