/** Calls of the kernels that move numbers within rows or samples. */
import type { Permutation } from '../../graph/graph.ts';
import type { Instruction } from '../../graph/plan.ts';
import { sizeOf } from '../../ndarray.ts';
import { addressOf, type Call, type CallContext, rowsOf } from './call.ts';

/** The call of an instruction of this kind. */
export function columnCall(instruction: Instruction, context: CallContext): Call {
  const { op, out, inputs, attributes } = instruction;
  const [x, index] = inputs;
  const to = addressOf(out, context);
  const from = x ? addressOf(x, context) : 0;
  const rows = rowsOf(out, context.batch);
  const offset = 4 * (attributes.offset ?? 0);
  const { scratch } = context.addresses;
  switch (op) {
    case 'cumsumCols':
      return { kernel: op, words: [to, from, rows, x.cols] };
    case 'sortCols':
    case 'rankCols':
      return { kernel: op, words: [to, from, rows, x.cols, scratch] };
    case 'takeCols': {
      const words = [to, from, addressOf(index, context), rows, x.cols, out.cols];
      return { kernel: op, words };
    }
    case 'columns': {
      const words = [to, 4 * out.cols, from + offset, 4 * x.cols, rows, 4 * out.cols];
      return { kernel: 'moveRows', words };
    }
    case 'placeColumns':
      return { kernel: op, words: [to, 4 * out.cols, from, 4 * x.cols, rows, offset] };
    case 'permute': {
      const axes = movedAxes(instruction);
      const size = x.rows * x.cols;
      const samples = out.batched ? context.batch : 1;
      const described = axes.flatMap(({ length, step }) => [length, 4 * step]);
      return { kernel: op, words: [to, from, samples, size, scratch, axes.length, ...described] };
    }
    default:
      throw new Error(`internal: no kernel for ${op}`);
  }
}

/** Bytes of the arguments of an instruction, besides those that every kernel has. */
export function axisBytes(instruction: Instruction): number {
  return instruction.op === 'permute' ? 8 * movedAxes(instruction).length : 0;
}

/** Bytes that the kernel of an instruction may put aside. */
export function columnScratch(instruction: Instruction): number {
  const { op, inputs } = instruction;
  if (op === 'sortCols' || op === 'rankCols') return 8 * inputs[0].cols;
  return op === 'permute' ? 4 * movedAxes(instruction).length : 0;
}

interface Axis {
  readonly length: number;
  /** How far its neighbours are apart in the input, in numbers. */
  readonly step: number;
}

/** The axes of a permuted sample, the last one first; those that stay together are one. */
function movedAxes({ attributes: { axes } }: Instruction): Axis[] {
  if (!axes) throw new Error('internal: permute without axes');
  const { shape, order }: Permutation = axes;
  const moved: Axis[] = [];
  for (let i = order.length - 1; i >= 0; i--) {
    const length = shape[order[i]];
    const inner = moved[moved.length - 1];
    if (inner && order[i + 1] === order[i] + 1) {
      moved[moved.length - 1] = { length: inner.length * length, step: inner.step };
    } else {
      moved.push({ length, step: sizeOf(shape.slice(order[i] + 1)) });
    }
  }
  return moved;
}
