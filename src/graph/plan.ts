/**
 * Graph → plan: which ops run, in which order, and where in one arena each tensor lies. Everything
 * is laid out here; running a plan allocates nothing.
 */
import type { Attributes, Graph, Shape, Tensor } from './graph.ts';
import { formatMatrixShape, sameShape } from './graph.ts';
import { type OpName, vocabulary } from './vocabulary.ts';

/** Where a tensor lies: its first number's index in the arena, and its shape (row-major). */
export interface Place extends Shape {
  readonly offset: number;
}

/** One op with its places. `copy` is what remains of `assign` and `pack`. */
export interface Instruction {
  readonly op: Exclude<OpName, LeafWithoutCode | 'assign' | 'pack' | 'reshape' | 'part'> | 'copy';
  readonly out: Place;
  readonly inputs: readonly Place[];
  readonly attributes: Attributes;
}
type LeafWithoutCode = 'input' | 'scalar' | 'variable' | 'constant' | 'table';

/** What a caller wants computed, by name: the tensors to read afterwards, and the assignments to make. */
export type Roots = Readonly<Record<string, readonly Tensor[]>>;

/** What an arena holds before the first run: one value everywhere in a place, or a value for each number. */
export interface Initial {
  readonly place: Place;
  readonly values: number | readonly number[];
}

/** A finished plan. Programs share the arena, so that parameters are the same for all. */
export interface Plan {
  /** Length of the arena in numbers. */
  readonly size: number;
  /** Batched tensors have room for this many samples. */
  readonly maxBatch: number;
  /** Where the named leaves and the tensors that were asked for by name lie. */
  readonly places: ReadonlyMap<string, Place>;
  readonly programs: ReadonlyMap<string, readonly Instruction[]>;
  /** Numbers to write into the arena once: constants and the variables' first values. */
  readonly initial: readonly Initial[];
}

/**
 * Lays out and orders a graph.
 *
 * @param roots    programs by name, each a list of tensors that must have been computed at its end
 * @param named    tensors to find in `places` afterwards, besides the named leaves
 * @param maxBatch the largest number of samples a run may have
 */
export function makePlan(
  graph: Graph,
  roots: Roots,
  named: Readonly<Record<string, Tensor>>,
  maxBatch: number,
): Plan {
  const needed = new Map<string, Tensor[]>();
  for (const [program, tensors] of Object.entries(roots)) {
    needed.set(program, ancestors(tensors));
    checkAssignments(needed.get(program) ?? []);
  }
  // Leaves have a place even where no program reads them, so that a caller may always write them.
  const leaves = graph.tensors.filter(({ op }) => vocabulary[op].kind === 'leaf');
  const all = [...new Set([...leaves, ...[...needed.values()].flat()])];
  all.sort((a, b) => a.id - b.id);
  const layout = new Layout(maxBatch, all);

  const programs = new Map<string, readonly Instruction[]>();
  for (const [program, tensors] of needed) {
    programs.set(
      program,
      tensors.flatMap((tensor) => instructions(tensor, layout)),
    );
  }
  const places = new Map<string, Place>();
  const initial: Initial[] = [];
  for (const tensor of all) {
    const { op, attributes } = tensor;
    if (vocabulary[op].kind !== 'leaf') continue;
    if (attributes.name !== undefined) places.set(attributes.name, layout.placeOf(tensor));
    if (op === 'constant' || op === 'variable' || op === 'table') {
      const values = attributes.values ?? attributes.value ?? 0;
      initial.push({ place: layout.placeOf(tensor), values });
    }
  }
  for (const [name, tensor] of Object.entries(named)) {
    if (tensor.graph !== graph) throw new Error(`internal: ${name} is of another graph`);
    places.set(name, layout.placeOf(tensor));
  }
  return { size: layout.size, maxBatch, places, programs, initial };
}

/** The tensors that `roots` are computed from, themselves included, in computable order. */
function ancestors(roots: readonly Tensor[]): Tensor[] {
  const seen = new Set<Tensor>();
  const waiting = [...roots];
  for (let tensor = waiting.pop(); tensor; tensor = waiting.pop()) {
    if (seen.has(tensor)) continue;
    seen.add(tensor);
    waiting.push(...tensor.inputs);
  }
  return [...seen].sort((a, b) => a.id - b.id);
}

/** A program must have read a variable for the last time when it assigns it. */
function checkAssignments(tensors: readonly Tensor[]): void {
  const assigned = new Set<Tensor>();
  for (const { op, inputs } of tensors) {
    const reads = op === 'assign' ? inputs.slice(1) : inputs;
    const late = reads.map(storageOf).find((storage) => assigned.has(storage));
    if (late) throw new Error(`internal: ${late.attributes.name} is read after it is assigned`);
    if (op === 'assign') assigned.add(storageOf(inputs[0]));
  }
}

