/**
 * log, log1p and softplus in float32. A positive number is 2ᵏ·(1 + f) with √½ < 1 + f < √2;
 * log(1 + f) = 2·atanh(s) with s = f / (2 + f), in the order of fdlibm's `logf`.
 */
import { exponentOf, LN2_HIGH, LN2_LOW, mantissaOf, split } from './bits.ts';
import { exp } from './exponential.ts';

const f32 = Math.fround;

/**
 * k·ln 2 + log(1 + f) + c for a small correction `c`.
 *
 * P of 2·atanh(s) = 2s + s³·P(s²) is our minimax fit (Remez exchange), relative error 8.2e-10. The
 * large parts, k·ln 2 and f, are exact, so that only the last addition rounds at full size.
 */
function assemble(k: number, f: number, c: number): number {
  const s = f32(f / f32(2 + f));
  const z = f32(s * s);
  let p = f32(f32(0.2987212836742401 * z) + 0.39977553486824036);
  p = f32(f32(p * z) + 0.6666677594184875);
  const halfSquare = f32(0.5 * f * f);
  const tail = f32(f32(s * f32(halfSquare + f32(z * p))) + f32(f32(k * LN2_LOW) + c));
  return f32(k * LN2_HIGH + f32(f - f32(halfSquare - tail)));
}

/** The natural logarithm: −infinity at ±0, NaN below. Largest error measured: 0.84 ulp. */
export function log(x: number): number {
  if (!(x > 0 && x < Infinity)) return x > 0 ? x : x === 0 ? -Infinity : NaN;
  const parts = split(x);
  return assemble(exponentOf(parts), mantissaOf(parts) - 1, 0);
}

/**
 * log(1 + x) without loss near 0: −infinity at −1, NaN below. Largest error measured: 0.84 ulp.
 *
 * u = 1 + x is rounded; what the rounding lost is put back as (x − (u − 1)) / u.
 */
export function log1p(x: number): number {
  if (!(x > -1 && x < Infinity)) return x > 0 ? x : x === -1 ? -Infinity : NaN;
  const u = f32(1 + x);
  const parts = split(u);
  const k = exponentOf(parts);
  // Where no power of two comes out, f is x itself and nothing is lost.
  if (k === 0) return x === 0 ? x : assemble(0, x, 0);
  const lost = x > 1 ? 1 - (u - x) : x - (u - 1);
  return assemble(k, mantissaOf(parts) - 1, f32(lost / u));
}

/**
 * log(1 + eˣ) = max(x, 0) + log1p(e^−|x|), which never overflows and keeps the left tail's relative
 * accuracy. Largest error measured: 1.68 ulp.
 */
export function softplus(x: number): number {
  return f32(Math.max(x, 0) + log1p(exp(-Math.abs(x))));
}
