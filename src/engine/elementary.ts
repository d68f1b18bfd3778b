/**
 * The elementary functions an engine computes with, in float32 and in double. The float32 ones are
 * the definition of correct: every engine repeats their steps and gets the same bits.
 */
import { erf, erfInDouble } from './elementary/error-function.ts';
import { cosh, exp, expm1, sigmoid, sinh, tanh } from './elementary/exponential.ts';
import { log, log1p, softplus } from './elementary/logarithm.ts';
import { pow, rsqrt, sqrt } from './elementary/power.ts';
import { atan, cos, sin, tan } from './elementary/trigonometry.ts';

/** Elementary functions of one precision: arguments and results are numbers of that precision. */
export interface ElementaryFunctions {
  /** Rounds any number to the precision; what follows each + − × ÷ of an engine. */
  round(x: number): number;
  exp(x: number): number;
  /** eˣ − 1 */
  expm1(x: number): number;
  log(x: number): number;
  /** log(1 + x) */
  log1p(x: number): number;
  tanh(x: number): number;
  /** 1 / (1 + e⁻ˣ) */
  sigmoid(x: number): number;
  /** log(1 + eˣ) */
  softplus(x: number): number;
  erf(x: number): number;
  sin(x: number): number;
  cos(x: number): number;
  tan(x: number): number;
  sinh(x: number): number;
  cosh(x: number): number;
  atan(x: number): number;
  /** x to the power y; 1 for x = 1 or y = 0, whatever the other is */
  pow(x: number, y: number): number;
  sqrt(x: number): number;
  /** 1 / √x */
  rsqrt(x: number): number;
}

/**
 * In float32: fixed sequences of IEEE-exact operations (no `Math.exp` and the like, whose last bits
 * belong to the JavaScript engine), so the same bits on every machine and in WebAssembly lanes, where
 * both arms of a branch are computed and one is selected. Arguments must be float32 values. Errors
 * are at most 2 ulp over the whole range, denormals included; each function's docstring states its
 * own, measured on every float32 where the function changes and every 89th elsewhere.
 */
export const float32Functions: ElementaryFunctions = Object.freeze({
  round: Math.fround,
  exp,
  expm1,
  log,
  log1p,
  tanh,
  sigmoid,
  softplus,
  erf,
  sin,
  cos,
  tan,
  sinh,
  cosh,
  atan,
  pow,
  sqrt,
  rsqrt,
});

/**
 * In double, for gradient checks: close to the true value, with the same special cases as
 * `float32Functions`; the last bits are the JavaScript engine's.
 */
export const float64Functions: ElementaryFunctions = Object.freeze({
  round: (x: number) => x,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  tanh: Math.tanh,
  sigmoid(x: number) {
    const e = Math.exp(-Math.abs(x));
    return (x < 0 ? e : 1) / (1 + e);
  },
  softplus: (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  erf: erfInDouble,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  atan: Math.atan,
  // JavaScript alone says NaN to 1^NaN and (±1)^±infinity.
  pow: (x: number, y: number) => (x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : x ** y),
  sqrt: Math.sqrt,
  rsqrt: (x: number) => 1 / Math.sqrt(x),
});
