/**
 * float32 numbers as decimals: the shortest text that reads back to the same bits. The files
 * (weights as JSON, CSV) and the NumPy texts are made of it.
 */

/** Powers of ten that a double holds exactly and by which a float32 can be scaled exactly. */
const SCALES = Array.from({ length: 13 }, (_, exponent) => 10 ** exponent);
/** Six digits always survive the way into a normal float32 and back; nine always suffice. */
const FEWEST_DIGITS = 6;
const MOST_DIGITS = 9;
const SMALLEST_NORMAL = 2 ** -126;

/**
 * The shortest decimal that reads back to `x`, in JavaScript's number syntax: `0.1`, `1e-7`,
 * `3.4028235e+38`. Among the shortest it is the closest to `x`; of two equally close, the one with
 * the even last digit (NumPy's rule). Reading back means to the nearest double, then to float32.
 *
 * @param x  a float32; negative zero is `-0`, which JSON can hold; NaN and infinities are `NaN`
 *           and `Infinity`, which it cannot
 */
export function shortestFloat32(x: number): string {
  return Object.is(x, -0) ? '-0' : String(shortestDecimal(x));
}

/**
 * The digits of the shortest decimal of `|x|`, without trailing zeros, and the power of ten of the
 * first one: 0.25 is `{ digits: '25', exponent: -1 }`, zero is `{ digits: '0', exponent: 0 }`.
 *
 * @param x  a finite float32
 */
export function shortestDigits(x: number): { digits: string; exponent: number } {
  const [mantissa, exponent] = Math.abs(shortestDecimal(x)).toExponential().split('e');
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/** The double nearest to the shortest decimal of the float32 `x`; its own shortest text is that decimal. */
function shortestDecimal(x: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const size = Math.abs(x);
  const exponent = Math.floor(Math.log10(size));
  // Below the normal numbers fewer than six digits may do, and padding them would not be exact.
  const fewest = size < SMALLEST_NORMAL ? 1 : FEWEST_DIGITS;
  for (let count = fewest; count < MOST_DIGITS; count++) {
    const decimals = count - 1 - exponent;
    const found =
      decimals >= 0 && decimals < SCALES.length
        ? scaledCandidate(size, SCALES[decimals])
        : printedCandidate(size, count);
    if (found !== undefined) return x < 0 ? -found : found;
  }
  return Number(x.toPrecision(MOST_DIGITS));
}

/** The multiple of `1 / scale` that stands for `size`, if one reads back to it. `size · scale` is exact. */
function scaledCandidate(size: number, scale: number): number | undefined {
  const scaled = size * scale;
  const below = Math.floor(scaled);
  const rest = scaled - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 === 1);
  const nearest = (up ? below + 1 : below) / scale;
  if (Math.fround(nearest) === size) return nearest;
  // At a power of two the neighbour below is only half as far away as the one above, so that the
  // farther candidate, above, may still read back.
  const above = (below + 1) / scale;
  return !up && Math.fround(above) === size ? above : undefined;
}

/** The same by way of text, for magnitudes where scaling would round. No ties arise there. */
function printedCandidate(size: number, count: number): number | undefined {
  const text = size.toExponential(count - 1);
  const nearest = Number(text);
  if (Math.fround(nearest) === size) return nearest;
  if (nearest > size) return undefined;
  const [mantissa, exponent] = text.split('e');
  const above = Number(`${Number(mantissa.replace('.', '')) + 1}e${Number(exponent) - count + 1}`);
  return Math.fround(above) === size ? above : undefined;
}
