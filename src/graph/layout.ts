/**
 * Where each tensor lies in the arena. Tensors share a place where nothing is lost: an assigned value
 * is computed right over its variable, packed ones right where they are packed, and what nobody reads
 * any more makes room for what comes.
 */
import { type Shape, sameShape, type Tensor } from './graph.ts';
import { vocabulary } from './vocabulary.ts';

/** Where a tensor lies: its first number's index in the arena, and its shape (row-major). */
export interface Place extends Shape {
  readonly offset: number;
}

/** The tensor whose storage this one shares. */
export function storageOf(tensor: Tensor): Tensor {
  return vocabulary[tensor.op].kind === 'alias' ? storageOf(tensor.inputs[0]) : tensor;
}

/** Gives every tensor its place. */
export class Layout {
  readonly #arena = new Arena();
  readonly #maxBatch: number;
  readonly #offsets = new Map<Tensor, number>();
  /** The last tensor that reads each storage, in whatever program; assignments do not count. */
  readonly #lastReader = new Map<Tensor, number>();

  /**
   * @param tensors  all that any program computes, in computable order
   * @param kept     those that are read when a program has ended: their place is never used again
   */
  constructor(maxBatch: number, tensors: readonly Tensor[], kept: readonly Tensor[]) {
    this.#maxBatch = maxBatch;
    for (const tensor of tensors) {
      if (tensor.op === 'assign') continue;
      for (const input of tensor.inputs) this.#lastReader.set(storageOf(input), tensor.id);
    }
    // What must lie somewhere is placed before what may lie anywhere.
    for (const tensor of tensors) if (isLasting(storageOf(tensor))) this.#place(tensor);
    for (const tensor of tensors) if (tensor.op === 'assign') this.#placeAssigned(tensor);
    for (const tensor of tensors) if (tensor.op === 'pack') this.#placePacked(tensor);
    for (const tensor of kept) if (!this.#offsets.has(tensor)) this.#place(storageOf(tensor));
    this.#placeRest(tensors);
  }

  /** Length of the arena in numbers. */
  get size(): number {
    return this.#arena.size;
  }

  placeOf(tensor: Tensor): Place {
    const offset = this.#offsets.get(tensor);
    if (offset === undefined) throw new Error(`internal: ${tensor.op} has no place`);
    return { offset, ...tensor.shape };
  }

  #lengthOf({ shape: { rows, cols, batched } }: Tensor): number {
    return rows * cols * (batched ? this.#maxBatch : 1);
  }

  #place(tensor: Tensor): void {
    if (this.#offsets.has(tensor)) return;
    if (vocabulary[tensor.op].kind === 'alias') {
      const source = this.#offsets.get(tensor.inputs[0]);
      if (source === undefined) throw new Error(`internal: ${tensor.op} of nothing`);
      this.#offsets.set(tensor, source + (tensor.attributes.offset ?? 0));
    } else {
      this.#offsets.set(tensor, this.#arena.take(this.#lengthOf(tensor)));
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
    this.#place(pack);
    let { offset } = this.placeOf(pack);
    for (const piece of pack.inputs) {
      const { kind } = vocabulary[piece.op];
      const free = kind !== 'leaf' && kind !== 'alias' && piece.op !== 'pack';
      if (free && !this.#offsets.has(piece)) this.#offsets.set(piece, offset);
      offset += piece.shape.rows * piece.shape.cols;
    }
  }

  /**
   * Places what is left in the order in which it is computed. A place is free again once the last
   * reader has run; since every program runs its part of the same order, that holds in each of them.
   */
  #placeRest(tensors: readonly Tensor[]): void {
    const ending = new Map<number, Tensor[]>();
    const lastUse = lastUses(tensors);
    for (const tensor of tensors) {
      if (!this.#offsets.has(tensor) && vocabulary[tensor.op].kind !== 'alias') {
        this.#place(tensor);
        const end = lastUse.get(tensor) ?? tensor.id;
        ending.set(end, [...(ending.get(end) ?? []), tensor]);
      }
      this.#place(tensor);
      for (const done of ending.get(tensor.id) ?? []) {
        this.#arena.free(this.placeOf(done).offset, this.#lengthOf(done));
      }
    }
  }
}

/** Leaves keep their place: they are written from outside, or once. Random numbers are made anew. */
function isLasting({ op }: Tensor): boolean {
  return vocabulary[op].kind === 'leaf' && op !== 'uniform';
}

/**
 * The last tensor that reads each storage; of an assignment, what it writes is not read. What logSoftmax is taken of
 * stays until the logarithm has been read, so that an engine may do both at once.
 */
function lastUses(tensors: readonly Tensor[]): Map<Tensor, number> {
  const result = new Map<Tensor, number>();
  for (const { op, id, inputs } of tensors) {
    for (const input of op === 'assign' ? inputs.slice(1) : inputs) {
      const storage = storageOf(input);
      result.set(storage, id);
      if (storage.op === 'logSoftmax') extend(result, storageOf(storage.inputs[0]), id);
    }
  }
  return result;
}

function extend(uses: Map<Tensor, number>, tensor: Tensor, id: number): void {
  uses.set(tensor, Math.max(uses.get(tensor) ?? id, id));
}

/** A run of numbers that nobody uses. */
interface Gap {
  readonly offset: number;
  readonly length: number;
}

/** Hands out runs of numbers, those that came back first. */
class Arena {
  size = 0;
  /** In rising order; no two touch. */
  #gaps: Gap[] = [];

  /** The start of `length` numbers: in the smallest gap they fit in, else at the end. */
  take(length: number): number {
    let best = -1;
    for (const [i, gap] of this.#gaps.entries()) {
      const isBetter = best < 0 || gap.length < this.#gaps[best].length;
      if (gap.length >= length && isBetter) best = i;
    }
    if (best < 0) {
      this.size += length;
      return this.size - length;
    }
    const { offset, length: room } = this.#gaps[best];
    const rest = room > length ? [{ offset: offset + length, length: room - length }] : [];
    this.#gaps.splice(best, 1, ...rest);
    return offset;
  }

  /** Takes numbers back, and joins them with the gaps on both sides. */
  free(offset: number, length: number): void {
    if (length === 0) return;
    let at = this.#gaps.findIndex((gap) => gap.offset > offset);
    if (at < 0) at = this.#gaps.length;
    const before = this.#gaps[at - 1];
    const after = this.#gaps[at];
    const joinsBefore = before !== undefined && before.offset + before.length === offset;
    const joinsAfter = after !== undefined && offset + length === after.offset;
    const start = joinsBefore ? before.offset : offset;
    const end = joinsAfter ? after.offset + after.length : offset + length;
    const first = joinsBefore ? at - 1 : at;
    const removed = (joinsBefore ? 1 : 0) + (joinsAfter ? 1 : 0);
    this.#gaps.splice(first, removed, { offset: start, length: end - start });
  }
}
