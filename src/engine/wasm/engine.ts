/** The WebAssembly engine: SIMD in strict order, the same bits as the reference engine. */
import type { Plan } from '../../graph/plan.ts';
import type { Engine } from '../engine.ts';
import { compiledKernels } from './module.ts';
import { bytesOf, WasmSession } from './session.ts';

/** What a user needs for it. */
export const WASM_NEEDS = 'a Node that has WebAssembly with SIMD and shared memory';

/** What a 32-bit address reaches. */
const MAX_BYTES = 2 ** 32 - 2 ** 16;

/** The engine; null where this Node has no WebAssembly with SIMD. */
export function wasmEngine(): Engine | null {
  if (!compiledKernels()) return null;
  return {
    name: 'wasm',
    prepare: (plan, seed, threads = 1) => new WasmSession(plan, seed, threads),
  };
}

/** Whether a plan's numbers fit in one WebAssembly memory. */
export function fitsWasm(plan: Plan, threads: number): boolean {
  return bytesOf(plan, threads) <= MAX_BYTES;
}
