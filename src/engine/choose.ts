/** The one place that knows which engines there are. */
import { availableParallelism } from 'node:os';
import { ExitCode, UserError } from '../errors.ts';
import type { Place } from '../graph/layout.ts';
import type { Instruction, Plan } from '../graph/plan.ts';
import { vocabulary } from '../graph/vocabulary.ts';
import type { Engine, Session } from './engine.ts';
import type { Computing, EngineName } from './names.ts';
import { referenceEngine } from './reference.ts';
import { fitsWasm, WASM_NEEDS, wasmEngine } from './wasm/engine.ts';

/** A session, and the engine that computes in it. */
export interface Prepared {
  readonly engine: string;
  readonly session: Session;
}

/**
 * Gives a plan memory, in float32, on the engine that was asked for.
 *
 * @throws {UserError} exit 2 where that engine cannot be had
 */
export function prepare(plan: Plan, seed: number, wanted: Computing = {}): Prepared {
  const threads = threadsFor(plan, wanted.threads ?? 1);
  const engine = engineFor(plan, wanted.engine ?? 'auto', threads);
  return { engine: engine.name, session: engine.prepare(plan, seed, threads) };
}

function engineFor(plan: Plan, wanted: EngineName, threads: number): Engine {
  if (wanted === 'reference') return referenceEngine('float32');
  const wasm = wasmEngine();
  if (wasm && fitsWasm(plan, threads)) return wasm;
  if (wanted === 'auto') return referenceEngine('float32');
  throw new UserError(
    ExitCode.usage,
    `--engine wasm: expected ${wasm ? 'numbers that fit in 4 GiB' : WASM_NEEDS}; found ${wasm ? 'more' : 'none'}`,
    'use --engine reference, which is slower and gives the same numbers',
  );
}

/** Operations of the matrix products of a step from which a second thread pays. */
const WORTH_THREADS = 50e6;
/** More have not been measured. */
const MOST_AUTO = 4;

function threadsFor(plan: Plan, wanted: number | 'auto'): number {
  if (wanted !== 'auto') return wanted;
  const programs = [...plan.programs.values()];
  const work = Math.max(0, ...programs.map((program) => operationsOf(program, plan.maxBatch)));
  return work >= WORTH_THREADS ? Math.min(availableParallelism(), MOST_AUTO) : 1;
}

/** Multiplications and additions of a program's matrix products. */
function operationsOf(program: readonly Instruction[], batch: number): number {
  return program.reduce((sum, { op, out, inputs: [a] }) => {
    if (vocabulary[op === 'copy' ? 'assign' : op].kind !== 'matmul') return sum;
    const sizeOf = ({ rows, cols, batched }: Place) => rows * cols * (batched ? batch : 1);
    const length = op === 'matmulTransposeA' ? sizeOf(a) / a.cols : a.cols;
    return sum + 2 * sizeOf(out) * length;
  }, 0);
}

/** What a user should know of the engine that `auto` comes to: usually nothing. */
export function engineNotes(wanted: EngineName): string[] {
  if (wanted !== 'auto' || wasmEngine()) return [];
  return [
    `note: expected ${WASM_NEEDS}; found none, so --engine reference computes: slower, the same numbers`,
  ];
}