/** The arena: gives every tensor its place, and makes tensors share one where nothing is lost. */
class Layout {
  size = 0;
  readonly #maxBatch: number;
  readonly #offsets = new Map<Tensor, number>();
  /** The last tensor that reads each variable, to know when it may be overwritten in place. */
  readonly #lastReader = new Map<Tensor, number>();

  constructor(maxBatch: number, tensors: readonly Tensor[]) {
    this.#maxBatch = maxBatch;
    for (const tensor of tensors) {
      if (tensor.op === 'assign') continue;
      for (const input of tensor.inputs) this.#lastReader.set(storageOf(input), tensor.id);
    }
    // Outputs that must lie somewhere are placed before what is free to lie anywhere.
    for (const tensor of tensors) if (storageOf(tensor).op === 'variable') this.#place(tensor);
    for (const tensor of tensors) if (tensor.op === 'assign') this.#placeAssigned(tensor);
    for (const tensor of tensors) if (tensor.op === 'pack') this.#placePacked(tensor);
    for (const tensor of tensors) if (!this.#offsets.has(tensor)) this.#place(tensor);
  }

  placeOf(tensor: Tensor): Place {
    const offset = this.#offsets.get(tensor);
    if (offset === undefined) throw new Error(`internal: ${tensor.op} has no place`);
    return { offset, ...tensor.shape };
  }

  #allocate(tensor: Tensor): number {
    const { rows, cols, batched } = tensor.shape;
    const offset = this.size;
    this.#offsets.set(tensor, offset);
    this.size += rows * cols * (batched ? this.#maxBatch : 1);
    return offset;
  }

  #place(tensor: Tensor): void {
    if (vocabulary[tensor.op].kind === 'alias') {
      const source = this.#offsets.get(tensor.inputs[0]);
      if (source === undefined) throw new Error(`internal: ${tensor.op} of nothing`);
      this.#offsets.set(tensor, source + (tensor.attributes.offset ?? 0));
    } else {
      this.#allocate(tensor);
    }
  }

  /** Lets an assigned value be computed right where it is assigned, if that cannot be seen. */
  #placeAssigned(assignment: Tensor): void {
    const [target, value] = assignment.inputs;
    const storage = storageOf(target);
    const { offset } = this.placeOf(target);
    this.#offsets.set(assignment, offset);
    const inPlace =
      vocabulary[value.op].kind === 'elementwise' &&
      !this.#offsets.has(value) &&
      sameShape(value.shape, target.shape) &&
      value.id >= (this.#lastReader.get(storage) ?? 0) &&
      value.inputs.every((input) => input === target || storageOf(input) !== storage);
    if (inPlace) this.#offsets.set(value, offset);
  }

  /** Lets packed tensors be computed right where they are packed. */
  #placePacked(pack: Tensor): void {
    let offset = this.#offsets.get(pack) ?? this.#allocate(pack);
    for (const piece of pack.inputs) {
      const { kind } = vocabulary[piece.op];
      const free = kind !== 'leaf' && kind !== 'alias' && piece.op !== 'pack';
      if (free && !this.#offsets.has(piece)) this.#offsets.set(piece, offset);
      offset += piece.shape.rows * piece.shape.cols;
    }
  }
}

/** The tensor whose storage this one shares. */
function storageOf(tensor: Tensor): Tensor {
  return vocabulary[tensor.op].kind === 'alias' ? storageOf(tensor.inputs[0]) : tensor;
}

/** What the engine has to do for one tensor: usually one instruction, for aliases and leaves none. */
function instructions(tensor: Tensor, layout: Layout): Instruction[] {
  const { op, inputs, attributes } = tensor;
  const out = layout.placeOf(tensor);
  switch (op) {
    case 'input':
    case 'scalar':
    case 'variable':
    case 'constant':
    case 'table':
    case 'reshape':
    case 'part':
      return [];
    case 'assign':
      return copyUnlessThere(inputs[1], out, layout);
    case 'pack': {
      let offset = out.offset;
      return inputs.flatMap((piece) => {
        const copy = copyUnlessThere(piece, { ...piece.shape, offset }, layout);
        offset += piece.shape.rows * piece.shape.cols;
        return copy;
      });
    }
    default: {
      const places = inputs.map((input) => layout.placeOf(input));
      return [{ op, out, inputs: places, attributes }];
    }
  }
}

function copyUnlessThere(value: Tensor, out: Place, layout: Layout): Instruction[] {
  const place = layout.placeOf(value);
  if (place.offset === out.offset) return [];
  return [{ op: 'copy', out, inputs: [place], attributes: {} }];
}

/** A plan as text, one instruction a line: for tests, and for whoever wants to see what runs. */
export function formatPlan(plan: Plan): string {
  const show = (place: Place) => `@${place.offset}${formatMatrixShape(place)}`;
  const lines: string[] = [];
  for (const [program, list] of plan.programs) {
    lines.push(`${program}:`);
    for (const { op, out, inputs } of list) {
      lines.push(`  ${show(out)} = ${op} ${inputs.map(show).join(' ')}`.trimEnd());
    }
  }
  return `${lines.join('\n')}\n`;
}
