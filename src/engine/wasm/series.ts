/** What a series of steps needs in memory: the tables it takes rows from, and words for each step. */
import type { Series, Stretch } from '../engine.ts';
import { ROOM_WORDS, STRETCH_WORDS } from './assembly/words.ts';
import type { Memory } from './memory.ts';
import { share } from './parts.ts';
import type { Programs } from './programs.ts';
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
  /** What its stretches say; null where that is nothing that comes again as it is. */
  written: Written | null;
}

/** Stretches of one program. */
interface Written {
  readonly program: string;
  /** Of all steps; with the rows of a batch they say how many steps there are. */
  readonly rows: number;
  readonly batch: number;
  readonly threads: number;
  /** Of the programs' region when their codes were asked for. */
  readonly generation: number;
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

  /** The room of a series, made where there is none that is large enough; null where it is not within reach. */
  roomFor(series: Series, team: Team | null, placeOf: PlaceOf): Room | null {
    const { tables, measures, first, end, steps } = series;
    const threads = threadsOf(team);
    const alike = this.#rooms.get(measures) ?? new Map<Series['tables'], Room>();
    const known = alike.get(tables);
    const isLarge = known && known.steps >= steps && known.rows >= end - first;
    if (isLarge && known.stretches.length >= threads) return known;
    const words = sum(lengthsOf(series, threads));
    const sizes = this.#tables.sizesFor(series, widthsOf(series, placeOf));
    if (!this.#memory.reaches([...sizes, 4 * words])) return null;
    const made = this.#makeRoom(series, threads, placeOf);
    this.#rooms.set(measures, alike.set(tables, made));
    return made;
  }

  /**
   * Writes all that the kernel reads.
   *
   * @param team  whose threads run it; null for one thread
   */
  fill(room: Room, series: Series, team: Team | null, programs: Programs): void {
    const { order, first, end, numbers } = series;
    if (!isWritten(room.written, series, threadsOf(team), programs.generation)) {
      this.#writeStretches(room, series, team, programs);
    }
    for (let worker = 1; worker < threadsOf(team); worker++) {
      team?.setStretches(worker, 4 * room.stretches[worker]);
    }
    if (room.sources.widths) this.#tables.bring(series, room.sources);
    else this.#memory.words.set(order.subarray(first, end), room.order);
    for (let i = 0; i < numbers.length; i++) room.values.set(numbers[i].values, i * room.steps);
  }

  #writeStretches(room: Room, series: Series, team: Team | null, programs: Programs): void {
    const threads = threadsOf(team);
    const { words } = this.#memory;
    const stretches = likeStepsOf(series);
    const { generation } = programs;
    for (let i = 0; i < stretches.length; i++) {
      const { program, steps, rows } = stretches[i];
      const codes = programs.codesOf(program, rows, team);
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
    // A program that found no room has taken that of others of this series; in an emptied one all have room.
    if (programs.generation !== generation) this.#writeStretches(room, series, team, programs);
    else room.written = writtenBy(series, threads, generation);
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
      written: null,
    };
  }
}

function writtenBy(
  { programs, first, end, batch }: Series,
  threads: number,
  generation: number,
): Written | null {
  if (programs.length > 1) return null;
  return { program: programs[0].program, rows: end - first, batch, threads, generation };
}

/** Whether the stretches of a series are those that are written. */
function isWritten(
  written: Written | null,
  { programs, first, end, batch }: Series,
  threads: number,
  generation: number,
): boolean {
  return (
    written !== null &&
    programs.length === 1 &&
    programs[0].program === written.program &&
    end - first === written.rows &&
    batch === written.batch &&
    threads === written.threads &&
    generation === written.generation
  );
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
