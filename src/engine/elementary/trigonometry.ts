/**
 * sin, cos, tan and atan in float32. The angle is brought to |r| ≤ π/4 and a count of quarter
 * turns; that one step needs double (f64x2 lanes), because x − n·π/2 cancels up to 30 bits more
 * than float32 has. The polynomials after it are float32.
 */
import { nearestInDouble, signed } from './bits.ts';

const f32 = Math.fround;

/** π/2 in two parts; the first has 33 bits, so that n times it is exact for n < 2²⁰. */
const HALF_PI_HIGH = 1.5707963267341256;
const HALF_PI_LOW = 6.077100506506192e-11;
/** Above this, x is multiplied by enough bits of 2/π instead. */
const MODERATE = 2 ** 20;
/** 2/π in groups of 24 bits (as in fdlibm's `two_over_pi`): a float32 times a group is exact. */
const TWO_OVER_PI = [
  0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041,
].map((bits, group) => bits * 2 ** (-24 * (group + 1)));

/** Quarter turns taken out by the last `reduce`, of which the lowest two bits count. */
let quarters = 0;

/**
 * What is left of the angle `x` (≥ 0) when whole quarter turns are taken out, as a double within
 * ±π/4; sets `quarters`. NaN for infinity and NaN.
 */
function reduce(x: number): number {
  if (x >= MODERATE) return reduceHuge(x);
  const n = nearestInDouble(x * (2 / Math.PI));
  quarters = n & 3;
  return x - n * HALF_PI_HIGH - n * HALF_PI_LOW;
}

/**
 * The same for any size (Payne and Hanek): x·2/π modulo 4, group by group. Products and remainders
 * are exact, sums carry their rounding error along (Knuth's two-sum), 64 bits behind the point.
 */
function reduceHuge(x: number): number {
  let sum = 0;
  let lost = 0;
  for (const group of TWO_OVER_PI) {
    const product = x * group;
    const part = product - 4 * Math.floor(0.25 * product);
    const next = sum + part;
    const added = next - sum;
    lost += sum - (next - added) + (part - added);
    sum = next;
  }
  const n = nearestInDouble(sum);
  quarters = n & 3;
  return (sum - n + lost) * (Math.PI / 2);
}

/** sin of an angle within ±π/4, given as high + low: our minimax fit, relative error 4.2e-9. */
function sinReduced(high: number, low: number): number {
  const z = f32(high * high);
  let p = f32(f32(-0.00019507882825564593 * z) + 0.008332106284797192);
  p = f32(f32(p * z) - 0.16666653752326965);
  return f32(high + f32(low + f32(f32(p * z) * high)));
}

/** cos of an angle within ±π/4, given as high + low: our minimax fit, error 1.1e-10. */
function cosReduced(high: number, low: number): number {
  const z = f32(high * high);
  let p = f32(f32(2.4430670237052254e-5 * z) - 0.00138873013202101);
  p = f32(f32(p * z) + 0.04166664555668831);
  const tail = f32(f32(f32(p * z) * z) - f32(high * low));
  return f32(f32(1 - 0.5 * z) + tail);
}

/** tan of an angle within ±π/4, given as high + low: our minimax fit, relative error 1.3e-9. */
function tanReduced(high: number, low: number): number {
  const z = f32(high * high);
  let p = f32(f32(0.004372608382254839 * z) + 9.833086369326338e-5);
  p = f32(f32(p * z) + 0.010827424004673958);
  p = f32(f32(p * z) + 0.02128620818257332);
  p = f32(f32(p * z) + 0.05405891314148903);
  p = f32(f32(p * z) + 0.13332675397396088);
  p = f32(f32(p * z) + 0.33333349227905273);
  return f32(high + f32(low + f32(f32(p * z) * high)));
}

/** sin x of an angle in radians; NaN at ±infinity. Exactly odd. Largest error measured: 1.28 ulp. */
export function sin(x: number): number {
  const r = reduce(Math.abs(x));
  const high = f32(r);
  const low = f32(r - high);
  const size = (quarters & 1) === 0 ? sinReduced(high, low) : cosReduced(high, low);
  return signed((quarters & 2) === 0 ? size : -size, x);
}

/** cos x of an angle in radians; NaN at ±infinity. Exactly even. Largest error measured: 1.28 ulp. */
export function cos(x: number): number {
  const r = reduce(Math.abs(x));
  const high = f32(r);
  const low = f32(r - high);
  const size = (quarters & 1) === 0 ? cosReduced(high, low) : sinReduced(high, low);
  return ((quarters + 1) & 2) === 0 ? size : -size;
}

/**
 * tan x of an angle in radians; NaN at ±infinity. Exactly odd. Never infinite, since no
 * float32 is a pole. Largest error measured: 1.79 ulp.
 */
export function tan(x: number): number {
  const r = reduce(Math.abs(x));
  const high = f32(r);
  const t = tanReduced(high, f32(r - high));
  return signed((quarters & 1) === 0 ? t : f32(-1 / t), x);
}

const HALF_PI = 1.5707963705062866;
/** π/2 minus its float32. */
const HALF_PI_REST = -4.371138828673793e-8;

/**
 * atan x: t + t³·P(t²) for t = |x| or 1/|x|, whichever is at most 1 (our minimax fit, relative
 * error 2.6e-9), taken from π/2 in the second case. Exactly odd. Largest error measured: 1.77 ulp.
 */
export function atan(x: number): number {
  const size = Math.abs(x);
  const t = size > 1 ? f32(1 / size) : size;
  const z = f32(t * t);
  const w = f32(z * z);
  // The high coefficients in two halves (Estrin), the two that matter one after the other.
  let odd = f32(f32(0.010867511853575706 * w) + 0.05788075923919678);
  odd = f32(f32(odd * w) + 0.10950880497694016);
  let even = f32(f32(-0.0017824310343712568 * w) - 0.031095683574676514);
  even = f32(f32(even * w) - 0.08399295061826706);
  even = f32(f32(even * w) - 0.14264015853405);
  let p = f32(f32(odd * z) + even);
  p = f32(f32(p * z) + 0.1999852955341339);
  p = f32(f32(p * z) - 0.33333298563957214);
  const angle = f32(t + f32(f32(p * z) * t));
  return signed(size > 1 ? f32(HALF_PI - f32(angle - HALF_PI_REST)) : angle, x);
}
