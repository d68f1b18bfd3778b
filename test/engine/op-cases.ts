/**
 * What every op computes, as plain formulas and small examples: what the tests of the reference
 * engine walk. An op that is added to the vocabulary is added here.
 */
import { float64Functions } from '../../src/engine/elementary.ts';
import * as columnOps from '../../src/graph/column-ops.ts';
import type { Tensor } from '../../src/graph/graph.ts';
import * as ops from '../../src/graph/ops.ts';
import {
  type BinaryOp,
  type OpName,
  type UnaryOp,
  vocabulary,
} from '../../src/graph/vocabulary.ts';

const f = float64Functions;

/** What each op of one input computes; float32 values in, the exact result out. */
export const unaryFormulas: Readonly<Record<UnaryOp, (x: number) => number>> = {
  neg: (x) => -x,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  relu: (x) => (x < 0 ? 0 : x),
  square: (x) => x * x,
  reciprocal: (x) => 1 / x,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => (x > 30 ? x : Math.log1p(Math.exp(x))),
  erf: f.erf,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  atan: Math.atan,
};

/** What each op of two inputs computes. */
export const binaryFormulas: Readonly<Record<BinaryOp, (x: number, y: number) => number>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  // JavaScript alone says NaN to 1^NaN and 1^infinity.
  pow: f.pow,
  min: Math.min,
  max: Math.max,
  lt: (x, y) => (x < y ? 1 : 0),
  le: (x, y) => (x <= y ? 1 : 0),
  gt: (x, y) => (x > y ? 1 : 0),
  ge: (x, y) => (x >= y ? 1 : 0),
  eq: (x, y) => (x === y ? 1 : 0),
  ne: (x, y) => (x !== y ? 1 : 0),
};

/** An op on `x`, three samples of two rows: `[[1, 2], [3, 4]], …`, or on a table of as many. */
export interface OpCase {
  readonly build: (x: Tensor) => Tensor;
  readonly wanted: readonly number[];
}

export const SAMPLES = 3;
/** `[SAMPLES · 2, 2]` */
export const x = [1, 5, 3, 2, 4, 4, 0, -1, 6, 7, 8, 9];
const square = (x: Tensor) => columnOps.table(x.graph, 2, 2, [1, 2, 3, 4]);
const index = (x: Tensor) => ops.gt(ops.sumCols(x), 6);

/** All ops that are not element by element. */
export const cases: Partial<Record<OpName, OpCase>> = {
  broadcast: {
    build: (x) => ops.broadcast(ops.sumCols(x), x.shape),
    wanted: [6, 6, 5, 5, 8, 8, -1, -1, 13, 13, 17, 17],
  },
  sumRows: { build: ops.sumRows, wanted: [22, 26] },
  sumCols: { build: ops.sumCols, wanted: [6, 5, 8, -1, 13, 17] },
  maxCols: { build: ops.maxCols, wanted: [5, 3, 4, 0, 7, 9] },
  argmaxCols: { build: ops.argmaxCols, wanted: [1, 0, 0, 0, 1, 1] },
  cumsumCols: { build: columnOps.cumsumCols, wanted: [1, 6, 3, 5, 4, 8, 0, -1, 6, 13, 8, 17] },
  sortCols: { build: columnOps.sortCols, wanted: [5, 1, 3, 2, 4, 4, 0, -1, 7, 6, 9, 8] },
  rankCols: { build: columnOps.rankCols, wanted: [1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 0] },
  takeCols: {
    build: (x) => columnOps.takeCols(x, columnOps.rankCols(x)),
    wanted: [5, 1, 3, 2, 4, 4, 0, -1, 7, 6, 9, 8],
  },
  columns: { build: (x) => columnOps.columns(x, 1, 1), wanted: [5, 2, 4, -1, 7, 9] },
  placeColumns: {
    build: (x) => columnOps.placeColumns(columnOps.columns(x, 1, 1), 1, 2),
    wanted: [0, 5, 0, 2, 0, 4, 0, -1, 0, 7, 0, 9],
  },
  permute: {
    build: (x) => columnOps.permute(x, [2, 2], [1, 0]),
    wanted: [1, 3, 5, 2, 4, 0, 4, -1, 6, 8, 7, 9],
  },
  pick: { build: (x) => ops.pick(x, index(x)), wanted: [1, 3, 4, 0, 7, 9] },
  oneHot: {
    build: (x) => ops.oneHot(index(x), 2),
    wanted: [1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 1],
  },
  matmul: {
    build: (x) => ops.matmul(x, square(x)),
    wanted: [16, 22, 9, 14, 16, 24, -3, -4, 27, 40, 35, 52],
  },
  matmulTransposeA: { build: (x) => ops.matmulTransposeA(x, x), wanted: [126, 141, 141, 176] },
  matmulTransposeB: {
    build: (x) => ops.matmulTransposeB(x, square(x)),
    wanted: [11, 23, 7, 17, 12, 28, -2, -4, 20, 46, 26, 60],
  },
  batchSize: { build: (x) => ops.batchSize(x.graph), wanted: [3] },
};

/** The op of a key of one of these tables. */
export function nameOf(op: string): OpName {
  const name = Object.keys(vocabulary).find((key): key is OpName => key === op);
  if (!name) throw new Error(`no op ${op}`);
  return name;
}
