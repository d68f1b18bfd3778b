/** Instructions of a plan → calls of kernels: which kernel, and its arguments as 32-bit words. */
import type { Place } from '../../graph/layout.ts';
import type { Instruction } from '../../graph/plan.ts';
import { vocabulary } from '../../graph/vocabulary.ts';
import { streamWords } from '../../random.ts';
import { addressOf, type Call, type CallContext, isOneNumber, isWhole, rowsOf } from './call.ts';
import { columnCall, columnScratch } from './encode-columns.ts';
import { MATMUL_SCRATCH, matmulCall } from './encode-matmul.ts';

/** The call of an instruction. */
export function callOf(instruction: Instruction, context: CallContext): Call {
  const { op, out, inputs } = instruction;
  if (op !== 'copy' && vocabulary[op].kind === 'elementwise') {
    if (inputs.length === 1) return unaryCall(op, out, inputs[0], context);
    return elementwiseCall(op, out, inputs, context);
  }
  switch (op) {
    case 'broadcast':
      return elementwiseCall(op, out, inputs, context);
    case 'matmul':
    case 'matmulTransposeA':
    case 'matmulTransposeB':
      return matmulCall(op, out, inputs, context);
    case 'softmax':
      return softmaxCall(out, null, inputs[0], context);
    case 'logSoftmax':
      return softmaxCall(null, out, inputs[0], context);
    default:
      return rowCall(instruction, context);
  }
}

function unaryCall(kernel: string, out: Place, x: Place, context: CallContext): Call {
  const count = rowsOf(out, context.batch) * out.cols;
  return { kernel, words: [addressOf(out, context), addressOf(x, context), count] };
}

/** out, rows, cols, and of each input its address, its step in a row and that to the next row */
function elementwiseCall(
  kernel: string,
  out: Place,
  inputs: readonly Place[],
  context: CallContext,
): Call {
  const rows = rowsOf(out, context.batch);
  // Rows that all inputs run along with are one long row.
  const isFlat = inputs.every((input) => isWhole(input, out) || isOneNumber(input));
  const [height, width] = isFlat ? [1, rows * out.cols] : [rows, out.cols];
  const operands = inputs.flatMap((input) => {
    const isColumn = input.cols === 1 && (isFlat ? !isWhole(input, out) : out.cols > 1);
    const isRow = input.rows === 1 && !input.batched;
    return [addressOf(input, context), isColumn ? 0 : 4, isRow ? 0 : 4 * input.cols];
  });
  return { kernel, words: [addressOf(out, context), height, width, ...operands] };
}

/**
 * One or both of softmax and its logarithm; one may be null.
 *
 * @param picked  where the logarithm in the column that the index names goes
 */
export function softmaxCall(
  softmax: Place | null,
  logSoftmax: Place | null,
  x: Place,
  context: CallContext,
  picked: { readonly out: Place; readonly index: Place } | null = null,
): Call {
  const places = [softmax, logSoftmax, x, picked?.out, picked?.index];
  const addresses = places.map((place) => (place ? addressOf(place, context) : 0));
  const shape = [rowsOf(x, context.batch), x.cols];
  return { kernel: 'softmaxes', words: [...addresses, ...shape, context.addresses.scratch] };
}

function rowCall(instruction: Instruction, context: CallContext): Call {
  const { op, out, inputs, attributes } = instruction;
  const { batch, seed, addresses, first = 0 } = context;
  const [x, index] = inputs;
  const to = addressOf(out, context);
  const from = x ? addressOf(x, context) : 0;
  const rows = rowsOf(out, batch);
  const bytes = 4 * rows * out.cols;
  switch (op) {
    case 'sumRows':
      return { kernel: op, words: [to, from, rowsOf(x, batch), x.cols, 4 * x.cols] };
    case 'sumCols':
    case 'maxCols':
    case 'argmaxCols':
      return { kernel: op, words: [to, from, rowsOf(x, batch), x.cols] };
    case 'pick':
      return { kernel: op, words: [to, from, addressOf(index, context), rows, x.cols] };
    case 'oneHot':
      return { kernel: op, words: [to, from, rows, out.cols] };
    case 'copy':
      return { kernel: op, words: [to, from, bytes] };
    case 'batchSize':
      return { kernel: 'number', words: [to, batch] };
    case 'uniform': {
      if (!attributes.stream) throw new Error('internal: chance without a stream');
      const keys = streamWords({ seed, stream: attributes.stream });
      const words = [...keys.map(({ word }) => word), ...keys.map(({ salt }) => salt)];
      const index = first * out.rows * out.cols;
      return { kernel: op, words: [to, rows * out.cols, addresses.step, ...words, index] };
    }
    default:
      return columnCall(instruction, context);
  }
}

/** Bytes that the kernel of an instruction may put aside. */
export function scratchOf(instruction: Instruction): number {
  const { op, inputs } = instruction;
  switch (op) {
    case 'softmax':
    case 'logSoftmax':
      return 16 * (inputs[0].cols + 2);
    case 'matmul':
    case 'matmulTransposeA':
    case 'matmulTransposeB':
      return MATMUL_SCRATCH;
    default:
      return columnScratch(instruction);
  }
}
