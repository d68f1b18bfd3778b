/**
 * Gradients, derived from the ops' rules while the graph is built. A rule says, in ops, what each
 * input's gradient is, given the gradient `g` of the op's output `y`; nothing here knows a layer.
 */
import { columns, cumsumCols, permute, placeColumns, rankCols, takeCols } from './column-ops.ts';
import type { Graph, Shape, Tensor } from './graph.ts';
import {
  add,
  broadcast,
  constant,
  cos,
  cosh,
  div,
  eq,
  exp,
  ge,
  gt,
  le,
  log,
  matmul,
  matmulTransposeA,
  matmulTransposeB,
  mul,
  neg,
  oneHot,
  part,
  pow,
  reshape,
  sigmoid,
  sign,
  sin,
  sinh,
  softmax,
  square,
  sub,
  sumCols,
  sumRows,
  where,
} from './ops.ts';
import type { OpName } from './vocabulary.ts';

/** Gradients of the inputs, in order; null where the op passes none. */
type Rule = (g: Tensor, inputs: readonly Tensor[], y: Tensor) => readonly (Tensor | null)[];

/** A rule for ops of one input. */
function ofOne(rule: (g: Tensor, x: Tensor, y: Tensor) => Tensor): Rule {
  return (g, [x], y) => [rule(g, x, y)];
}
const none: Rule = (_g, inputs) => inputs.map(() => null);

export const gradientRules: Record<OpName, Rule> = {
  input: none,
  scalar: none,
  variable: none,
  constant: none,
  table: none,
  batchSize: none,
  uniform: none,

  reshape: ofOne((g, x) => reshape(g, x.shape.rows, x.shape.cols)),
  // Parts are where gradients are asked for; what they are parts of is a block, see training.
  part: none,

  neg: ofOne((g) => neg(g)),
  // 0 at 0, as TensorFlow.
  abs: ofOne((g, x) => mul(g, sign(x))),
  sign: none,
  floor: none,
  // 0 at 0. By the output, which is above 0 where the input is, so that the input need not be kept.
  relu: ofOne((g, _x, y) => where(gt(y, 0), g, 0)),
  square: ofOne((g, x) => mul(g, mul(x, 2))),
  reciprocal: ofOne((g, _x, y) => neg(mul(g, square(y)))),
  sqrt: ofOne((g, _x, y) => div(mul(g, 0.5), y)),
  rsqrt: ofOne((g, _x, y) => mul(g, mul(mul(square(y), y), -0.5))),
  exp: ofOne((g, _x, y) => mul(g, y)),
  expm1: ofOne((g, x) => mul(g, exp(x))),
  log: ofOne((g, x) => div(g, x)),
  log1p: ofOne((g, x) => div(g, add(x, 1))),
  tanh: ofOne((g, _x, y) => mul(g, sub(1, square(y)))),
  sigmoid: ofOne((g, _x, y) => mul(g, mul(y, sub(1, y)))),
  softplus: ofOne((g, x) => mul(g, sigmoid(x))),
  erf: ofOne((g, x) => mul(g, mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI)))),
  sin: ofOne((g, x) => mul(g, cos(x))),
  cos: ofOne((g, x) => neg(mul(g, sin(x)))),
  tan: ofOne((g, _x, y) => mul(g, add(square(y), 1))),
  sinh: ofOne((g, x) => mul(g, cosh(x))),
  cosh: ofOne((g, x) => mul(g, sinh(x))),
  atan: ofOne((g, x) => div(g, add(square(x), 1))),

  add: (g) => [g, g],
  sub: (g) => [g, neg(g)],
  mul: (g, [a, b]) => [mul(g, b), mul(g, a)],
  div: (g, [_a, b], y) => [div(g, b), neg(mul(g, div(y, b)))],
  // x^(n−1) rather than y/x, which is lost at 0; log x only where there is one.
  pow: (g, [x, n], y) => [
    mul(g, mul(n, pow(x, sub(n, 1)))),
    mul(g, where(gt(x, 0), mul(y, log(x)), 0)),
  ],
  min: (g, [a, b]) => [where(le(a, b), g, 0), where(le(a, b), 0, g)],
  max: (g, [a, b]) => [where(ge(a, b), g, 0), where(ge(a, b), 0, g)],
  lt: none,
  le: none,
  gt: none,
  ge: none,
  eq: none,
  ne: none,
  where: (g, [condition]) => [null, where(condition, g, 0), where(condition, 0, g)],

  broadcast: (g, [x]) => [unbroadcast(g, x.shape)],
  pack: (g, inputs) => {
    let offset = 0;
    return inputs.map(({ shape: { rows, cols } }) => {
      const piece = part(g, offset, rows, cols);
      offset += rows * cols;
      return piece;
    });
  },
  assign: none,

  sumRows: ofOne((g, x) => broadcast(g, x.shape)),
  sumCols: ofOne((g, x) => broadcast(g, x.shape)),
  // Shared by equals, as TensorFlow's reduce_max.
  maxCols: ofOne((g, x, y) => {
    const isMax = eq(x, y);
    return mul(div(g, sumCols(isMax)), isMax);
  }),
  argmaxCols: none,

  cumsumCols: ofOne((g) => sub(add(sumCols(g), g), cumsumCols(g))),
  sortCols: ofOne((g, x) => takeCols(g, rankCols(x))),
  rankCols: none,
  takeCols: none,
  columns: ofOne((g, x, y) => placeColumns(g, y.attributes.offset ?? 0, x.shape.cols)),
  placeColumns: ofOne((g, x, y) => columns(g, y.attributes.offset ?? 0, x.shape.cols)),
  permute: ofOne((g, _x, y) => {
    const { shape, order } = y.attributes.axes ?? { shape: [], order: [] };
    const back = order.map((_, axis) => order.indexOf(axis));
    return permute(
      g,
      order.map((axis) => shape[axis]),
      back,
    );
  }),

  softmax: ofOne((g, _x, y) => mul(y, sub(g, sumCols(mul(g, y))))),
  logSoftmax: ofOne((g, x) => sub(g, mul(softmax(x), sumCols(g)))),
  pick: (g, [x, index]) => [mul(oneHot(index, x.shape.cols), g), null],
  oneHot: none,

  matmul: (g, [a, b]) => [matmulTransposeB(g, b), matmulTransposeA(a, g)],
  matmulTransposeA: (g, [a, b]) => [matmulTransposeB(b, g), matmul(a, g)],
  matmulTransposeB: (g, [a, b]) => [matmul(g, b), matmulTransposeA(g, a)],
};

