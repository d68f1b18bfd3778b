/** Fused units → calls of kernels. */
import type { Instruction } from '../../graph/plan.ts';
import type { Call, CallContext } from './call.ts';
import { softmaxCall } from './encode.ts';
import { type Finish, matmulCall } from './encode-matmul.ts';
import type { Unit } from './units.ts';

/** The call of a unit of several instructions that is no chain; null for others. */
export function fusedCallOf({ kind, nodes }: Unit, context: CallContext): Call | null {
  if (kind === 'softmaxes') {
    const [softmax, logSoftmax] = nodes.map(({ instruction }) => instruction);
    return softmaxCall(softmax.out, logSoftmax.out, softmax.inputs[0], context);
  }
  return kind === 'product' ? productCall(nodes, context) : null;
}

function productCall(nodes: Unit['nodes'], context: CallContext): Call {
  const instructions = nodes.map(({ instruction }) => instruction);
  const last = instructions[instructions.length - 1];
  for (const { op, out, inputs } of instructions) {
    if (op !== 'matmul' && op !== 'matmulTransposeA' && op !== 'matmulTransposeB') continue;
    return matmulCall(op, last.out, inputs, context, finishOf(instructions, out.offset));
  }
  throw new Error('internal: no product in a product');
}

/** @param sums  the offset of what the product itself would write */
function finishOf(instructions: readonly Instruction[], sums: number): Finish {
  const find = (op: Instruction['op']) => instructions.find((instruction) => instruction.op === op);
  const test = find('gt');
  if (test) return { kind: 'mask', extra: test.inputs[0] };
  const extra = find('add')?.inputs.find(({ offset }) => offset !== sums) ?? null;
  return { kind: find('relu') ? 'biasRelu' : 'bias', extra };
}
