/** What a series of steps needs in memory: the tables it takes rows from, and words for each step. */
import type { Series } from '../engine.ts';
import type { Memory } from './memory.ts';

/** Bytes of all tables that are copied into the memory; what is larger stays outside. */
const MAX_TABLES = 2 ** 29;

/** Where a named tensor is, and the bytes of one sample there. */
type PlaceOf = (name: string) => { address: number; bytes: number };

/** Where a program's instructions begin and end. */
interface Code {
  readonly from: number;
  readonly to: number;
}

/** Room for series of one kind: they take rows from the same tables and measure the same. */
interface Room {
  readonly steps: number;
  readonly rows: number;
  readonly generation: number;
  /** The first word of the steps' codes, and of the rows' order. */
  readonly codes: number;
  readonly order: number;
  /** What is written before each step. */
  readonly values: Float32Array;
  readonly results: Float32Array;
  /** All arguments of the kernel but the number of steps. */
  readonly words: readonly number[];
}

export class SeriesMemory {
  readonly #memory: Memory;
  readonly #tables = new Map<Float32Array, number>();
  #tableBytes = 0;
  /** By the list of measures and the list of tables: series of one kind give the same lists. */
  readonly #rooms = new Map<Series['measures'], Map<Series['tables'], Room>>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Whether the tables are in the memory, or may still be. */
  hasRoomFor({ tables, measures }: Series): boolean {
    if (this.#rooms.get(measures)?.has(tables)) return true;
    const missing = tables.filter(({ values }) => !this.#tables.has(values));
    const bytes = missing.reduce((sum, { values }) => sum + values.byteLength, 0);
    return this.#tableBytes + bytes <= MAX_TABLES;
  }

  /**
   * Writes all that the kernel reads.
   *
   * @param codeOf  the code of a program for so many rows
   * @returns the kernel's arguments but for the step's, and where it leaves what it measures
   */
  prepare(
    series: Series,
    codeOf: (program: string, rows: number) => Code,
    placeOf: PlaceOf,
  ): { words: readonly number[]; results: Float32Array } {
    const { steps, order, first, end, batch, numbers } = series;
    const room = this.#roomFor(series, placeOf);
    const { words } = this.#memory;
    for (let step = 0, at = room.codes; step < steps; step++) {
      const rows = Math.min(batch, end - first - step * batch);
      const { from, to } = codeOf(series.programOf(step), rows);
      words[at++] = from;
      words[at++] = to;
      words[at++] = rows;
    }
    words.set(order.subarray(first, end), room.order);
    const { values } = room;
    for (let i = 0; i < numbers.length; i++) {
      const own = numbers[i].values;
      for (let step = 0; step < steps; step++) values[step * numbers.length + i] = own[step];
    }
    return room;
  }

  #roomFor(series: Series, placeOf: PlaceOf): Room {
    const { tables, measures, first, end, steps } = series;
    const alike = this.#rooms.get(measures) ?? new Map<Series['tables'], Room>();
    const known = alike.get(tables);
    const isEnough = known && known.steps >= steps && known.rows >= end - first;
    if (isEnough && known.generation === this.#memory.generation) return known;
    const made = this.#makeRoom(series, placeOf);
    this.#rooms.set(measures, alike.set(tables, made));
    return made;
  }

  #makeRoom({ tables, numbers, measures, first, end, steps }: Series, placeOf: PlaceOf): Room {
    const memory = this.#memory;
    const sources = tables.map(({ values }) => this.#addressOfTable(values));
    const width = measures.reduce((sum, { length }) => sum + length, 0);
    const fixed = [
      tables.flatMap(({ name }, i) => {
        const { address, bytes } = placeOf(name);
        return [sources[i], address, bytes];
      }),
      numbers.map(({ name }) => placeOf(name).address),
      measures.flatMap(({ name, length }) => [placeOf(name).address, 4 * length]),
    ];
    const rows = end - first;
    const lengths = [
      ...fixed.map(({ length }) => length),
      ...[3 * steps, rows, steps * numbers.length, steps * width],
    ];
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const starts = startsOf(memory.take(4 * total), lengths);
    for (const [i, part] of fixed.entries()) memory.words.set(part, starts[i] >> 2);
    const [tablesAt, numbersAt, measuresAt, codes, order, values, results] = starts;
    return {
      steps,
      rows,
      generation: memory.generation,
      codes: codes / 4,
      order: order / 4,
      values: memory.floats(values, steps * numbers.length),
      results: memory.floats(results, steps * width),
      words: [
        ...[codes, tablesAt, tables.length, order],
        ...[numbersAt, numbers.length, values, measuresAt, measures.length, results],
      ],
    };
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

/** The addresses of parts of so many words that lie one behind another. */
function startsOf(address: number, lengths: readonly number[]): number[] {
  let next = address;
  return lengths.map((length) => {
    const start = next;
    next += 4 * length;
    return start;
  });
}
