/**
 * The exact steps that range reductions start and end with: bit patterns, powers of two, rounding
 * to whole numbers, signs. In WebAssembly each is one or two instructions on a lane.
 * Here and beside: an operation without a rounding around it is exact in float32 as it stands.
 */
const floats = new Float32Array(1);
const integers = new Int32Array(floats.buffer);

/** ln 2 in two parts; the first has 15 bits, so that a whole number below 2⁹ times it is exact. */
export const LN2_HIGH = 0.693145751953125;
export const LN2_LOW = 1.428606765330187e-6;

/** The bit pattern of the float32 just above √½. */
const SQRT_HALF_BITS = 0x3f3504f4;
const MANTISSA_BITS = 0x7fffff;
const SMALLEST_NORMAL = 2 ** -126;

/** Adding and taking away 1.5 · 2²³ in float32, 1.5 · 2⁵² in double, leaves a whole number. */
const FLOAT_SHIFT = 12582912;
const DOUBLE_SHIFT = 6755399441055744;

/** The float32 with the bit pattern `bits`, a 32-bit integer. */
function floatOf(bits: number): number {
  integers[0] = bits;
  return floats[0];
}

/** The bit pattern of the float32 `x` as a signed integer, negative when the sign bit is set. */
export function bitsOf(x: number): number {
  floats[0] = x;
  return integers[0];
}

/** 2ⁿ for a whole `n` from −126 to 127; other `n` give nonsense. */
export function powerOfTwo(n: number): number {
  return floatOf((n + 127) << 23);
}

/** The whole number nearest to the float32 `x`, ties to even, for |x| < 2²²; NaN stays NaN. */
export function nearest(x: number): number {
  return Math.fround(x + FLOAT_SHIFT) - FLOAT_SHIFT;
}

/** The whole number nearest to the double `x`, ties to even, for |x| < 2⁵¹; NaN stays NaN. */
export function nearestInDouble(x: number): number {
  return x + DOUBLE_SHIFT - DOUBLE_SHIFT;
}

/**
 * A positive, finite float32 `x` taken apart as 2ᵏ·m with √½ < m < √2: one integer with k in the
 * upper nine bits and m in the lower 23, for `exponentOf` and `mantissaOf`.
 */
export function split(x: number): number {
  if (x < SMALLEST_NORMAL) return bitsOf(x * 2 ** 23) - SQRT_HALF_BITS - (23 << 23);
  return bitsOf(x) - SQRT_HALF_BITS;
}

/** The k of a number taken apart by `split`. */
export function exponentOf(parts: number): number {
  return parts >> 23;
}

/** The m of a number taken apart by `split`. */
export function mantissaOf(parts: number): number {
  return floatOf((parts & MANTISSA_BITS) + SQRT_HALF_BITS);
}

/** `value`, negated where `x` is negative; ±0 and NaN of `x` come back as they are. */
export function signed(value: number, x: number): number {
  return x > 0 ? value : x < 0 ? -value : x;
}
