/**
 * Activations, each said once: name, other words, arguments, ops, and the formula for people. Schema,
 * types, help and docs/keras.md come from this table. Formulas and the behaviour at kinks are those of
 * keras.activations on TensorFlow. x is `[r, c]`; softmax and its kin work along an axis.
 */
import type { Tensor } from '../graph/graph.ts';
import {
  abs,
  add,
  clip,
  div,
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
  sigmoid,
  softmax,
  softplus,
  sqrt,
  square,
  sub,
  tanh,
  where,
} from '../graph/ops.ts';
import type { Description } from '../spec/families/family.ts';
import {
  elu,
  geluErf,
  geluTanh,
  hardSigmoid,
  leakyRelu,
  relu6,
  reluOf,
  selu,
  softShrink,
} from './rectifiers.ts';
import { alongAxis, glu, sparsemax } from './row-activations.ts';

/** Stands for the default of an argument that has none: it must be given. */
export const REQUIRED = 'required' as const;

/**
 * Arguments and their defaults. Null is "none" (relu without an upper bound). `axis` counts as Keras
 * does: 1 is the first axis of a row, −1 the last.
 */
type Defaults = Readonly<Record<string, number | boolean | null | typeof REQUIRED>>;

/** What arguments with such defaults are when something is computed. */
type Values<D extends Defaults> = {
  readonly [K in keyof D]: D[K] extends boolean
    ? boolean
    : D[K] extends null
      ? number | undefined
      : number;
};

/** Arguments by their Keras names. The spec has filled in the defaults; "none" is left out. */
type Arguments = Readonly<Record<string, number | boolean>>;

interface Declaration<D extends Defaults> extends Description {
  /** Keras's other words for it. */
  readonly aliases?: readonly string[];
  readonly arguments?: D;
  /** What it comes close to for large x of either sign, where its slope is lost. */
  readonly bounds?: readonly [number, number];
  /** @param shape  of one sample of x */
  readonly compute: (x: Tensor, args: Values<D>, shape: readonly number[]) => Tensor;
}

/** An entry of the table; who looks it up by name knows its arguments as a record only. */
export function entry<const D extends Defaults = Record<never, never>>(declared: Declaration<D>) {
  const { compute, aliases = [], arguments: own, bounds, ...description } = declared;
  return {
    ...description,
    bounds,
    aliases,
    arguments: own ?? ({} as D),
    compute: (x: Tensor, args: Arguments, shape: readonly number[]) =>
      compute(x, args as Values<D>, shape),
  };
}

const NO_BATCH_AXIS = '`axis` 0, the batch, is refused';

