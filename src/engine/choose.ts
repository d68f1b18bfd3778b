/** The one place that knows which engines there are. */
import { ExitCode, UserError } from '../errors.ts';
import type { Plan } from '../graph/plan.ts';
import type { Engine, Session } from './engine.ts';
import type { EngineName } from './names.ts';
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
export function prepare(plan: Plan, seed: number, wanted: EngineName = 'auto'): Prepared {
  const engine = engineFor(plan, wanted);
  return { engine: engine.name, session: engine.prepare(plan, seed) };
}

function engineFor(plan: Plan, wanted: EngineName): Engine {
  if (wanted === 'reference') return referenceEngine('float32');
  const wasm = wasmEngine();
  if (wasm && fitsWasm(plan)) return wasm;
  if (wanted === 'auto') return referenceEngine('float32');
  throw new UserError(
    ExitCode.usage,
    `--engine wasm: expected ${wasm ? 'numbers that fit in 4 GiB' : WASM_NEEDS}; found ${wasm ? 'more' : 'none'}`,
    'use --engine reference, which is slower and gives the same numbers',
  );
}

/** What a user should know of the engine that `auto` comes to: usually nothing. */
export function engineNotes(wanted: EngineName): string[] {
  if (wanted !== 'auto' || wasmEngine()) return [];
  return [
    `note: expected ${WASM_NEEDS}; found none, so --engine reference computes: slower, the same numbers`,
  ];
}
