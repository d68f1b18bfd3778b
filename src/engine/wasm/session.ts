/** A plan in a WebAssembly memory: its arena, and its programs as instructions beside it. */
import type { Instruction, Plan } from '../../graph/plan.ts';
import { Arena } from '../arena.ts';
import { float32Functions } from '../elementary.ts';
import type { Series, SeriesResult } from '../engine.ts';
import { bindings } from '../reference/bindings.ts';
import type { Step } from '../reference/memory.ts';
import type { Addresses } from './call.ts';
import { callOf, scratchOf } from './encode.ts';
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
  readonly #team: Team | null;

  /**
   * @param threads  that run a series together; all others the first runs alone
   * @param outside  takes instructions in the place of the kernels
   */
  constructor(plan: Plan, seed: number, threads: number, outside?: Outside) {
    const regions = regionsOf(plan, threads);
    const memory = new Memory(regions.end);
    const arena = () => memory.floats(ARENA, plan.size);
    super(plan, arena());
    const hosted = new Hosted(plan, regions, seed, arena, outside);
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
    this.#series = new SeriesMemory(memory);
    this.#team = threads > 1 ? new Team(memory, this.#kernels.modules, threads) : null;
    memory.onMove(() => {
      this.moveTo(arena());
      hosted.bind();
    });
  }

  run(program: string, batch: number, step: number): void {
    const [{ from, to }] = this.#programs.codesOf(program, batch, null);
    this.#memory.words[this.#regions.step >> 2] = step;
    this.#kernels.run(from, to);
  }

  override runSeries(series: Series): SeriesResult {
    if (!this.#series.hasRoomFor(series)) return super.runSeries(series);
    const { steps, measures, firstStep } = series;
    const team = this.#team?.isReady ? this.#team : null;
    const prepare = () =>
      this.#series.prepare(
        series,
        team,
        (program, rows) => this.#programs.codesOf(program, rows, team),
        (name) => {
          const { offset, rows, cols } = this.placeOf(name, 0);
          return { address: ARENA + 4 * offset, bytes: 4 * rows * cols };
        },
      );
    const { generation } = this.#programs;
    let call = prepare();
    // A program that found no room has taken that of others of this series; in an emptied one all have room.
    if (this.#programs.generation !== generation) call = prepare();
    const threads = [team?.control ?? 0, team?.threads ?? 1];
    const words = [...call.words, this.#regions.step, firstStep, ...threads];
    const done = this.#kernels.series(steps, ...words);
    const width = measures.reduce((sum, { length }) => sum + length, 0);
    return { steps: done, values: call.results.subarray(0, done * width) };
  }

  /** Threads that the next series is run by: one until all workers have started. */
  get threads(): number {
    return this.#team?.isReady ? this.#team.threads : 1;
  }

  override close(): void {
    this.#team?.close();
  }
}

/**
 * The instructions that no kernel runs: those that somebody outside takes, and those that no kernel is
 * written for, which are run by the reference engine's code.
 */
class Hosted {
  readonly #instructions: readonly Instruction[];
  readonly #seed: number;
  readonly #arena: () => Float32Array;
  readonly #outside: Outside | undefined;
  #steps: Step[] = [];

  constructor(
    plan: Plan,
    addresses: Addresses,
    seed: number,
    arena: () => Float32Array,
    outside?: Outside,
  ) {
    const context = { addresses, batch: 1, seed };
    const all = [...plan.programs.values()].flat();
    this.#instructions = all.filter(
      (instruction) => outside?.takes(instruction) || !callOf(instruction, context),
    );
    this.#seed = seed;
    this.#arena = arena;
    this.#outside = outside;
    this.bind();
  }

  /** Makes steps on the arena where it is now. */
  bind(): void {
    if (this.#instructions.length === 0) return;
    const code = bindings(float32Functions);
    const memory = this.#arena();
    // Chance has a kernel, so that no step is looked at.
    const context = { memory, functions: float32Functions, seed: this.#seed, run: { step: 0 } };
    this.#steps = this.#instructions.map((instruction) =>
      this.#outside?.takes(instruction)
        ? this.#outside.bind(instruction, memory)
        : code[instruction.op](instruction, context),
    );
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
