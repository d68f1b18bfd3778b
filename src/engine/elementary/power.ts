/**
 * pow, sqrt and rsqrt. pow works in double (f64x2 lanes) and rounds to float32 once: y·log₂|x|
 * reaches ±150, so that float32's 24 bits would leave only 16 for the fraction.
 */
import { bitsOf, exponentOf, mantissaOf, nearestInDouble, powerOfTwo, split } from './bits.ts';

/**
 * log₂ of a float32 `x` (≥ 0) as a double: x = 2ᵏ·m with √½ < m < √2, and 2·atanh(s)/ln 2 for
 * s = (m − 1)/(m + 1) as s·P(s²); our minimax fit, relative error 2.7e-14.
 */
function log2InDouble(x: number): number {
  if (!(x > 0 && x < Infinity)) return x > 0 ? x : x === 0 ? -Infinity : NaN;
  const parts = split(x);
  const m = mantissaOf(parts);
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let p = 0.2829425537520734;
  p = p * z + 0.31990288558501173;
  p = p * z + 0.4122093168354788;
  p = p * z + 0.5770779417708448;
  p = p * z + 0.9617966941152207;
  p = p * z + 2.885390081777849;
  return exponentOf(parts) + s * p;
}

/**
 * 2ᵉ as a double, not yet rounded, for any double `e`: e = n + g with |g| ≤ ½, and 2ᵍ as
 * 1 + g·P(g); our minimax fit, relative error 8.3e-13.
 */
function exp2InDouble(e: number): number {
  // Beyond these the float32 is 0 or infinity anyway, and 2ⁿ stays in reach of two factors.
  const clamped = Math.min(Math.max(e, -160), 160);
  const n = nearestInDouble(clamped);
  const g = clamped - n;
  let p = 1.3178860273477976e-6;
  p = p * g + 1.530926805890069e-5;
  p = p * g + 0.00015403826641610126;
  p = p * g + 0.0013333454451738842;
  p = p * g + 0.009618128613179577;
  p = p * g + 0.0555041093567325;
  p = p * g + 0.2402265069812815;
  p = p * g + 0.6931471805481205;
  const half = n >> 1;
  return (1 + g * p) * powerOfTwo(half) * powerOfTwo(n - half);
}

/**
 * x to the power y, with IEEE 754's special cases: 1 for y = ±0 or x = 1 whatever the other is
 * (NaN too) and for (−1)^±infinity; NaN for a negative x and a y that is not whole; the sign of a
 * negative x (−0 too) stays for odd y. pow(x, 1) is x. Largest error measured: 0.501 ulp.
 */
export function pow(x: number, y: number): number {
  const size = Math.abs(x);
  const whole = Math.floor(y) === y;
  const odd = whole && Math.floor(0.5 * y) !== 0.5 * y;
  const power = Math.fround(exp2InDouble(y * log2InDouble(size)));
  const endless = size === 1 && Math.abs(y) === Infinity;
  if (x === 1 || y === 0 || endless) return 1;
  if (x < 0 && x > -Infinity && !whole) return NaN;
  return odd && bitsOf(x) < 0 ? -power : power;
}

/** √x, correctly rounded: NaN below 0, −0 at −0. */
export function sqrt(x: number): number {
  return Math.fround(Math.sqrt(x));
}

/** 1 / √x: ±infinity at ±0, NaN below 0. Two roundings; largest error measured: 1.5 ulp. */
export function rsqrt(x: number): number {
  return Math.fround(1 / Math.fround(Math.sqrt(x)));
}
