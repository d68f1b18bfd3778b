/** Fused units → calls of kernels. */
import type { Instruction } from '../../graph/plan.ts';
import { addressOf, type Call, type CallContext, rowsOf } from './call.ts';
import { isStored } from './dataflow.ts';
import { softmaxCall } from './encode.ts';
import { type Finish, matmulCall } from './encode-matmul.ts';
import type { Unit } from './units.ts';

/** The call of a unit of several instructions that is no chain; null for others. */
export function fusedCallOf({ kind, nodes }: Unit, context: CallContext): Call | null {
  if (kind === 'softmaxes') return softmaxesCall(nodes, context);
  if (kind === 'slope') return slopeCall(nodes, context);
  return kind === 'product' ? productCall(nodes, context) : null;
}

function softmaxesCall(nodes: Unit['nodes'], context: CallContext): Call {
  const outOf = (op: Instruction['op']) => {
    const node = nodes.find(({ instruction }) => instruction.op === op);
    return node && isStored(node, nodes) ? node.instruction.out : null;
  };
  const [{ instruction: first }] = nodes;
  const pick = nodes.find(({ instruction }) => instruction.op === 'pick')?.instruction;
  const picked = pick ? { out: pick.out, index: pick.inputs[1] } : null;
  return softmaxCall(outOf('softmax'), outOf('logSoftmax'), first.inputs[0], context, picked);
}

function slopeCall([hot, scaled, , spread, result]: Unit['nodes'], context: CallContext): Call {
  const { out } = result.instruction;
  const inputs = [
    spread.instruction.inputs[0],
    hot.instruction.inputs[0],
    scaled.instruction.inputs[1],
  ];
  const addresses = [out, ...inputs].map((place) => addressOf(place, context));
  return {
    kernel: 'crossEntropySlope',
    words: [...addresses, rowsOf(out, context.batch), out.cols],
  };
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
