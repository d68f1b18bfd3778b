/** The one place that knows which engines there are. */
import { ExitCode, UserError } from '../errors.ts';
import type { Plan } from '../graph/plan.ts';
import type { Engine, Session } from './engine.ts';
import type { Computing } from './names.ts';
import { nativeEngine } from './native/engine.ts';
import { findBlas } from './native/find-blas.ts';
import { referenceEngine } from './reference.ts';
import { threadsOf } from './threads.ts';
import { threadsThatFit, WASM_NEEDS, wasmEngine } from './wasm/engine.ts';
import { multiplicationsOf } from './wasm/work.ts';

/** A session, and what computes in it. */
export interface Prepared {
  readonly engine: string;
  /** Maker and version of the library, of `native`. */
  readonly blas?: string;
  readonly session: Session;
}

/**
 * Gives a plan memory, in float32, on the engine that was asked for.
 *
 * @throws {UserError} exit 2 where that engine cannot be had
 */
export function prepare(plan: Plan, seed: number, wanted: Computing = {}): Prepared {
  // A library has threads of its own.
  const most = wanted.engine === 'native' ? 1 : threadsFor(plan, wanted.threads ?? 1);
  const threads = threadsThatFit(plan, most);
  const engine = engineFor(wanted, threads > 0);
  const session = engine.prepare(plan, seed, threads);
  return { engine: engine.name, blas: engine.blas, session };
}

/** @param fits  whether the plan's numbers fit in one memory of the WebAssembly engine */
function engineFor(wanted: Computing, fits: boolean): Engine {
  const { engine: name = 'auto' } = wanted;
  if (name === 'reference') return referenceEngine('float32');
  const wasm = wasmEngine();
  if (wasm && fits) return name === 'native' ? native(wanted) : wasm;
  if (name === 'auto') return referenceEngine('float32');
  if (!wasm) return unavailable(name, WASM_NEEDS, 'none');
  return unavailable(name, 'numbers that fit in 4 GiB', 'more');
}

/** Threads are the library's own, and as many as it likes where nobody says how many. */
function native({ threads, blas }: Computing): Engine {
  return nativeEngine(findBlas(blas), threads === 'auto' ? undefined : threads);
}

function threadsFor(plan: Plan, wanted: number | 'auto'): number {
  const programs = [...plan.programs.values()].map((program) =>
    program.reduce((sum, one) => sum + multiplicationsOf(one, plan.maxBatch), 0),
  );
  return threadsOf(Math.max(0, ...programs), wanted);
}

/**
 * What a user should know of the engine that is asked for: usually nothing.
 *
 * @throws {UserError} exit 2 where it cannot be had on this machine, whatever the plan
 */
export function engineNotes(wanted: Computing): string[] {
  const { engine, blas } = wanted;
  if (engine === 'native') {
    const { name } = wasmEngine() ? findBlas(blas) : unavailable(engine, WASM_NEEDS, 'none');
    return [
      `note: ${name} computes the large matrix products (--engine native): last digits differ from those of other engines`,
    ];
  }
  if (engine === 'reference' || wasmEngine()) return [];
  if (engine === 'wasm') unavailable(engine, WASM_NEEDS, 'none');
  return [
    `note: expected ${WASM_NEEDS}; found none, so --engine reference computes: slower, the same numbers`,
  ];
}

/** Maker and version of the library that computes, where one is asked for and was found before. */
export function libraryOf({ engine, blas }: Computing): string | undefined {
  return engine === 'native' ? findBlas(blas).name : undefined;
}

function unavailable(engine: string, expected: string, found: string): never {
  throw new UserError(
    ExitCode.usage,
    `--engine ${engine}: expected ${expected}; found ${found}`,
    'use --engine reference, which is slower',
  );
}
