/** Graphs by chance, for tests of what engines may do with any graph. */
import type { Graph, Tensor } from '../../../src/graph/graph.ts';
import * as ops from '../../../src/graph/ops.ts';
import type { OpName } from '../../../src/graph/vocabulary.ts';
import type { Random } from '../../../src/random.ts';

/** A graph by chance: what it computes makes no sense, and must be the same everywhere. */
export function anyGraph(random: Random, maxCols = 9): (graph: Graph) => Record<string, Tensor> {
  const below = (n: number) => Math.floor(random() * n);
  const choices = Array.from({ length: 10 + below(40) }, () => [
    random(),
    random(),
    random(),
    random(),
  ]);
  const cols = 1 + below(maxCols);
  return (graph) => {
    const variables = [0, 1, 2].map((i) => ops.variable(graph, `v${i}`, 1, cols));
    const x = ops.input(graph, 'x', 1, cols);
    const tensors: Tensor[] = [x, ...variables, ops.scalar(graph, 'n')];
    for (const [kind, first, second, third] of choices) {
      // Rather what was made last, so that much is short-lived and places are used again.
      const pick = (r: number) => tensors[Math.floor(r ** 0.4 * tensors.length)];
      tensors.push(anyOp(kind, pick(first), pick(second), pick(third)));
    }
    const outputs: Record<string, Tensor> = { last: tensors[tensors.length - 1] };
    variables.forEach((variable, i) => {
      const value = tensors.findLast(
        ({ shape }) => shape.rows === 1 && !shape.batched && shape.cols === cols,
      );
      if (value) outputs[`v${i}`] = ops.assign(variable, i === 0 ? value : ops.add(variable, i));
    });
    return outputs;
  };
}

const unary: readonly OpName[] = [
  'neg',
  'abs',
  'sign',
  'floor',
  'relu',
  'square',
  'sqrt',
  'exp',
  'tanh',
];
const binary: readonly OpName[] = [
  'add',
  'sub',
  'mul',
  'div',
  'min',
  'max',
  'lt',
  'ge',
  'eq',
  'ne',
];

function anyOp(kind: number, a: Tensor, b: Tensor, c: Tensor): Tensor {
  const choice = Math.floor(kind * 1000);
  if (kind < 0.3) return a.graph.tensor(unary[choice % unary.length], [a], a.shape);
  if (kind < 0.75) {
    const shape = ops.add(ops.mul(a, 1.5), ops.mul(b, 2.5)).shape;
    return a.graph.tensor(binary[choice % binary.length], [a, b], shape);
  }
  if (kind < 0.83) return ops.where(a, b, c);
  if (kind < 0.88) return ops.sumRows(a);
  if (kind < 0.92) return ops.sumCols(a);
  if (kind < 0.96) return ops.softmax(a);
  const square = ops.matmulTransposeA(a, a);
  return ops.matmul(a, square);
}
