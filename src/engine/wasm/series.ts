/** What a series of steps needs in memory: the tables it takes rows from, and words for each step. */
import type { Series } from '../engine.ts';
import type { Memory } from './memory.ts';

/** Bytes of all tables that are copied into the memory; what is larger stays outside. */
const MAX_TABLES = 2 ** 29;

/** The arguments of the kernel `series`, and where it leaves what it measured. */
interface SeriesCall {
  readonly words: readonly number[];
  readonly results: Float32Array;
  /** Numbers that a step measures. */
  readonly width: number;
}

export class SeriesMemory {
  readonly #memory: Memory;
  readonly #tables = new Map<Float32Array, number>();
  #tableBytes = 0;
  /** A region that is used again as long as it is large enough. */
  #region = { address: 0, length: 0 };
  /** Where the next words go. */
  #next = 0;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Whether the tables are in the memory, or may still be. */
  hasRoomFor({ tables }: Series): boolean {
    const missing = tables.filter(({ values }) => !this.#tables.has(values));
    const bytes = missing.reduce((sum, { values }) => sum + values.byteLength, 0);
    return this.#tableBytes + bytes <= MAX_TABLES;
  }

  /**
   * Writes all that the kernel reads.
   *
   * @param codes    of each step: where its program begins and ends, how many rows it takes
   * @param placeOf  where a named tensor is, and the bytes of one sample there
   */
  prepare(
    series: Series,
    codes: readonly number[],
    placeOf: (name: string) => { address: number; bytes: number },
  ): SeriesCall {
    const { steps, tables, order, first, end, numbers, measures } = series;
    const sources = tables.map(({ values }) => this.#addressOfTable(values));
    const width = measures.reduce((sum, { length }) => sum + length, 0);
    const stepWords = steps * (3 + numbers.length + width);
    const fixed = 3 * tables.length + numbers.length + 2 * measures.length;
    this.#open(fixed + stepWords + end - first);

    const codesAt = this.#put(codes);
    const tableWords = tables.flatMap(({ name }, i) => {
      const { address, bytes } = placeOf(name);
      return [sources[i], address, bytes];
    });
    const tablesAt = this.#put(tableWords);
    const numbersAt = this.#put(numbers.map(({ name }) => placeOf(name).address));
    const places = measures.flatMap(({ name, length }) => [placeOf(name).address, 4 * length]);
    const measuresAt = this.#put(places);
    const orderAt = this.#put(order.subarray(first, end));
    const valuesAt = this.#room(steps * numbers.length);
    const values = this.#memory.floats(valuesAt, steps * numbers.length);
    for (let step = 0, i = 0; step < steps; step++) {
      for (const number of numbers) values[i++] = number.values[step];
    }
    const resultsAt = this.#room(steps * width);
    const given = [tablesAt, tables.length, orderAt, numbersAt, numbers.length, valuesAt];
    return {
      words: [steps, codesAt, ...given, measuresAt, measures.length, resultsAt],
      results: this.#memory.floats(resultsAt, steps * width),
      width,
    };
  }

  /** Makes sure of room for so many words, and starts at their beginning. */
  #open(length: number): void {
    if (this.#region.length < length) {
      this.#region = { address: this.#memory.take(8 * length), length: 2 * length };
    }
    this.#next = this.#region.address;
  }

  /** The address of so many words of the room. */
  #room(length: number): number {
    const address = this.#next;
    this.#next += 4 * length;
    return address;
  }

  #put(words: ArrayLike<number>): number {
    const address = this.#room(words.length);
    this.#memory.words.set(words, address >> 2);
    return address;
  }

  #addressOfTable(values: Float32Array): number {
    const known = this.#tables.get(values);
    if (known !== undefined) return known;
    const address = this.#memory.take(values.byteLength);
    this.#memory.floats(address, values.length).set(values);
    this.#tables.set(values, address);
    this.#tableBytes += values.byteLength;
    return address;
  }
}
