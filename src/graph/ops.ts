/**
 * The functions that make tensors: what layers, losses and optimizers are written in. They check
 * shapes and fold constants; they compute nothing.
 */
import type { ChanceStream } from '../random.ts';
import { formatMatrixShape, type Graph, type Shape, sameShape, type Tensor } from './graph.ts';
import type { BinaryOp, UnaryOp } from './vocabulary.ts';

const ONE_NUMBER: Shape = { rows: 1, cols: 1, batched: false };
/** A tensor, or a number that stands for a constant. */
export type Operand = Tensor | number;

function graphOf(operands: readonly Operand[]): Graph {
  for (const operand of operands) if (typeof operand !== 'number') return operand.graph;
  throw new Error('internal: an op needs at least one tensor');
}

// --- leaves ---------------------------------------------------------------

/** Rows that the host writes before each run: `[rows·batch, cols]`. Names are unique in a graph. */
export function input(graph: Graph, name: string, rows: number, cols: number): Tensor {
  return graph.tensor('input', [], { rows, cols, batched: true }, { name });
}

/** One number that the host writes before a run. */
export function scalar(graph: Graph, name: string): Tensor {
  return graph.tensor('scalar', [], ONE_NUMBER, { name });
}

/** Storage that lives across runs, `[rows, cols]`, filled with `value` at first. */
export function variable(
  graph: Graph,
  name: string,
  rows: number,
  cols: number,
  value = 0,
): Tensor {
  return graph.tensor('variable', [], { rows, cols, batched: false }, { name, value });
}

export function constant(graph: Graph, value: number): Tensor {
  return graph.tensor('constant', [], ONE_NUMBER, { value });
}

/** The number of samples in the batch, `[1, 1]`. */
export function batchSize(graph: Graph): Tensor {
  return graph.tensor('batchSize', [], ONE_NUMBER);
}

/** Uniform numbers in [0, 1) of a given shape. */
export function uniform(graph: Graph, stream: ChanceStream, shape: Shape): Tensor {
  return graph.tensor('uniform', [], shape, { stream });
}

// --- element by element -----------------------------------------------------

function unary(op: UnaryOp, x: Tensor): Tensor {
  return x.graph.tensor(op, [x], x.shape);
}

export const abs = (x: Tensor) => unary('abs', x);
export const sign = (x: Tensor) => unary('sign', x);
export const floor = (x: Tensor) => unary('floor', x);
export const relu = (x: Tensor) => unary('relu', x);
export const square = (x: Tensor) => unary('square', x);
export const reciprocal = (x: Tensor) => unary('reciprocal', x);
export const sqrt = (x: Tensor) => unary('sqrt', x);
export const rsqrt = (x: Tensor) => unary('rsqrt', x);
export const exp = (x: Tensor) => unary('exp', x);
export const expm1 = (x: Tensor) => unary('expm1', x);
export const log = (x: Tensor) => unary('log', x);
export const log1p = (x: Tensor) => unary('log1p', x);
export const tanh = (x: Tensor) => unary('tanh', x);
export const sigmoid = (x: Tensor) => unary('sigmoid', x);
export const softplus = (x: Tensor) => unary('softplus', x);
export const erf = (x: Tensor) => unary('erf', x);
export const sin = (x: Tensor) => unary('sin', x);
export const cos = (x: Tensor) => unary('cos', x);
export const tan = (x: Tensor) => unary('tan', x);
export const sinh = (x: Tensor) => unary('sinh', x);
export const cosh = (x: Tensor) => unary('cosh', x);
export const atan = (x: Tensor) => unary('atan', x);
export function neg(x: Tensor): Tensor {
  return x.op === 'neg' ? x.inputs[0] : unary('neg', x);
}

/** The shape both operands stretch to: a side of length 1 (and not batched) stretches. */
function broadcastShape(op: string, a: Shape, b: Shape): Shape {
  const rowsFrom = a.rows === 1 && !a.batched ? b : a;
  const other = rowsFrom === a ? b : a;
  const rowsFit = (other.rows === 1 && !other.batched) || sameRows(a, b);
  const colsFit = a.cols === b.cols || a.cols === 1 || b.cols === 1;
  if (!rowsFit || !colsFit) {
    throw new Error(`internal: ${op} of ${formatMatrixShape(a)} and ${formatMatrixShape(b)}`);
  }
  return { rows: rowsFrom.rows, batched: rowsFrom.batched, cols: Math.max(a.cols, b.cols) };
}

function sameRows(a: Shape, b: Shape): boolean {
  return a.rows === b.rows && a.batched === b.batched;
}

