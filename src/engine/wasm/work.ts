/** How much there is to compute, in multiply-adds of a matrix product. */
import type { Instruction } from '../../graph/plan.ts';
import { rowsOf } from './call.ts';
import type { Unit } from './units.ts';

/** From so much work of a program on, some 50 µs, meeting takes threads less than dividing it saves. */
export const WORTH_THREADS = 2 ** 20;

/** What an op on a number takes. */
const PER_NUMBER = 8;

export function workOf(units: readonly Unit[], batch: number): number {
  const nodes = units.flatMap((unit) => unit.nodes);
  return nodes.reduce((sum, { instruction }) => sum + workOfOne(instruction, batch), 0);
}

function workOfOne({ op, out, inputs: [x] }: Instruction, batch: number): number {
  const numbers = rowsOf(out, batch) * out.cols;
  if (op === 'matmul' || op === 'matmulTransposeB') return numbers * x.cols;
  if (op === 'matmulTransposeA') return numbers * rowsOf(x, batch);
  return numbers * PER_NUMBER;
}
