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

/** As many threads as a plan's numbers leave room for in one memory, at most so many; 0 where there is none for one. */
export function threadsThatFit(plan: Plan, most: number): number {
  let threads = most;
  while (threads > 0 && bytesOf(plan, threads) > MAX_BYTES) threads--;
  return threads;
}
