/** Memory stays what it is, however long a training lasts. */
import { expect, test } from 'vitest';
import { describeGrowth, memoryGrowth } from '../../test/training/memory-growth.ts';

test('100 epochs of 1,000,000 rows', { timeout: 600_000 }, () => {
  const growth = memoryGrowth(1_000_000, 100);
  console.log(`memory, 100 epochs of 1,000,000 rows: ${describeGrowth(growth)}`);
  const [early, late] = growth.heap;
  // An epoch that kept 200 kB would show.
  expect(late - early).toBeLessThan(8);
  // Copies of the order of rows, 4 MB each, come and go; an epoch that kept one would take 200.
  expect(growth.resident[1] - growth.resident[0]).toBeLessThan(32);
});
