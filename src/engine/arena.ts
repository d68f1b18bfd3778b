/** A plan's numbers in row-major memory, written and read by name: what engines share. */
import type { Place } from '../graph/layout.ts';
import type { Plan } from '../graph/plan.ts';

type FloatArray = Float32Array | Float64Array;

export class Arena {
  readonly #plan: Plan;
  #memory: FloatArray;

  /** @param memory  of the plan's size; gets the constants and first values */
  constructor(plan: Plan, memory: FloatArray) {
    this.#plan = plan;
    this.#memory = memory;
    for (const { place, values } of plan.initial) {
      const { offset, rows, cols } = place;
      if (typeof values === 'number') memory.fill(values, offset, offset + rows * cols);
      else memory.set(values, offset);
    }
  }

  /** The same numbers at another place. */
  protected moveTo(memory: FloatArray): void {
    this.#memory = memory;
  }

  write(name: string, values: ArrayLike<number>): void {
    const { offset } = this.placeOf(name, values.length);
    this.#memory.set(values, offset);
  }

  gather(
    name: string,
    source: Float32Array,
    order: Int32Array,
    first: number,
    count: number,
  ): void {
    const { offset, rows: perSample, cols } = this.placeOf(name, 0);
    const width = perSample * cols;
    for (let i = 0; i < count; i++) {
      const from = order[first + i] * width;
      const to = offset + i * width;
      for (let j = 0; j < width; j++) this.#memory[to + j] = source[from + j];
    }
  }

  read(name: string, into: FloatArray): void {
    const { offset } = this.placeOf(name, into.length);
    for (let i = 0; i < into.length; i++) into[i] = this.#memory[offset + i];
  }

  readNumber(name: string): number {
    return this.#memory[this.placeOf(name, 1).offset];
  }

  firstNonFinite(name: string, count: number): { index: number; value: number } | null {
    const { offset } = this.placeOf(name, count);
    for (let index = 0; index < count; index++) {
      const value = this.#memory[offset + index];
      if (!Number.isFinite(value)) return { index, value };
    }
    return null;
  }

  /** The place of a named tensor; `length` numbers must fit in it. */
  protected placeOf(name: string, length: number): Place {
    const place = this.#plan.places.get(name);
    if (!place) throw new Error(`internal: no tensor is named ${name}`);
    const room = place.rows * place.cols * (place.batched ? this.#plan.maxBatch : 1);
    if (length > room)
      throw new Error(`internal: ${length} numbers for ${name}, which has ${room}`);
    return place;
  }
}