/** The functions of `keras.activations`. */
export const activations = Object.freeze({
  linear: entry({
    formula: 'x',
    compute: (x) => x,
  }),
  relu: entry({
    arguments: { negative_slope: 0, max_value: null, threshold: 0 },
    formula:
      'clip(where(x > threshold, x, 0), 0, max_value) - negative_slope * max(threshold - x, 0)',
    where: 'not clipped where `max_value` is null',
    compute: (x, { negative_slope, max_value, threshold }) =>
      reluOf(x, negative_slope, max_value, threshold),
  }),
  sigmoid: entry({
    bounds: [0, 1],
    formula: '1 / (1 + exp(-x))',
    compute: sigmoid,
  }),
  tanh: entry({
    bounds: [-1, 1],
    formula: '(exp(x) - exp(-x)) / (exp(x) + exp(-x))',
    compute: tanh,
  }),
  softmax: entry({
    arguments: { axis: -1 },
    formula: 'exp(x) / sum(exp(x))',
    where: 'the sum runs along `axis`',
    differences: [NO_BATCH_AXIS],
    compute: (x, { axis }, shape) => alongAxis(x, axis, shape, softmax),
  }),
  softplus: entry({
    formula: 'log(1 + exp(x))',
    compute: softplus,
  }),
  softsign: entry({
    bounds: [-1, 1],
    formula: 'x / (1 + abs(x))',
    compute: (x) => div(x, add(abs(x), 1)),
  }),
  // At 0 TensorFlow takes the right branch for elu, the left for selu, both for celu.
  elu: entry({
    arguments: { alpha: 1 },
    formula: 'where(x > 0, x, alpha * (exp(x) - 1))',
    compute: (x, { alpha }) => elu(x, alpha),
  }),
  selu: entry({
    formula: '1.0507009873554805 * where(x > 0, x, 1.6732632423543772 * (exp(x) - 1))',
    compute: selu,
  }),
  exponential: entry({
    formula: 'exp(x)',
    compute: exp,
  }),
  silu: entry({
    aliases: ['swish'],
    formula: 'x * sigmoid(x)',
    compute: (x) => mul(x, sigmoid(x)),
  }),
  gelu: entry({
    arguments: { approximate: false },
    formula: 'x * (1 + erf(x / sqrt(2))) / 2',
    variants: { approximate: 'x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x ** 3))) / 2' },
    compute: (x, { approximate }) => (approximate ? geluTanh(x) : geluErf(x)),
  }),
  mish: entry({
    formula: 'x * tanh(softplus(x))',
    compute: (x) => mul(x, tanh(softplus(x))),
  }),
  leaky_relu: entry({
    arguments: { negative_slope: 0.2 },
    formula: 'where(x > 0, x, negative_slope * x)',
    compute: (x, { negative_slope }) => leakyRelu(x, negative_slope),
  }),
  relu6: entry({
    formula: 'clip(x, 0, 6)',
    compute: relu6,
  }),
  hard_sigmoid: entry({
    bounds: [0, 1],
    formula: 'clip((x + 3) / 6, 0, 1)',
    compute: hardSigmoid,
  }),
  log_softmax: entry({
    arguments: { axis: -1 },
    formula: 'x - log(sum(exp(x)))',
    where: 'the sum runs along `axis`',
    differences: [NO_BATCH_AXIS],
    compute: (x, { axis }, shape) => alongAxis(x, axis, shape, logSoftmax),
  }),
  log_sigmoid: entry({
    formula: '-log(1 + exp(-x))',
    compute: (x) => neg(softplus(neg(x))),
  }),
  hard_tanh: entry({
    bounds: [-1, 1],
    formula: 'clip(x, -1, 1)',
    compute: (x) => clip(x, -1, 1),
  }),
  celu: entry({
    arguments: { alpha: 1 },
    formula: 'max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)',
    compute: (x, { alpha }) => add(max(x, 0), mul(expm1(div(min(x, 0), alpha)), alpha)),
  }),
  hard_silu: entry({
    aliases: ['hard_swish'],
    formula: 'x * clip((x + 3) / 6, 0, 1)',
    compute: (x) => mul(x, hardSigmoid(x)),
  }),
  // Where nothing is greater than a NaN, TensorFlow's shrinkers give 0.
  hard_shrink: entry({
    arguments: { threshold: 0.5 },
    formula: 'where(abs(x) > threshold, x, 0)',
    compute: (x, { threshold }) => where(gt(abs(x), threshold), x, 0),
  }),
  soft_shrink: entry({
    arguments: { threshold: 0.5 },
    formula: 'where(x > threshold, x - threshold, where(x < -threshold, x + threshold, 0))',
    compute: (x, { threshold }) => softShrink(x, threshold),
  }),
  tanh_shrink: entry({
    formula: 'x - tanh(x)',
    compute: (x) => sub(x, tanh(x)),
  }),
  squareplus: entry({
    arguments: { b: 4 },
    formula: '(x + sqrt(x ** 2 + b)) / 2',
    compute: (x, { b }) => mul(add(x, sqrt(add(square(x), b))), 0.5),
  }),
  sparse_plus: entry({
    formula: 'where(x <= -1, 0, where(x < 1, (x + 1) ** 2 / 4, x))',
    compute: (x) => where(le(x, -1), 0, where(lt(x, 1), mul(square(add(x, 1)), 0.25), x)),
  }),
  sparse_sigmoid: entry({
    bounds: [0, 1],
    formula: 'clip((x + 1) / 2, 0, 1)',
    compute: (x) => where(le(x, -1), 0, where(ge(x, 1), 1, mul(add(x, 1), 0.5))),
  }),
  sparsemax: entry({
    arguments: { axis: -1 },
    formula: 'max(x - t, 0)',
    where:
      't = (Σ c_j - 1) / k over the k places j where z_j > (c_j - 1) / j; z is x sorted from the largest down along `axis`, c its running sum',
    differences: [NO_BATCH_AXIS],
    compute: (x, { axis }, shape) => alongAxis(x, axis, shape, sparsemax),
  }),
  threshold: entry({
    arguments: { threshold: REQUIRED, default_value: REQUIRED },
    formula: 'where(x > threshold, x, default_value)',
    compute: (x, { threshold, default_value }) => where(gt(x, threshold), x, default_value),
  }),
  /** Half as many outputs: the first half gated by the sigmoid of the second. */
  glu: entry({
    arguments: { axis: -1 },
    formula: 'a * sigmoid(b)',
    where: 'a and b are the halves of x along `axis`, which must be even',
    differences: [
      'a layer has half as many outputs; Keras declares all of them, so that the next layer fails',
      NO_BATCH_AXIS,
    ],
    compute: (x, { axis }, shape) => glu(x, axis, shape),
  }),
});
export type ActivationName = keyof typeof activations;
