/** Looks for numbers that are none. */

/** Numbers that are looked at together. */
const BLOCK: i32 = 16;

/** Of four numbers, 0 where one is finite and NaN where it is not. */
@inline
function zeros(at: usize): v128 {
  return f32x4.mul(v128.load(at), f32x4.splat(0));
}

/** How many of `count` numbers come before the first that is NaN or infinite; all where none is. */
export function finite(from: usize, count: i32): i32 {
  const zero = f32x4.splat(0);
  let i: i32 = 0;
  for (; i + BLOCK <= count; i += BLOCK) {
    const at = from + (<usize>i << 2);
    const first = f32x4.add(zeros(at), zeros(at + 16));
    const second = f32x4.add(zeros(at + 32), zeros(at + 48));
    if (v128.any_true(f32x4.ne(f32x4.add(first, second), zero))) break;
  }
  while (i < count && abs<f32>(load<f32>(from + (<usize>i << 2))) < Infinity) i++;
  return i;
}
