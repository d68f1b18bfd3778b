/**
 * The native engine: the WebAssembly engine, whose large matrix products the machine's BLAS computes on the
 * same memory. A BLAS sums in an order of its own, so the last digits differ from those of the other engines.
 */
import type { Instruction, Plan } from '../../graph/plan.ts';
import type { Engine } from '../engine.ts';
import { rowsOf } from '../wasm/call.ts';
import type { Outside } from '../wasm/outside.ts';
import { WasmSession } from '../wasm/session.ts';
import type { Blas, Product } from './blas.ts';
import { WORTH_CALL } from './worth.ts';

const lies: Readonly<Partial<Record<Instruction['op'], Product['lie']>>> = {
  matmul: 'plain',
  matmulTransposeA: 'transposeA',
  matmulTransposeB: 'transposeB',
};

/** @param threads  as many as the library likes where nothing is said */
export function nativeEngine(blas: Blas, threads?: number): Engine {
  return {
    name: 'native',
    blas: blas.name,
    prepare(plan, seed) {
      if (threads !== undefined) blas.setThreads(threads);
      return new WasmSession(plan, seed, 1, productsOf(plan, blas));
    },
  };
}

/** The product of an instruction for so many samples; null for another. */
function productOf({ op, out, inputs: [a] }: Instruction, batch: number): Product | null {
  const lie = lies[op];
  if (!lie) return null;
  const length = lie === 'transposeA' ? rowsOf(a, batch) : a.cols;
  return { lie, rows: rowsOf(out, batch), cols: out.cols, length };
}

/** Takes the products that are large enough in the plan's largest batch. */
function productsOf(plan: Plan, blas: Blas): Outside {
  return {
    takes(instruction) {
      const product = productOf(instruction, plan.maxBatch);
      return product !== null && product.rows * product.cols * product.length >= WORTH_CALL;
    },
    bind(instruction, arena) {
      const { out, inputs } = instruction;
      const [to, a, b] = [out, ...inputs].map(({ offset }) => blas.addressOf(arena) + 4 * offset);
      return (batch) => {
        const product = productOf(instruction, batch);
        if (product) blas.multiply(product, to, a, b);
      };
    },
  };
}
