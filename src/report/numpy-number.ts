/**
 * One float32 number as NumPy 2.3+ prints it: alone, or in an array, where all numbers agree on
 * fixed or scientific form, on decimals and on width.
 */
import { shortestDigits } from '../float32.ts';
import { formatFixed, formatNonFinite, formatScientific, isNegative } from './python.ts';

/** Decimals shown at most in fixed form. */
const PRECISION = 8;
/** From here on numbers are scientific: six digits are what every float32 can hold. */
const LARGE = 1e6;
/** Below it too. */
const SMALL = 1e-4;
/** An array whose largest number is so many times its smallest is scientific. */
const MAX_RATIO = 1000;

/** `str` of a float32 scalar: `3.0`, `1e-07`, `nan`. */
export function numpyScalar(x: number): string {
  if (!Number.isFinite(x)) return formatNonFinite(x);
  const size = Math.abs(x);
  const isFixed = size === 0 || (size >= SMALL && size < LARGE);
  const { digits, exponent } = shortestDigits(x);
  const text = isFixed
    ? fixedText(digits, exponent).replace(/\.$/, '.0')
    : scientificText(digits, exponent).replace('.e', 'e');
  return (isNegative(x) ? '-' : '') + text;
}

/**
 * NumPy's `FloatingFormat` for an array of which `values` are shown: a function that prints any of
 * them, padded to one width.
 */
export function numberFormat(values: readonly number[]): (x: number) => string {
  const finite = values.filter(Number.isFinite);
  const parts = isScientific(finite) ? scientificParts(finite) : fixedParts;
  const split = finite.map((x) => parts(x));
  const right = largest(split.map(([, after]) => after.length));
  const left = largest([
    ...split.map(([before]) => before.length),
    ...values.filter((x) => !Number.isFinite(x)).map((x) => formatNonFinite(x).length - right - 1),
  ]);
  return (x) => {
    if (!Number.isFinite(x)) return formatNonFinite(x).padStart(left + right + 1);
    const [before, after] = parts(x);
    return `${before.padStart(left)}.${after.padEnd(right)}`;
  };
}

/** NumPy's choice between fixed and scientific form; it compares in float32. */
function isScientific(finite: readonly number[]): boolean {
  const sizes = finite.filter((x) => x !== 0).map(Math.abs);
  if (sizes.length === 0) return false;
  const most = largest(sizes);
  const least = sizes.reduce((a, b) => Math.min(a, b));
  return most >= LARGE || least < Math.fround(SMALL) || Math.fround(most / least) > MAX_RATIO;
}

/** The largest of sizes, at least 0. An array may have more numbers than a call may have arguments. */
function largest(sizes: readonly number[]): number {
  return sizes.reduce((a, b) => Math.max(a, b), 0);
}

/** Text before and after the point. */
type Parts = (x: number) => [before: string, after: string];

/** Fixed form: the shortest decimal, or the number rounded to eight decimals where that is shorter. */
function fixedParts(x: number): [before: string, after: string] {
  const { digits, exponent } = shortestDigits(x);
  const isCut = digits.length - 1 - exponent > PRECISION;
  const text = isCut
    ? formatFixed(Math.abs(x), PRECISION).replace(/0+$/, '')
    : fixedText(digits, exponent);
  const [before, after] = text.split('.');
  return [(isNegative(x) ? '-' : '') + before, after];
}

/**
 * Scientific form: as many decimals for all as the longest shortest decimal needs. The others show
 * their exact digits that far (0.01 next to 12345.678 is 9.9999998e-03), as NumPy does.
 */
function scientificParts(finite: readonly number[]): Parts {
  const decimals = largest(finite.map((x) => shortestDigits(x).digits.length - 1));
  return (x) => {
    const { digits, exponent } = shortestDigits(x);
    const isLongest = digits.length - 1 === decimals;
    const text = isLongest
      ? scientificText(digits, exponent)
      : formatScientific(Math.abs(x), decimals);
    const [before, after] = text.split('.');
    return [(isNegative(x) ? '-' : '') + before, after];
  };
}

/** Digits with the point put in: at least one digit before it, perhaps none after it (`3.`). */
function fixedText(digits: string, exponent: number): string {
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${whole}.${digits.slice(exponent + 1)}`;
}

/** One digit, the point, the others, and the exponent in at least two digits: `1.e-05`. */
function scientificText(digits: string, exponent: number): string {
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits[0]}.${digits.slice(1)}e${exponent < 0 ? '-' : '+'}${power}`;
}
