/** A plan in a WebAssembly memory: its arena, and its programs as instructions beside it. */
import type { Place } from '../../graph/layout.ts';
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

/**
 * Seconds in which a thread comes to the next meeting, whatever else the machine does: some minutes, since paging
 * may hold one up, and what there is to compute between two at a thousandth of the usual speed.
 */
const LEAST_PATIENCE = 600;
const LEAST_SPEED = 2e7;

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
  /** Whether a step was left in the middle: no number is to be used any more. */
  #isBroken = false;

  /**
   * @param threads  that run a series together; all others the first runs alone
   * @param outside  takes instructions in the place of the kernels
   * @param patience seconds in which no thread comes to a meeting after which those that are missing are given up
   */
  constructor(plan: Plan, seed: number, threads: number, outside?: Outside, patience?: number) {
    const regions = regionsOf(plan, threads);
    const memory = new Memory(regions.end);
    const arena = memory.floats(ARENA, plan.size);
    super(plan, arena);
    const hosted = new Hosted(plan, arena, outside);
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
    const crew = { threads, patience: patience ?? patienceFor(this.#programs.mostWork) };
    const needsTeam = threads > 1 && isDivided;
    this.#team = needsTeam ? new Team(memory, this.#kernels.modules, crew) : null;
  }

  run(program: string, batch: number, step: number): void {
    this.#checkWhole();
    const [{ from, to }] = this.#programs.codesOf(program, batch, null);
    this.#memory.words[this.#regions.step / 4] = step;
    this.#runKernel(() => this.#kernels.run(from, to));
  }

  override firstNonFinite(name: string, count: number): { index: number; value: number } | null {
    const { offset } = this.placeOf(name, count);
    const at = ARENA + 4 * offset;
    const index = this.#kernels.finite(at, count);
    return index < count ? { index, value: this.#memory.floats(at, 1 + index)[index] } : null;
  }

  override runSeries(series: Series): SeriesResult {
    this.#checkWhole();
    const { steps, programs, firstStep } = series;
    const isWorthTeam = this.#team?.isReady && this.#programs.isDivided(programs[0].program);
    const team = isWorthTeam ? this.#team : null;
    const room = this.#series.roomFor(series, team, this.#addressOf);
    if (!room) return super.runSeries(series);
    this.#series.fill(room, series, team, this.#programs);
    const done = this.#runKernel(() =>
      this.#kernels.series(room.address, steps, firstStep, team?.control ?? 0, team?.threads ?? 1),
    );
    if (done < 0) return this.#runAlone(series);
    return { steps: done, values: room.results.subarray(0, done * room.width) };
  }

  /** @throws {Error} where a worker has ended in the middle of a step: its part is not there */
  #runKernel<T>(kernel: () => T): T {
    try {
      return kernel();
    } catch (error) {
      this.#isBroken = true;
      const hasFailed = this.#team?.hasFailed;
      this.close();
      if (!hasFailed) throw error;
      throw new Error(
        'internal: a thread ended in the middle of a step (--threads 1 has only one)',
      );
    }
  }

  #checkWhole(): void {
    if (this.#isBroken) throw new Error('internal: a step of this session was left in the middle');
  }

  /** All that is read or written by name passes here. */
  protected override placeOf(name: string, length: number): Place {
    this.#checkWhole();
    return super.placeOf(name, length);
  }

  /** Where a named tensor is, and the bytes of one sample there. */
  readonly #addressOf = (name: string) => {
    const { offset, rows, cols } = this.placeOf(name, 0);
    return { address: ARENA + 4 * offset, bytes: 4 * rows * cols };
  };

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
  readonly #steps: readonly Step[];

  constructor(plan: Plan, arena: Float32Array, outside: Outside | undefined) {
    const all = outside ? [...plan.programs.values()].flat() : [];
    this.#instructions = all.filter((instruction) => outside?.takes(instruction));
    const steps = this.#instructions.map((one) => outside?.bind(one, arena));
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

/** @param work  of the largest program */
function patienceFor(work: number): number {
  return LEAST_PATIENCE + Math.ceil(work / LEAST_SPEED);
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
