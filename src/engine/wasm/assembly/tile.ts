/**
 * The inner loop of every matrix product: tiles of 4 rows and 8 columns of the output in registers.
 * More would not fit in V8's registers, and spilling costs a third of the speed.
 */
import { relu, storeFirst } from './memory';

/** What happens to finished sums before they are stored. */
export const NOTHING: i32 = 0;
/** `extra` is a row that is added to each row. */
export const BIAS: i32 = 1;
/** The same, and what is below 0 becomes 0. */
export const BIAS_RELU: i32 = 2;
/** `extra` is a matrix like the output: where it is above 0 the sum stays, else it becomes 0. */
export const MASK: i32 = 3;

/** c + a · b, both rounded: no fused multiply-add. */
@inline
function added(c: v128, a: v128, b: v128): v128 {
  return f32x4.add(c, f32x4.mul(a, b));
}

@inline
function kept(value: v128, mask: usize): v128 {
  return v128.and(value, f32x4.gt(v128.load(mask), f32x4.splat(0)));
}

/** Writes the first `width` (1 … 8) numbers of a row. */
@inline
function storeRow(to: usize, left: v128, right: v128, width: i32): void {
  if (width == 8) {
    v128.store(to, left);
    v128.store(to, right, 16);
  } else if (width > 4) {
    v128.store(to, left);
    storeFirst(to + 16, right, width - 4);
  } else if (width == 4) {
    v128.store(to, left);
  } else {
    storeFirst(to, left, width);
  }
}

/**
 * `c[rows, width] (+)= Σₖ a[rows, k] · b[k, width]` in rising order of k, four rows after four.
 *
 * @param length  how many k
 * @param a       four numbers, one of each of four rows, then four more at `stepA` bytes from there;
 *                those of the next four rows begin `nextA` bytes further on
 * @param b       eight numbers, then eight more at `stepB` bytes from there
 * @param next    bytes from one row of c (and of a mask) to the next
 * @param goesOn  whether c holds the sums of the k before
 */
export function tiles(
  rows: i32,
  width: i32,
  length: i32,
  a: usize,
  stepA: usize,
  nextA: usize,
  b: usize,
  stepB: usize,
  c: usize,
  next: usize,
  goesOn: bool,
  finish: i32,
  extra: usize,
): void {
  for (let left = rows; left > 0; left -= 4) {
    // Rows that are not there are computed from what is, and not stored.
    const c1 = left > 1 ? c + next : c;
    const c2 = left > 2 ? c1 + next : c;
    const c3 = left > 3 ? c2 + next : c;
    let c00 = f32x4.splat(0);
    let c01 = c00;
    let c10 = c00;
    let c11 = c00;
    let c20 = c00;
    let c21 = c00;
    let c30 = c00;
    let c31 = c00;
    if (goesOn) {
      c00 = v128.load(c);
      c01 = v128.load(c, 16);
      c10 = v128.load(c1);
      c11 = v128.load(c1, 16);
      c20 = v128.load(c2);
      c21 = v128.load(c2, 16);
      c30 = v128.load(c3);
      c31 = v128.load(c3, 16);
    }
    const end = a + <usize>length * stepA;
    let from = a;
    let at = b;
    while (from < end) {
      const b0 = v128.load(at);
      const b1 = v128.load(at, 16);
      let x = v128.load_splat<f32>(from);
      c00 = added(c00, x, b0);
      c01 = added(c01, x, b1);
      x = v128.load_splat<f32>(from, 4);
      c10 = added(c10, x, b0);
      c11 = added(c11, x, b1);
      x = v128.load_splat<f32>(from, 8);
      c20 = added(c20, x, b0);
      c21 = added(c21, x, b1);
      x = v128.load_splat<f32>(from, 12);
      c30 = added(c30, x, b0);
      c31 = added(c31, x, b1);
      from += stepA;
      at += stepB;
    }
    if (finish == BIAS || finish == BIAS_RELU) {
      const b0 = v128.load(extra);
      const b1 = v128.load(extra, 16);
      c00 = f32x4.add(c00, b0);
      c01 = f32x4.add(c01, b1);
      c10 = f32x4.add(c10, b0);
      c11 = f32x4.add(c11, b1);
      c20 = f32x4.add(c20, b0);
      c21 = f32x4.add(c21, b1);
      c30 = f32x4.add(c30, b0);
      c31 = f32x4.add(c31, b1);
      if (finish == BIAS_RELU) {
        c00 = relu(c00);
        c01 = relu(c01);
        c10 = relu(c10);
        c11 = relu(c11);
        c20 = relu(c20);
        c21 = relu(c21);
        c30 = relu(c30);
        c31 = relu(c31);
      }
    } else if (finish == MASK) {
      const m1 = extra + (c1 - c);
      const m2 = extra + (c2 - c);
      const m3 = extra + (c3 - c);
      c00 = kept(c00, extra);
      c01 = kept(c01, extra + 16);
      c10 = kept(c10, m1);
      c11 = kept(c11, m1 + 16);
      c20 = kept(c20, m2);
      c21 = kept(c21, m2 + 16);
      c30 = kept(c30, m3);
      c31 = kept(c31, m3 + 16);
      extra += next << 2;
    }
    storeRow(c, c00, c01, width);
    if (left > 1) storeRow(c1, c10, c11, width);
    if (left > 2) storeRow(c2, c20, c21, width);
    if (left > 3) storeRow(c3, c30, c31, width);
    c += next << 2;
    a += nextA;
  }
}
