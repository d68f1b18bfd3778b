/** Kernels over whole rows or columns, summing in rising order, as `reference/rows.ts` does. */
import { address, storeFirst, whole } from './memory';

/** Sums of up to 16 columns side by side over all rows. */
@inline
function sumWide(to: usize, from: usize, rows: i32, next: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let x = from;
  for (let row = 0; row < rows; row++) {
    s0 = f32x4.add(s0, v128.load(x));
    s1 = f32x4.add(s1, v128.load(x, 16));
    s2 = f32x4.add(s2, v128.load(x, 32));
    s3 = f32x4.add(s3, v128.load(x, 48));
    x += next;
  }
  v128.store(to, s0);
  v128.store(to, s1, 16);
  v128.store(to, s2, 32);
  v128.store(to, s3, 48);
}

/** Sums of up to four columns. */
@inline
function sumNarrow(to: usize, from: usize, rows: i32, next: usize, count: usize): void {
  let sum = f32x4.splat(0);
  let x = from;
  for (let row = 0; row < rows; row++) {
    sum = f32x4.add(sum, v128.load(x));
    x += next;
  }
  if (count >= 4) v128.store(to, sum);
  else storeFirst(to, sum, count);
}

/** out, x, rows, cols, bytes from one row to the next */
export function sumRows(at: usize): void {
  let out = address(at, 0);
  let x = address(at, 1);
  const rows = whole(at, 2);
  let left = whole(at, 3);
  const next = address(at, 4);
  for (; left >= 16; left -= 16) {
    sumWide(out, x, rows, next);
    out += 64;
    x += 64;
  }
  for (; left > 0; left -= 4) {
    sumNarrow(out, x, rows, next, left);
    out += 16;
    x += 16;
  }
}

/** out, x, rows, cols. Four rows at a time, each by itself in order. */
export function sumCols(at: usize): void {
  let out = address(at, 0);
  let x = address(at, 1);
  let rows = whole(at, 2);
  const width = address(at, 3) << 2;
  for (; rows >= 4; rows -= 4) {
    let s0: f32 = 0;
    let s1: f32 = 0;
    let s2: f32 = 0;
    let s3: f32 = 0;
    const end = x + width;
    while (x < end) {
      s0 += load<f32>(x);
      s1 += load<f32>(x + width);
      s2 += load<f32>(x + 2 * width);
      s3 += load<f32>(x + 3 * width);
      x += 4;
    }
    store<f32>(out, s0);
    store<f32>(out, s1, 4);
    store<f32>(out, s2, 8);
    store<f32>(out, s3, 12);
    out += 16;
    x += 3 * width;
  }
  for (; rows > 0; rows--) {
    let sum: f32 = 0;
    const end = x + width;
    for (; x < end; x += 4) sum += load<f32>(x);
    store<f32>(out, sum);
    out += 4;
  }
}

/** out, x, rows, cols */
export function maxCols(at: usize): void {
  let out = address(at, 0);
  let x = address(at, 1);
  const width = address(at, 3) << 2;
  for (let rows = whole(at, 2); rows > 0; rows--) {
    let largest: f32 = -Infinity;
    const end = x + width;
    for (; x < end; x += 4) largest = max<f32>(largest, load<f32>(x));
    store<f32>(out, largest);
    out += 4;
  }
}

/** out, x, rows, cols */
export function argmaxCols(at: usize): void {
  let out = address(at, 0);
  let x = address(at, 1);
  const cols = whole(at, 3);
  for (let rows = whole(at, 2); rows > 0; rows--) {
    let best = 0;
    let largest = load<f32>(x);
    for (let col = 1; col < cols; col++) {
      const value = load<f32>(x + (<usize>col << 2));
      if (value > largest) {
        largest = value;
        best = col;
      }
    }
    store<f32>(out, <f32>best);
    out += 4;
    x += <usize>cols << 2;
  }
}

/** out, x, index, rows, cols */
export function pick(at: usize): void {
  let out = address(at, 0);
  let x = address(at, 1);
  let index = address(at, 2);
  const cols = whole(at, 4);
  for (let rows = whole(at, 3); rows > 0; rows--) {
    const wanted = load<f32>(index);
    const col = <i32>wanted;
    const isColumn = <f32>col == wanted && col >= 0 && col < cols;
    store<f32>(out, isColumn ? load<f32>(x + (<usize>col << 2)) : <f32>NaN);
    out += 4;
    index += 4;
    x += <usize>cols << 2;
  }
}

/** out, index, rows, cols */
export function oneHot(at: usize): void {
  let out = address(at, 0);
  let index = address(at, 1);
  const cols = whole(at, 3);
  const width = <usize>cols << 2;
  for (let rows = whole(at, 2); rows > 0; rows--) {
    for (let i: usize = 0; i < width; i += 4) store<f32>(out + i, 0);
    const wanted = load<f32>(index);
    const col = <i32>wanted;
    if (<f32>col == wanted && col >= 0 && col < cols) store<f32>(out + (<usize>col << 2), 1);
    out += width;
    index += 4;
  }
}

/** out, the number */
export function number(at: usize): void {
  store<f32>(address(at, 0), <f32>whole(at, 1));
}

@inline
function mix(value: v128): v128 {
  let x = v128.xor(value, i32x4.shr_u(value, 16));
  x = i32x4.mul(x, i32x4.splat(0x7feb352d));
  x = v128.xor(x, i32x4.shr_u(x, 15));
  x = i32x4.mul(x, i32x4.splat(<i32>0x846ca68b));
  return v128.xor(x, i32x4.shr_u(x, 16));
}

/** out, count, address of the step, two words of the key without the step, their salts, index of the first */
export function uniform(at: usize): void {
  let out = address(at, 0);
  let left = whole(at, 1);
  const step = i32x4.splat(load<i32>(address(at, 2)));
  const first = mix(i32x4.add(i32x4.splat(whole(at, 3) + whole(at, 5)), step));
  const second = mix(i32x4.add(i32x4.splat(whole(at, 4) + whole(at, 6)), step));
  let index = i32x4.add(i32x4.splat(whole(at, 7)), i32x4(0, 1, 2, 3));
  for (; left > 0; left -= 4) {
    const word = mix(i32x4.add(mix(v128.xor(index, first)), second));
    const value = f32x4.mul(
      f32x4.convert_i32x4_s(i32x4.shr_u(word, 8)),
      f32x4.splat(5.960464477539063e-8),
    );
    if (left < 4) storeFirst(out, value, left);
    else v128.store(out, value);
    out += 16;
    index = i32x4.add(index, i32x4.splat(4));
  }
}
