/**
 * Holds the float32 functions to their promises: errors in ulp, exact special values, oddness, and
 * bits that no change may move unnoticed. The reference is the double twin, whose own error is a
 * millionth of a float32 ulp or less.
 */
import { describe, expect, test } from 'vitest';
import {
  type ElementaryFunctions,
  float32Functions,
  float64Functions,
} from '../../src/engine/elementary.ts';
import { randomStream } from '../../src/random.ts';
import { anyFloat, errorInUlps } from './ulp.ts';

type Unary = Exclude<keyof ElementaryFunctions, 'pow'>;

/** What each docstring states, rounded up to two digits, and where the function is interesting. */
const promises: Record<Unary, { ulps: number; from: number; to: number }> = {
  round: { ulps: 0, from: -1, to: 1 },
  exp: { ulps: 1.03, from: -104, to: 89 },
  expm1: { ulps: 1.75, from: -18, to: 89 },
  log: { ulps: 0.84, from: 0, to: 8 },
  log1p: { ulps: 0.84, from: -1, to: 8 },
  tanh: { ulps: 1.34, from: -10, to: 10 },
  sigmoid: { ulps: 1.97, from: -104, to: 20 },
  softplus: { ulps: 1.68, from: -104, to: 20 },
  erf: { ulps: 1.32, from: -4, to: 4 },
  sin: { ulps: 1.28, from: -50, to: 50 },
  cos: { ulps: 1.28, from: -50, to: 50 },
  tan: { ulps: 1.79, from: -50, to: 50 },
  sinh: { ulps: 1.62, from: -90, to: 90 },
  cosh: { ulps: 1.47, from: -90, to: 90 },
  atan: { ulps: 1.77, from: -20, to: 20 },
  sqrt: { ulps: 0.5, from: 0, to: 8 },
  rsqrt: { ulps: 1.5, from: 0, to: 8 },
};

const unaryNames = Object.keys(promises).filter((name): name is Unary => name in promises);
const oddNames: Unary[] = ['tanh', 'erf', 'sin', 'tan', 'sinh', 'atan'];

/** Where results turn denormal, 0, infinite or constant, and where a function changes its formula. */
const borders = [
  0,
  2 ** -149,
  2 ** -126,
  2 ** -24,
  0.2928932,
  0.34657359,
  0.41421357,
  0.5,
  0.625,
  0.70710677,
  Math.PI / 4,
  1,
  Math.SQRT2,
  Math.PI / 2,
  2,
  Math.PI,
  3.8325,
  4,
  9.010913,
  10,
  15.942385,
  17.32868,
  18,
  24,
  87.33654,
  88.72283,
  88.72284,
  89.41598,
  89.41599,
  90,
  92,
  103.27893,
  103.97208,
  104,
  106,
  2 ** 20,
  2 ** 24,
  2 ** 31,
  1e30,
  3.4028234663852886e38,
  Infinity,
].flatMap((x) => [Math.fround(x), Math.fround(-x)]);

/** `count` arguments: the borders, then half over all bit patterns, half evenly over a range. */
function sample(name: Unary, count: number): Float32Array {
  const random = randomStream(1, name);
  const { from, to } = promises[name];
  return Float32Array.from({ length: count }, (_, i) => {
    if (i < borders.length) return borders[i];
    return i % 2 === 0 ? anyFloat(random) : from + (to - from) * random();
  });
}

/** An FNV-1a hash, in hexadecimal, of 20,000 results; any NaN counts as the same. */
function hashOfResults(name: Unary): string {
  const { from, to } = promises[name];
  const results = new Float32Array(20_000);
  const bits = new Int32Array(results.buffer);
  let hash = 0x811c9dc5;
  for (let i = 0; i < results.length; i++) {
    // Multiples of 2³² / golden ratio reach all bit patterns evenly.
    bits[i] = Math.imul(i, 0x9e3779b1);
    const x = i % 2 === 0 ? results[i] : Math.fround(from + ((to - from) * i) / results.length);
    results[i] = float32Functions[name](x);
    hash = Math.imul(hash ^ (Number.isNaN(results[i]) ? 0x7fc00000 : bits[i]), 0x01000193);
  }
  return (hash >>> 0).toString(16);
}

describe.each(unaryNames)('%s in float32', (name) => {
  const single = float32Functions[name];
  const double = float64Functions[name];

  test('stays within its promised error over the whole range', () => {
    let worst = 0;
    let at = 0;
    for (const x of sample(name, 200_000)) {
      const truth = name === 'round' ? x : double(x);
      const error = errorInUlps(single(x), truth);
      if (error > worst) [worst, at] = [error, x];
    }
    expect(worst, `at ${at}`).toBeLessThanOrEqual(promises[name].ulps);
  });

  test('gives float32 values', () => {
    const results = Array.from(sample(name, 2000), single);
    expect(results).toEqual(results.map(Math.fround));
  });
});

test('odd functions are exactly odd and cosh and cos exactly even', () => {
  for (const name of oddNames) {
    const single = float32Functions[name];
    const arguments_ = Array.from(sample(name, 5000));
    expect(arguments_.map((x) => single(-x))).toEqual(arguments_.map((x) => -single(x)));
  }
  for (const even of [float32Functions.cos, float32Functions.cosh]) {
    const arguments_ = Array.from(sample('cosh', 5000));
    expect(arguments_.map((x) => even(-x))).toEqual(arguments_.map(even));
  }
});

