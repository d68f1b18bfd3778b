/** Finds instructions that a kernel does together. */
import type { Place } from '../../graph/layout.ts';
import type { Plan } from '../../graph/plan.ts';
import { isOneNumber, isWhole } from './call.ts';
import { isStored, type Node, overlap, same } from './dataflow.ts';
import { LONGEST_SUM } from './encode-matmul.ts';
import type { Unit } from './units.ts';

/** The unit that begins with a node; null where it stands alone. */
export function fusedWith(node: Node, nodes: readonly Node[], plan: Plan): Unit | null {
  switch (node.instruction.op) {
    case 'matmul':
    case 'matmulTransposeA':
    case 'matmulTransposeB':
      return affine(node, nodes) ?? masked(node, nodes, plan);
    case 'softmax':
      return softmaxes(node, nodes);
    default:
      return null;
  }
}

/** The one node that reads what a node writes. */
function onlyReader(node: Node, nodes: readonly Node[]): Node | null {
  const [reader] = node.readers;
  return node.lasts || node.readers.size !== 1 ? null : nodes[reader];
}

/** Which of its inputs a node takes from another, as that has written it; −1 without. */
function inputFrom(reader: Node, source: Node): number {
  return reader.reads.findIndex(
    (read, i) => reader.sources[i] === source.index && same(read, source.write),
  );
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

/** Whether a unit writes nothing that it still has to read. */
function isApart(members: readonly Node[]): boolean {
  const { write } = members[members.length - 1];
  return members.every((member) =>
    member.reads.every((read, i) => {
      const isOwn = members.some(({ index }) => index === member.sources[i]);
      return isOwn || !overlap(read, write);
    }),
  );
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

/** Softmax and its logarithm of the same numbers. */
function softmaxes(softmax: Node, nodes: readonly Node[]): Unit | null {
  const twin = nodes.find(
    ({ instruction, sources, index }) =>
      index > softmax.index &&
      instruction.op === 'logSoftmax' &&
      instruction.inputs[0].offset === softmax.instruction.inputs[0].offset &&
      sources[0] === softmax.sources[0],
  );
  return twin ? { kind: 'softmaxes', nodes: [softmax, twin] } : null;
}