function elementwise(op: BinaryOp | 'where', operands: readonly Operand[]): Tensor {
  const graph = graphOf(operands);
  const tensors = operands.map((x) => (typeof x === 'number' ? constant(graph, x) : x));
  const shape = tensors.map((x) => x.shape).reduce((a, b) => broadcastShape(op, a, b));
  return graph.tensor(op, withoutBroadcasts(op, tensors, shape), shape);
}

/** Takes the stretched copies out again wherever the op itself would stretch to the same shape. */
function withoutBroadcasts(op: string, tensors: readonly Tensor[], shape: Shape): Tensor[] {
  const result = [...tensors];
  for (let i = 0; i < result.length; i++) {
    if (result[i].op !== 'broadcast') continue;
    const bare = result.map((x, j) => (j === i ? x.inputs[0] : x));
    const stretched = bare.map((x) => x.shape).reduce((a, b) => broadcastShape(op, a, b));
    if (sameShape(stretched, shape)) result[i] = bare[i];
  }
  return result;
}

/** The value of an operand that is one number known now. */
function known(x: Operand): number | undefined {
  if (typeof x === 'number') return x;
  return x.op === 'constant' ? x.attributes.value : undefined;
}

/** Whether `a` is this number everywhere and leaves the shape of `b` as it is. */
function isEverywhere(value: number, a: Operand, b: Operand): b is Tensor {
  if (typeof b === 'number') return false;
  if (typeof a === 'number' || a.op !== 'broadcast') return known(a) === value;
  return known(a.inputs[0]) === value && sameShape(a.shape, b.shape);
}

export function add(a: Operand, b: Operand): Tensor {
  if (isEverywhere(0, a, b)) return b;
  if (isEverywhere(0, b, a)) return a;
  return fold('add', a, b, (x, y) => x + y);
}
export function sub(a: Operand, b: Operand): Tensor {
  if (isEverywhere(0, b, a)) return a;
  if (isEverywhere(0, a, b)) return neg(b);
  return fold('sub', a, b, (x, y) => x - y);
}
export function mul(a: Operand, b: Operand): Tensor {
  if (isEverywhere(1, a, b)) return b;
  if (isEverywhere(1, b, a)) return a;
  if (isEverywhere(-1, a, b)) return neg(b);
  if (isEverywhere(-1, b, a)) return neg(a);
  return fold('mul', a, b, (x, y) => x * y);
}
export function div(a: Operand, b: Operand): Tensor {
  if (isEverywhere(1, b, a)) return a;
  return fold('div', a, b, (x, y) => x / y);
}
/** x^y. Constant exponents 1, 2, 0.5 and −1 become the exact ops. */
export function pow(x: Tensor, y: Operand): Tensor {
  switch (known(y)) {
    case 1:
      return x;
    case 2:
      return square(x);
    case 0.5:
      return sqrt(x);
    case -1:
      return reciprocal(x);
    default:
      return elementwise('pow', [x, y]);
  }
}
/** The smaller; the gradient of equals goes to `a`, as TensorFlow's does. NaN wins. */
export const min = (a: Operand, b: Operand) => elementwise('min', [a, b]);
/** The larger; the gradient of equals goes to `a`, as TensorFlow's does. NaN wins. */
export const max = (a: Operand, b: Operand) => elementwise('max', [a, b]);
/** Comparisons give 1 or 0, and no gradient. */
export const lt = (a: Operand, b: Operand) => elementwise('lt', [a, b]);
export const le = (a: Operand, b: Operand) => elementwise('le', [a, b]);
export const gt = (a: Operand, b: Operand) => elementwise('gt', [a, b]);
export const ge = (a: Operand, b: Operand) => elementwise('ge', [a, b]);
export const eq = (a: Operand, b: Operand) => elementwise('eq', [a, b]);
export const ne = (a: Operand, b: Operand) => elementwise('ne', [a, b]);
/** `a` where the condition is not 0, else `b`. */
export const where = (condition: Tensor, a: Operand, b: Operand) =>
  elementwise('where', [condition, a, b]);
/** x held between two bounds; the gradient passes at the bounds, as TensorFlow's does. */
export const clip = (x: Operand, low: Operand, high: Operand) => min(max(x, low), high);

function fold(
  op: 'add' | 'sub' | 'mul' | 'div',
  a: Operand,
  b: Operand,
  compute: (x: number, y: number) => number,
): Tensor {
  const x = known(a);
  const y = known(b);
  if (x === undefined || y === undefined) return elementwise(op, [a, b]);
  return constant(graphOf([a, b]), compute(x, y));
}

// --- moving numbers ---------------------------------------------------------

