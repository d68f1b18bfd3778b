/**
 * What runs at once: an instruction, a chain of element-wise ones, or a few that a kernel does together.
 * A unit's nodes are what it decomposes into; that they give the same bits is tested.
 */
import type { Instruction, Plan } from '../../graph/plan.ts';
import { chained } from './chains.ts';
import { canPass, type Node, nodesOf } from './dataflow.ts';
import { fusedWith } from './fused.ts';

/**
 * `product`: a matrix product, and what follows on its sums: a bias, a bias and relu, or relu's gradient;
 * `softmaxes`: softmax, its logarithm, what is picked of it; `slope`: the gradient of what was picked.
 */
type UnitKind = 'one' | 'chain' | 'product' | 'softmaxes' | 'slope';

export interface Unit {
  readonly kind: UnitKind;
  /** In the order of the program. */
  readonly nodes: readonly Node[];
}

/** Programs longer than this are taken as they are: looking at all pairs would take too long. */
const MAX_INSTRUCTIONS = 4000;

/**
 * A program's units. Their order may differ from the instructions' where nobody sees it.
 *
 * @param hasKernel  whether a kernel runs an instruction: without one nothing is fused with it
 */
export function unitsOf(
  instructions: readonly Instruction[],
  plan: Plan,
  hasKernel: (instruction: Instruction) => boolean = () => true,
): Unit[] {
  if (instructions.length > MAX_INSTRUCTIONS) return instructions.map(alone);
  return chained(withFused(nodesOf(instructions, plan), plan, hasKernel));
}

/** A unit that nothing is known of. */
function alone(instruction: Instruction, index: number): Unit {
  const write = { start: 0, end: 0 };
  const nothing = { reads: [], sources: [], write, readers: new Set<number>(), lasts: true };
  return { kind: 'one', nodes: [{ ...nothing, index, instruction }] };
}

/** Puts fused units in the place of their last instruction. */
function withFused(
  nodes: readonly Node[],
  plan: Plan,
  hasKernel: (instruction: Instruction) => boolean,
): Unit[] {
  const taken = new Set<Node>();
  const ends = new Map<Node, Unit>();
  for (const node of nodes) {
    if (taken.has(node) || !hasKernel(node.instruction)) continue;
    const unit = fusedWith(node, nodes, plan);
    if (!unit || unit.nodes.some((member) => taken.has(member)) || !mayGather(unit, nodes))
      continue;
    for (const member of unit.nodes) taken.add(member);
    ends.set(unit.nodes[unit.nodes.length - 1], unit);
  }
  return nodes.flatMap((node) => {
    const unit = ends.get(node);
    if (unit) return [unit];
    return taken.has(node) ? [] : [{ kind: 'one' as const, nodes: [node] }];
  });
}

/** Whether a unit's nodes may all run where the last of them does: each past those that come after it. */
function mayGather({ nodes: members }: Unit, nodes: readonly Node[]): boolean {
  const last = members[members.length - 1].index;
  return members.every((member) => {
    const later = nodes.slice(member.index + 1, last).filter((node) => !members.includes(node));
    return canPass(members, [member], later);
  });
}
