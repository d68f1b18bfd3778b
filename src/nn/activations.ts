/**
 * Activations: each is one formula of ops, in one table. Formulas and the behaviour at kinks are
 * those of keras.activations on TensorFlow. x is `[r, c]`; softmax and its kin work along an axis.
 */
import { columns, cumsumCols, sortCols, table } from '../graph/column-ops.ts';
import type { Tensor } from '../graph/graph.ts';
import { lowerFormula } from '../graph/lower.ts';
import {
  abs,
  add,
  clip,
  div,
  erf,
  exp,
  expm1,
  ge,
  gt,
  le,
  logSoftmax,
  lt,
  max,
  min,
  mul,
  neg,
  relu,
  reshape,
  sigmoid,
  softmax,
  softplus,
  sqrt,
  square,
  sub,
  sumCols,
  tanh,
  where,
} from '../graph/ops.ts';
import { sizeOf } from '../ndarray.ts';
import type { Activation, ActivationName } from '../spec/activations.ts';
import { alongAxes, sampleAxes } from './axes.ts';
import { ShapeError } from './shape-error.ts';

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;
/** From here on exp(x) − 1 is 0 in float32, and TensorFlow takes the derivative of the right side. */
const SELU_KINK = -(2 ** -25);

/** relu held at 6. At 6 itself the gradient is 0. */
const relu6 = (x: Tensor) => where(ge(x, 6), 6, relu(x));
const hardSigmoid = (x: Tensor) => div(relu6(add(x, 3)), 6);
/** exp(x) − 1 for the negative side; on the positive side nothing overflows. */
const negativeExponential = (x: Tensor) => expm1(min(x, 0));

/** x, or a slope times x where x is not above 0. */
export const leakyRelu = (x: Tensor, slope: number) => where(gt(x, 0), x, mul(x, slope));

/** x, or α (eˣ − 1) where x is not above 0. */
export const elu = (x: Tensor, alpha: number) =>
  where(gt(x, 0), x, mul(negativeExponential(x), alpha));

/** relu with all of Keras's knobs (keras.activations.relu): slope below, ceiling, threshold. */
export function reluOf(
  x: Tensor,
  slope: number,
  ceiling: number | boolean | undefined,
  threshold: number,
): Tensor {
  if (slope !== 0 && ceiling === undefined && threshold === 0) return leakyRelu(x, slope);
  const held = threshold === 0 && ceiling === 6 ? relu6(x) : clippedRelu(x, ceiling, threshold);
  return slope === 0 ? held : sub(held, mul(relu(sub(threshold, x)), slope));
}

/** At the ceiling the gradient passes, other than in relu6. */
function clippedRelu(x: Tensor, ceiling: number | boolean | undefined, threshold: number): Tensor {
  const above = threshold === 0 ? relu(x) : where(gt(x, threshold), x, 0);
  return ceiling === undefined ? above : clip(above, 0, Number(ceiling));
}

/** Arguments by their Keras names. The spec has filled in the defaults; "none" is left out. */
type Arguments = Readonly<Record<string, number | boolean>>;

/** Does something along the axis of the arguments. */
function alongAxis(
  x: Tensor,
  { axis }: Arguments,
  shape: readonly number[],
  action: (x: Tensor) => Tensor,
): Tensor {
  return alongAxes(x, shape, sampleAxes([Number(axis)], shape.length, 'activation.axis'), action);
}

/** What a name computes of x, whose samples have a shape. */
type Compute = (x: Tensor, args: Arguments, shape: readonly number[]) => Tensor;

