/** Kernels that put the numbers of a row in falling order, as `reference/columns.ts` does. */
import { address, whole } from './memory';

/** Whether a stands in front of b wherever they were: NaN comes last, and equals keep their order. */
@inline
function isBefore(a: f32, b: f32): bool {
  return a > b || (b != b && a == a);
}

@inline
function numberAt(x: usize, col: u32): f32 {
  return load<f32>(x + (<usize>col << 2));
}

/** Joins two runs of columns that are in order: from `left` up to `right`, and from there up to `end`. */
@inline
function merge(x: usize, left: usize, right: usize, end: usize, target: usize): void {
  let a = left;
  let b = right;
  for (let to = target; to < target + (end - left); to += 4) {
    const takesRight =
      a == right ||
      (b < end && isBefore(numberAt(x, load<u32>(b)), numberAt(x, load<u32>(a))));
    if (takesRight) {
      store<u32>(to, load<u32>(b));
      b += 4;
    } else {
      store<u32>(to, load<u32>(a));
      a += 4;
    }
  }
}

/**
 * The columns of a row in falling order of their numbers, by merging runs of 1, 2, 4, … columns.
 *
 * @param scratch  for twice as many 32-bit words as there are columns
 * @returns where they are: in one half of the scratch
 */
function fallingOrder(x: usize, cols: usize, scratch: usize): usize {
  const bytes = cols << 2;
  let from = scratch;
  let to = scratch + bytes;
  for (let i: usize = 0; i < cols; i++) store<u32>(from + (i << 2), <u32>i);
  for (let run: usize = 4; run < bytes; run <<= 1) {
    for (let at: usize = 0; at < bytes; at += run << 1) {
      const middle = min(at + run, bytes);
      const end = min(at + (run << 1), bytes);
      merge(x, from + at, from + middle, from + end, to + at);
    }
    const sorted = to;
    to = from;
    from = sorted;
  }
  return from;
}

/** out, x, rows, cols, scratch */
export function sortCols(at: usize): void {
  let out = address(at, 0);
  let x = address(at, 1);
  const cols = address(at, 3);
  const width = cols << 2;
  for (let rows = whole(at, 2); rows > 0; rows--) {
    const order = fallingOrder(x, cols, address(at, 4));
    for (let i: usize = 0; i < width; i += 4) {
      store<f32>(out + i, numberAt(x, load<u32>(order + i)));
    }
    out += width;
    x += width;
  }
}

/** out, x, rows, cols, scratch */
export function rankCols(at: usize): void {
  let out = address(at, 0);
  let x = address(at, 1);
  const cols = address(at, 3);
  const width = cols << 2;
  for (let rows = whole(at, 2); rows > 0; rows--) {
    const order = fallingOrder(x, cols, address(at, 4));
    for (let rank: usize = 0; rank < cols; rank++) {
      store<f32>(out + (<usize>load<u32>(order + (rank << 2)) << 2), <f32>rank);
    }
    out += width;
    x += width;
  }
}
