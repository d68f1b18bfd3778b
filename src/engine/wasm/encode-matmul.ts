/** Calls of the matrix products' kernels. */
import type { Place } from '../../graph/layout.ts';
import { addressOf, type Call, type CallContext, rowsOf } from './call.ts';

type Matmul = 'matmul' | 'matmulTransposeA' | 'matmulTransposeB';

/** As in assembly/matmul.ts. */
const lies: Readonly<Record<Matmul, number>> = {
  matmul: 0,
  matmulTransposeA: 1,
  matmulTransposeB: 2,
};

/** Sums longer than this are made in parts; as in assembly/matmul.ts. */
export const LONGEST_SUM = 1024;

/** As in assembly/matmul.ts: both operands of the largest block. */
export const MATMUL_SCRATCH = 4 * LONGEST_SUM * (128 + 8);

/** What is done to finished sums, as in assembly/tile.ts, and with which matrix or row. */
export interface Finish {
  readonly kind: 'nothing' | 'bias' | 'biasRelu' | 'mask';
  readonly extra: Place | null;
}

const finishes: Readonly<Record<Finish['kind'], number>> = {
  nothing: 0,
  bias: 1,
  biasRelu: 2,
  mask: 3,
};

const NOTHING: Finish = { kind: 'nothing', extra: null };

export function matmulCall(
  op: Matmul,
  out: Place,
  [a, b]: readonly Place[],
  context: CallContext,
  { kind, extra }: Finish = NOTHING,
): Call {
  const places = [out, a, b].map((place) => addressOf(place, context));
  const rows = rowsOf(out, context.batch);
  const length = op === 'matmulTransposeA' ? rowsOf(a, context.batch) : a.cols;
  if (out.cols === 1 && op !== 'matmulTransposeB') {
    const kernel = op === 'matmul' ? 'matmulColumn' : 'matmulTransposeAColumn';
    return { kernel, words: [...places, rows, length] };
  }
  const shape = [rows, out.cols, length, a.cols, b.cols];
  const finish = [finishes[kind], extra ? addressOf(extra, context) : 0];
  const words = [...places, ...shape, lies[op], context.addresses.scratch, ...finish];
  return { kernel: 'matmul', words };
}
