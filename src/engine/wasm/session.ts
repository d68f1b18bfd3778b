/** A plan in a WebAssembly memory: its arena, and its programs as instructions beside it. */
import type { Instruction, Plan } from '../../graph/plan.ts';
import { Arena } from '../arena.ts';
import type { Series, SeriesResult } from '../engine.ts';
import type { Step } from '../reference/memory.ts';
import type { Addresses } from './call.ts';
import { scratchOf } from './encode.ts';
import { align, BEHIND, Memory } from './memory.ts';
import { instantiate, type Kernels } from './module.ts';
import type { Outside } from './outside.ts';
import { Programs, programBytes } from './programs.ts';
import { SeriesMemory } from './series.ts';
import { Team } from './team.ts';

/** Bytes in front of the arena; the first word is the step. */
const ARENA = 64;

interface Regions extends Addresses {
  readonly programs: number;
  readonly end: number;
}

export class WasmSession extends Arena {
  readonly #memory: Memory;
  readonly #regions: Regions;
  readonly #kernels: Kernels;
  readonly #programs: Programs;
  readonly #series: SeriesMemory;
  /** Null for one thread. */
  #team: Team | null;

  /**
   * @param threads  that run a series together; all others the first runs alone
   * @param outside  takes instructions in the place of the kernels
   */
  constructor(plan: Plan, seed: number, threads: number, outside?: Outside) {
    const regions = regionsOf(plan, threads);
    const memory = new Memory(regions.end);
    const arena = () => memory.floats(ARENA, plan.size);
    super(plan, arena());
    const hosted = new Hosted(plan, outside);
    hosted.bind(arena());
    this.#memory = memory;
    this.#regions = regions;
    this.#kernels = instantiate(memory.memory, (number, batch) => hosted.run(number, batch));
    const context = {
      addresses: regions,
      seed,
      hosted: (one: Instruction) => hosted.numberOf(one),
    };
    const region = { start: regions.programs, end: regions.end };
    this.#programs = new Programs(plan, memory, this.#kernels, context, region);
    this.#series = new SeriesMemory(memory, regions.step);
    const isDivided = [...plan.programs.keys()].some((name) => this.#programs.isDivided(name));
    const needsTeam = threads > 1 && isDivided;
    this.#team = needsTeam ? new Team(memory, this.#kernels.modules, threads) : null;
    memory.onMove(() => {
      this.moveTo(arena());
      hosted.bind(arena());
    });
  }

  run(program: string, batch: number, step: number): void {
    const [{ from, to }] = this.#programs.codesOf(program, batch, null);
    this.#memory.words[this.#regions.step / 4] = step;
    this.#kernels.run(from, to);
  }

  override firstNonFinite(name: string, count: number): { index: number; value: number } | null {
    const { offset } = this.placeOf(name, count);
    const at = ARENA + 4 * offset;
    const index = this.#kernels.finite(at, count);
    return index < count ? { index, value: this.#memory.floats(at, 1 + index)[index] } : null;
  }

  override runSeries(series: Series): SeriesResult {
    const placeOf = (name: string) => {
      const { offset, rows, cols } = this.placeOf(name, 0);
      return { address: ARENA + 4 * offset, bytes: 4 * rows * cols };
    };
    if (!this.#series.hasRoomFor(series, placeOf)) return super.runSeries(series);
    const isWorthTeam = this.#team?.isReady && this.#programs.isDivided(series.programs[0].program);
    const team = isWorthTeam ? this.#team : null;
    const prepare = () =>
      this.#series.prepare(
        series,
        team,
        (program, rows) => this.#programs.codesOf(program, rows, team),
        placeOf,
      );
    const { generation } = this.#programs;
    let call = prepare();
    // A program that found no room has taken that of others of this series; in an emptied one all have room.
    if (this.#programs.generation !== generation) call = prepare();
    const done = this.#runKernel(call.address, series, team);
    if (done < 0) return this.#runAlone(series);
    return { steps: done, values: call.results.subarray(0, done * call.width) };
  }

  /** @throws {Error} where a worker has ended in the middle of a step: its part is not there */
  #runKernel(room: number, { steps, firstStep }: Series, team: Team | null): number {
    const [control, threads] = team ? [team.control, team.threads] : [0, 1];
    try {
      return this.#kernels.series(room, steps, firstStep, control, threads);
    } catch (error) {
      if (!this.#team?.hasFailed) throw error;
      throw new Error(
        'internal: a thread ended in the middle of a step (--threads 1 has only one)',
      );
    }
  }

  /** Where workers are gone before a series. */
  #runAlone(series: Series): SeriesResult {
    this.#team?.close();
    this.#team = null;
    return this.runSeries(series);
  }

  /** Threads that the next series is run by: one until all workers have started. */
  get threads(): number {
    return this.#team?.isReady ? this.#team.threads : 1;
  }

  override close(): void {
    this.#team?.close();
  }
}

/** The instructions that somebody outside takes in the place of kernels. */
class Hosted {
  readonly #instructions: readonly Instruction[];
  readonly #outside: Outside | undefined;
  #steps: Step[] = [];

  constructor(plan: Plan, outside: Outside | undefined) {
    const all = outside ? [...plan.programs.values()].flat() : [];
    this.#instructions = all.filter((instruction) => outside?.takes(instruction));
    this.#outside = outside;
  }

  /** Makes steps on the arena where it is now. */
  bind(arena: Float32Array): void {
    const steps = this.#instructions.map((one) => this.#outside?.bind(one, arena));
    this.#steps = steps.filter((step) => step !== undefined);
  }

  /** −1 for one that a kernel runs. */
  numberOf(instruction: Instruction): number {
    return this.#instructions.indexOf(instruction);
  }

  run(number: number, batch: number): void {
    this.#steps[number](batch);
  }
}

/** Bytes that a session takes. */
export function bytesOf(plan: Plan, threads: number): number {
  return regionsOf(plan, threads).end;
}

/** Arena, scratch of each thread, programs: one after the other. */
function regionsOf(plan: Plan, threads: number): Regions {
  const all = [...plan.programs.values()].flat();
  const scratch = align(ARENA + 4 * plan.size + BEHIND);
  const scratchSize = align(all.reduce((most, one) => Math.max(most, scratchOf(one)), 0));
  const programs = align(scratch + threads * scratchSize + BEHIND);
  const end = align(programs + programBytes(plan, threads));
  return { step: 0, arena: ARENA, scratch, scratchSize, programs, end };
}
