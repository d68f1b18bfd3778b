/** Softmax, its logarithm, and cross-entropy's slope, for four rows at a time, each in its lane. */
import { exp } from './exponential';
import { log } from './logarithm';
import { address, whole } from './memory';

/** Lane i is the number at `x + i · next`. */
@inline
function across(x: usize, n1: usize, n2: usize, n3: usize): v128 {
  let lanes = v128.load32_zero(x);
  lanes = v128.load_lane<f32>(x + n1, lanes, 1);
  lanes = v128.load_lane<f32>(x + n2, lanes, 2);
  return v128.load_lane<f32>(x + n3, lanes, 3);
}

/** Writes lane i to `x + i · next`. The last row first: rows that are repeated are those before it. */
@inline
function spread(x: usize, value: v128, n1: usize, n2: usize, n3: usize): void {
  v128.store_lane<f32>(x + n3, value, 3);
  v128.store_lane<f32>(x + n2, value, 2);
  v128.store_lane<f32>(x + n1, value, 1);
  v128.store_lane<f32>(x, value, 0);
}

/**
 * Softmax, its logarithm, and the logarithm in the column that the index names; where fewer than four rows are
 * left, the last is repeated. Any of the outputs may be absent (0).
 *
 * softmax, logSoftmax, x, picked, index, rows, cols, scratch for (cols + 2) · 16 bytes
 */
export function softmaxes(at: usize): void {
  const softmax = address(at, 0);
  const logSoftmax = address(at, 1);
  const from = address(at, 2);
  const picked = address(at, 3);
  const rows = whole(at, 5);
  const width = address(at, 6) << 2;
  const scratch = address(at, 7) + 32;
  const scratchEnd = scratch + (width << 2);
  for (let row = 0; row < rows; row += 4) {
    const left = rows - row;
    const n1: usize = left > 1 ? width : 0;
    const n2: usize = left > 2 ? 2 * width : n1;
    const n3: usize = left > 3 ? 3 * width : n2;
    const start = <usize>row * width;
    let x = from + start;
    let largest = f32x4.splat(-Infinity);
    let s = scratch;
    for (; s < scratchEnd; s += 16) {
      const value = across(x, n1, n2, n3);
      v128.store(s, value);
      largest = f32x4.max(largest, value);
      x += 4;
    }
    let sum = f32x4.splat(0);
    let y = logSoftmax + start;
    for (s = scratch; s < scratchEnd; s += 16) {
      const shifted = f32x4.sub(v128.load(s), largest);
      if (logSoftmax) {
        spread(y, shifted, n1, n2, n3);
        y += 4;
      }
      const power = exp(shifted);
      v128.store(s, power);
      sum = f32x4.add(sum, power);
    }
    if (logSoftmax | picked) {
      const logSum = log(sum);
      if (picked) {
        v128.store(scratch - 32, largest);
        v128.store(scratch - 16, logSum);
        pickRows(at, row, min(4, left));
      }
      if (logSoftmax) {
        y = logSoftmax + start;
        for (s = scratch; s < scratchEnd; s += 16) {
          // The last of repeated rows is read before any of them is written.
          spread(y, f32x4.sub(across(y, n1, n2, n3), logSum), n1, n2, n3);
          y += 4;
        }
      }
    }
    if (softmax) {
      y = softmax + start;
      for (s = scratch; s < scratchEnd; s += 16) {
        spread(y, f32x4.div(v128.load(s), sum), n1, n2, n3);
        y += 4;
      }
    }
  }
}

/** The logarithms that are picked of up to four rows, whose largest numbers and logarithms of sums lie in the scratch. */
@inline
function pickRows(at: usize, row: i32, count: i32): void {
  const picked = address(at, 3) + (<usize>row << 2);
  const index = address(at, 4) + (<usize>row << 2);
  const cols = whole(at, 6);
  const scratch = address(at, 7);
  let x = address(at, 2) + ((<usize>row * <usize>cols) << 2);
  const end = <usize>count << 2;
  for (let i: usize = 0; i < end; i += 4) {
    const wanted = load<f32>(index + i);
    const col = <i32>wanted;
    const isColumn = <f32>col == wanted && col >= 0 && col < cols;
    const shifted = load<f32>(x + (<usize>(isColumn ? col : 0) << 2)) - load<f32>(scratch + i);
    store<f32>(picked + i, isColumn ? shifted - load<f32>(scratch + i, 16) : <f32>NaN);
    x += <usize>cols << 2;
  }
}

/**
 * `h·g − p·Σ(h·g)` by row, with h 1 in the column that the index names, else 0: the slope of the logarithm that is
 * picked, of which g is the slope. What is summed is summed in rising order of columns.
 *
 * out, p, index, g, rows, cols
 */
export function crossEntropySlope(at: usize): void {
  let out = address(at, 0);
  let p = address(at, 1);
  let index = address(at, 2);
  let slope = address(at, 3);
  const cols = whole(at, 5);
  const width = <usize>cols << 2;
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  for (let left = whole(at, 4); left > 0; left -= 4) {
    const n1: usize = left > 1 ? width : 0;
    const n2: usize = left > 2 ? 2 * width : n1;
    const n3: usize = left > 3 ? 3 * width : n2;
    // One number a row; behind the last there is room to read. Of rows that are not there nothing is kept.
    const hot = v128.load(index);
    const g = v128.load(slope);
    let sum = zero;
    for (let col = 0; col < cols; col++) {
      const isHot = f32x4.eq(hot, f32x4.splat(<f32>col));
      sum = f32x4.add(sum, f32x4.mul(v128.and(isHot, one), g));
    }
    for (let col = 0; col < cols; col++) {
      const isHot = f32x4.eq(hot, f32x4.splat(<f32>col));
      const own = f32x4.mul(v128.and(isHot, one), g);
      const others = f32x4.mul(across(p, n1, n2, n3), sum);
      spread(out, f32x4.sub(own, others), n1, n2, n3);
      out += 4;
      p += 4;
    }
    out += 3 * width;
    p += 3 * width;
    index += 16;
    slope += 16;
  }
}
