/** What a series of steps needs in memory: the tables it takes rows from, and words for each step. */
import type { Series } from '../engine.ts';
import type { Memory } from './memory.ts';
import type { Code } from './programs.ts';
import type { Team } from './team.ts';

/** Bytes of all tables that are copied into the memory; what is larger stays outside. */
const MAX_TABLES = 2 ** 29;

/** Where a named tensor is, and the bytes of one sample there. */
type PlaceOf = (name: string) => { address: number; bytes: number };

/** Room for series of one kind: they take rows from the same tables and measure the same. */
interface Room {
  readonly steps: number;
  readonly rows: number;
  readonly generation: number;
  /** The first word of the steps' codes for each thread, and of the rows' order. */
  readonly codes: readonly number[];
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
    return this.#tableBytes + bytes <= MAX_TABLES && this.#memory.reaches(2 * bytes);
  }

  /**
   * Writes all that the kernel reads.
   *
   * @param team    whose threads run it; null for one thread
   * @param codesOf the code of a program for so many rows, for each thread
   * @returns the kernel's arguments but for the step's, and where it leaves what it measures
   */
  prepare(
    series: Series,
    team: Team | null,
    codesOf: (program: string, rows: number) => readonly Code[],
    placeOf: PlaceOf,
  ): { words: readonly number[]; results: Float32Array } {
    const { steps, order, first, end, batch, numbers } = series;
    const room = this.#roomFor(series, team?.threads ?? 1, placeOf);
    const { words } = this.#memory;
    for (let step = 0; step < steps; step++) {
      const rows = Math.min(batch, end - first - step * batch);
      const codes = codesOf(series.programOf(step), rows);
      words[room.codes[0] + 3 * step] = codes[0].from;
      words[room.codes[0] + 3 * step + 1] = codes[0].to;
      words[room.codes[0] + 3 * step + 2] = rows;
      for (let worker = 1; worker < codes.length; worker++) {
        words[room.codes[worker] + 2 * step] = codes[worker].from;
        words[room.codes[worker] + 2 * step + 1] = codes[worker].to;
      }
    }
    for (let worker = 1; worker < (team?.threads ?? 1); worker++) {
      team?.setCodes(worker, 4 * room.codes[worker]);
    }
    words.set(order.subarray(first, end), room.order);
    const { values } = room;
    for (let i = 0; i < numbers.length; i++) {
      const own = numbers[i].values;
      for (let step = 0; step < steps; step++) values[step * numbers.length + i] = own[step];
    }
    return room;
  }

  #roomFor(series: Series, threads: number, placeOf: PlaceOf): Room {
    const { tables, measures, first, end, steps } = series;
    const alike = this.#rooms.get(measures) ?? new Map<Series['tables'], Room>();
    const known = alike.get(tables);
    const fits = known && known.steps >= steps && known.rows >= end - first;
    const isEnough = fits && known.codes.length >= threads;
    if (isEnough && known.generation === this.#memory.generation) return known;
    const made = this.#makeRoom(series, threads, placeOf);
    this.#rooms.set(measures, alike.set(tables, made));
    return made;
  }

  #makeRoom(
    { tables, numbers, measures, first, end, steps }: Series,
    threads: number,
    placeOf: PlaceOf,
  ): Room {
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
      ...[rows, steps * numbers.length, steps * width, 3 * steps],
      ...Array.from({ length: threads - 1 }, () => 2 * steps),
    ];
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const starts = startsOf(memory.take(4 * total), lengths);
    // No shift: an address may have its highest bit set.
    for (const [i, part] of fixed.entries()) memory.words.set(part, starts[i] / 4);
    const [tablesAt, numbersAt, measuresAt, order, values, results, ...codes] = starts;
    return {
      steps,
      rows,
      generation: memory.generation,
      codes: codes.map((start) => start / 4),
      order: order / 4,
      values: memory.floats(values, steps * numbers.length),
      results: memory.floats(results, steps * width),
      words: [
        ...[codes[0], tablesAt, tables.length, order],
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
