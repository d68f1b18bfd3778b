/** Between which numbers a tensor lies, whatever is fed to the graph: interval arithmetic over its ops. */
import type { Tensor } from './graph.ts';

/** Ends included; either may be infinite. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

const INFINITE: Bounds = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };
const NOT_NEGATIVE: Bounds = { least: 0, most: Number.POSITIVE_INFINITY };
const SHARE: Bounds = { least: 0, most: 1 };

/**
 * The bounds of a tensor. They hold, but may be wider than need be: an op that is not known here may give
 * anything, and two inputs that depend on each other are taken as if they did not. In double precision, so that
 * float32 may be beyond a finite end by its rounding.
 */
export function boundsOf(tensor: Tensor): Bounds {
  const known: Bounds[] = [];
  for (const { id } of tensor.graph.tensors.slice(0, tensor.id + 1)) {
    const { least, most } = compute(tensor.graph.tensors[id], (input) => known[input.id]);
    const isNone = Number.isNaN(least) || Number.isNaN(most);
    known.push(isNone ? INFINITE : { least, most });
  }
  return known[tensor.id];
}

/** Functions that never fall; where they overflow, the end is infinite. */
const rising: Readonly<Partial<Record<Tensor['op'], (x: number) => number>>> = {
  relu: (x) => Math.max(x, 0),
  exp: Math.exp,
  expm1: Math.expm1,
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => (x > 0 ? x : 0) + Math.log1p(Math.exp(-Math.abs(x))),
  sqrt: (x) => Math.sqrt(Math.max(x, 0)),
  atan: Math.atan,
  floor: Math.floor,
  sign: Math.sign,
};

function compute({ op, inputs, shape, attributes }: Tensor, of: (input: Tensor) => Bounds): Bounds {
  const monotone = rising[op];
  if (monotone) {
    const { least, most } = of(inputs[0]);
    return { least: monotone(least), most: monotone(most) };
  }
  switch (op) {
    case 'constant': {
      const value = attributes.value ?? 0;
      return { least: value, most: value };
    }
    // Rows of one number have nothing to share.
    case 'softmax':
      return shape.cols === 1 ? { least: 1, most: 1 } : SHARE;
    case 'logSoftmax':
      return { least: Number.NEGATIVE_INFINITY, most: 0 };
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
    case 'eq':
    case 'ne':
    case 'oneHot':
    case 'uniform':
      return SHARE;
    case 'erf':
    case 'sin':
    case 'cos':
      return { least: -1, most: 1 };
    case 'abs':
    case 'square':
      return NOT_NEGATIVE;
    case 'neg':
      return negative(of(inputs[0]));
    case 'add':
      return sum(of(inputs[0]), of(inputs[1]));
    case 'sub':
      return sum(of(inputs[0]), negative(of(inputs[1])));
    case 'mul':
      return product(of(inputs[0]), of(inputs[1]));
    case 'div':
      return quotient(of(inputs[0]), of(inputs[1]));
    case 'min':
      return each(Math.min, of(inputs[0]), of(inputs[1]));
    case 'max':
      return each(Math.max, of(inputs[0]), of(inputs[1]));
    case 'where':
      return union(of(inputs[1]), of(inputs[2]));
    // The same numbers elsewhere, or some of them.
    case 'reshape':
    case 'broadcast':
    case 'permute':
    case 'columns':
    case 'takeCols':
    case 'sortCols':
    case 'maxCols':
    case 'pick':
      return of(inputs[0]);
    case 'placeColumns':
      return union(of(inputs[0]), { least: 0, most: 0 });
    default:
      return INFINITE;
  }
}

function negative({ least, most }: Bounds): Bounds {
  return { least: 0 - most, most: 0 - least };
}

function sum(a: Bounds, b: Bounds): Bounds {
  return { least: a.least + b.least, most: a.most + b.most };
}

function each(of: (x: number, y: number) => number, a: Bounds, b: Bounds): Bounds {
  return { least: of(a.least, b.least), most: of(a.most, b.most) };
}

function union(a: Bounds, b: Bounds): Bounds {
  return { least: Math.min(a.least, b.least), most: Math.max(a.most, b.most) };
}

function product(a: Bounds, b: Bounds): Bounds {
  // An end of 0 is reached, one that is infinite never is: together they give 0.
  const times = (x: number, y: number) => (x === 0 || y === 0 ? 0 : x * y);
  const ends = [a.least, a.most].flatMap((x) => [times(x, b.least), times(x, b.most)]);
  return { least: Math.min(...ends), most: Math.max(...ends) };
}

function quotient(a: Bounds, b: Bounds): Bounds {
  const hasZero = b.least <= 0 && b.most >= 0;
  return hasZero ? INFINITE : product(a, { least: 1 / b.most, most: 1 / b.least });
}
