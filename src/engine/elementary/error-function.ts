/** erf, twice: short float32 polynomials for the engines, and a slow double one to check them by. */
import { signed } from './bits.ts';
import { exp } from './exponential.ts';

const f32 = Math.fround;

/**
 * erf x = 2/√π ∫₀ˣ e^(−t²) dt. Below 1 the odd polynomial x + x·P(x²), relative error 1.4e-9;
 * above it 1 − e^(−x·Q(x)), error 4.0e-10 (both our minimax fits). Exactly odd.
 * Largest error measured: 1.32 ulp.
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size < 1) return signed(erfNearZero(size), x);
  // erf 4 is 1 in float32; the fit ends there.
  const t = Math.min(size, 4);
  let q = f32(f32(1.3841177860740572e-5 * t) - 0.0003492996620479971);
  q = f32(f32(q * t) + 0.003751857206225395);
  q = f32(f32(q * t) - 0.02399730682373047);
  q = f32(f32(q * t) + 0.10651490092277527);
  q = f32(f32(q * t) + 0.6349799633026123);
  q = f32(f32(q * t) + 1.128691554069519);
  return signed(f32(1 - exp(-f32(q * t))), x);
}

function erfNearZero(x: number): number {
  const square = f32(x * x);
  let p = f32(f32(7.806903886375949e-5 * square) - 0.0007997853099368513);
  p = f32(f32(p * square) + 0.005187162198126316);
  p = f32(f32(p * square) - 0.026853347197175026);
  p = f32(f32(p * square) + 0.11283578723669052);
  p = f32(f32(p * square) - 0.3761262595653534);
  p = f32(f32(p * square) + 0.12837916612625122);
  return f32(x + f32(x * p));
}

/** Below this the series is used, above it the continued fraction. */
const SERIES_END = 2;
/** Enough of either for the last bits of a double on its side of `SERIES_END`. */
const TERMS = 60;

/**
 * erf x in double, error at most 1e-15; for gradient checks, not for speed.
 *
 * Below 2 the series 2x/√π · e^(−x²) · Σ (2x²)ⁿ / (1·3·5…(2n+1)), whose terms are all positive;
 * above it 1 minus Laplace's continued fraction of erfc (Abramowitz and Stegun 7.1.6 and 7.1.14).
 */
export function erfInDouble(x: number): number {
  const size = Math.abs(x);
  return signed(size < SERIES_END ? erfSeries(size) : 1 - erfcFraction(size), x);
}

function erfSeries(x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= TERMS; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return ((2 * x) / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

function erfcFraction(x: number): number {
  let denominator = x;
  for (let n = TERMS; n >= 1; n--) denominator = x + n / 2 / denominator;
  return Math.exp(-x * x) / denominator / Math.sqrt(Math.PI);
}
