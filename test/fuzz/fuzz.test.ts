/** 200,000 inputs, the same each time; `npm run test:long` has other ones, ten times as many. */
import { test } from 'vitest';
import { fuzzAll } from './fuzz-all.ts';

test('200,000 inputs are read or refused, soon and by place', { timeout: 200_000 }, async () => {
  await fuzzAll(200_000, 20261124);
});
