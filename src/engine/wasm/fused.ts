/** Finds instructions that a kernel does together. */
import type { Place } from '../../graph/layout.ts';
import type { Plan } from '../../graph/plan.ts';
import { isOneNumber, isWhole } from './call.ts';
import { inputFrom, isApart, isStored, type Node, onlyReader, overlap, same } from './dataflow.ts';
import { LONGEST_SUM } from './encode-matmul.ts';
import { crossEntropySlope, softmaxes } from './fused-softmax.ts';
import type { Unit } from './units.ts';

/** The unit that begins with a node; null where it stands alone. */
export function fusedWith(node: Node, nodes: readonly Node[], plan: Plan): Unit | null {
  switch (node.instruction.op) {
    case 'matmul':
    case 'matmulTransposeA':
    case 'matmulTransposeB':
      return affine(node, nodes) ?? masked(node, nodes, plan);
    case 'softmax':
    case 'logSoftmax':
      return softmaxes(node, nodes);
    case 'oneHot':
      return crossEntropySlope(node, nodes);
    default:
      return null;
  }
}

/** a · b + bias, or relu of it. */
function affine(product: Node, nodes: readonly Node[]): Unit | null {
  const { out } = product.instruction;
  const sum = onlyReader(product, nodes);
  if (out.cols === 1 || sum?.instruction.op !== 'add') return null;
  const from = inputFrom(sum, product);
  const bias = sum.instruction.inputs[1 - from];
  const isRow = bias !== undefined && bias.rows === 1 && !bias.batched && bias.cols === out.cols;
  if (from < 0 || !isRow || isWhole(bias, out) || !isWhole(sum.instruction.out, out)) return null;
  const activation = onlyReader(sum, nodes);
  const isRelu = activation?.instruction.op === 'relu' && inputFrom(activation, sum) === 0;
  const members = isRelu ? [product, sum, activation] : [product, sum];
  return isApart(members) ? { kind: 'product', nodes: members } : null;
}

/** The product where a matrix is above 0, else 0: `where(gt(y, 0), a · b, 0)`. */
function masked(product: Node, nodes: readonly Node[], plan: Plan): Unit | null {
  const { out, inputs } = product.instruction;
  const choice = onlyReader(product, nodes);
  if (out.cols === 1 || choice?.instruction.op !== 'where') return null;
  const { inputs: choices } = choice.instruction;
  const test = nodes[choice.sources[0]];
  const isMask =
    inputFrom(choice, product) === 1 &&
    test?.instruction.op === 'gt' &&
    inputFrom(choice, test) === 0 &&
    !isStored(test, [choice]) &&
    isWhole(test.instruction.inputs[0], out) &&
    isZero(test.instruction.inputs[1], plan) &&
    isZero(choices[2], plan);
  if (!isMask) return null;
  const members = [product, test].sort((a, b) => a.index - b.index);
  // A tile reads its mask before it writes; of sums in several parts it would have written some before.
  const isShort = product.instruction.op !== 'matmulTransposeA' && inputs[0].cols <= LONGEST_SUM;
  const [mask] = test.reads;
  const isOverMask = same(mask, choice.write) && isShort;
  const others = [...product.reads, ...(isOverMask ? [] : [mask])];
  if (others.some((read) => overlap(read, choice.write))) return null;
  return { kind: 'product', nodes: [...members, choice] };
}

/** Whether a place is the constant 0. */
function isZero(place: Place, plan: Plan): boolean {
  if (!isOneNumber(place)) return false;
  const isNamed = [...plan.places.values()].some(({ offset }) => offset === place.offset);
  const { values } = plan.initial.find((entry) => entry.place.offset === place.offset) ?? {};
  return !isNamed && Object.is(values, 0);
}
