/** Checked formula → ops: the one place that says what formulas mean, for tensors and single numbers. */
import type { Expression, FormulaFunction, FormulaOperator } from './expression.ts';
import type { Graph, Tensor } from './graph.ts';
import * as ops from './ops.ts';

/** What each function and operator of a formula is in ops. */
const lowerings: Record<FormulaFunction | FormulaOperator, (...args: Tensor[]) => Tensor> = {
  abs: ops.abs,
  exp: ops.exp,
  expm1: ops.expm1,
  log: ops.log,
  log1p: ops.log1p,
  sqrt: ops.sqrt,
  rsqrt: ops.rsqrt,
  square: ops.square,
  pow: ops.pow,
  sin: ops.sin,
  cos: ops.cos,
  tan: ops.tan,
  tanh: ops.tanh,
  sinh: ops.sinh,
  cosh: ops.cosh,
  atan: ops.atan,
  erf: ops.erf,
  sigmoid: ops.sigmoid,
  softplus: ops.softplus,
  relu: ops.relu,
  sign: ops.sign,
  floor: ops.floor,
  min: ops.min,
  max: ops.max,
  clip: ops.clip,
  where: ops.where,
  add: ops.add,
  sub: ops.sub,
  mul: ops.mul,
  div: ops.div,
  neg: ops.neg,
  lt: ops.lt,
  le: ops.le,
  gt: ops.gt,
  ge: ops.ge,
  eq: ops.eq,
  ne: ops.ne,
  // Numbers count as true where they are not 0, so logic is comparison and product.
  not: (a) => ops.eq(a, 0),
  and: (a, b) => ops.mul(ops.ne(a, 0), ops.ne(b, 0)),
  or: (a, b) => ops.max(ops.ne(a, 0), ops.ne(b, 0)),
};

/**
 * The tensor that a formula computes, of the shape of `x`.
 *
 * @param parameters  the values of the formula's other names
 */
export function lowerFormula(
  expression: Expression,
  x: Tensor,
  parameters: Readonly<Record<string, number>>,
): Tensor {
  return ops.broadcast(lowerNamed(x.graph, expression, { ...parameters, x }), x.shape);
}

/**
 * The tensor that a formula computes; its shape is that in which the formula's names broadcast.
 *
 * @param names  what each name of the formula stands for
 */
export function lowerNamed(
  graph: Graph,
  expression: Expression,
  names: Readonly<Record<string, ops.Operand>>,
): Tensor {
  const lower = (node: Expression): Tensor => {
    switch (node.kind) {
      case 'number':
        return ops.constant(graph, node.value);
      case 'name': {
        const value = names[node.name];
        return typeof value === 'number' ? ops.constant(graph, value) : value;
      }
      case 'call':
        return lowerings[node.function](...node.arguments.map(lower));
    }
  };
  return lower(expression);
}
