/** Element-wise kernels of one input. */
import { atan, cosh, erf, exp, expm1, sigmoid, sinh, tanh } from './exponential';
import { log, log1p, softplus } from './logarithm';
import { address, relu, select, storeFirst } from './memory';
import { cos, sin, tan } from './doubles';

const NEG: i32 = 0;
const ABS: i32 = 1;
const SIGN: i32 = 2;
const FLOOR: i32 = 3;
const RELU: i32 = 4;
const SQUARE: i32 = 5;
const RECIPROCAL: i32 = 6;
const SQRT: i32 = 7;
const RSQRT: i32 = 8;
const EXP: i32 = 9;
const EXPM1: i32 = 10;
const LOG: i32 = 11;
const LOG1P: i32 = 12;
const TANH: i32 = 13;
const SIGMOID: i32 = 14;
const SOFTPLUS: i32 = 15;
const ERF: i32 = 16;
const SINH: i32 = 17;
const COSH: i32 = 18;
const ATAN: i32 = 19;

@inline
function ofOne(op: i32, x: v128): v128 {
  if (op == NEG) return f32x4.neg(x);
  if (op == ABS) return f32x4.abs(x);
  if (op == SIGN) return sign(x);
  if (op == FLOOR) return f32x4.floor(x);
  if (op == RELU) return relu(x);
  if (op == SQUARE) return f32x4.mul(x, x);
  if (op == RECIPROCAL) return f32x4.div(f32x4.splat(1), x);
  if (op == SQRT) return f32x4.sqrt(x);
  if (op == RSQRT) return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
  if (op == EXP) return exp(x);
  if (op == EXPM1) return expm1(x);
  if (op == LOG) return log(x);
  if (op == LOG1P) return log1p(x);
  if (op == TANH) return tanh(x);
  if (op == SIGMOID) return sigmoid(x);
  if (op == SOFTPLUS) return softplus(x);
  if (op == ERF) return erf(x);
  if (op == SINH) return sinh(x);
  if (op == COSH) return cosh(x);
  return atan(x);
}

/** ±1; ±0 and NaN as they are. */
@inline
function sign(x: v128): v128 {
  const zero = f32x4.splat(0);
  const isSigned = v128.or(f32x4.lt(x, zero), f32x4.gt(x, zero));
  const one = v128.or(f32x4.splat(1), v128.and(x, i32x4.splat(<i32>0x80000000)));
  return select(isSigned, one, x);
}

/** out, x, count */
@inline
function unary(op: i32, at: usize): void {
  let out = address(at, 0);
  let x = address(at, 1);
  const count = address(at, 2);
  const end = out + ((count & ~3) << 2);
  while (out < end) {
    v128.store(out, ofOne(op, v128.load(x)));
    out += 16;
    x += 16;
  }
  if (count & 3) storeFirst(out, ofOne(op, v128.load(x)), count & 3);
}

export function neg(at: usize): void {
  unary(NEG, at);
}
export function absolute(at: usize): void {
  unary(ABS, at);
}
export function signs(at: usize): void {
  unary(SIGN, at);
}
export function floors(at: usize): void {
  unary(FLOOR, at);
}
export function relus(at: usize): void {
  unary(RELU, at);
}
export function square(at: usize): void {
  unary(SQUARE, at);
}
export function reciprocal(at: usize): void {
  unary(RECIPROCAL, at);
}
export function sqrt(at: usize): void {
  unary(SQRT, at);
}
export function rsqrt(at: usize): void {
  unary(RSQRT, at);
}
export function exps(at: usize): void {
  unary(EXP, at);
}
export function expm1s(at: usize): void {
  unary(EXPM1, at);
}
export function logs(at: usize): void {
  unary(LOG, at);
}
export function log1ps(at: usize): void {
  unary(LOG1P, at);
}
export function tanhs(at: usize): void {
  unary(TANH, at);
}
export function sigmoids(at: usize): void {
  unary(SIGMOID, at);
}
export function softpluses(at: usize): void {
  unary(SOFTPLUS, at);
}
export function erfs(at: usize): void {
  unary(ERF, at);
}
export function sinhs(at: usize): void {
  unary(SINH, at);
}
export function coshs(at: usize): void {
  unary(COSH, at);
}
export function atans(at: usize): void {
  unary(ATAN, at);
}

/** out, x, count */
export function sins(at: usize): void {
  const out = address(at, 0);
  const x = address(at, 1);
  const end = address(at, 2) << 2;
  for (let i: usize = 0; i < end; i += 4) store<f32>(out + i, sin(load<f32>(x + i)));
}
export function coses(at: usize): void {
  const out = address(at, 0);
  const x = address(at, 1);
  const end = address(at, 2) << 2;
  for (let i: usize = 0; i < end; i += 4) store<f32>(out + i, cos(load<f32>(x + i)));
}
export function tans(at: usize): void {
  const out = address(at, 0);
  const x = address(at, 1);
  const end = address(at, 2) << 2;
  for (let i: usize = 0; i < end; i += 4) store<f32>(out + i, tan(load<f32>(x + i)));
}
