/** Memory stays what it is, however long a training lasts; test-long has 1,000,000 rows. */
import { expect, test } from 'vitest';
import { describeGrowth, memoryGrowth } from './memory-growth.ts';

test('100 epochs of 50,000 rows', { timeout: 60_000 }, () => {
  const growth = memoryGrowth(50_000, 100);
  console.log(`memory, 100 epochs of 50,000 rows: ${describeGrowth(growth)}`);
  const [early, late] = growth.heap;
  // An epoch that kept 100 kB would show.
  expect(late - early).toBeLessThan(8);
  expect(growth.resident[1] - growth.resident[0]).toBeLessThan(16);
});