/** What each name computes. */
export const activations: Readonly<Record<ActivationName, Compute>> = {
  linear: (x) => x,
  relu: (x, args) => reluOf(x, Number(args.negative_slope), args.max_value, Number(args.threshold)),
  relu6,
  leaky_relu: (x, { negative_slope }) => leakyRelu(x, Number(negative_slope)),
  // At 0 TensorFlow takes the right branch for elu, the left for selu, both for celu.
  elu: (x, { alpha }) => elu(x, Number(alpha)),
  selu: (x) => mul(where(ge(x, SELU_KINK), x, mul(negativeExponential(x), SELU_ALPHA)), SELU_SCALE),
  celu: (x, { alpha }) => add(max(x, 0), mul(expm1(div(min(x, 0), Number(alpha))), Number(alpha))),
  softplus,
  softsign: (x) => div(x, add(abs(x), 1)),
  sigmoid,
  log_sigmoid: (x) => neg(softplus(neg(x))),
  silu: (x) => mul(x, sigmoid(x)),
  gelu: (x, { approximate }) => (approximate ? geluTanh(x) : geluErf(x)),
  mish: (x) => mul(x, tanh(softplus(x))),
  tanh,
  exponential: exp,
  hard_tanh: (x) => clip(x, -1, 1),
  hard_sigmoid: hardSigmoid,
  hard_silu: (x) => mul(x, hardSigmoid(x)),
  // Where nothing is greater than a NaN, TensorFlow's shrinkers give 0.
  hard_shrink: (x, { threshold }) => where(gt(abs(x), Number(threshold)), x, 0),
  soft_shrink: (x, { threshold }) => softShrink(x, Number(threshold)),
  tanh_shrink: (x) => sub(x, tanh(x)),
  squareplus: (x, { b }) => mul(add(x, sqrt(add(square(x), Number(b)))), 0.5),
  sparse_plus: (x) => where(le(x, -1), 0, where(lt(x, 1), mul(square(add(x, 1)), 0.25), x)),
  sparse_sigmoid: (x) => where(le(x, -1), 0, where(ge(x, 1), 1, mul(add(x, 1), 0.5))),
  threshold: (x, args) => where(gt(x, Number(args.threshold)), x, Number(args.default_value)),
  softmax: (x, args, shape) => alongAxis(x, args, shape, softmax),
  log_softmax: (x, args, shape) => alongAxis(x, args, shape, logSoftmax),
  sparsemax: (x, args, shape) => alongAxis(x, args, shape, sparsemax),
  glu,
};

/** Towards 0 by a distance, and 0 where that is nearer. */
function softShrink(x: Tensor, distance: number): Tensor {
  return where(gt(x, distance), sub(x, distance), where(lt(x, -distance), add(x, distance), 0));
}

/**
 * Keras's sparsemax along each row. As coded there, τ adds up the cumulative sums of the whole
 * support, where the paper (Martins & Astudillo 2016) takes the last one only.
 */
function sparsemax(x: Tensor): Tensor {
  const { cols } = x.shape;
  const sorted = sortCols(x);
  const sums = cumsumCols(sorted);
  const ranks = Array.from({ length: cols }, (_, index) => index + 1);
  const bound = div(sub(sums, 1), table(x.graph, 1, cols, ranks));
  const isSupport = gt(sub(sorted, bound), 0);
  const tau = div(sub(sumCols(where(isSupport, sums, 0)), 1), sumCols(isSupport));
  return max(sub(x, tau), 0);
}

/** a σ(b), where a and b are the halves of x along the axis. */
function glu(x: Tensor, { axis }: Arguments, shape: readonly number[]): Tensor {
  const [own] = sampleAxes([Number(axis)], shape.length, 'activation.axis');
  const halves = gluShape(own, shape);
  const width = halves[own];
  // Behind the axis there may be others: what is halved is a run of numbers that spans them too.
  const behind = sizeOf(shape.slice(own + 1));
  const runs = reshape(x, sizeOf(shape.slice(0, own)), shape[own] * behind);
  const half = width * behind;
  const gated = mul(columns(runs, 0, half), sigmoid(columns(runs, half, half)));
  const cols = halves[halves.length - 1];
  return reshape(gated, sizeOf(halves) / cols, cols);
}

function gluShape(axis: number, shape: readonly number[]): number[] {
  if (shape[axis] % 2 !== 0) {
    throw new ShapeError(
      `glu: expected an even number of inputs, which it halves; found ${shape[axis]}`,
      'activation',
    );
  }
  return shape.map((length, i) => (i === axis ? length / 2 : length));
}

/**
 * The shape of a sample behind an activation: its own, save that glu halves an axis. (Keras
 * declares the whole axis there, and whatever comes next fails.)
 *
 * @throws {ShapeError} where a sample has no such axis, or glu cannot halve it
 */
export function activationShape(
  activation: Activation,
  shape: readonly number[],
): readonly number[] {
  if (activation.kind === 'formula') return shape;
  const { axis } = activation.arguments;
  if (axis === undefined) return shape;
  const [own] = sampleAxes([Number(axis)], shape.length, 'activation.axis');
  return activation.name === 'glu' ? gluShape(own, shape) : shape;
}

/** x Φ(x) = x (1 + erf(x / √2)) / 2. */
function geluErf(x: Tensor): Tensor {
  return mul(mul(x, 0.5), add(erf(div(x, Math.SQRT2)), 1));
}

/** The tanh approximation: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. */
function geluTanh(x: Tensor): Tensor {
  const inner = mul(add(x, mul(mul(square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return mul(mul(x, 0.5), add(tanh(inner), 1));
}

/**
 * The tensor that an activation makes of x.
 *
 * @param shape  of one sample of x; `activationShape` says that of the result
 */
export function activate(x: Tensor, activation: Activation, shape: readonly number[]): Tensor {
  return activation.kind === 'formula'
    ? lowerFormula(activation.expression, x, activation.parameters)
    : activations[activation.name](x, activation.arguments, shape);
}
