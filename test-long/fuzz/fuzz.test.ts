/** Ten times as many inputs as in `npm test`, and other ones: see test/fuzz. */
import { test } from 'vitest';
import { fuzzAll } from '../../test/fuzz/fuzz-all.ts';

test('2,000,000 inputs are read or refused, soon and by place', {
  timeout: 3_600_000,
}, async () => {
  await fuzzAll(2_000_000, 20261125);
});
