/** The programs of a plan as instructions in memory: for one thread, and for each of several. */
import type { Instruction, Plan } from '../../graph/plan.ts';
import { moduleOf } from './bytecode.ts';
import { type Addresses, type Call, rowsOf } from './call.ts';
import { chainCode } from './chain-code.ts';
import { callOf } from './encode.ts';
import { fusedCallOf } from './encode-unit.ts';
import type { Memory } from './memory.ts';
import { type Kernels, TABLE_SIZE } from './module.ts';
import { partsOf, rangesOf } from './parts.ts';
import { type Unit, unitsOf } from './units.ts';

/** Where instructions begin and end. */
export interface Code {
  readonly from: number;
  readonly to: number;
}

/** Room for the programs of so many batch sizes; when it is full, it is emptied. */
const KEPT_PROGRAMS = 16;
/** Bytes of an instruction with the two meetings around it; no instruction has more. */
const LONGEST = 112;

/** Bytes of all that is kept. */
export function programBytes(plan: Plan, threads: number): number {
  const instructions = [...plan.programs.values()].flat().length;
  return KEPT_PROGRAMS * LONGEST * (instructions + 1) * (threads > 1 ? threads + 1 : 1);
}

export interface ProgramContext {
  readonly addresses: Addresses;
  readonly seed: number;
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
    const { arena } = context.addresses;
    const bodies = chains.map(({ nodes }) => chainCode(nodes, (offset) => arena + 4 * offset));
    if (bodies.length > 0) kernels.addChains(moduleOf(bodies));
  }

  /**
   * The code of a program for so many samples.
   *
   * @param team  whose threads each get code of their own; null for one thread alone
   */
  codesOf(
    program: string,
    batch: number,
    team: { readonly threads: number; readonly control: number } | null,
  ): readonly Code[] {
    const key = team ? `${program} of ${team.threads}` : program;
    const known = this.#known.get(key)?.get(batch);
    if (known) return known;
    const units = this.#units.get(program);
    if (!units) throw new Error(`internal: no program ${program}`);
    const words = team
      ? this.#dividedWords(units, batch, team)
      : [units.flatMap((unit) => this.#wordsOf(unit, batch))];
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
    this.#memory.words.set(words, from >> 2);
    this.#next += 4 * words.length;
    return { from, to: this.#next };
  }

  /** For each thread its parts, and the meetings; what is not divided the first one does. */
  #dividedWords(
    units: readonly Unit[],
    batch: number,
    { threads, control }: { readonly threads: number; readonly control: number },
  ): number[][] {
    const words = Array.from({ length: threads }, (): number[] => []);
    const meeting = this.#instruction({ kernel: 'meeting', words: [control, threads] });
    for (const unit of units) {
      const parts = this.#partsOf(unit, batch, threads);
      if (!parts) {
        words[0].push(...this.#wordsOf(unit, batch));
        continue;
      }
      parts.forEach((part, thread) => {
        words[thread].push(...meeting, ...part, ...meeting);
      });
    }
    return words;
  }

  /** The instructions of all threads; null where one does it alone. */
  #partsOf(unit: Unit, batch: number, threads: number): number[][] | null {
    const chain = this.#chains.get(unit);
    if (chain !== undefined) {
      const ranges = rangesOf(this.#countOf(unit, batch), unit.nodes.length, threads);
      return ranges?.map(([first, end]) => (end > first ? [chain, 16, first, end] : [])) ?? null;
    }
    const { scratchSize } = this.#context.addresses;
    const parts = partsOf(this.#callOf(unit, batch), threads, scratchSize);
    return parts?.map((call) => (call ? this.#instruction(call) : [])) ?? null;
  }

  #wordsOf(unit: Unit, batch: number): number[] {
    const chain = this.#chains.get(unit);
    if (chain !== undefined) return [chain, 16, 0, this.#countOf(unit, batch)];
    return this.#instruction(this.#callOf(unit, batch));
  }

  #callOf(unit: Unit, batch: number): Call {
    const [{ instruction }] = unit.nodes;
    const context = { ...this.#context, batch };
    const hosted = context.hosted(instruction);
    if (hosted >= 0) return { kernel: 'hosted', words: [hosted, batch] };
    const known = fusedCallOf(unit, context) ?? callOf(instruction, context);
    if (!known) throw new Error(`internal: nothing runs ${instruction.op}`);
    return known;
  }

  /** The numbers that a chain runs over. */
  #countOf({ nodes: [{ instruction }] }: Unit, batch: number): number {
    return rowsOf(instruction.out, batch) * instruction.out.cols;
  }

  /** The kernel's number, the length in bytes, the arguments. */
  #instruction({ kernel, words }: Call): number[] {
    return [this.#kernels.numberOf(kernel), 4 * (words.length + 2), ...words];
  }
}
