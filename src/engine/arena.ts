/** A plan's numbers in row-major memory, written and read by name: what engines share. */
import type { Place } from '../graph/layout.ts';
import type { Plan } from '../graph/plan.ts';
import type { Series, SeriesResult, Session } from './engine.ts';

type FloatArray = Float32Array | Float64Array;

/** Rows from so many numbers on are copied faster by a call than number by number. */
const WIDE = 64;

/** Copies the rows `order` of `source` to `target`, one behind another from `offset` on. */
export function gatherRows(
  source: Float32Array,
  width: number,
  order: Int32Array,
  target: FloatArray,
  offset = 0,
): void {
  let to = offset;
  for (const row of order) {
    const from = row * width;
    if (width >= WIDE) target.set(source.subarray(from, from + width), to);
    else for (let i = 0; i < width; i++) target[to + i] = source[from + i];
    to += width;
  }
}

export abstract class Arena implements Session {
  readonly #plan: Plan;
  readonly #memory: FloatArray;

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
    gatherRows(source, width, order.subarray(first, first + count), this.#memory, offset);
  }

  read(name: string, into: FloatArray): void {
    const { offset } = this.placeOf(name, into.length);
    into.set(this.#memory.subarray(offset, offset + into.length));
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

  abstract run(program: string, batch: number, step: number): void;

  runSeries(series: Series): SeriesResult {
    const { steps, tables, order, first, end, batch, numbers, measures, firstStep } = series;
    const programs = series.programs.flatMap(({ program, steps }) => Array(steps).fill(program));
    const width = measures.reduce((sum, { length }) => sum + length, 0);
    const values = new Float32Array(steps * width);
    for (let step = 0; step < steps; step++) {
      const from = first + step * batch;
      const count = Math.min(batch, end - from);
      for (const { name, values } of numbers) this.write(name, [values[step]]);
      for (const { name, values } of tables) this.gather(name, values, order, from, count);
      this.run(programs[step], count, firstStep + step);
      let at = step * width;
      for (const { name, length } of measures) {
        this.read(name, values.subarray(at, at + length));
        at += length;
      }
      if (Number.isFinite(values[step * width])) continue;
      return { steps: step + 1, values: values.subarray(0, at) };
    }
    return { steps, values };
  }

  close(): void {}

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
