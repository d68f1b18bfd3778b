/** What a series of steps needs in memory: the tables it takes rows from, and words for each step. */
import type { Series, Stretch } from '../engine.ts';
import { ROOM_WORDS, STRETCH_WORDS } from './assembly/words.ts';
import type { Memory } from './memory.ts';
import { share } from './parts.ts';
import type { Code } from './programs.ts';
import { type Sources, TableMemory } from './tables.ts';
import type { Team } from './team.ts';

/** Steps that are alike. */
interface LikeSteps extends Stretch {
  readonly rows: number;
}

/** The last step may have fewer rows than the others of its stretch. */
function likeStepsOf({ steps: left, programs, first, end, batch }: Series): LikeSteps[] {
  const rowsOfLast = end - first - (left - 1) * batch;
  const all: LikeSteps[] = [];
  for (const { program, steps } of programs) {
    const isShort = all.length === programs.length - 1 && rowsOfLast < batch;
    if (!isShort || steps > 1)
      all.push({ program, steps: isShort ? steps - 1 : steps, rows: batch });
    if (isShort) all.push({ program, steps: 1, rows: rowsOfLast });
  }
  return all;
}

/** Where a named tensor is, and the bytes of one sample there. */
type PlaceOf = (name: string) => { address: number; bytes: number };

/** Room for series of one kind: they take rows from the same tables and measure the same. */
interface Room {
  readonly steps: number;
  readonly rows: number;
  /** The first word of each thread's stretches, and of the rows' order. */
  readonly stretches: readonly number[];
  readonly order: number;
  readonly sources: Sources;
  /** What is written before each step. */
  readonly values: Float32Array;
  readonly results: Float32Array;
  /** Numbers of `results` that a step leaves. */
  readonly width: number;
  /** Where the words are that the kernel finds all this by; as in assembly/series.ts. */
  readonly address: number;
}

export class SeriesMemory {
  readonly #memory: Memory;
  readonly #stepAt: number;
  readonly #tables: TableMemory;
  /** By the list of measures and the list of tables: series of one kind give the same lists. */
  readonly #rooms = new Map<Series['measures'], Map<Series['tables'], Room>>();

  /** @param stepAt  where the number of a step goes */
  constructor(memory: Memory, stepAt: number) {
    this.#memory = memory;
    this.#stepAt = stepAt;
    this.#tables = new TableMemory(memory);
  }

  /** Whether all that a series needs is in the memory, or within reach. */
  hasRoomFor(series: Series, team: Team | null, placeOf: PlaceOf): boolean {
    const threads = threadsOf(team);
    if (this.#knownFor(series, threads)) return true;
    const words = sum(lengthsOf(series, threads));
    const sizes = this.#tables.sizesFor(series, widthsOf(series, placeOf));
    return this.#memory.reaches([...sizes, 4 * words]);
  }

  /**
   * Writes all that the kernel reads.
   *
   * @param team    whose threads run it; null for one thread
   * @param codesOf the code of a program for so many rows, for each thread
   * @returns where the kernel finds it, and where it leaves what it measures
   */
  prepare(
    series: Series,
    team: Team | null,
    codesOf: (program: string, rows: number) => readonly Code[],
    placeOf: PlaceOf,
  ): Pick<Room, 'address' | 'results' | 'width'> {
    const { order, first, end, numbers } = series;
    const threads = threadsOf(team);
    const room = this.#roomFor(series, threads, placeOf);
    const { words } = this.#memory;
    const stretches = likeStepsOf(series);
    for (let i = 0; i < stretches.length; i++) {
      const { program, steps, rows } = stretches[i];
      const codes = codesOf(program, rows);
      for (let thread = 0; thread < threads; thread++) {
        const at = room.stretches[thread] + STRETCH_WORDS * i;
        const begin = share(rows, thread, threads);
        words[at] = steps;
        words[at + 1] = codes[thread].from;
        words[at + 2] = codes[thread].to;
        words[at + 3] = rows;
        words[at + 4] = begin;
        words[at + 5] = share(rows, thread + 1, threads) - begin;
      }
    }
    for (let worker = 1; worker < threads; worker++) {
      team?.setStretches(worker, 4 * room.stretches[worker]);
    }
    if (room.sources.widths) this.#tables.bring(series, room.sources);
    else words.set(order.subarray(first, end), room.order);
    for (let i = 0; i < numbers.length; i++) room.values.set(numbers[i].values, i * room.steps);
    return room;
  }

  /** The room of such series, where it is large enough. */
  #knownFor({ tables, measures, first, end, steps }: Series, threads: number): Room | undefined {
    const known = this.#rooms.get(measures)?.get(tables);
    if (!known || known.steps < steps || known.rows < end - first) return undefined;
    return known.stretches.length < threads ? undefined : known;
  }

  #roomFor(series: Series, threads: number, placeOf: PlaceOf): Room {
    const known = this.#knownFor(series, threads);
    if (known) return known;
    const made = this.#makeRoom(series, threads, placeOf);
    const { tables, measures } = series;
    const alike = this.#rooms.get(measures) ?? new Map<Series['tables'], Room>();
    this.#rooms.set(measures, alike.set(tables, made));
    return made;
  }

  #makeRoom(series: Series, threads: number, placeOf: PlaceOf): Room {
    const { tables, numbers, measures, first, end, steps } = series;
    const memory = this.#memory;
    const sources = this.#tables.sourcesFor(series, widthsOf(series, placeOf));
    const fixed = [
      tables.flatMap(({ name }, i) => {
        const { address, bytes } = placeOf(name);
        return [sources.addresses[i], address, bytes];
      }),
      numbers.map(({ name }) => placeOf(name).address),
      measures.flatMap(({ name, length }) => [placeOf(name).address, 4 * length]),
    ];
    const rows = end - first;
    const width = widthOf(series);
    const lengths = lengthsOf(series, threads);
    const starts = startsOf(memory.take(4 * sum(lengths)), lengths);
    const [address, tablesAt, numbersAt, measuresAt, order, values, results, ...stretches] = starts;
    const words = [
      ...[stretches[0], tablesAt, tables.length, order],
      ...[numbersAt, numbers.length, values, 4 * steps],
      ...[measuresAt, measures.length, results, this.#stepAt],
    ];
    // No shift: an address may have its highest bit set.
    for (const [i, part] of [words, ...fixed].entries()) memory.words.set(part, starts[i] / 4);
    // Rows that are brought lie in order.
    if (sources.widths) for (let i = 0; i < rows; i++) memory.words[order / 4 + i] = i;
    return {
      steps,
      rows,
      sources,
      stretches: stretches.map((start) => start / 4),
      order: order / 4,
      values: memory.floats(values, steps * numbers.length),
      results: memory.floats(results, steps * width),
      width,
      address,
    };
  }
}

/** Numbers of a row of each table. */
function widthsOf({ tables }: Series, placeOf: PlaceOf): number[] {
  return tables.map(({ name }) => placeOf(name).bytes / 4);
}

/** Numbers that a step measures. */
function widthOf({ measures }: Series): number {
  return sum(measures.map(({ length }) => length));
}

/** Words of each part of a room, in their order. */
function lengthsOf(series: Series, threads: number): number[] {
  const { tables, numbers, measures, first, end, steps } = series;
  return [
    ROOM_WORDS,
    ...[3 * tables.length, numbers.length, 2 * measures.length],
    ...[end - first, steps * numbers.length, steps * widthOf(series)],
    ...Array.from({ length: threads }, () => STRETCH_WORDS * steps),
  ];
}

function threadsOf(team: Team | null): number {
  return team?.threads ?? 1;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
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
