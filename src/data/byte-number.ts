/**
 * Decimal numbers in bytes of ASCII, as `parseNumber` reads them in text: the nearest double, found
 * without making the text where that can be done for certain.
 */

/** Powers of ten that are doubles. */
export const POWERS_OF_TEN: Float64Array = Float64Array.from(
  { length: 23 },
  (_, exponent) => 10 ** exponent,
);

/** Whole numbers of so many digits are exact, and so is the rounding of one quotient (Clinger 1990). */
export const EXACT_DIGITS = 15;

/** So many more are kept apart; what they and the first make together is an exact sum of two doubles. */
const MORE_DIGITS = 4;

const LARGEST_POWER = POWERS_OF_TEN.length - 1;

/** Above this a number may be beyond float32. */
const LARGEST = 3.4e38;

/** Splits a double into two halves whose products are exact (Dekker 1971). */
const SPLITTER = 2 ** 27 + 1;

/** Arithmetic with sums of two doubles is wrong by less than this share. */
const DOUBT = 2 ** -98;

const BLANK = 32;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const LOWER_E = 101;

/**
 * The number that stands in some bytes, blanks around it allowed; NaN where they are no number or where
 * only the text can tell.
 */
export function numberInBytes(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  let end = to;
  while (at < end && bytes[at] === BLANK) at++;
  while (end > at && bytes[end - 1] === BLANK) end--;
  const sign = bytes[at];
  if (sign === MINUS || sign === PLUS) at++;
  let head = 0;
  let tail = 0;
  let digits = 0;
  let decimals = 0;
  let point = -1;
  const begin = at;
  for (; at < end; at++) {
    const digit = bytes[at] - ZERO;
    if (digit >= 0 && digit <= 9) {
      if (digits > 0 || digit > 0) digits++;
      if (digits <= EXACT_DIGITS) head = head * 10 + digit;
      else tail = tail * 10 + digit;
    } else if (digit === POINT - ZERO && point < 0) point = at;
    else break;
  }
  if (at - begin === (point < 0 ? 0 : 1)) return Number.NaN;
  if (point >= 0) decimals = at - point - 1;
  const exponent = at < end ? exponentInBytes(bytes, at, end) : 0;
  const size = scaled(head, tail, digits - EXACT_DIGITS, exponent - decimals);
  return sign === MINUS ? -size : size;
}

/** `e-5`; NaN for anything else, or where it is large. */
function exponentInBytes(bytes: Uint8Array, from: number, to: number): number {
  if ((bytes[from] | BLANK) !== LOWER_E) return Number.NaN;
  const sign = bytes[from + 1];
  const first = sign === MINUS || sign === PLUS ? from + 2 : from + 1;
  if (first >= to || to - first > 3) return Number.NaN;
  let exponent = 0;
  for (let at = first; at < to; at++) {
    const digit = bytes[at] - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    exponent = exponent * 10 + digit;
  }
  return sign === MINUS ? -exponent : exponent;
}

/**
 * `(head · 10^more + tail) · 10^exponent`, rounded once; NaN where that is in doubt.
 *
 * @param more  digits of `tail`; none where it is not positive
 */
function scaled(head: number, tail: number, more: number, exponent: number): number {
  const power = Math.abs(exponent);
  if (Number.isNaN(power) || head === 0) return Number.isNaN(power) ? Number.NaN : 0;
  if (power > LARGEST_POWER || more > MORE_DIGITS) return Number.NaN;
  const factor = POWERS_OF_TEN[power];
  if (more <= 0) return exponent < 0 ? head / factor : head * factor;
  // high + low is the whole number, exactly.
  const large = head * POWERS_OF_TEN[more];
  const rest = productError(head, POWERS_OF_TEN[more], large) + tail;
  const high = large + rest;
  const low = rest - (high - large);
  let value = high * factor;
  let correction = productError(high, factor, value) + low * factor;
  if (exponent < 0) {
    value = high / factor;
    const back = value * factor;
    correction = (high - back - productError(value, factor, back) + low) / factor;
  }
  const doubt = value * DOUBT;
  const least = value + (correction - doubt);
  return least === value + (correction + doubt) && least < LARGEST ? least : Number.NaN;
}

/** What the rounded product of two doubles lacks, exactly. */
function productError(a: number, b: number, product: number): number {
  const aSplit = SPLITTER * a;
  const aHigh = aSplit - (aSplit - a);
  const aLow = a - aHigh;
  const bSplit = SPLITTER * b;
  const bHigh = bSplit - (bSplit - b);
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}
