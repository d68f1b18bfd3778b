/**
 * The natural logarithm in double precision with the same bits on every machine, which `Math.log` does
 * not promise: its last digit is the JavaScript engine's. For numbers that are not an engine's work.
 */

/**
 * ln x for positive finite x, within a few units of the last place. With x = m · 2ᵉ and √½ ≤ m < √2 it
 * is e ln 2 + 2 artanh t, t = (m − 1) / (m + 1), |t| < 0.172; the series is cut where it no longer shows.
 */
export function naturalLog(x: number): number {
  let m = x;
  let exponent = 0;
  for (; m < Math.SQRT1_2; exponent--) m *= 2;
  for (; m >= Math.SQRT2; exponent++) m /= 2;
  const t = (m - 1) / (m + 1);
  let sum = 0;
  for (let k = 21; k >= 1; k -= 2) sum = sum * t * t + 1 / k;
  return exponent * Math.LN2 + 2 * t * sum;
}
