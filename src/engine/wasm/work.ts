/** How much there is to compute. */
import type { Instruction } from '../../graph/plan.ts';
import { rowsOf } from './call.ts';
import type { Unit } from './units.ts';

/** What an op on a number takes, in multiplications of a matrix product. */
const PER_NUMBER = 8;

/** The work of units: the multiplications of their products, and as many as everything else takes as long as. */
export function workOf(units: readonly Unit[], batch: number): number {
  const nodes = units.flatMap((unit) => unit.nodes);
  return nodes.reduce((sum, { instruction }) => sum + workOfOne(instruction, batch), 0);
}

function workOfOne(instruction: Instruction, batch: number): number {
  const { out } = instruction;
  return multiplicationsOf(instruction, batch) || rowsOf(out, batch) * out.cols * PER_NUMBER;
}

/** Multiplications, each with an addition, of a matrix product; 0 of anything else. */
export function multiplicationsOf({ op, out, inputs: [x] }: Instruction, batch: number): number {
  const numbers = rowsOf(out, batch) * out.cols;
  if (op === 'matmul' || op === 'matmulTransposeB') return numbers * x.cols;
  return op === 'matmulTransposeA' ? numbers * rowsOf(x, batch) : 0;
}
