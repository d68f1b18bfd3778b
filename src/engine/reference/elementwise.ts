/**
 * Element-wise ops. The store into the arena rounds, which for + − × ÷ and sqrt makes the float32
 * result the correctly rounded one.
 *
 * An op is a loop over a run of numbers. The ops of every training step have loops of their own:
 * V8 compiles a loop once for all functions it is given, so that a shared one pays a call for each number.
 */
import type { Place } from '../../graph/layout.ts';
import type { BinaryOp, UnaryOp } from '../../graph/vocabulary.ts';
import type { ElementaryFunctions } from '../elementary.ts';
import type { Bind, FloatArray } from './memory.ts';

/** `m[out + i] = op(m[x + i])` for i below n. */
type UnaryLoop = (m: FloatArray, out: number, n: number, x: number) => void;
/** `m[out + i] = op(m[x + i·dx], m[y + i·dy])` for i below n; a step of 0 repeats one number. */
type BinaryLoop = (
  m: FloatArray,
  out: number,
  n: number,
  x: number,
  dx: number,
  y: number,
  dy: number,
) => void;

function loopOfOne(compute: (x: number) => number): UnaryLoop {
  return (m, out, n, x) => {
    for (let i = 0; i < n; i++) m[out + i] = compute(m[x + i]);
  };
}

function loopOfTwo(compute: (x: number, y: number) => number): BinaryLoop {
  return (m, out, n, x, dx, y, dy) => {
    for (let i = 0; i < n; i++) m[out + i] = compute(m[x + i * dx], m[y + i * dy]);
  };
}

/** The defining code of each op of one input. */
export function unaryLoops(f: ElementaryFunctions): Record<UnaryOp, UnaryLoop> {
  return {
    neg: (m, out, n, x) => {
      for (let i = 0; i < n; i++) m[out + i] = -m[x + i];
    },
    square: (m, out, n, x) => {
      for (let i = 0; i < n; i++) m[out + i] = m[x + i] * m[x + i];
    },
    sqrt: (m, out, n, x) => {
      for (let i = 0; i < n; i++) m[out + i] = Math.sqrt(m[x + i]);
    },
    // NaN stays NaN, −0 becomes 0.
    relu: (m, out, n, x) => {
      for (let i = 0; i < n; i++) m[out + i] = Math.max(m[x + i], 0);
    },
    abs: loopOfOne(Math.abs),
    sign: loopOfOne(Math.sign),
    floor: loopOfOne(Math.floor),
    reciprocal: loopOfOne((x) => 1 / x),
    rsqrt: loopOfOne(f.rsqrt),
    exp: loopOfOne(f.exp),
    expm1: loopOfOne(f.expm1),
    log: loopOfOne(f.log),
    log1p: loopOfOne(f.log1p),
    tanh: loopOfOne(f.tanh),
    sigmoid: loopOfOne(f.sigmoid),
    softplus: loopOfOne(f.softplus),
    erf: loopOfOne(f.erf),
    sin: loopOfOne(f.sin),
    cos: loopOfOne(f.cos),
    tan: loopOfOne(f.tan),
    sinh: loopOfOne(f.sinh),
    cosh: loopOfOne(f.cosh),
    atan: loopOfOne(f.atan),
  };
}

/** The defining code of each op of two inputs. */
export function binaryLoops(f: ElementaryFunctions): Record<BinaryOp, BinaryLoop> {
  return {
    add: (m, out, n, x, dx, y, dy) => {
      for (let i = 0; i < n; i++) m[out + i] = m[x + i * dx] + m[y + i * dy];
    },
    sub: (m, out, n, x, dx, y, dy) => {
      for (let i = 0; i < n; i++) m[out + i] = m[x + i * dx] - m[y + i * dy];
    },
    mul: (m, out, n, x, dx, y, dy) => {
      for (let i = 0; i < n; i++) m[out + i] = m[x + i * dx] * m[y + i * dy];
    },
    div: (m, out, n, x, dx, y, dy) => {
      for (let i = 0; i < n; i++) m[out + i] = m[x + i * dx] / m[y + i * dy];
    },
    gt: (m, out, n, x, dx, y, dy) => {
      for (let i = 0; i < n; i++) m[out + i] = m[x + i * dx] > m[y + i * dy] ? 1 : 0;
    },
    pow: loopOfTwo(f.pow),
    min: loopOfTwo(Math.min),
    max: loopOfTwo(Math.max),
    lt: loopOfTwo((x, y) => (x < y ? 1 : 0)),
    le: loopOfTwo((x, y) => (x <= y ? 1 : 0)),
    ge: loopOfTwo((x, y) => (x >= y ? 1 : 0)),
    eq: loopOfTwo((x, y) => (x === y ? 1 : 0)),
    ne: loopOfTwo((x, y) => (x !== y ? 1 : 0)),
  };
}

