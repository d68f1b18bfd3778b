/**
 * exp, expm1 and what is made of them with one division: sigmoid, tanh, sinh, cosh. All float32.
 * x = n·ln 2 + r with a whole n and |r| ≤ ln 2 / 2; then eˣ = 2ⁿ·(1 + (eʳ − 1)).
 */
import { LN2_HIGH, LN2_LOW, nearest, powerOfTwo, signed } from './bits.ts';

const f32 = Math.fround;

const LOG2_E = f32(Math.LOG2E);

/**
 * eʳ − 1 for |r| ≤ ln 2 / 2, as r + r²·P(r) with P in two halves (Estrin), so that fewer steps wait
 * for each other. P is our minimax fit (Remez exchange) of the error relative to eʳ − 1, with
 * coefficients rounded to float32 one after the other: 1.4e-8 at most.
 */
function expm1Reduced(r: number): number {
  const square = f32(r * r);
  const low = f32(f32(0.16666537523269653 * r) + 0.4999999701976776);
  const middle = f32(f32(0.008367318660020828 * r) + 0.041667740792036057);
  const high = f32(f32(0.00138378597330302 * square) + middle);
  const p = f32(f32(high * square) + low);
  return f32(r + f32(p * square));
}

/** x − n·ln 2 for the whole n nearest to x/ln 2. The high part's product and difference are exact. */
function withoutPowersOfTwo(x: number, n: number): number {
  return f32(x - n * LN2_HIGH - f32(n * LN2_LOW));
}

/** `x`·2ⁿ for |n| ≤ 140 and |x| < 2, in two factors, of which only the second may round. */
function scaled(x: number, n: number): number {
  const half = n >> 1;
  return f32(x * powerOfTwo(half) * powerOfTwo(n - half));
}

/**
 * eˣ · 2^shift, rounded once more only where the result is denormal.
 *
 * @param shift  −1 or 0; with −1, e⁸⁹ / 2 does not overflow before it must
 */
function scaledExp(x: number, shift: number): number {
  // Beyond these the result is 0 or infinity anyway, and 2ⁿ stays in reach of two factors.
  const clamped = Math.min(Math.max(x, -106), 92);
  const n = nearest(f32(clamped * LOG2_E));
  const mantissa = f32(1 + expm1Reduced(withoutPowersOfTwo(clamped, n)));
  return scaled(mantissa, (n | 0) + shift);
}

/** eˣ. 0 below −103.97, infinity above 88.7228. Largest error measured: 1.03 ulp. */
export function exp(x: number): number {
  return scaledExp(x, 0);
}

/** eˣ − 1 without cancellation near 0. Largest error measured: 1.75 ulp. */
export function expm1(x: number): number {
  const clamped = Math.min(Math.max(x, -18), 92);
  const n = nearest(f32(clamped * LOG2_E));
  const reduced = expm1Reduced(withoutPowersOfTwo(clamped, n));
  // 2ⁿ·(eʳ − 1) + (2ⁿ − 1), with 2ⁿ taken out so that it cannot overflow early. From n = 25 on the
  // second term is 1 in float32, so that −n need not go below −64.
  const rest = f32(reduced + f32(1 - powerOfTwo(n > 64 ? -64 : -n)));
  const result = scaled(rest, n | 0);
  return x === 0 ? x : result;
}

/**
 * 1 / (1 + e⁻ˣ). The exponential is taken of −|x|, so that it never overflows and the left tail
 * keeps its relative accuracy down to denormals. Largest error measured: 1.97 ulp.
 */
export function sigmoid(x: number): number {
  const e = exp(-Math.abs(x));
  const sum = f32(1 + e);
  if (!(x < 0)) return f32(1 / sum);
  // Left of 0 the roundings of e, sum and quotient add up to 2.3 ulp. What the sum lost is known
  // exactly, and 1 / sum is 1 − quotient: taking it out leaves less than 2.
  const quotient = f32(e / sum);
  const lost = 1 - sum + e;
  return f32(quotient - f32(f32(quotient * lost) * f32(1 - quotient)));
}

/**
 * tanh x: below 0.625 the odd polynomial x + x³·P(x²) (our minimax fit, relative error 4.5e-9),
 * above it 1 − 2 / (e²ˣ + 1), where the subtraction costs nothing. Exactly odd.
 * Largest error measured: 1.34 ulp.
 */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (size < 0.625) return signed(tanhNearZero(size), x);
  // tanh 10 is 1 in float32; larger arguments would only make slow denormals.
  const e = exp(2 * Math.min(size, 10));
  return signed(f32(1 - f32(2 / f32(e + 1))), x);
}

function tanhNearZero(x: number): number {
  const square = f32(x * x);
  let p = f32(f32(-0.0056922961957752705 * square) + 0.02062816731631756);
  p = f32(f32(p * square) - 0.05373651534318924);
  p = f32(f32(p * square) + 0.13331405818462372);
  p = f32(f32(p * square) - 0.3333328068256378);
  return f32(x + f32(f32(p * square) * x));
}

/**
 * sinh x: below 1 the odd polynomial x + x³·P(x²) (our minimax fit, relative error 3.0e-10), above
 * it E − 1 / (4E) with E = eˣ / 2, so that it overflows only where it must. Exactly odd.
 * Largest error measured: 1.62 ulp.
 */
export function sinh(x: number): number {
  const size = Math.abs(x);
  if (size < 1) return signed(sinhNearZero(size), x);
  const e = scaledExp(size, -1);
  return signed(f32(e - f32(0.25 / e)), x);
}

function sinhNearZero(x: number): number {
  const square = f32(x * x);
  let p = f32(f32(2.7822131869470468e-6 * square) + 0.00019842895562760532);
  p = f32(f32(p * square) + 0.00833331048488617);
  p = f32(f32(p * square) + 0.1666666716337204);
  return f32(x + f32(f32(p * square) * x));
}

/** cosh x = E + 1 / (4E) with E = e^|x| / 2. Exactly even. Largest error measured: 1.47 ulp. */
export function cosh(x: number): number {
  const e = scaledExp(Math.abs(x), -1);
  return f32(e + f32(0.25 / e));
}
