/**
 * Graph → plan: which ops run, in which order, and where in one arena each tensor lies. Everything
 * is laid out here; running a plan allocates nothing.
 */
import { type Attributes, formatMatrixShape, type Graph, type Tensor } from './graph.ts';
import { Layout, type Place, storageOf } from './layout.ts';
import { type OpName, vocabulary } from './vocabulary.ts';

/** One op with its places. `copy` is what remains of `assign` and `pack`. */
export interface Instruction {
  readonly op: Exclude<OpName, LeafWithoutCode | 'assign' | 'pack' | 'reshape' | 'part'> | 'copy';
  readonly out: Place;
  readonly inputs: readonly Place[];
  readonly attributes: Attributes;
}
type LeafWithoutCode = 'input' | 'scalar' | 'variable' | 'constant' | 'table';

/** What a caller wants computed, by name: the tensors to read afterwards, and the assignments to make. */
type Roots = Readonly<Record<string, readonly Tensor[]>>;

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
  /** The names of the variables, which keep their numbers from one run to the next. */
  readonly variables: readonly string[];
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
  const kept = [...Object.values(roots).flat(), ...Object.values(named)];
  const layout = new Layout(maxBatch, all, kept);

  const programs = new Map<string, readonly Instruction[]>();
  for (const [program, tensors] of needed) {
    programs.set(
      program,
      tensors.flatMap((tensor) => instructions(tensor, layout)),
    );
  }
  const places = new Map<string, Place>();
  const variables: string[] = [];
  const initial: Initial[] = [];
  for (const tensor of all) {
    const { op, attributes } = tensor;
    if (vocabulary[op].kind !== 'leaf') continue;
    if (attributes.name !== undefined) places.set(attributes.name, layout.placeOf(tensor));
    if (op === 'variable') variables.push(nameOf(tensor));
    if (op === 'constant' || op === 'variable' || op === 'table') {
      const values = attributes.values ?? attributes.value ?? 0;
      initial.push({ place: layout.placeOf(tensor), values });
    }
  }
  for (const [name, tensor] of Object.entries(named)) {
    if (tensor.graph !== graph) throw new Error(`internal: ${name} is of another graph`);
    places.set(name, layout.placeOf(tensor));
  }
  return { size: layout.size, maxBatch, places, variables, programs, initial };
}

function nameOf({ attributes: { name } }: Tensor): string {
  if (name === undefined) throw new Error('internal: a variable without a name');
  return name;
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
