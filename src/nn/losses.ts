/**
 * Losses: the value of each sample, `[r, 1]`, from targets and predictions, in ops. Cross-entropies
 * follow TensorFlow: where the predictions are a softmax or a sigmoid, the loss reaches back to the
 * logits, which loses nothing when the network is very sure.
 */
import type { Tensor } from '../graph/graph.ts';
import {
  abs,
  add,
  clip,
  div,
  log,
  logSoftmax,
  meanCols,
  mul,
  neg,
  pick,
  softplus,
  square,
  sub,
  sumCols,
} from '../graph/ops.ts';
import type { LossSpec } from '../spec/losses.ts';

/** keras.config.epsilon(): probabilities are held this far from 0 and 1 before a logarithm. */
const EPSILON = 1e-7;

type Loss<S extends LossSpec> = (target: Tensor, prediction: Tensor, spec: S) => Tensor;

/** Each loss by its Keras name: `[r, c]` or `[r, 1]` class numbers, `[r, c]` → `[r, 1]`. */
export const losses: { readonly [K in LossSpec['type']]: Loss<Extract<LossSpec, { type: K }>> } = {
  mean_squared_error: (y, p) => meanCols(square(sub(p, y))),

  mean_absolute_error: (y, p) => meanCols(abs(sub(p, y))),

  binary_crossentropy: (y, p, spec) => {
    const a = spec.label_smoothing;
    const smooth = a === 0 ? y : add(mul(y, 1 - a), 0.5 * a);
    return meanCols(binaryCrossentropy(smooth, p, logitsOf(p, 'sigmoid', spec.from_logits)));
  },

  categorical_crossentropy: (y, p, spec) => {
    const a = spec.label_smoothing;
    const smooth = a === 0 ? y : add(mul(y, 1 - a), a / p.shape.cols);
    const logits = logitsOf(p, 'softmax', spec.from_logits);
    const logProbability = logits
      ? logSoftmax(logits)
      : log(clip(div(p, sumCols(p)), EPSILON, 1 - EPSILON));
    return neg(sumCols(mul(smooth, logProbability)));
  },

  sparse_categorical_crossentropy: (y, p, spec) => {
    const logits = logitsOf(p, 'softmax', spec.from_logits);
    // TensorFlow clips first and normalises afterwards, by a softmax over the logarithms.
    return neg(pick(logSoftmax(logits ?? log(clip(p, EPSILON, 1 - EPSILON))), y));
  },
};

/** The loss of each sample, `[r, 1]`. */
export function lossOf(target: Tensor, prediction: Tensor, spec: LossSpec): Tensor {
  const compute: Loss<LossSpec> = losses[spec.type] as Loss<LossSpec>;
  return compute(target, prediction, spec);
}

/** Element by element: −(y ln p + (1 − y) ln(1 − p)); from logits z it is softplus(z) − z y. */
function binaryCrossentropy(y: Tensor, p: Tensor, logits: Tensor | undefined): Tensor {
  if (logits) return sub(softplus(logits), mul(logits, y));
  const held = clip(p, EPSILON, 1 - EPSILON);
  return neg(add(mul(y, log(held)), mul(sub(1, y), log(sub(1, held)))));
}

/** What stands before the activation: said to be there by `fromLogits`, or seen in the graph. */
function logitsOf(
  prediction: Tensor,
  activation: 'softmax' | 'sigmoid',
  fromLogits: boolean,
): Tensor | undefined {
  if (prediction.op === activation) return prediction.inputs[0];
  return fromLogits ? prediction : undefined;
}
