/** Rectifiers and their kin in ops: what activations and the layers of the same names are made of. */
import type { Tensor } from '../graph/graph.ts';
import {
  add,
  clip,
  div,
  erf,
  expm1,
  ge,
  gt,
  lt,
  min,
  mul,
  relu,
  square,
  sub,
  tanh,
  where,
} from '../graph/ops.ts';

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;
/** From here on exp(x) − 1 is 0 in float32, and TensorFlow takes the derivative of the right side. */
const SELU_KINK = -(2 ** -25);

/** relu held at 6. At 6 itself the gradient is 0. */
export const relu6 = (x: Tensor) => where(ge(x, 6), 6, relu(x));
export const hardSigmoid = (x: Tensor) => div(relu6(add(x, 3)), 6);
/** exp(x) − 1 for the negative side; on the positive side nothing overflows. */
const negativeExponential = (x: Tensor) => expm1(min(x, 0));

/** x, or a slope times x where x is not above 0. */
export const leakyRelu = (x: Tensor, slope: number) => where(gt(x, 0), x, mul(x, slope));

/** x, or α (eˣ − 1) where x is not above 0. */
export const elu = (x: Tensor, alpha: number) =>
  where(gt(x, 0), x, mul(negativeExponential(x), alpha));

export const selu = (x: Tensor) =>
  mul(where(ge(x, SELU_KINK), x, mul(negativeExponential(x), SELU_ALPHA)), SELU_SCALE);

/** relu with all of Keras's knobs (keras.activations.relu): slope below, ceiling, threshold. */
export function reluOf(
  x: Tensor,
  slope: number,
  ceiling: number | undefined,
  threshold: number,
): Tensor {
  if (slope !== 0 && ceiling === undefined && threshold === 0) return leakyRelu(x, slope);
  const held = threshold === 0 && ceiling === 6 ? relu6(x) : clippedRelu(x, ceiling, threshold);
  return slope === 0 ? held : sub(held, mul(relu(sub(threshold, x)), slope));
}

/** At the ceiling the gradient passes, other than in relu6. */
function clippedRelu(x: Tensor, ceiling: number | undefined, threshold: number): Tensor {
  const above = threshold === 0 ? relu(x) : where(gt(x, threshold), x, 0);
  return ceiling === undefined ? above : clip(above, 0, ceiling);
}

/** Towards 0 by a distance, and 0 where that is nearer. */
export function softShrink(x: Tensor, distance: number): Tensor {
  return where(gt(x, distance), sub(x, distance), where(lt(x, -distance), add(x, distance), 0));
}

/** x Φ(x) = x (1 + erf(x / √2)) / 2. */
export function geluErf(x: Tensor): Tensor {
  return mul(mul(x, 0.5), add(erf(div(x, Math.SQRT2)), 1));
}

/** The tanh approximation: x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2. */
export function geluTanh(x: Tensor): Tensor {
  const inner = mul(add(x, mul(mul(square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
  return mul(mul(x, 0.5), add(tanh(inner), 1));
}
