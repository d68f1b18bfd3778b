/** What cross-entropy of softmax is made of: forwards to the logarithm that is picked, and back. */
import { isWhole } from './call.ts';
import { inputFrom, isApart, isStored, type Node, onlyReader } from './dataflow.ts';
import type { Unit } from './units.ts';

/**
 * Softmax and its logarithm of the same numbers, and from a logarithm that nobody else reads the one column of each
 * row that is picked. Either of the two may be missing, and so may the pick.
 */
export function softmaxes(first: Node, nodes: readonly Node[]): Unit | null {
  const logarithm = first.instruction.op === 'logSoftmax' ? first : logarithmOf(first, nodes);
  if (!logarithm) return null;
  const both = first === logarithm ? [first] : [first, logarithm];
  const pick = onlyReader(logarithm, nodes);
  const isPicked = pick?.instruction.op === 'pick' && inputFrom(pick, logarithm) === 0;
  const members = isPicked ? [...both, pick] : both;
  return members.length > 1 && isApart(members) ? { kind: 'softmaxes', nodes: members } : null;
}

function logarithmOf(softmax: Node, nodes: readonly Node[]): Node | undefined {
  return nodes.find(
    ({ instruction, sources, index }) =>
      index > softmax.index &&
      instruction.op === 'logSoftmax' &&
      instruction.inputs[0].offset === softmax.instruction.inputs[0].offset &&
      sources[0] === softmax.sources[0],
  );
}

/**
 * The gradient of the logarithm that is picked, by what softmax is taken of: with h the one-hot rows of the class
 * numbers, g a slope for each row and p the softmax, `h·g − p·Σ(h·g)`.
 */
export function crossEntropySlope(hot: Node, nodes: readonly Node[]): Unit | null {
  const scaled = onlyReader(hot, nodes);
  if (scaled?.instruction.op !== 'mul' || inputFrom(scaled, hot) !== 0) return null;
  const { out, inputs } = scaled.instruction;
  const [, slope] = inputs;
  const isColumn = slope.cols === 1 && slope.rows === out.rows && slope.batched === out.batched;
  if (!isColumn || out.cols === 1 || scaled.readers.size !== 2) return null;
  const members = spreadOf(scaled, nodes);
  if (!members) return null;
  const all = [hot, scaled, ...members];
  // Of each number of the softmax the slope is written where it was read from.
  const [softmax] = members[1].reads;
  const isInner = all.slice(0, -1).every((node) => !isStored(node, all));
  return isInner && isApart(all, softmax) ? { kind: 'slope', nodes: all } : null;
}

/** The sum of each row, times the softmax, and that taken from the rows; null where something else follows. */
function spreadOf(scaled: Node, nodes: readonly Node[]): [Node, Node, Node] | null {
  const readers = [...scaled.readers].map((index) => nodes[index]);
  const sum = readers.find(({ instruction }) => instruction.op === 'sumCols');
  const spread = sum && onlyReader(sum, nodes);
  if (!sum || spread?.instruction.op !== 'mul' || inputFrom(spread, sum) !== 1) return null;
  if (!isWhole(spread.instruction.inputs[0], scaled.instruction.out)) return null;
  const result = onlyReader(spread, nodes);
  if (result?.instruction.op !== 'sub' || inputFrom(result, scaled) !== 0) return null;
  return inputFrom(result, spread) === 1 ? [sum, spread, result] : null;
}
