/**
 * Chains: element-wise instructions over equally many numbers, run as one loop that keeps what is
 * between them in registers. A number's ops and their order stay as they are, and so do its bits.
 */
import type { Place } from '../../graph/layout.ts';
import type { Instruction } from '../../graph/plan.ts';
import { isOneNumber } from './call.ts';
import { isChainOp } from './chain-ops.ts';
import { canPass, isStored, type Node, overlap, type Range, same } from './dataflow.ts';
import type { Unit } from './units.ts';

/** How many units back a chain may be that goes on. */
const LOOK_BACK = 24;
/** V8 has 15 registers for vectors; a chain much longer than this would only move them to and fro. */
const MAX_CHAIN = 40;

/** Joins what can be chained. The order may change where nobody sees it. */
export function chained(units: readonly Unit[]): Unit[] {
  const result: Unit[] = [];
  for (const unit of units) {
    const [node] = unit.nodes;
    const isOpen = unit.kind === 'one' && isChainable(node.instruction);
    const at = isOpen ? chainFor(result, node) : -1;
    if (at < 0) {
      result.push(unit);
      continue;
    }
    const [chain] = result.splice(at, 1);
    result.push({ kind: 'chain', nodes: [...chain.nodes, node] });
  }
  return result;
}

function sizeOf({ rows, cols, batched }: Place): string {
  return `${rows * cols} ${batched}`;
}

/** Whether an instruction goes number by number, all inputs along with the output or one number. */
function isChainable({ op, out, inputs }: Instruction): boolean {
  if (!isChainOp(op)) return false;
  const size = sizeOf(out);
  return inputs.every((input) => isOneNumber(input) || sizeOf(input) === size);
}

/** The unit that a node may go on with, once that has been moved to the end; −1 without. */
function chainFor(units: readonly Unit[], node: Node): number {
  const size = sizeOf(node.instruction.out);
  for (let at = units.length - 1; at >= Math.max(0, units.length - LOOK_BACK); at--) {
    const { kind, nodes } = units[at];
    const isOpen = kind === 'chain' || (kind === 'one' && isChainable(nodes[0].instruction));
    if (!isOpen || nodes.length >= MAX_CHAIN) continue;
    if (sizeOf(nodes[0].instruction.out) !== size || !fits(nodes, node)) continue;
    const between = units.slice(at + 1).flatMap((unit) => unit.nodes);
    // What the chain will still have in memory if the node joins it.
    if (canPass([...nodes, node], nodes, between)) return at;
  }
  return -1;
}

/**
 * Whether a node may join: what it takes from the chain it takes as it is, and its places and the chain's
 * meet exactly or not at all, as it must be where a loop takes a few numbers at a time.
 */
function fits(chain: readonly Node[], node: Node): boolean {
  const grown = [...chain, node];
  const takes = node.reads.every((read, i) => {
    const source = chain.find(({ index }) => index === node.sources[i]);
    return !source || (same(source.write, read) && !isNumberOfMany(node, i));
  });
  const stored = grown.filter((member) => isStored(member, grown)).map(({ write }) => write);
  const touched = [...stored, ...grown.flatMap((member) => loadsOf(member, grown))];
  return takes && stored.every((write) => touched.every((other) => meets(write, other)));
}

function meets(a: Range, b: Range): boolean {
  return same(a, b) || !overlap(a, b);
}

/** Whether an input is one number that is read before the loop over many. */
export function isNumberOfMany({ instruction: { out, inputs } }: Node, input: number): boolean {
  return isOneNumber(inputs[input]) && !isOneNumber(out);
}

/** What a node reads from memory, number by number: not what comes from its chain. */
function loadsOf(node: Node, chain: readonly Node[]): Range[] {
  return node.reads.filter(
    (_, i) => !isNumberOfMany(node, i) && !chain.some(({ index }) => index === node.sources[i]),
  );
}
