/**
 * Element-wise kernels of two and three inputs. They run over rows of the output; an operand moves on by
 * its own lengths from column to column (0 repeats one number) and from row to row (0 repeats a row).
 */
import { pow } from './doubles';
import { address, select, storeFirst, whole } from './memory';

@inline
function onesOf(mask: v128): v128 {
  return v128.and(mask, f32x4.splat(1));
}

const ADD: i32 = 0;
const SUB: i32 = 1;
const MUL: i32 = 2;
const DIV: i32 = 3;
const MIN: i32 = 4;
const MAX: i32 = 5;
const LT: i32 = 6;
const LE: i32 = 7;
const GT: i32 = 8;
const GE: i32 = 9;
const EQ: i32 = 10;
const NE: i32 = 11;

@inline
function ofTwo(op: i32, x: v128, y: v128): v128 {
  if (op == ADD) return f32x4.add(x, y);
  if (op == SUB) return f32x4.sub(x, y);
  if (op == MUL) return f32x4.mul(x, y);
  if (op == DIV) return f32x4.div(x, y);
  if (op == MIN) return f32x4.min(x, y);
  if (op == MAX) return f32x4.max(x, y);
  if (op == LT) return onesOf(f32x4.lt(x, y));
  if (op == LE) return onesOf(f32x4.le(x, y));
  if (op == GT) return onesOf(f32x4.gt(x, y));
  if (op == GE) return onesOf(f32x4.ge(x, y));
  if (op == EQ) return onesOf(f32x4.eq(x, y));
  return onesOf(f32x4.ne(x, y));
}

/** One row. An operand whose step is 0 is one number. */
@inline
function binaryRow(
  op: i32,
  to: usize,
  x: usize,
  dx: usize,
  y: usize,
  dy: usize,
  cols: usize,
): void {
  let out = to;
  const end = out + ((cols & ~3) << 2);
  let a = x;
  let b = y;
  if (dx == 0 && cols > 1) {
    const left = v128.load_splat<f32>(x);
    while (out < end) {
      v128.store(out, ofTwo(op, left, v128.load(b)));
      out += 16;
      b += 16;
    }
    if (cols & 3) storeFirst(out, ofTwo(op, left, v128.load(b)), cols & 3);
  } else if (dy == 0 && cols > 1) {
    const right = v128.load_splat<f32>(y);
    while (out < end) {
      v128.store(out, ofTwo(op, v128.load(a), right));
      out += 16;
      a += 16;
    }
    if (cols & 3) storeFirst(out, ofTwo(op, v128.load(a), right), cols & 3);
  } else {
    while (out < end) {
      v128.store(out, ofTwo(op, v128.load(a), v128.load(b)));
      out += 16;
      a += 16;
      b += 16;
    }
    if (cols & 3) storeFirst(out, ofTwo(op, v128.load(a), v128.load(b)), cols & 3);
  }
}

/** out, rows, cols, x, its step in a row and to the next, y, its step in a row and to the next */
@inline
function binary(op: i32, at: usize): void {
  let out = address(at, 0);
  let rows = whole(at, 1);
  const cols = address(at, 2);
  let x = address(at, 3);
  const dx = address(at, 4);
  const nextX = address(at, 5);
  let y = address(at, 6);
  const dy = address(at, 7);
  const nextY = address(at, 8);
  for (; rows > 0; rows--) {
    binaryRow(op, out, x, dx, y, dy, cols);
    out += cols << 2;
    x += nextX;
    y += nextY;
  }
}

export function add(at: usize): void {
  binary(ADD, at);
}
export function sub(at: usize): void {
  binary(SUB, at);
}
export function mul(at: usize): void {
  binary(MUL, at);
}
export function div(at: usize): void {
  binary(DIV, at);
}
export function min2(at: usize): void {
  binary(MIN, at);
}
export function max2(at: usize): void {
  binary(MAX, at);
}
export function lt(at: usize): void {
  binary(LT, at);
}
export function le(at: usize): void {
  binary(LE, at);
}
export function gt(at: usize): void {
  binary(GT, at);
}
export function ge(at: usize): void {
  binary(GE, at);
}
export function eq(at: usize): void {
  binary(EQ, at);
}
export function ne(at: usize): void {
  binary(NE, at);
}

/** As `binary`, one number at a time: this one is rare. */
export function pows(at: usize): void {
  let out = address(at, 0);
  const rows = whole(at, 1);
  const cols = whole(at, 2);
  for (let row = 0; row < rows; row++) {
    let x = address(at, 3) + <usize>row * address(at, 5);
    let y = address(at, 6) + <usize>row * address(at, 8);
    for (let col = 0; col < cols; col++) {
      store<f32>(out, pow(load<f32>(x), load<f32>(y)));
      out += 4;
      x += address(at, 4);
      y += address(at, 7);
    }
  }
}

/** One vector of an operand: four numbers, or one four times. */
@inline
function lanes(from: usize, step: usize): v128 {
  return step == 0 ? v128.load_splat<f32>(from) : v128.load(from);
}

/** out, rows, cols, then of the condition, of a and of b: address, step in a row, step to the next */
export function where(at: usize): void {
  let out = address(at, 0);
  const rows = whole(at, 1);
  const cols = whole(at, 2);
  const dc = address(at, 4) << 2;
  const da = address(at, 7) << 2;
  const db = address(at, 10) << 2;
  const zero = f32x4.splat(0);
  for (let row = 0; row < rows; row++) {
    let c = address(at, 3) + <usize>row * address(at, 5);
    let a = address(at, 6) + <usize>row * address(at, 8);
    let b = address(at, 9) + <usize>row * address(at, 11);
    for (let left = cols; left > 0; left -= 4) {
      const isSet = f32x4.ne(lanes(c, dc), zero);
      const result = select(isSet, lanes(a, da), lanes(b, db));
      if (left < 4) {
        storeFirst(out, result, left);
        out += <usize>left << 2;
        break;
      }
      v128.store(out, result);
      out += 16;
      c += dc;
      a += da;
      b += db;
    }
  }
}

/** out, rows, cols, x, its step in a row and to the next */
export function broadcast(at: usize): void {
  let out = address(at, 0);
  const rows = whole(at, 1);
  const cols = whole(at, 2);
  const dx = address(at, 4) << 2;
  for (let row = 0; row < rows; row++) {
    let x = address(at, 3) + <usize>row * address(at, 5);
    for (let left = cols; left > 0; left -= 4) {
      const value = lanes(x, dx);
      if (left < 4) {
        storeFirst(out, value, left);
        out += <usize>left << 2;
        break;
      }
      v128.store(out, value);
      out += 16;
      x += dx;
    }
  }
}

/** out, x, bytes */
export function copy(at: usize): void {
  memory.copy(address(at, 0), address(at, 1), address(at, 2));
}
