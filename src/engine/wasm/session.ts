/** A plan in a WebAssembly memory: its arena, and its programs as instructions beside it. */
import type { Instruction, Plan } from '../../graph/plan.ts';
import { Arena } from '../arena.ts';
import { float32Functions } from '../elementary.ts';
import type { Session } from '../engine.ts';
import { bindings } from '../reference/bindings.ts';
import type { Step } from '../reference/memory.ts';
import type { Addresses, Call } from './call.ts';
import { callOf, scratchOf } from './encode.ts';
import { instantiate, type Kernels } from './module.ts';

const PAGE = 65536;
/** Bytes in front of the arena; the first word is the step. */
const ARENA = 64;
/** Kernels may read so many bytes behind what they are given. */
const BEHIND = 256;
/** Room for the programs of so many batch sizes; when it is full, it is emptied. */
const KEPT_PROGRAMS = 16;

/** Where a program's instructions begin and end. */
interface Code {
  readonly from: number;
  readonly to: number;
}

interface Regions extends Addresses {
  readonly programs: number;
  readonly end: number;
}

export class WasmSession extends Arena implements Session {
  readonly #plan: Plan;
  readonly #seed: number;
  readonly #regions: Regions;
  readonly #kernels: Kernels;
  readonly #words: Int32Array;
  /** By program and batch. */
  readonly #code = new Map<string, Map<number, Code>>();
  /** Where the next program goes. */
  #free: number;
  /** Reference code of the instructions that have no kernel. */
  readonly #hosted = new Map<Instruction, number>();
  readonly #steps: Step[] = [];
  readonly #run = { step: 0, batch: 0 };

  constructor(plan: Plan, seed: number) {
    const regions = regionsOf(plan);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(regions.end / PAGE) });
    const numbers = new Float32Array(memory.buffer, ARENA, plan.size);
    super(plan, numbers);
    this.#plan = plan;
    this.#seed = seed;
    this.#regions = regions;
    this.#free = regions.programs;
    this.#words = new Int32Array(memory.buffer);
    this.#kernels = instantiate(memory, (index) => this.#steps[index](this.#run.batch));
    this.#bindHosted(numbers);
  }

  run(program: string, batch: number, step: number): void {
    const { from, to } = this.#codeOf(program, batch);
    this.#run.step = step;
    this.#run.batch = batch;
    this.#words[this.#regions.step >> 2] = step;
    this.#kernels.run(from, to);
  }

  /** Instructions that no kernel is written for are run by the reference engine's code. */
  #bindHosted(memory: Float32Array): void {
    const bind = bindings(float32Functions);
    const context = { memory, functions: float32Functions, seed: this.#seed, run: this.#run };
    for (const instruction of [...this.#plan.programs.values()].flat()) {
      if (this.#callOf(instruction, 1)) continue;
      this.#hosted.set(instruction, this.#steps.length);
      this.#steps.push(bind[instruction.op](instruction, context));
    }
  }

  #callOf(instruction: Instruction, batch: number): Call | null {
    return callOf(instruction, { addresses: this.#regions, batch, seed: this.#seed });
  }

  #codeOf(program: string, batch: number): Code {
    const known = this.#code.get(program)?.get(batch);
    if (known) return known;
    const instructions = this.#plan.programs.get(program);
    if (!instructions) throw new Error(`internal: no program ${program}`);
    const words = instructions.flatMap((instruction) => this.#wordsOf(instruction, batch));
    if (this.#free + 4 * words.length > this.#regions.end - BEHIND) {
      this.#code.clear();
      this.#free = this.#regions.programs;
    }
    const code = { from: this.#free, to: this.#free + 4 * words.length };
    this.#words.set(words, code.from >> 2);
    this.#free = code.to;
    const ofProgram = this.#code.get(program) ?? new Map<number, Code>();
    this.#code.set(program, ofProgram.set(batch, code));
    return code;
  }

  /** The kernel's number, the length in bytes, the arguments. */
  #wordsOf(instruction: Instruction, batch: number): number[] {
    const call = this.#callOf(instruction, batch) ?? {
      kernel: 'hosted',
      words: [this.#hosted.get(instruction) ?? -1],
    };
    const { kernel, words } = call;
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
  const LONGEST_INSTRUCTION = 64;
  const end = align(programs + KEPT_PROGRAMS * LONGEST_INSTRUCTION * (all.length + 1) + BEHIND);
  return { step: 0, arena: ARENA, scratch, programs, end };
}

function align(address: number): number {
  return Math.ceil(address / 64) * 64;
}
