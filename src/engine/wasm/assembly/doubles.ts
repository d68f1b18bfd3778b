/**
 * pow, sin, cos and tan, one number at a time, in double where `elementary/power.ts` and
 * `elementary/trigonometry.ts` are: their steps.
 */

const SQRT_HALF_BITS: i32 = 0x3f3504f4;

function powerOfTwo(n: i32): f64 {
  return <f64>reinterpret<f32>((n + 127) << 23);
}

function nearestInDouble(x: f64): f64 {
  return x + 6755399441055744 - 6755399441055744;
}

function signed(value: f32, x: f32): f32 {
  return x > 0 ? value : x < 0 ? -value : x;
}

function log2InDouble(x: f32): f64 {
  if (!(x > 0 && x < Infinity)) return x > 0 ? <f64>x : x == 0 ? -Infinity : NaN;
  const parts =
    x < 1.1754943508222875e-38
      ? reinterpret<i32>(x * 8388608) - SQRT_HALF_BITS - (23 << 23)
      : reinterpret<i32>(x) - SQRT_HALF_BITS;
  const m = <f64>reinterpret<f32>((parts & 0x7fffff) + SQRT_HALF_BITS);
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let p: f64 = 0.2829425537520734;
  p = p * z + 0.31990288558501173;
  p = p * z + 0.4122093168354788;
  p = p * z + 0.5770779417708448;
  p = p * z + 0.9617966941152207;
  p = p * z + 2.885390081777849;
  return <f64>(parts >> 23) + s * p;
}

function exp2InDouble(e: f64): f64 {
  const clamped = min<f64>(max<f64>(e, -160), 160);
  const n = nearestInDouble(clamped);
  const g = clamped - n;
  let p: f64 = 1.3178860273477976e-6;
  p = p * g + 1.530926805890069e-5;
  p = p * g + 0.00015403826641610126;
  p = p * g + 0.0013333454451738842;
  p = p * g + 0.009618128613179577;
  p = p * g + 0.0555041093567325;
  p = p * g + 0.2402265069812815;
  p = p * g + 0.6931471805481205;
  const power = <i32>n;
  const half = power >> 1;
  return (1 + g * p) * powerOfTwo(half) * powerOfTwo(power - half);
}

export function pow(x: f32, y: f32): f32 {
  const size = abs<f32>(x);
  const isWhole = floor<f32>(y) == y;
  const half: f32 = 0.5 * y;
  const isOdd = isWhole && floor<f32>(half) != half;
  const power = <f32>exp2InDouble(<f64>y * log2InDouble(size));
  const isEndless = size == 1 && abs<f32>(y) == Infinity;
  if (x == 1 || y == 0 || isEndless) return 1;
  if (x < 0 && x > -Infinity && !isWhole) return NaN;
  return isOdd && reinterpret<i32>(x) < 0 ? -power : power;
}

/** Quarter turns taken out by the last `reduce`. */
let quarters: i32 = 0;

function reduce(x: f64): f64 {
  if (x >= 1048576) return reduceHuge(x);
  const n = nearestInDouble(x * 0.6366197723675814);
  quarters = <i32>n & 3;
  return x - n * 1.5707963267341256 - n * 6.077100506506192e-11;
}

let sum: f64 = 0;
let lost: f64 = 0;

/** Adds a group of 24 bits of 2/π times x, modulo 4, and what the addition loses. */
function addGroup(x: f64, bits: f64, scale: f64): void {
  const product = x * (bits * scale);
  const part = product - 4 * floor<f64>(0.25 * product);
  const next = sum + part;
  const added = next - sum;
  lost += sum - (next - added) + (part - added);
  sum = next;
}

function reduceHuge(x: f64): f64 {
  sum = 0;
  lost = 0;
  const step: f64 = 1 / 16777216.0;
  let scale = step;
  addGroup(x, 0xa2f983, scale);
  addGroup(x, 0x6e4e44, (scale *= step));
  addGroup(x, 0x1529fc, (scale *= step));
  addGroup(x, 0x2757d1, (scale *= step));
  addGroup(x, 0xf534dd, (scale *= step));
  addGroup(x, 0xc0db62, (scale *= step));
  addGroup(x, 0x95993c, (scale *= step));
  addGroup(x, 0x439041, (scale *= step));
  const n = nearestInDouble(sum);
  quarters = <i32>n & 3;
  return (sum - n + lost) * 1.5707963267948966;
}

function sinReduced(high: f32, low: f32): f32 {
  const z = high * high;
  let p: f32 = <f32>-0.00019507882825564593 * z + <f32>0.008332106284797192;
  p = p * z - <f32>0.16666653752326965;
  return high + (low + p * z * high);
}

function cosReduced(high: f32, low: f32): f32 {
  const z = high * high;
  let p: f32 = <f32>2.4430670237052254e-5 * z - <f32>0.00138873013202101;
  p = p * z + <f32>0.04166664555668831;
  const tail = p * z * z - high * low;
  return <f32>1 - <f32>0.5 * z + tail;
}

function tanReduced(high: f32, low: f32): f32 {
  const z = high * high;
  let p: f32 = <f32>0.004372608382254839 * z + <f32>9.833086369326338e-5;
  p = p * z + <f32>0.010827424004673958;
  p = p * z + <f32>0.02128620818257332;
  p = p * z + <f32>0.05405891314148903;
  p = p * z + <f32>0.13332675397396088;
  p = p * z + <f32>0.33333349227905273;
  return high + (low + p * z * high);
}

export function sin(x: f32): f32 {
  const r = reduce(<f64>abs<f32>(x));
  const high = <f32>r;
  const low = <f32>(r - <f64>high);
  const size = (quarters & 1) == 0 ? sinReduced(high, low) : cosReduced(high, low);
  return signed((quarters & 2) == 0 ? size : -size, x);
}

export function cos(x: f32): f32 {
  const r = reduce(<f64>abs<f32>(x));
  const high = <f32>r;
  const low = <f32>(r - <f64>high);
  const size = (quarters & 1) == 0 ? cosReduced(high, low) : sinReduced(high, low);
  return ((quarters + 1) & 2) == 0 ? size : -size;
}

export function tan(x: f32): f32 {
  const r = reduce(<f64>abs<f32>(x));
  const high = <f32>r;
  const t = tanReduced(high, <f32>(r - <f64>high));
  return signed((quarters & 1) == 0 ? t : <f32>-1 / t, x);
}
