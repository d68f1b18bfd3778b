/** Operands of a matrix product, brought into the order in which a tile reads them. */

/** Four rows of four at `s + i · next`, columns to `d`, four after four. */
@inline
function transpose4(r0: v128, r1: v128, r2: v128, r3: v128, d: usize, step: usize): void {
  const t0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const t1 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const t2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const t3 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(d, v128.shuffle<f32>(t0, t2, 0, 1, 4, 5));
  v128.store(d + step, v128.shuffle<f32>(t0, t2, 2, 3, 6, 7));
  v128.store(d + 2 * step, v128.shuffle<f32>(t1, t3, 0, 1, 4, 5));
  v128.store(d + 3 * step, v128.shuffle<f32>(t1, t3, 2, 3, 6, 7));
}

/**
 * `length` numbers of each of `rows` (1 … 4) rows, transposed: four after four, `step` bytes apart.
 * Missing rows repeat the first, whose sums nobody keeps.
 */
@inline
export function packRows(
  from: usize,
  next: usize,
  rows: i32,
  length: i32,
  to: usize,
  step: usize,
): void {
  let s0 = from;
  let s1 = rows > 1 ? from + next : from;
  let s2 = rows > 2 ? from + 2 * next : from;
  let s3 = rows > 3 ? from + 3 * next : from;
  let d = to;
  let left = length;
  for (; left >= 4; left -= 4) {
    transpose4(v128.load(s0), v128.load(s1), v128.load(s2), v128.load(s3), d, step);
    d += step << 2;
    s0 += 16;
    s1 += 16;
    s2 += 16;
    s3 += 16;
  }
  for (; left > 0; left--) {
    store<f32>(d, load<f32>(s0));
    store<f32>(d, load<f32>(s1), 4);
    store<f32>(d, load<f32>(s2), 8);
    store<f32>(d, load<f32>(s3), 12);
    d += step;
    s0 += 4;
    s1 += 4;
    s2 += 4;
    s3 += 4;
  }
}

/** Four numbers of each of `length` rows. */
@inline
export function packFours(from: usize, next: usize, length: i32, to: usize): void {
  let s = from;
  const end = to + (<usize>length << 4);
  for (let d = to; d < end; d += 16) {
    v128.store(d, v128.load(s));
    s += next;
  }
}

/** Eight numbers of each of `length` rows. */
@inline
export function packEights(from: usize, next: usize, length: i32, to: usize): void {
  let s = from;
  const end = to + (<usize>length << 5);
  for (let d = to; d < end; d += 32) {
    v128.store(d, v128.load(s));
    v128.store(d, v128.load(s, 16), 16);
    s += next;
  }
}