const smallest = 2 ** -149;
const halfPi = Math.fround(Math.PI / 2);
const logOf2 = Math.fround(Math.LN2);
const specialArguments = [0, -0, Infinity, -Infinity, NaN];
/** Results at the special arguments, in their order. */
const atSpecialArguments: Record<Unary, number[]> = {
  round: specialArguments,
  exp: [1, 1, Infinity, 0, NaN],
  expm1: [0, -0, Infinity, -1, NaN],
  log: [-Infinity, -Infinity, Infinity, NaN, NaN],
  log1p: [0, -0, Infinity, NaN, NaN],
  tanh: [0, -0, 1, -1, NaN],
  sigmoid: [0.5, 0.5, 1, 0, NaN],
  softplus: [logOf2, logOf2, Infinity, 0, NaN],
  erf: [0, -0, 1, -1, NaN],
  sin: [0, -0, NaN, NaN, NaN],
  cos: [1, 1, NaN, NaN, NaN],
  tan: [0, -0, NaN, NaN, NaN],
  sinh: [0, -0, Infinity, -Infinity, NaN],
  cosh: [1, 1, Infinity, Infinity, NaN],
  atan: [0, -0, halfPi, -halfPi, NaN],
  sqrt: [0, -0, Infinity, NaN, NaN],
  rsqrt: [Infinity, -Infinity, 0, NaN, NaN],
};

test.each(unaryNames)('%s is exact at 0, −0, the infinities and NaN in both precisions', (name) => {
  const { round } = float32Functions;
  expect(specialArguments.map(float32Functions[name])).toEqual(atSpecialArguments[name]);
  const doubles = specialArguments.map((x) => round(float64Functions[name](x)));
  expect(doubles).toEqual(atSpecialArguments[name]);
});

test('logarithms and roots are exact where their results are whole', () => {
  const { log, log1p, rsqrt, sqrt } = float32Functions;
  expect([log(1), log1p(-1), sqrt(9), sqrt(2 ** -126), rsqrt(4), rsqrt(2 ** -148)]).toEqual([
    0,
    -Infinity,
    3,
    2 ** -63,
    0.5,
    2 ** 74,
  ]);
});

test('results leave the float32 range where the true values do', () => {
  const { cosh, exp, log, log1p, sigmoid, sinh, softplus, tanh } = float32Functions;
  const f = Math.fround;
  expect({
    expLargest: exp(f(88.72283)),
    expOverflow: exp(f(88.72284)),
    expSmallest: exp(f(-103.97)),
    expZero: exp(-104),
    sinhLargest: Number.isFinite(sinh(f(89.41598))),
    sinhOverflow: sinh(f(-89.416)),
    coshOverflow: cosh(f(89.416)),
    logSmallest: log(smallest),
    logNegative: log(-smallest),
    log1pBelow: log1p(f(-1.0000001)),
    tanhFlat: [tanh(9.1), tanh(-9.1)],
    sigmoidLeft: [sigmoid(f(-103.97)), sigmoid(-104)],
    softplusEnds: [softplus(f(-103.97)), softplus(-104), softplus(f(1e20))],
  }).toEqual({
    expLargest: f(Math.exp(f(88.72283))),
    expOverflow: Infinity,
    expSmallest: smallest,
    expZero: 0,
    sinhLargest: true,
    sinhOverflow: -Infinity,
    coshOverflow: Infinity,
    logSmallest: f(-149 * Math.LN2),
    logNegative: NaN,
    log1pBelow: NaN,
    tanhFlat: [1, -1],
    sigmoidLeft: [smallest, 0],
    softplusEnds: [smallest, 0, f(1e20)],
  });
});

/** A change here changes every trained model: the WebAssembly engine and old results disagree. */
test('the bits of every float32 function are the known ones', () => {
  const hashes = unaryNames.map((name) => [name, hashOfResults(name)]);
  expect(Object.fromEntries(hashes)).toEqual({
    round: '93c1d9c1',
    exp: '4851667f',
    expm1: '274804c5',
    log: '3924c593',
    log1p: 'aa30fc54',
    tanh: '6fdbd509',
    sigmoid: '63f27011',
    softplus: 'cbca2079',
    erf: '68cf9c42',
    sin: 'dc834fac',
    cos: '572ed4c3',
    tan: 'fe6fbd2c',
    sinh: 'e008e7d2',
    cosh: '26131c06',
    atan: '29e6db6',
    sqrt: '3d0de80a',
    rsqrt: '79102b35',
  });
});

test('sigmoid and softplus in double neither overflow nor cancel', () => {
  const { sigmoid, softplus } = float64Functions;
  expect([sigmoid(-700), sigmoid(-Infinity), sigmoid(Infinity), sigmoid(NaN)]).toEqual([
    Math.exp(-700),
    0,
    1,
    NaN,
  ]);
  expect([softplus(-700), softplus(-Infinity), softplus(800), softplus(NaN)]).toEqual([
    Math.exp(-700),
    0,
    800,
    NaN,
  ]);
});
