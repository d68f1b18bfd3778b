/**
 * The inner loop of every matrix product: a tile of 4 rows and 8 columns of the output in registers.
 * More would not fit in V8's registers, and spilling costs a third of the speed.
 */
import { relu } from './memory';

/** What happens to finished sums before they are stored. */
export const NOTHING: i32 = 0;
/** `extra` is a row that is added to each row. */
export const BIAS: i32 = 1;
/** The same, and what is below 0 becomes 0. */
export const BIAS_RELU: i32 = 2;
/** `extra` is a matrix like the output: only where it is above 0 the sum stays. */
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

/**
 * `c[4, 8] (+)= Σₖ a[k, 4] · b[k, 8]` in rising order of k.
 *
 * @param length  how many k
 * @param a       packed: four numbers after four numbers
 * @param b       eight numbers, then eight more at `stepB` bytes from there
 * @param next    bytes from one row of c (and of a mask) to the next
 * @param goesOn  whether c holds the sums of the k before
 */
export function tile(
  length: i32,
  a: usize,
  b: usize,
  stepB: usize,
  c: usize,
  next: usize,
  goesOn: bool,
  finish: i32,
  extra: usize,
): void {
  let c00 = f32x4.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  const c1 = c + next;
  const c2 = c1 + next;
  const c3 = c2 + next;
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
  const end = a + (<usize>length << 4);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load_splat<f32>(a);
    c00 = added(c00, x, b0);
    c01 = added(c01, x, b1);
    x = v128.load_splat<f32>(a, 4);
    c10 = added(c10, x, b0);
    c11 = added(c11, x, b1);
    x = v128.load_splat<f32>(a, 8);
    c20 = added(c20, x, b0);
    c21 = added(c21, x, b1);
    x = v128.load_splat<f32>(a, 12);
    c30 = added(c30, x, b0);
    c31 = added(c31, x, b1);
    a += 16;
    b += stepB;
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
    const m1 = extra + next;
    const m2 = m1 + next;
    const m3 = m2 + next;
    c00 = kept(c00, extra);
    c01 = kept(c01, extra + 16);
    c10 = kept(c10, m1);
    c11 = kept(c11, m1 + 16);
    c20 = kept(c20, m2);
    c21 = kept(c21, m2 + 16);
    c30 = kept(c30, m3);
    c31 = kept(c31, m3 + 16);
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c1, c10);
  v128.store(c1, c11, 16);
  v128.store(c2, c20);
  v128.store(c2, c21, 16);
  v128.store(c3, c30);
  v128.store(c3, c31, 16);
}
