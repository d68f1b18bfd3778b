/** Kernels that move numbers within rows, as `reference/columns.ts` does. */
import { address, whole } from './memory';

/** out, x, rows, cols */
export function cumsumCols(at: usize): void {
  let out = address(at, 0);
  let x = address(at, 1);
  const width = address(at, 3) << 2;
  for (let rows = whole(at, 2); rows > 0; rows--) {
    let sum: f32 = 0;
    const end = x + width;
    for (; x < end; x += 4) {
      sum += load<f32>(x);
      store<f32>(out, sum);
      out += 4;
    }
  }
}

/** out, x, index, rows, columns of x, columns of the index */
export function takeCols(at: usize): void {
  let out = address(at, 0);
  let x = address(at, 1);
  let index = address(at, 2);
  const width = address(at, 4) << 2;
  const cols = whole(at, 5);
  for (let rows = whole(at, 3); rows > 0; rows--) {
    for (let col = 0; col < cols; col++) {
      const from = <usize>(<u32>load<f32>(index));
      store<f32>(out, load<f32>(x + (from << 2)));
      out += 4;
      index += 4;
    }
    x += width;
  }
}

/** Copies the same run of each row: out, its step to the next row, x, its step, rows, bytes */
export function moveRows(at: usize): void {
  let out = address(at, 0);
  let x = address(at, 2);
  const bytes = address(at, 5);
  for (let rows = whole(at, 4); rows > 0; rows--) {
    memory.copy(out, x, bytes);
    out += address(at, 1);
    x += address(at, 3);
  }
}

/** The input in a run of columns, 0 in all others: out, bytes of its row, x, bytes of its row, rows, bytes before the run */
export function placeColumns(at: usize): void {
  let out = address(at, 0);
  const width = address(at, 1);
  let x = address(at, 2);
  const bytes = address(at, 3);
  const before = address(at, 5);
  for (let rows = whole(at, 4); rows > 0; rows--) {
    memory.fill(out, 0, width);
    memory.copy(out + before, x, bytes);
    out += width;
    x += bytes;
  }
}

/**
 * The axes of each sample in another order: out, x, samples, numbers of a sample, scratch for a word for each
 * axis, how many axes, and of each axis of the output, the last one first, its length and how many bytes its
 * neighbours are apart in x.
 */
export function permute(at: usize): void {
  let out = address(at, 0);
  let x = address(at, 1);
  const size = whole(at, 3);
  const counters = address(at, 4);
  const axes = address(at, 5) << 2;
  const lengths = at + 32;
  for (let samples = whole(at, 2); samples > 0; samples--) {
    memory.fill(counters, 0, axes);
    let from = x;
    for (let left = size; left > 0; left--) {
      store<f32>(out, load<f32>(from));
      out += 4;
      // Counts on: an axis that is through begins anew, and the one before it moves.
      for (let axis: usize = 0; axis < axes; axis += 4) {
        const length = load<u32>(lengths + (axis << 1));
        const step = <usize>load<u32>(lengths + (axis << 1), 4);
        const next = load<u32>(counters + axis) + 1;
        from += step;
        store<u32>(counters + axis, next);
        if (next < length) break;
        from -= <usize>length * step;
        store<u32>(counters + axis, 0);
      }
    }
    x += <usize>size << 2;
  }
}
