/** The programs of a plan as instructions in memory: for one thread, and for each of several. */
import type { Instruction, Plan } from '../../graph/plan.ts';
import { WORTH_DIVIDING } from '../threads.ts';
import { moduleOf } from './bytecode.ts';
import { type Addresses, type Call, rowsOf } from './call.ts';
import { chainCode } from './chain-code.ts';
import type { Range } from './dataflow.ts';
import { callOf } from './encode.ts';
import { axisBytes } from './encode-columns.ts';
import { fusedCallOf } from './encode-unit.ts';
import { callsOfThreads } from './meetings.ts';
import type { Memory } from './memory.ts';
import { type Kernels, TABLE_SIZE } from './module.ts';
import { type Unit, unitsOf } from './units.ts';
import { workOf } from './work.ts';

/** Threads that run programs together. */
export interface Crew {
  readonly threads: number;
  /** Where the words are that they share. */
  readonly control: number;
}

/** Where instructions begin and end. */
export interface Code {
  readonly from: number;
  readonly to: number;
}

/** Room for the programs of so many batch sizes; when it is full, it is emptied. */
const KEPT_PROGRAMS = 16;
/** Bytes of an instruction with the two meetings around it; none has more, but for its axes. */
const LONGEST = 112;

/** Bytes of all that is kept. */
export function programBytes(plan: Plan, threads: number): number {
  const instructions = [...plan.programs.values()].flat();
  const bytes = instructions.reduce((sum, one) => sum + LONGEST + axisBytes(one), LONGEST);
  return KEPT_PROGRAMS * bytes * (threads > 1 ? threads + 1 : 1);
}

export interface ProgramContext {
  readonly addresses: Addresses;
  readonly seed: number;
  /** Work of a program from which on threads divide it. */
  readonly leastWork?: number;
  /** The number under which JavaScript does an instruction; −1 for one that a kernel runs. */
  readonly hosted: (instruction: Instruction) => number;
}

export class Programs {
  readonly #memory: Memory;
  readonly #kernels: Kernels;
  readonly #context: ProgramContext;
  readonly #region: { readonly start: number; readonly end: number };
  readonly #units: ReadonlyMap<string, readonly Unit[]>;
  readonly #chains: ReadonlyMap<Unit, number>;
  /** The programs that are large enough for several threads. */
  readonly #divided: ReadonlySet<string>;
  /** Work of the largest program. */
  readonly mostWork: number;
  /** By program, batch and threads: the code of each thread. */
  readonly #known = new Map<string, Map<number, readonly Code[]>>();
  #next: number;
  /** Counts how often the region was emptied: codes that were given before are useless then. */
  generation = 0;

  /**
   * Compiles the chains, too.
   *
   * @param region  for the instructions, of at least `programBytes`
   */
  constructor(
    plan: Plan,
    memory: Memory,
    kernels: Kernels,
    context: ProgramContext,
    region: { readonly start: number; readonly end: number },
  ) {
    this.#memory = memory;
    this.#kernels = kernels;
    this.#context = context;
    this.#region = region;
    this.#next = region.start;
    const hasKernel = (instruction: Instruction) => context.hosted(instruction) < 0;
    const entries = [...plan.programs].map(
      ([name, list]) => [name, unitsOf(list, plan, hasKernel)] as const,
    );
    this.#units = new Map(entries);
    const all = [...this.#units.values()].flat();
    const chains = all.filter(({ kind }) => kind === 'chain');
    this.#chains = new Map(chains.map((chain, i) => [chain, TABLE_SIZE + i]));
    const { leastWork = WORTH_DIVIDING } = context;
    const works = entries.map(([name, units]) => [name, workOf(units, plan.maxBatch)] as const);
    this.#divided = new Set(works.filter(([, work]) => work >= leastWork).map(([name]) => name));
    this.mostWork = Math.max(0, ...works.map(([, work]) => work));
    const { arena } = context.addresses;
    const bodies = chains.map(({ nodes }) => chainCode(nodes, (offset) => arena + 4 * offset));
    if (bodies.length > 0) kernels.addChains(moduleOf(bodies));
  }

  /** Whether several threads would divide a program: of a small step they would make a longer one. */
  isDivided(program: string): boolean {
    return this.#divided.has(program);
  }

  /**
   * The code of a program for so many samples.
   *
   * @param team  whose threads each get code of their own; null for one thread alone
   */
  codesOf(program: string, batch: number, team: Crew | null): readonly Code[] {
    const key = team ? `${program} of ${team.threads}` : program;
    const known = this.#known.get(key)?.get(batch);
    if (known) return known;
    const units = this.#units.get(program);
    if (!units) throw new Error(`internal: no program ${program}`);
    const calls = team
      ? this.#callsOfThreads(program, units, batch, team)
      : [units.map((unit) => this.#callOf(unit, batch))];
    const words = calls.map((list) => list.flatMap((call) => this.#instruction(call)));
    this.#makeRoom(words.reduce((sum, { length }) => sum + 4 * length, 0));
    const codes = words.map((list) => this.#put(list));
    const ofProgram = this.#known.get(key) ?? new Map<number, readonly Code[]>();
    this.#known.set(key, ofProgram.set(batch, codes));
    return codes;
  }

  #makeRoom(bytes: number): void {
    if (this.#next + bytes <= this.#region.end) return;
    this.#known.clear();
    this.#next = this.#region.start;
    this.generation++;
  }

  #put(words: readonly number[]): Code {
    const from = this.#next;
    this.#memory.words.set(words, from / 4);
    this.#next += 4 * words.length;
    return { from, to: this.#next };
  }

  #callsOfThreads(
    program: string,
    units: readonly Unit[],
    batch: number,
    { threads, control }: Crew,
  ): Call[][] {
    const meeting = { kernel: 'meeting', words: [control, threads] };
    if (!this.isDivided(program)) {
      const all = [...units.map((unit) => this.#callOf(unit, batch)), meeting];
      return Array.from({ length: threads }, (_, thread) => (thread === 0 ? all : [meeting]));
    }
    const calls = {
      of: (unit: Unit, count: number, first: number, thread: number) =>
        this.#callOf(unit, count, first, thread),
      ofChain: (chain: Unit, { start, end }: Range) => this.#chainCall(chain, start, end),
    };
    return callsOfThreads(units, { threads, batch, calls }, meeting);
  }

  /** A unit on `batch` samples; where they are part of a batch, `first` says where they stand in it. */
  #callOf(unit: Unit, batch: number, first = 0, thread = 0): Call {
    const [{ instruction }] = unit.nodes;
    if (unit.kind === 'chain') {
      return this.#chainCall(unit, 0, rowsOf(instruction.out, batch) * instruction.out.cols);
    }
    const hosted = this.#context.hosted(instruction);
    if (hosted >= 0) return { kernel: 'hosted', words: [hosted, batch] };
    const own = this.#context.addresses;
    const addresses = { ...own, scratch: own.scratch + thread * own.scratchSize };
    const context = { ...this.#context, addresses, batch, first };
    return fusedCallOf(unit, context) ?? callOf(instruction, context);
  }

  /** A chain over its numbers from `start` up to `end`. */
  #chainCall(chain: Unit, start: number, end: number): Call {
    const kernel = this.#chains.get(chain);
    if (kernel === undefined) throw new Error('internal: a chain that is not compiled');
    return { kernel, words: [start, end] };
  }

  /** The kernel's number, the length in bytes, the arguments. */
  #instruction({ kernel, words }: Call): number[] {
    const number = typeof kernel === 'number' ? kernel : this.#kernels.numberOf(kernel);
    return [number, 4 * (words.length + 2), ...words];
  }
}