/** How far to move in an input for the next row and the next column of the output; 0 repeats. */
function strides(input: Place, out: Place): { row: number; col: number } {
  return {
    row: input.rows === 1 && !input.batched ? 0 : input.cols,
    col: input.cols === 1 && out.cols > 1 ? 0 : 1,
  };
}

/** Whether an input runs along with the whole output, row after row: the same shape, or one number. */
function runsAlong(input: Place, out: Place): boolean {
  const isWhole =
    input.rows === out.rows && input.cols === out.cols && input.batched === out.batched;
  return isWhole || isOneNumber(input);
}

function isOneNumber(place: Place): boolean {
  return place.rows === 1 && place.cols === 1 && !place.batched;
}

/** The step of a unary op. */
export function bindUnary(loop: UnaryLoop): Bind {
  return ({ out, inputs: [x] }, { memory }) => {
    const count = out.rows * out.cols;
    return (batch) => loop(memory, out.offset, out.batched ? count * batch : count, x.offset);
  };
}

/** The step of a binary op: one run where both inputs allow it, else one run for each row. */
export function bindBinary(loop: BinaryLoop): Bind {
  return ({ out, inputs: [x, y] }, { memory }) => {
    const { offset, cols } = out;
    if (runsAlong(x, out) && runsAlong(y, out)) {
      const count = out.rows * cols;
      const dx = isOneNumber(x) ? 0 : 1;
      const dy = isOneNumber(y) ? 0 : 1;
      return (batch) => {
        const n = out.batched ? count * batch : count;
        loop(memory, offset, n, x.offset, dx, y.offset, dy);
      };
    }
    const xs = strides(x, out);
    const ys = strides(y, out);
    return (batch) => {
      const rows = out.batched ? out.rows * batch : out.rows;
      for (let row = 0; row < rows; row++) {
        const a = x.offset + row * xs.row;
        const b = y.offset + row * ys.row;
        loop(memory, offset + row * cols, cols, a, xs.col, b, ys.col);
      }
    };
  };
}

/** `where(condition, a, b)`. */
export const bindWhere: Bind = ({ out, inputs: [condition, x, y] }, { memory: m }) => {
  const cs = strides(condition, out);
  const xs = strides(x, out);
  const ys = strides(y, out);
  const { cols } = out;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0; row < rows; row++) {
      const o = out.offset + row * cols;
      let c = condition.offset + row * cs.row;
      let a = x.offset + row * xs.row;
      let b = y.offset + row * ys.row;
      for (let col = 0; col < cols; col++) {
        m[o + col] = m[c] !== 0 ? m[a] : m[b];
        c += cs.col;
        a += xs.col;
        b += ys.col;
      }
    }
  };
};

/** Copies an input over the whole output, stretching it where it is smaller. */
export const bindBroadcast: Bind = ({ out, inputs: [x] }, { memory: m }) => {
  const xs = strides(x, out);
  const { cols } = out;
  return (batch) => {
    const rows = out.batched ? out.rows * batch : out.rows;
    for (let row = 0; row < rows; row++) {
      const o = out.offset + row * cols;
      const a = x.offset + row * xs.row;
      for (let col = 0; col < cols; col++) m[o + col] = m[a + col * xs.col];
    }
  };
};

/** Copies numbers to another place of the same length. */
export const bindCopy: Bind = ({ out, inputs: [x] }, { memory }) => {
  const count = out.rows * out.cols;
  return (batch) => {
    const n = out.batched ? count * batch : count;
    memory.copyWithin(out.offset, x.offset, x.offset + n);
  };
};
