/** The ops that chains are made of, as WebAssembly instructions on four lanes. */
import type { Instruction } from '../../graph/plan.ts';
import { f32x4Const, local, setLocal, simd, V } from './bytecode.ts';

/** Bytes that leave the result on the stack. Operands are locals; `spare` is a local to use. */
type Emit = (operands: readonly number[], spare: number) => number[];

const ZERO = f32x4Const(0);
const ONE = f32x4Const(1);
const SIGN_BIT = f32x4Const(-0);

/** An instruction on both operands. */
function two(code: number): Emit {
  return ([x, y]) => [...local(x), ...local(y), ...simd(code)];
}

function one(code: number): Emit {
  return ([x]) => [...local(x), ...simd(code)];
}

/** A comparison gives 1 or 0. */
function compared(code: number): Emit {
  return ([x, y]) => [...local(x), ...local(y), ...simd(code), ...ONE, ...simd(V.and)];
}

const emitters: Readonly<Partial<Record<Instruction['op'], Emit>>> = {
  copy: ([x]) => local(x),
  broadcast: ([x]) => local(x),
  neg: one(V.neg),
  abs: one(V.abs),
  floor: one(V.floor),
  sqrt: one(V.sqrt),
  square: ([x]) => [...local(x), ...local(x), ...simd(V.mul)],
  reciprocal: ([x]) => [...ONE, ...local(x), ...simd(V.div)],
  rsqrt: ([x]) => [...ONE, ...local(x), ...simd(V.sqrt), ...simd(V.div)],
  // NaN stays NaN, and the addition makes 0 of −0.
  relu: ([x]) => [...local(x), ...ZERO, ...simd(V.pmax), ...ZERO, ...simd(V.add)],
  // ±1 where x is less or more than 0, else x.
  sign: ([x], spare) => [
    ...[...local(x), ...SIGN_BIT, ...simd(V.and), ...ONE, ...simd(V.or)],
    ...local(x),
    ...[...local(x), ...ZERO, ...simd(V.lt), ...setLocal(spare)],
    ...[...local(x), ...ZERO, ...simd(V.gt), ...local(spare), ...simd(V.or)],
    ...simd(V.bitselect),
  ],
  add: two(V.add),
  sub: two(V.sub),
  mul: two(V.mul),
  div: two(V.div),
  min: two(V.min),
  max: two(V.max),
  lt: compared(V.lt),
  le: compared(V.le),
  gt: compared(V.gt),
  ge: compared(V.ge),
  eq: compared(V.eq),
  ne: compared(V.ne),
  where: ([condition, a, b]) => [
    ...local(a),
    ...local(b),
    ...[...local(condition), ...ZERO, ...simd(V.ne)],
    ...simd(V.bitselect),
  ],
};

export function isChainOp(op: Instruction['op']): boolean {
  return Object.hasOwn(emitters, op);
}

export function emitterOf(op: Instruction['op']): Emit {
  const emit = emitters[op];
  if (!emit) throw new Error(`internal: ${op} is no op of chains`);
  return emit;
}
