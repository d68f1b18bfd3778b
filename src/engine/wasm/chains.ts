/**
 * Chains: element-wise instructions over equally many numbers, run as one loop that keeps what is
 * between them in registers. A number's ops and their order stay as they are, and so do its bits.
 */
import type { Place } from '../../graph/layout.ts';
import type { Instruction, Plan } from '../../graph/plan.ts';
import { isChainOp } from './chain-ops.ts';
import { type Node, nodesOf, overlap, type Range } from './dataflow.ts';

/** Instructions that run as one. */
export interface Unit {
  readonly nodes: readonly Node[];
  /** Whether they are a chain; else it is one instruction. */
  readonly isChain: boolean;
}

/** Programs longer than this are taken as they are: looking at all pairs would take too long. */
const MAX_INSTRUCTIONS = 4000;
/** How many units back a chain may be that goes on. */
const LOOK_BACK = 24;
/** V8 has 15 registers for vectors; a chain much longer than this would only move them to and fro. */
const MAX_CHAIN = 40;

/** A program's instructions, those that can be chained together. The order may change where nobody sees it. */
export function unitsOf(instructions: readonly Instruction[], plan: Plan): Unit[] {
  if (instructions.length > MAX_INSTRUCTIONS) {
    return instructions.map((instruction) => alone({ ...EMPTY, instruction }));
  }
  const units: Unit[] = [];
  for (const node of nodesOf(instructions, plan)) {
    const isChain = isChainable(node.instruction);
    const at = isChain ? chainFor(units, node) : -1;
    if (at < 0) {
      units.push({ nodes: [node], isChain });
      continue;
    }
    const [chain] = units.splice(at, 1);
    units.push({ nodes: [...chain.nodes, node], isChain });
  }
  return units;
}

const EMPTY = {
  index: 0,
  reads: [],
  sources: [],
  write: { start: 0, end: 0 },
  readers: new Set<number>(),
  lasts: true,
};

function alone(node: Node): Unit {
  return { nodes: [node], isChain: false };
}

function sizeOf({ rows, cols, batched }: Place): string {
  return `${rows * cols} ${batched}`;
}

export function isOneNumber({ rows, cols, batched }: Place): boolean {
  return rows === 1 && cols === 1 && !batched;
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
    const { isChain, nodes } = units[at];
    if (!isChain || nodes.length >= MAX_CHAIN) continue;
    if (sizeOf(nodes[0].instruction.out) !== size || !fits(nodes, node)) continue;
    const between = units.slice(at + 1).flatMap((unit) => unit.nodes);
    // What the chain will still have in memory if the node joins it.
    if (canPass([...nodes, node], nodes, between)) return at;
  }
  return -1;
}

function same(a: Range, b: Range): boolean {
  return a.start === b.start && a.end === b.end;
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

/** Whether a chain's nodes may run after others that came later. */
function canPass(chain: readonly Node[], moved: readonly Node[], others: readonly Node[]): boolean {
  const stored = moved.filter((node) => isStored(node, chain)).map(({ write }) => write);
  const read = moved.flatMap((node) =>
    node.reads.filter((_, i) => !moved.some(({ index }) => index === node.sources[i])),
  );
  return others.every(
    (other) =>
      other.reads.every((range) => !stored.some((write) => overlap(write, range))) &&
      ![...stored, ...read].some((range) => overlap(range, other.write)),
  );
}

/** Whether anybody outside a chain reads what a node writes. */
export function isStored({ readers, lasts }: Node, chain: readonly Node[]): boolean {
  if (lasts) return true;
  return [...readers].some((reader) => !chain.some(({ index }) => index === reader));
}
