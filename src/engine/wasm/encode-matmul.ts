/** Calls of the matrix products' kernels. */
import type { Place } from '../../graph/layout.ts';
import { addressOf, type Call, type CallContext, rowsOf } from './call.ts';

type Matmul = 'matmul' | 'matmulTransposeA' | 'matmulTransposeB';

/** As in assembly/matmul.ts: two tiles, and both operands of the largest block. */
export const MATMUL_SCRATCH = 2 * 128 + 4 * 1024 * (128 + 8);

/** As in assembly/matmul.ts. */
const lies: Readonly<Record<Matmul, number>> = {
  matmul: 0,
  matmulTransposeA: 1,
  matmulTransposeB: 2,
};

export function matmulCall(
  op: Matmul,
  out: Place,
  [a, b]: readonly Place[],
  context: CallContext,
): Call {
  const places = [out, a, b].map((place) => addressOf(place, context));
  const rows = rowsOf(out, context.batch);
  const length = op === 'matmulTransposeA' ? rowsOf(a, context.batch) : a.cols;
  if (out.cols === 1 && op !== 'matmulTransposeB') {
    const kernel = op === 'matmul' ? 'matmulColumn' : 'matmulTransposeAColumn';
    return { kernel, words: [...places, rows, length] };
  }
  const shape = [rows, out.cols, length, a.cols, b.cols];
  const words = [...places, ...shape, lies[op], context.addresses.scratch, 0, 0];
  return { kernel: 'matmul', words };
}
