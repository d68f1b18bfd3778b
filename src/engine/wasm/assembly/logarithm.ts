/** log, log1p and softplus, four at a time: the steps of `elementary/logarithm.ts`. */
import { exp, step } from './exponential';
import { select } from './memory';

const SQRT_HALF_BITS: i32 = 0x3f3504f4;

/** A positive number taken apart as 2ᵏ·m: see `split` in `elementary/bits.ts`. */
@inline
function split(x: v128): v128 {
  const isDenormal = f32x4.lt(x, f32x4.splat(1.1754943508222875e-38));
  const raised = select(isDenormal, f32x4.mul(x, f32x4.splat(8388608)), x);
  const correction = v128.and(isDenormal, i32x4.splat(23 << 23));
  return i32x4.sub(i32x4.sub(raised, i32x4.splat(SQRT_HALF_BITS)), correction);
}

@inline
function mantissaOf(parts: v128): v128 {
  return i32x4.add(v128.and(parts, i32x4.splat(0x7fffff)), i32x4.splat(SQRT_HALF_BITS));
}

/** k·ln 2 + log(1 + f) + c. */
@inline
function assemble(k: v128, f: v128, c: v128): v128 {
  const s = f32x4.div(f, f32x4.add(f32x4.splat(2), f));
  const z = f32x4.mul(s, s);
  let p = step(f32x4.splat(0.2987212836742401), z, 0.39977553486824036);
  p = step(p, z, 0.6666677594184875);
  const halfSquare = f32x4.mul(f32x4.mul(f32x4.splat(0.5), f), f);
  const small = f32x4.mul(s, f32x4.add(halfSquare, f32x4.mul(z, p)));
  const low = f32x4.add(f32x4.mul(k, f32x4.splat(1.428606765330187e-6)), c);
  const tail = f32x4.add(small, low);
  const high = f32x4.mul(k, f32x4.splat(0.693145751953125));
  return f32x4.add(high, f32x4.sub(f, f32x4.sub(halfSquare, tail)));
}

/** The result where x is positive and finite, else what a logarithm is at `zero`, below and at the end. */
@inline
function withEnds(result: v128, x: v128, zero: f32): v128 {
  const endless = f32x4.splat(Infinity);
  const isInside = v128.and(f32x4.gt(x, f32x4.splat(zero)), f32x4.lt(x, endless));
  const isZero = f32x4.eq(x, f32x4.splat(zero));
  let outside = select(isZero, f32x4.splat(-Infinity), f32x4.splat(NaN));
  outside = select(f32x4.eq(x, endless), x, outside);
  return select(isInside, result, outside);
}

@inline
export function log(x: v128): v128 {
  const parts = split(x);
  const k = f32x4.convert_i32x4_s(i32x4.shr_s(parts, 23));
  const f = f32x4.sub(mantissaOf(parts), f32x4.splat(1));
  return withEnds(assemble(k, f, f32x4.splat(0)), x, 0);
}

@inline
export function log1p(x: v128): v128 {
  const one = f32x4.splat(1);
  const u = f32x4.add(one, x);
  const parts = split(u);
  const power = i32x4.shr_s(parts, 23);
  const ofLarge = f32x4.sub(one, f32x4.sub(u, x));
  const ofSmall = f32x4.sub(x, f32x4.sub(u, one));
  const lost = select(f32x4.gt(x, one), ofLarge, ofSmall);
  const isWhole = i32x4.eq(power, i32x4.splat(0));
  const f = select(isWhole, x, f32x4.sub(mantissaOf(parts), one));
  const c = v128.andnot(f32x4.div(lost, u), isWhole);
  const result = assemble(f32x4.convert_i32x4_s(power), f, c);
  return withEnds(select(f32x4.eq(x, f32x4.splat(0)), x, result), x, -1);
}

@inline
export function softplus(x: v128): v128 {
  const e = exp(v128.or(x, i32x4.splat(<i32>0x80000000)));
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), log1p(e));
}
