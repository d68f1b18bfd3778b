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

/** out, bytes */
export function zero(at: usize): void {
  memory.fill(address(at, 0), 0, address(at, 1));
}
