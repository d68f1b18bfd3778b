/** Our own logarithm against the platform's, and where it must be exact. */
import { expect, test } from 'vitest';
import { naturalLog } from '../src/natural-log.ts';

test('is the logarithm to a few units of the last place, over all of the doubles', () => {
  let worst = 0;
  for (let exponent = -1022; exponent < 1023; exponent++) {
    for (const m of [1, 1.1, 1.41, 1.42, 1.7, 1.999]) {
      const x = m * 2 ** exponent;
      const wanted = Math.log(x);
      const error = Math.abs(naturalLog(x) - wanted) / Math.max(Math.abs(wanted), 2 ** -52);
      worst = Math.max(worst, error);
    }
  }
  // Four units: two of the series, and what is lost where e ln 2 and the rest cancel.
  expect(worst).toBeLessThan(4 * 2 ** -52);
});

test('is exact at 1, and at powers of two as exact as ln 2', () => {
  expect(naturalLog(1)).toBe(0);
  for (const e of [-1074, -2, -1, 1, 10, 1023]) expect(naturalLog(2 ** e)).toBe(e * Math.LN2);
});
