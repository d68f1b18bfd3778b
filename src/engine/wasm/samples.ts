/** A part of a batch is a run of the same instructions on fewer samples, which begin further on. */
import type { Place } from '../../graph/layout.ts';
import type { Instruction } from '../../graph/plan.ts';
import type { Node, Range } from './dataflow.ts';
import type { Unit } from './units.ts';

/** Samples from `first` up to `end`. */
export interface Samples {
  readonly first: number;
  readonly end: number;
}

/** Whether samples go through a unit without a look at each other: all that it computes has rows for each. */
export function goesBySamples({ nodes }: Unit): boolean {
  return nodes.every(({ instruction: { out } }) => out.batched);
}

/** A unit whose places begin at a sample. */
export function from(first: number, { kind, nodes }: Unit): Unit {
  const moved = (place: Place): Place =>
    place.batched ? { ...place, offset: place.offset + first * place.rows * place.cols } : place;
  const movedNode = (node: Node): Node => {
    const { out, inputs } = node.instruction;
    const instruction: Instruction = {
      ...node.instruction,
      out: moved(out),
      inputs: inputs.map(moved),
    };
    return { ...node, instruction };
  };
  return { kind, nodes: nodes.map(movedNode) };
}

/** The numbers of a place that belong to samples; of one that has no samples, all. */
export function rangeOfSamples(
  { offset, rows, cols, batched }: Place,
  { first, end }: Samples,
): Range {
  const size = rows * cols;
  if (!batched) return { start: offset, end: offset + size };
  return { start: offset + first * size, end: offset + end * size };
}
