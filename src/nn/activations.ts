/**
 * Activations: each is one formula of ops, in one table. Formulas and the behaviour at kinks are
 * those of keras.activations on TensorFlow. x is `[r, c]`; softmax and its kin work along a row.
 */
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
  logSoftmax,
  max,
  min,
  mul,
  neg,
  relu,
  sigmoid,
  softmax,
  softplus,
  square,
  sub,
  tanh,
  where,
} from '../graph/ops.ts';
import type { Activation, ActivationName } from '../spec/activations.ts';

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** relu held at 6. At 6 itself the gradient is 0. */
const relu6 = (x: Tensor) => where(ge(x, 6), 6, relu(x));
const hardSigmoid = (x: Tensor) => div(relu6(add(x, 3)), 6);
/** exp(x) − 1 for the negative side; on the positive side nothing overflows. */
const negativeExponential = (x: Tensor) => expm1(min(x, 0));

const leakyRelu = (x: Tensor, slope: number) => where(gt(x, 0), x, mul(x, slope));

/** relu with all of Keras's knobs (keras.activations.relu): slope below, ceiling, threshold. */
function reluOf(
  x: Tensor,
  slope: number,
  ceiling: number | boolean | undefined,
  threshold: number,
): Tensor {
  if (slope !== 0 && ceiling === undefined && threshold === 0) return leakyRelu(x, slope);
  const above = threshold === 0 ? relu(x) : where(gt(x, threshold), x, 0);
  const held = ceiling === undefined ? above : clip(above, 0, Number(ceiling));
  return slope === 0 ? held : sub(held, mul(max(sub(threshold, x), 0), slope));
}

/** Arguments by their Keras names. The spec has filled in the defaults; "none" is left out. */
type Arguments = Readonly<Record<string, number | boolean>>;

/** What each name computes. */
export const activations: Readonly<Record<ActivationName, (x: Tensor, args: Arguments) => Tensor>> =
  {
    linear: (x) => x,
    relu: (x, args) =>
      reluOf(x, Number(args.negative_slope), args.max_value, Number(args.threshold)),
    relu6,
    leaky_relu: (x, { negative_slope }) => leakyRelu(x, Number(negative_slope)),
    // At 0 TensorFlow takes the right branch for elu, the left for selu, both for celu.
    elu: (x, { alpha }) => where(gt(x, 0), x, mul(negativeExponential(x), Number(alpha))),
    selu: (x) => mul(where(ge(x, 0), x, mul(negativeExponential(x), SELU_ALPHA)), SELU_SCALE),
    celu: (x, { alpha }) =>
      add(max(x, 0), mul(expm1(div(min(x, 0), Number(alpha))), Number(alpha))),
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
    softmax,
    log_softmax: logSoftmax,
  };

/** x Φ(x) = x (1 + erf(x / √2)) / 2. */
function geluErf(x: Tensor): Tensor {
  return mul(mul(x, 0.5), add(erf(div(x, Math.SQRT2)), 1));
}

/** The tanh approximation: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. */
function geluTanh(x: Tensor): Tensor {
  const inner = mul(add(x, mul(mul(square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return mul(mul(x, 0.5), add(tanh(inner), 1));
}

/** The tensor that an activation makes of x, same shape. */
export function activate(x: Tensor, activation: Activation): Tensor {
  return activation.kind === 'formula'
    ? lowerFormula(activation.expression, x, activation.parameters)
    : activations[activation.name](x, activation.arguments);
}