/** Sums a gradient back to the shape that was stretched by broadcasting. */
function unbroadcast(g: Tensor, shape: Shape): Tensor {
  const cols = shape.cols === 1 ? sumCols(g) : g;
  return shape.rows === 1 && !shape.batched ? sumRows(cols) : cols;
}

/**
 * Gradients of `loss` (`[1, 1]`) with respect to each of `wrt`; zeros where it does not depend on one.
 * Adds the ops to the graph. Contributions of several uses are added in falling order of the users' ids.
 */
export function gradients(loss: Tensor, wrt: readonly Tensor[]): Tensor[] {
  const graph = loss.graph;
  const dependent = dependents(graph, wrt, loss.id);
  const gradientOf = new Map<Tensor, Tensor>([[loss, constant(graph, 1)]]);
  for (let id = loss.id; id >= 0; id--) {
    const y = graph.tensors[id];
    const g = gradientOf.get(y);
    if (!g || !dependent.has(y)) continue;
    const full = broadcast(g, y.shape);
    const contributions = gradientRules[y.op](full, y.inputs, y);
    y.inputs.forEach((x, i) => {
      const contribution = contributions[i];
      if (!contribution || !dependent.has(x)) return;
      const fitted = unbroadcast(contribution, x.shape);
      const sum = gradientOf.get(x);
      gradientOf.set(x, sum ? add(sum, fitted) : fitted);
    });
  }
  return wrt.map((x) => broadcast(gradientOf.get(x) ?? constant(graph, 0), x.shape));
}

/** Every tensor up to `lastId` whose value depends on one of `wrt` (those included). */
function dependents(graph: Graph, wrt: readonly Tensor[], lastId: number): Set<Tensor> {
  const result = new Set(wrt);
  for (let id = 0; id <= lastId; id++) {
    const tensor = graph.tensors[id];
    if (tensor.inputs.some((input) => result.has(input))) result.add(tensor);
  }
  return result;
}
