/**
 * Numbers as Python's format strings print them: correctly rounded from the exact double, ties to
 * even, exponents of at least two digits, `nan` and `inf`.
 */

/** `%.{decimals}f`. JavaScript's `toFixed` rounds ties up and stops at 1e21. */
export function formatFixed(x: number, decimals: number): string {
  if (!Number.isFinite(x)) return formatNonFinite(x);
  const size = Math.abs(x);
  const sign = isNegative(x) ? '-' : '';
  if (size >= 1e21)
    return `${sign}${BigInt(size)}${decimals > 0 ? `.${'0'.repeat(decimals)}` : ''}`;
  const rounded = size.toFixed(decimals);
  // A tie has exactly one decimal more, a 5, and so is a multiple of a power of two.
  const isMultiple = Number.isInteger(size * 2 ** (decimals + 1));
  return sign + (isMultiple ? tieToEven(size.toFixed(decimals + 1), rounded) : rounded);
}

/** `%.{decimals}e`: one digit, `decimals` digits, and an exponent of at least two. */
export function formatScientific(x: number, decimals: number): string {
  if (!Number.isFinite(x)) return formatNonFinite(x);
  const size = Math.abs(x);
  let [mantissa, exponent] = size.toExponential(decimals).split('e');
  const [longer, longerExponent] = size.toExponential(decimals + 1).split('e');
  if (longer.endsWith('5') && endsHere(size, decimals + 1)) {
    const even = tieToEven(longer, mantissa);
    if (even !== mantissa) [mantissa, exponent] = [even, longerExponent];
  }
  const power = exponent.slice(1).padStart(2, '0');
  return `${isNegative(x) ? '-' : ''}${mantissa}e${exponent[0]}${power}`;
}

/** `str` of NaN and the infinities. */
export function formatNonFinite(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  return x > 0 ? 'inf' : '-inf';
}

/** Whether Python prints a minus sign: negative zero has one. */
export function isNegative(x: number): boolean {
  return x < 0 || Object.is(x, -0);
}

/**
 * Chooses between a text rounded up and the longer text with one digit more, which is exact: where
 * that digit is a 5 it is a tie, and the even neighbour wins.
 */
function tieToEven(longer: string, roundedUp: string): string {
  if (!longer.endsWith('5')) return roundedUp;
  const down = longer.slice(0, -1).replace(/\.$/, '');
  return Number(down.at(-1)) % 2 === 0 ? down : roundedUp;
}

/**
 * Whether `size` has no digits beyond `decimals` in scientific form. A double that is not equal to
 * a decimal this short differs from it long before the hundredth digit.
 */
function endsHere(size: number, decimals: number): boolean {
  const [mantissa] = size.toExponential(100).split('e');
  return /^0*$/.test(mantissa.slice(2 + decimals));
}

/** `repr` of a float: the shortest digits that read back, with an exponent below 1e-4 and from 1e16. */
export function formatRepr(x: number): string {
  if (!Number.isFinite(x)) return formatNonFinite(x);
  const sign = isNegative(x) ? '-' : '';
  const [mantissa, exponent] = Math.abs(x).toExponential().split('e');
  const power = Number(exponent);
  if (x === 0 || (power >= -4 && power < 16)) {
    const plain = decimalOf(mantissa.replace('.', ''), power);
    return sign + plain;
  }
  const digits = String(Math.abs(power)).padStart(2, '0');
  return `${sign}${mantissa}e${power < 0 ? '-' : '+'}${digits}`;
}

/** Digits with the point after the first of them moved by `power`; at least one digit on both sides. */
function decimalOf(digits: string, power: number): string {
  if (power < 0) return `0.${'0'.repeat(-power - 1)}${digits}`;
  const whole = digits.slice(0, power + 1).padEnd(power + 1, '0');
  return `${whole}.${digits.slice(power + 1) || '0'}`;
}
