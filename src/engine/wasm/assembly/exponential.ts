/** exp and what is made of it, four at a time: the steps of `elementary/exponential.ts`. */
import { select } from './memory';

/** Bit 31 of each lane. */
@inline
export function signOf(x: v128): v128 {
  return v128.and(x, i32x4.splat(<i32>0x80000000));
}

/** c[0] as a polynomial's next step: p · x + c. */
@inline
export function step(p: v128, x: v128, c: f32): v128 {
  return f32x4.add(f32x4.mul(p, x), f32x4.splat(c));
}

/** x held between two bounds; NaN stays NaN. */
@inline
function held(x: v128, low: f32, high: f32): v128 {
  return f32x4.pmin(f32x4.pmax(x, f32x4.splat(low)), f32x4.splat(high));
}

/** The whole number nearest to x, ties to even, for |x| < 2²². */
@inline
function nearest(x: v128): v128 {
  return f32x4.sub(f32x4.add(x, f32x4.splat(12582912)), f32x4.splat(12582912));
}

/** 2ⁿ of whole numbers. */
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** eʳ − 1 for |r| ≤ ln 2 / 2. */
@inline
function expm1Reduced(r: v128): v128 {
  const square = f32x4.mul(r, r);
  const low = step(f32x4.splat(0.16666537523269653), r, 0.4999999701976776);
  const middle = step(f32x4.splat(0.008367318660020828), r, 0.041667740792036057);
  const high = f32x4.add(f32x4.mul(f32x4.splat(0.00138378597330302), square), middle);
  const p = f32x4.add(f32x4.mul(high, square), low);
  return f32x4.add(r, f32x4.mul(p, square));
}

@inline
function withoutPowersOfTwo(x: v128, n: v128): v128 {
  const high = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693145751953125)));
  return f32x4.sub(high, f32x4.mul(n, f32x4.splat(1.428606765330187e-6)));
}

/** x · 2ⁿ in two factors. */
@inline
function scaled(x: v128, n: v128): v128 {
  const half = i32x4.shr_s(n, 1);
  return f32x4.mul(f32x4.mul(x, powerOfTwo(half)), powerOfTwo(i32x4.sub(n, half)));
}

@inline
function scaledExp(x: v128, shift: i32): v128 {
  const clamped = held(x, -106, 92);
  const n = nearest(f32x4.mul(clamped, f32x4.splat(1.4426950216293335)));
  const reduced = expm1Reduced(withoutPowersOfTwo(clamped, n));
  const mantissa = f32x4.add(f32x4.splat(1), reduced);
  return scaled(mantissa, i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(shift)));
}

@inline
export function exp(x: v128): v128 {
  return scaledExp(x, 0);
}

@inline
export function expm1(x: v128): v128 {
  const clamped = held(x, -18, 92);
  const n = nearest(f32x4.mul(clamped, f32x4.splat(1.4426950216293335)));
  const reduced = expm1Reduced(withoutPowersOfTwo(clamped, n));
  const power = i32x4.trunc_sat_f32x4_s(n);
  const below = powerOfTwo(i32x4.neg(i32x4.min_s(power, i32x4.splat(64))));
  const rest = f32x4.add(reduced, f32x4.sub(f32x4.splat(1), below));
  return select(f32x4.eq(x, f32x4.splat(0)), x, scaled(rest, power));
}

@inline
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  const e = exp(v128.or(x, i32x4.splat(<i32>0x80000000)));
  const sum = f32x4.add(one, e);
  const right = f32x4.div(one, sum);
  const quotient = f32x4.div(e, sum);
  const lost = f32x4.add(f32x4.sub(one, sum), e);
  const correction = f32x4.mul(f32x4.mul(quotient, lost), f32x4.sub(one, quotient));
  return select(f32x4.lt(x, f32x4.splat(0)), f32x4.sub(quotient, correction), right);
}

