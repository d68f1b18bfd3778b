/** A plan in a WebAssembly memory: its arena, and its programs as instructions beside it. */
import type { Instruction, Plan } from '../../graph/plan.ts';
import { Arena } from '../arena.ts';
import { float32Functions } from '../elementary.ts';
import type { Series, SeriesResult } from '../engine.ts';
import { bindings } from '../reference/bindings.ts';
import type { Step } from '../reference/memory.ts';
import { moduleOf } from './bytecode.ts';
import { type Addresses, rowsOf } from './call.ts';
import { chainCode } from './chain-code.ts';
import { callOf, scratchOf } from './encode.ts';
import { fusedCallOf } from './encode-unit.ts';
import { align, BEHIND, Memory } from './memory.ts';
import { instantiate, type Kernels } from './module.ts';
import { SeriesMemory } from './series.ts';
import { type Unit, unitsOf } from './units.ts';

/** Bytes in front of the arena; the first word is the step. */
const ARENA = 64;
/** Room for the programs of so many batch sizes; when it is full, it is emptied. */
const KEPT_PROGRAMS = 16;
/** No instruction has more bytes. */
const LONGEST_INSTRUCTION = 64;

/** Where a program's instructions begin and end. */
interface Code {
  readonly from: number;
  readonly to: number;
}

interface Regions extends Addresses {
  readonly programs: number;
  readonly end: number;
}

export class WasmSession extends Arena {
  readonly #plan: Plan;
  readonly #seed: number;
  readonly #memory: Memory;
  readonly #regions: Regions;
  readonly #kernels: Kernels;
  readonly #series: SeriesMemory;
  /** By program and batch. */
  readonly #code = new Map<string, Map<number, Code>>();
  /** Where the next program goes. */
  #free: number;
  readonly #programs: ReadonlyMap<string, readonly Unit[]>;
  /** The kernels of the chains. */
  readonly #chains: ReadonlyMap<Unit, number>;
  /** Of the instructions that have no kernel: which of `#steps` they are. */
  readonly #hosted = new Map<Instruction, number>();
  #steps: Step[] = [];

  constructor(plan: Plan, seed: number) {
    const regions = regionsOf(plan);
    const memory = new Memory(regions.end);
    super(plan, memory.floats(ARENA, plan.size));
    this.#plan = plan;
    this.#seed = seed;
    this.#memory = memory;
    this.#regions = regions;
    this.#free = regions.programs;
    this.#kernels = instantiate(memory.memory, (index, batch) => this.#steps[index](batch));
    this.#series = new SeriesMemory(memory);
    const entries = [...plan.programs].map(([name, list]) => [name, unitsOf(list, plan)] as const);
    this.#programs = new Map(entries);
    this.#chains = this.#makeChains();
    this.#bindHosted();
    memory.onMove(() => {
      this.moveTo(memory.floats(ARENA, plan.size));
      this.#bindHosted();
    });
  }

  run(program: string, batch: number, step: number): void {
    const { from, to } = this.#codeOf(program, batch);
    this.#memory.words[this.#regions.step >> 2] = step;
    this.#kernels.run(from, to);
  }

  override runSeries(series: Series): SeriesResult {
    if (!this.#series.hasRoomFor(series)) return super.runSeries(series);
    const { steps, measures, firstStep } = series;
    const call = this.#series.prepare(
      series,
      (program, rows) => this.#codeOf(program, rows),
      (name) => {
        const { offset, rows, cols } = this.placeOf(name, 0);
        return { address: ARENA + 4 * offset, bytes: 4 * rows * cols };
      },
    );
    const done = this.#kernels.series(steps, ...call.words, this.#regions.step, firstStep);
    const width = measures.reduce((sum, { length }) => sum + length, 0);
    return { steps: done, values: call.results.subarray(0, done * width) };
  }

  /** Compiles the chains of all programs. */
  #makeChains(): Map<Unit, number> {
    const chains = [...this.#programs.values()].flat().filter(({ kind }) => kind === 'chain');
    if (chains.length === 0) return new Map();
    const addressOf = (offset: number) => ARENA + 4 * offset;
    const bodies = chains.map(({ nodes }) => chainCode(nodes, addressOf));
    const numbers = this.#kernels.add(moduleOf(bodies));
    return new Map(chains.map((chain, i) => [chain, numbers[i]]));
  }

  /** Instructions that no kernel is written for are run by the reference engine's code. */
  #bindHosted(): void {
    const bind = bindings(float32Functions);
    const memory = this.#memory.floats(ARENA, this.#plan.size);
    const run = { step: 0 };
    const given = { memory, functions: float32Functions, seed: this.#seed, run };
    this.#steps = [];
    for (const instruction of [...this.#plan.programs.values()].flat()) {
      const context = { addresses: this.#regions, batch: 1, seed: this.#seed };
      if (callOf(instruction, context)) continue;
      this.#hosted.set(instruction, this.#steps.length);
      this.#steps.push(bind[instruction.op](instruction, given));
    }
  }

  #codeOf(program: string, batch: number): Code {
    const known = this.#code.get(program)?.get(batch);
    if (known) return known;
    const units = this.#programs.get(program);
    if (!units) throw new Error(`internal: no program ${program}`);
    const words = units.flatMap((unit) => this.#wordsOf(unit, batch));
    if (this.#free + 4 * words.length > this.#regions.end) {
      this.#code.clear();
      this.#free = this.#regions.programs;
    }
    const code = { from: this.#free, to: this.#free + 4 * words.length };
    this.#memory.words.set(words, code.from >> 2);
    this.#free = code.to;
    const ofProgram = this.#code.get(program) ?? new Map<number, Code>();
    this.#code.set(program, ofProgram.set(batch, code));
    return code;
  }

  /** The kernel's number, the length in bytes, the arguments. */
  #wordsOf(unit: Unit, batch: number): number[] {
    const [{ instruction }] = unit.nodes;
    const chain = this.#chains.get(unit);
    if (chain !== undefined) {
      return [chain, 12, rowsOf(instruction.out, batch) * instruction.out.cols];
    }
    const context = { addresses: this.#regions, batch, seed: this.#seed };
    const hosted = { kernel: 'hosted', words: [this.#hosted.get(instruction) ?? -1, batch] };
    const { kernel, words } = fusedCallOf(unit, context) ?? callOf(instruction, context) ?? hosted;
    return [this.#kernels.numberOf(kernel), 4 * (words.length + 2), ...words];
  }
}

/** Bytes that a session takes. */
export function bytesOf(plan: Plan): number {
  return regionsOf(plan).end;
}

/** Arena, scratch, programs: one after the other. */
function regionsOf(plan: Plan): Regions {
  const all = [...plan.programs.values()].flat();
  const scratch = align(ARENA + 4 * plan.size + BEHIND);
  const largest = Math.max(0, ...all.map(scratchOf));
  const programs = align(scratch + largest + BEHIND);
  const end = align(programs + KEPT_PROGRAMS * LONGEST_INSTRUCTION * (all.length + 1));
  return { step: 0, arena: ARENA, scratch, programs, end };
}
