/**
 * What all kernels share: how an instruction is read, and how the last lanes of a run are written.
 *
 * An instruction is a row of 32-bit words: the kernel's number, the instruction's length in bytes, then
 * its arguments. Addresses are byte addresses. A kernel may read up to 64 bytes behind what it is
 * given (the session keeps so much room) and writes nothing there.
 */

/** Bytes of the two words in front of the arguments. */
const HEAD: usize = 8;

/** Argument `index` (a literal) of the instruction at `at`, as a number. */
@inline
export function whole(at: usize, index: usize): i32 {
  return load<i32>(at + HEAD + (index << 2));
}

/** Argument `index` (a literal) of the instruction at `at`, as an address or a length in bytes. */
@inline
export function address(at: usize, index: usize): usize {
  return load<u32>(at + HEAD + (index << 2));
}

/** Writes the first `count` (1 … 3) lanes. */
@inline
export function storeFirst(to: usize, value: v128, count: usize): void {
  v128.store_lane<f32>(to, value, 0);
  if (count < 2) return;
  v128.store_lane<f32>(to, value, 1, 4);
  if (count < 3) return;
  v128.store_lane<f32>(to, value, 2, 8);
}

/** a where the mask's bits are 1, else b. */
@inline
export function select(mask: v128, a: v128, b: v128): v128 {
  return v128.bitselect(a, b, mask);
}

/** max(x, 0): NaN stays NaN, and the addition makes 0 of −0. */
@inline
export function relu(x: v128): v128 {
  const zero = f32x4.splat(0);
  return f32x4.add(f32x4.pmax(x, zero), zero);
}
