/**
 * Matrix products in blocks that fit in the caches. Whatever the blocks, each element sums in rising
 * order: a block goes on from the sums that the one before has stored.
 */
import { address, storeFirst, whole } from './memory';
import { packEights, packFours, packRows } from './packing';
import { MASK, NOTHING, tiles } from './tile';

/** Rows of the output whose operand is packed at a time. */
const BLOCK_ROWS: i32 = 128;
/** How far sums go in one block. */
const BLOCK_LENGTH: i32 = 1024;
/** The same where both operands lie along what is summed over, so that each step is a row further on. */
const BLOCK_LENGTH_ACROSS: i32 = 256;
/** Bytes of an operand that is used where it lies. */
const SMALL: i32 = 12288;

/** How the operands lie: a · b, aᵀ · b, a · bᵀ. */
const PLAIN: i32 = 0;
const TRANSPOSE_A: i32 = 1;
const TRANSPOSE_B: i32 = 2;

/**
 * out, a, b, rows, cols, length, numbers in a row of a, of b, how they lie, scratch, finish, extra
 */
export function matmul(at: usize): void {
  const out = address(at, 0);
  const a = address(at, 1);
  const b = address(at, 2);
  const rows = whole(at, 3);
  const cols = whole(at, 4);
  const length = whole(at, 5);
  const nextA = address(at, 6) << 2;
  const nextB = address(at, 7) << 2;
  const lie = whole(at, 8);
  const packedA = address(at, 9);
  const finish = whole(at, 10);
  const extra = address(at, 11);
  const next = <usize>cols << 2;
  const most = lie == TRANSPOSE_A ? BLOCK_LENGTH_ACROSS : BLOCK_LENGTH;
  const packedB = packedA + ((<usize>BLOCK_ROWS * min(length, most)) << 2);
  const isInPlaceA = lie == TRANSPOSE_A && <i64>length * rows * 4 <= SMALL;
  const isInPlaceB = lie != TRANSPOSE_B && (rows <= 8 || <i64>length * cols * 4 <= SMALL);

  for (let k = 0; k < length; k += most) {
    const part = min(most, length - k);
    const ends = k + part == length ? finish : NOTHING;
    for (let top = 0; top < rows; top += BLOCK_ROWS) {
      const height = min(BLOCK_ROWS, rows - top);
      let fours = packedA;
      let stepA: usize = 16;
      let tileA = <usize>part << 4;
      if (isInPlaceA) {
        fours = a + <usize>k * nextA + (<usize>top << 2);
        stepA = nextA;
        tileA = 16;
      } else {
        packA(lie, a, nextA, top, height, k, part, packedA);
      }
      for (let col = 0; col < cols; col += 8) {
        const width = min(8, cols - col);
        let eights = b + <usize>k * nextB + (<usize>col << 2);
        let stepB = nextB;
        if (!isInPlaceB) {
          packB(lie, b, nextB, col, width, k, part, packedB);
          eights = packedB;
          stepB = 32;
        }
        let more = finish == MASK ? extra + <usize>top * next : extra;
        more += <usize>col << 2;
        const c = out + <usize>top * next + (<usize>col << 2);
        tiles(
          height,
          width,
          part,
          fours,
          stepA,
          tileA,
          eights,
          stepB,
          c,
          next,
          k > 0,
          ends,
          more,
        );
      }
    }
  }
}

@inline
function packA(
  lie: i32,
  a: usize,
  nextA: usize,
  top: i32,
  height: i32,
  k: i32,
  part: i32,
  to: usize,
): void {
  let d = to;
  for (let row = 0; row < height; row += 4) {
    if (lie == TRANSPOSE_A) {
      packFours(a + <usize>k * nextA + (<usize>(top + row) << 2), nextA, part, d);
    } else {
      packRows(a + <usize>(top + row) * nextA + (<usize>k << 2), nextA, height - row, part, d, 16);
    }
    d += <usize>part << 4;
  }
}

@inline
function packB(
  lie: i32,
  b: usize,
  nextB: usize,
  col: i32,
  width: i32,
  k: i32,
  part: i32,
  to: usize,
): void {
  if (lie == TRANSPOSE_B) {
    const from = b + <usize>col * nextB + (<usize>k << 2);
    packRows(from, nextB, width, part, to, 32);
    if (width > 4) packRows(from + 4 * nextB, nextB, width - 4, part, to + 16, 32);
  } else {
    packEights(b + <usize>k * nextB + (<usize>col << 2), nextB, part, to);
  }
}

/** a · b for one column, four rows at a time: out, a, b, rows, length */
export function matmulColumn(at: usize): void {
  let out = address(at, 0);
  let a = address(at, 1);
  const b = address(at, 2);
  let rows = whole(at, 3);
  const width = address(at, 4) << 2;
  for (; rows >= 4; rows -= 4) {
    let s0: f32 = 0;
    let s1: f32 = 0;
    let s2: f32 = 0;
    let s3: f32 = 0;
    for (let k: usize = 0; k < width; k += 4) {
      const y = load<f32>(b + k);
      s0 += load<f32>(a) * y;
      s1 += load<f32>(a + width) * y;
      s2 += load<f32>(a + 2 * width) * y;
      s3 += load<f32>(a + 3 * width) * y;
      a += 4;
    }
    store<f32>(out, s0);
    store<f32>(out, s1, 4);
    store<f32>(out, s2, 8);
    store<f32>(out, s3, 12);
    out += 16;
    a += 3 * width;
  }
  for (; rows > 0; rows--) {
    let sum: f32 = 0;
    for (let k: usize = 0; k < width; k += 4) {
      sum += load<f32>(a) * load<f32>(b + k);
      a += 4;
    }
    store<f32>(out, sum);
    out += 4;
  }
}

/** aᵀ · b for one column, sixteen rows of the output at a time: out, a, b, rows, length */
export function matmulTransposeAColumn(at: usize): void {
  let out = address(at, 0);
  let a = address(at, 1);
  const b = address(at, 2);
  let rows = whole(at, 3);
  const length = address(at, 4) << 2;
  const next = <usize>rows << 2;
  for (; rows >= 16; rows -= 16) {
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let x = a;
    for (let k: usize = 0; k < length; k += 4) {
      const y = v128.load_splat<f32>(b + k);
      s0 = f32x4.add(s0, f32x4.mul(v128.load(x), y));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(x, 16), y));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(x, 32), y));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(x, 48), y));
      x += next;
    }
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
    out += 64;
    a += 64;
  }
  for (; rows > 0; rows -= 4) {
    let sum = f32x4.splat(0);
    let x = a;
    for (let k: usize = 0; k < length; k += 4) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(x), v128.load_splat<f32>(b + k)));
      x += next;
    }
    if (rows >= 4) v128.store(out, sum);
    else storeFirst(out, sum, rows);
    out += 16;
    a += 16;
  }
}
