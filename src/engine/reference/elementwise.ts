/**
 * Element-wise ops. Each is one function of numbers and one loop; the store into the arena rounds,
 * which for + − × ÷ and sqrt makes the float32 result the correctly rounded one.
 */
import type { Instruction, Place } from '../../graph/plan.ts';
import type { BinaryOp, UnaryOp } from '../../graph/vocabulary.ts';
import type { ElementaryFunctions } from '../elementary.ts';
import type { Bind, FloatArray } from './memory.ts';

type UnaryFunction = (x: number) => number;
type BinaryFunction = (x: number, y: number) => number;

/** The defining code of each op of one input. */
export function unaryFunctions(f: ElementaryFunctions): Record<UnaryOp, UnaryFunction> {
  return {
    neg: (x) => -x,
    abs: (x) => Math.abs(x),
    sign: (x) => Math.sign(x),
    floor: (x) => Math.floor(x),
    // NaN stays NaN, −0 becomes 0.
    relu: (x) => Math.max(x, 0),
    square: (x) => x * x,
    reciprocal: (x) => 1 / x,
    sqrt: f.sqrt,
    rsqrt: f.rsqrt,
    exp: f.exp,
    expm1: f.expm1,
    log: f.log,
    log1p: f.log1p,
    tanh: f.tanh,
    sigmoid: f.sigmoid,
    softplus: f.softplus,
    erf: f.erf,
    sin: f.sin,
    cos: f.cos,
    tan: f.tan,
    sinh: f.sinh,
    cosh: f.cosh,
    atan: f.atan,
  };
}

/** The defining code of each op of two inputs. */
export function binaryFunctions(f: ElementaryFunctions): Record<BinaryOp, BinaryFunction> {
  return {
    add: (x, y) => x + y,
    sub: (x, y) => x - y,
    mul: (x, y) => x * y,
    div: (x, y) => x / y,
    pow: f.pow,
    min: (x, y) => Math.min(x, y),
    max: (x, y) => Math.max(x, y),
    lt: (x, y) => (x < y ? 1 : 0),
    le: (x, y) => (x <= y ? 1 : 0),
    gt: (x, y) => (x > y ? 1 : 0),
    ge: (x, y) => (x >= y ? 1 : 0),
    eq: (x, y) => (x === y ? 1 : 0),
    ne: (x, y) => (x !== y ? 1 : 0),
  };
}

/** Numbers of a place for one sample of the batch, or for all where it is not batched. */
function countOf({ rows, cols }: Place): number {
  return rows * cols;
}

/** How far to move in an input for the next row and the next column of the output; 0 repeats. */
function strides(input: Place, out: Place): { row: number; col: number } {
  return {
    row: input.rows === 1 && !input.batched ? 0 : input.cols,
    col: input.cols === 1 && out.cols > 1 ? 0 : 1,
  };
}

/** The step of a unary op. */
export function bindUnary(compute: UnaryFunction): Bind {
  return ({ out, inputs: [x] }, { memory }) => {
    const count = countOf(out);
    return (batch) => {
      const n = out.batched ? count * batch : count;
      unaryLoop(memory, compute, out.offset, x.offset, n);
    };
  };
}

function unaryLoop(m: FloatArray, compute: UnaryFunction, out: number, x: number, n: number): void {
  for (let i = 0; i < n; i++) m[out + i] = compute(m[x + i]);
}

/** The step of a binary op: one flat loop where both inputs have the output's shape. */
export function bindBinary(compute: BinaryFunction): Bind {
  return ({ out, inputs: [x, y] }, { memory }) => {
    const count = countOf(out);
    const xs = strides(x, out);
    const ys = strides(y, out);
    if (isWhole(x, out) && isWhole(y, out)) {
      return (batch) => {
        const n = out.batched ? count * batch : count;
        for (let i = 0; i < n; i++) {
          memory[out.offset + i] = compute(memory[x.offset + i], memory[y.offset + i]);
        }
      };
    }
    return (batch) => {
      const rows = out.batched ? out.rows * batch : out.rows;
      let o = out.offset;
      for (let row = 0; row < rows; row++) {
        let a = x.offset + row * xs.row;
        let b = y.offset + row * ys.row;
        for (let col = 0; col < out.cols; col++) {
          memory[o++] = compute(memory[a], memory[b]);
          a += xs.col;
          b += ys.col;
        }
      }
    };
  };
}

function isWhole(input: Place, out: Place): boolean {
  return input.rows === out.rows && input.cols === out.cols && input.batched === out.batched;
}

/** `where(condition, a, b)`. */
export const bindWhere: Bind = ({ out, inputs: [condition, x, y] }: Instruction, { memory }) => {
  const cs = strides(condition, out);
  const xs = strides(x, out);
  const ys = strides(y, out);
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    let o = out.offset;
    for (let row = 0; row < rows; row++) {
      const c = condition.offset + row * cs.row;
      const a = x.offset + row * xs.row;
      const b = y.offset + row * ys.row;
      for (let col = 0; col < out.cols; col++) {
        const isTrue = memory[c + col * cs.col] !== 0;
        memory[o++] = isTrue ? memory[a + col * xs.col] : memory[b + col * ys.col];
      }
    }
  };
};

/** Copies an input over the whole output, stretching it where it is smaller. */
export const bindBroadcast: Bind = ({ out, inputs: [x] }, { memory }) => {
  const xs = strides(x, out);
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    let o = out.offset;
    for (let row = 0; row < rows; row++) {
      const a = x.offset + row * xs.row;
      for (let col = 0; col < out.cols; col++) memory[o++] = memory[a + col * xs.col];
    }
  };
};

/** Copies numbers to another place of the same length. */
export const bindCopy: Bind = ({ out, inputs: [x] }, { memory }) => {
  const count = countOf(out);
  return (batch) => {
    const n = out.batched ? count * batch : count;
    memory.copyWithin(out.offset, x.offset, x.offset + n);
  };
};