@inline
export function tanh(x: v128): v128 {
  const size = f32x4.abs(x);
  const square = f32x4.mul(size, size);
  let p = step(f32x4.splat(-0.0056922961957752705), square, 0.02062816731631756);
  p = step(p, square, -0.05373651534318924);
  p = step(p, square, 0.13331405818462372);
  p = step(p, square, -0.3333328068256378);
  const near = f32x4.add(size, f32x4.mul(f32x4.mul(p, square), size));
  const e = exp(f32x4.mul(f32x4.splat(2), f32x4.pmin(size, f32x4.splat(10))));
  const one = f32x4.splat(1);
  const far = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  const result = select(f32x4.lt(size, f32x4.splat(0.625)), near, far);
  return v128.xor(result, signOf(x));
}

@inline
export function sinh(x: v128): v128 {
  const size = f32x4.abs(x);
  const square = f32x4.mul(size, size);
  let p = step(f32x4.splat(2.7822131869470468e-6), square, 0.00019842895562760532);
  p = step(p, square, 0.00833331048488617);
  p = step(p, square, 0.1666666716337204);
  const near = f32x4.add(size, f32x4.mul(f32x4.mul(p, square), size));
  const e = scaledExp(size, -1);
  const far = f32x4.sub(e, f32x4.div(f32x4.splat(0.25), e));
  const result = select(f32x4.lt(size, f32x4.splat(1)), near, far);
  return v128.xor(result, signOf(x));
}

@inline
export function cosh(x: v128): v128 {
  const e = scaledExp(f32x4.abs(x), -1);
  return f32x4.add(e, f32x4.div(f32x4.splat(0.25), e));
}

@inline
export function erf(x: v128): v128 {
  const size = f32x4.abs(x);
  const square = f32x4.mul(size, size);
  let p = step(f32x4.splat(7.806903886375949e-5), square, -0.0007997853099368513);
  p = step(p, square, 0.005187162198126316);
  p = step(p, square, -0.026853347197175026);
  p = step(p, square, 0.11283578723669052);
  p = step(p, square, -0.3761262595653534);
  p = step(p, square, 0.12837916612625122);
  const near = f32x4.add(size, f32x4.mul(size, p));
  const t = f32x4.pmin(size, f32x4.splat(4));
  let q = step(f32x4.splat(1.3841177860740572e-5), t, -0.0003492996620479971);
  q = step(q, t, 0.003751857206225395);
  q = step(q, t, -0.02399730682373047);
  q = step(q, t, 0.10651490092277527);
  q = step(q, t, 0.6349799633026123);
  q = step(q, t, 1.128691554069519);
  const far = f32x4.sub(f32x4.splat(1), exp(f32x4.neg(f32x4.mul(q, t))));
  const result = select(f32x4.lt(size, f32x4.splat(1)), near, far);
  return v128.xor(result, signOf(x));
}

@inline
export function atan(x: v128): v128 {
  const size = f32x4.abs(x);
  const isSteep = f32x4.gt(size, f32x4.splat(1));
  const t = select(isSteep, f32x4.div(f32x4.splat(1), size), size);
  const z = f32x4.mul(t, t);
  const w = f32x4.mul(z, z);
  let odd = step(f32x4.splat(0.010867511853575706), w, 0.05788075923919678);
  odd = step(odd, w, 0.10950880497694016);
  let even = step(f32x4.splat(-0.0017824310343712568), w, -0.031095683574676514);
  even = step(even, w, -0.08399295061826706);
  even = step(even, w, -0.14264015853405);
  let p = f32x4.add(f32x4.mul(odd, z), even);
  p = step(p, z, 0.1999852955341339);
  p = step(p, z, -0.33333298563957214);
  const angle = f32x4.add(t, f32x4.mul(f32x4.mul(p, z), t));
  const rest = f32x4.sub(angle, f32x4.splat(-4.371138828673793e-8));
  const steep = f32x4.sub(f32x4.splat(1.5707963705062866), rest);
  return v128.xor(select(isSteep, steep, angle), signOf(x));
}
