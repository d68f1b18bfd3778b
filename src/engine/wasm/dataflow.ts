/** Which instructions of a program touch the same numbers of the arena. */
import type { Place } from '../../graph/layout.ts';
import type { Instruction, Plan } from '../../graph/plan.ts';

/** Numbers of the arena from `start` up to `end`. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export function overlap(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}

export function overlapsAny(some: readonly Range[], others: readonly Range[]): boolean {
  return some.some((range) => others.some((other) => overlap(range, other)));
}

export function same(a: Range, b: Range): boolean {
  return a.start === b.start && a.end === b.end;
}

function covers(a: Range, b: Range): boolean {
  return a.start <= b.start && a.end >= b.end;
}

/** The whole room of a place. */
export function rangeOf({ offset, rows, cols, batched }: Place, plan: Plan): Range {
  return { start: offset, end: offset + rows * cols * (batched ? plan.maxBatch : 1) };
}

/** An instruction's reads and its write, and who needs what it writes. */
export interface Node {
  readonly index: number;
  readonly instruction: Instruction;
  readonly reads: readonly Range[];
  readonly write: Range;
  /** Of each read the last instruction before that writes something of it; −1 without. */
  readonly sources: readonly number[];
  /** Later instructions that may read something of it. */
  readonly readers: ReadonlySet<number>;
  /** Whether it may be read when the program has ended. */
  readonly lasts: boolean;
}

export function nodesOf(instructions: readonly Instruction[], plan: Plan): Node[] {
  const lasting = [...plan.places.values(), ...plan.initial.map(({ place }) => place)];
  const kept = lasting.map((place) => rangeOf(place, plan));
  const writes = instructions.map(({ out }) => rangeOf(out, plan));
  const readers = instructions.map(() => new Set<number>());
  const nodes = instructions.map((instruction, index) => {
    const reads = instruction.inputs.map((input) => rangeOf(input, plan));
    const sources = reads.map((read) => {
      const found = writersOf(read, writes, index);
      for (const writer of found) readers[writer].add(index);
      return found[0] ?? -1;
    });
    const write = writes[index];
    return { index, instruction, reads, write, sources, readers: readers[index] };
  });
  return nodes.map((node) => {
    const isCovered = writes.slice(node.index + 1).some((later) => covers(later, node.write));
    return { ...node, lasts: !isCovered && kept.some((range) => overlap(range, node.write)) };
  });
}

/** The instructions before `end` that may have written something of a range, the last one first. */
function writersOf(range: Range, writes: readonly Range[], end: number): number[] {
  const found: number[] = [];
  for (let index = end - 1; index >= 0; index--) {
    if (!overlap(writes[index], range)) continue;
    found.push(index);
    if (covers(writes[index], range)) break;
  }
  return found;
}

/** Whether anybody outside a group reads what one of its nodes writes. */
export function isStored({ readers, lasts }: Node, group: readonly Node[]): boolean {
  if (lasts) return true;
  return [...readers].some((reader) => !group.some(({ index }) => index === reader));
}

/**
 * Whether nodes of a group may run after others that came later: these neither read what the group leaves
 * in memory nor write what it reads from there.
 */
export function canPass(
  group: readonly Node[],
  moved: readonly Node[],
  others: readonly Node[],
): boolean {
  const stored = moved.filter((node) => isStored(node, group)).map(({ write }) => write);
  const read = moved.flatMap((node) =>
    node.reads.filter((_, i) => !moved.some(({ index }) => index === node.sources[i])),
  );
  return others.every(
    (other) =>
      other.reads.every((range) => !stored.some((write) => overlap(write, range))) &&
      ![...stored, ...read].some((range) => overlap(range, other.write)),
  );
}

/** The one node that reads what a node writes. */
export function onlyReader(node: Node, nodes: readonly Node[]): Node | null {
  const [reader] = node.readers;
  return node.lasts || node.readers.size !== 1 ? null : nodes[reader];
}

/** Which of its inputs a node takes from another, as that has written it; −1 without. */
export function inputFrom(reader: Node, source: Node): number {
  return reader.reads.findIndex(
    (read, i) => reader.sources[i] === source.index && same(read, source.write),
  );
}

/**
 * Whether a unit writes nothing that it still has to read.
 *
 * @param along  what it reads number by number as it writes, so that the two may be the same
 */
export function isApart(members: readonly Node[], along?: Range): boolean {
  const { write } = members[members.length - 1];
  return members.every((member) =>
    member.reads.every((read, i) => {
      const isOwn = members.some(({ index }) => index === member.sources[i]);
      const isAlong = along !== undefined && same(read, along) && same(read, write);
      return isOwn || isAlong || !overlap(read, write);
    }),
  );
}