/** The same numbers in row-major order as `[rows·batch, cols]` (or `[rows, cols]`). */
export function reshape(x: Tensor, rows: number, cols: number): Tensor {
  if (x.shape.rows * x.shape.cols !== rows * cols) {
    throw new Error(`internal: reshape of ${formatMatrixShape(x.shape)} to [${rows}, ${cols}]`);
  }
  if (x.shape.rows === rows) return x;
  return x.graph.tensor('reshape', [x], { rows, cols, batched: x.shape.batched });
}

/** `rows · cols` numbers of a `[1, n]` block from `offset` on, as a matrix that shares its storage. */
export function part(block: Tensor, offset: number, rows: number, cols: number): Tensor {
  return block.graph.tensor('part', [block], { rows, cols, batched: false }, { offset });
}

/** All numbers of the given unbatched tensors one after another, `[1, n]`. */
export function pack(graph: Graph, tensors: readonly Tensor[]): Tensor {
  const cols = tensors.reduce((n, { shape }) => n + shape.rows * shape.cols, 0);
  return graph.tensor('pack', tensors, { rows: 1, cols, batched: false });
}

/** A copy of `x` stretched over a whole shape. */
export function broadcast(x: Tensor, shape: Shape): Tensor {
  return sameShape(x.shape, shape) ? x : x.graph.tensor('broadcast', [x], shape);
}

/** Writes `value` over a variable once everything made before has read it. */
export function assign(target: Tensor, value: Tensor): Tensor {
  return target.graph.tensor('assign', [target, value], target.shape);
}

// --- sums, rows, products ---------------------------------------------------

/** Sum over rows, `[1, c]`. */
export function sumRows(x: Tensor): Tensor {
  if (x.shape.rows === 1 && !x.shape.batched) return x;
  return x.graph.tensor('sumRows', [x], { rows: 1, cols: x.shape.cols, batched: false });
}

function perRow(op: 'sumCols' | 'maxCols' | 'argmaxCols', x: Tensor): Tensor {
  return x.graph.tensor(op, [x], { ...x.shape, cols: 1 });
}
/** Sum over columns, `[r, 1]`. */
export const sumCols = (x: Tensor) => (x.shape.cols === 1 ? x : perRow('sumCols', x));
export const maxCols = (x: Tensor) => (x.shape.cols === 1 ? x : perRow('maxCols', x));
/** Column of the largest value, the first of equals, `[r, 1]`. */
export const argmaxCols = (x: Tensor) => perRow('argmaxCols', x);
/** Mean over columns, `[r, 1]`. */
export const meanCols = (x: Tensor) => div(sumCols(x), x.shape.cols);
/** Sum of all numbers, `[1, 1]`: within rows first, then over rows. */
export const sumAll = (x: Tensor) => sumRows(sumCols(x));

export const softmax = (x: Tensor) => x.graph.tensor('softmax', [x], x.shape);
export const logSoftmax = (x: Tensor) => x.graph.tensor('logSoftmax', [x], x.shape);
/** `x[r, index[r]]`, `[r, 1]`; an index outside the columns gives NaN. */
export function pick(x: Tensor, index: Tensor): Tensor {
  return x.graph.tensor('pick', [x, index], { ...x.shape, cols: 1 });
}
/** `[r, 1]` of column numbers → `[r, cols]` of 0 and 1. */
export function oneHot(index: Tensor, cols: number): Tensor {
  return index.graph.tensor('oneHot', [index], { ...index.shape, cols });
}

/** a · b. */
export function matmul(a: Tensor, b: Tensor): Tensor {
  checkInner(a, a.shape.cols, b, b.shape.rows);
  return a.graph.tensor('matmul', [a, b], { ...a.shape, cols: b.shape.cols });
}
/** aᵀ · b: over the rows of a batch this is a sum over samples, unbatched. */
export function matmulTransposeA(a: Tensor, b: Tensor): Tensor {
  checkInner(a, a.shape.rows, b, b.shape.rows);
  const shape = { rows: a.shape.cols, cols: b.shape.cols, batched: false };
  return a.graph.tensor('matmulTransposeA', [a, b], shape);
}
/** a · bᵀ, b unbatched. */
export function matmulTransposeB(a: Tensor, b: Tensor): Tensor {
  checkInner(a, a.shape.cols, b, b.shape.cols);
  return a.graph.tensor('matmulTransposeB', [a, b], { ...a.shape, cols: b.shape.rows });
}

function checkInner(a: Tensor, lengthA: number, b: Tensor, lengthB: number): void {
  if (lengthA === lengthB) return;
  const shapes = `${formatMatrixShape(a.shape)} and ${formatMatrixShape(b.shape)}`;
  throw new Error(`internal: matrix product of ${shapes}`);
}
