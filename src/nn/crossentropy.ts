/**
 * What cross-entropies are made of. They follow TensorFlow: where the predictions are a softmax or a
 * sigmoid, they reach back to the logits, which loses nothing when the network is very sure.
 */
import type { Tensor } from '../graph/graph.ts';
import {
  add,
  clip,
  div,
  log,
  logSoftmax,
  mul,
  neg,
  pick,
  softplus,
  sub,
  sumCols,
} from '../graph/ops.ts';
import { EPSILON } from './epsilon.ts';

/** Labels drawn towards the mean of `classes` classes by the share `a`. */
export function smoothed(y: Tensor, a: number, classes: number): Tensor {
  return a === 0 ? y : add(mul(y, 1 - a), a / classes);
}

/** Element by element: −(y ln p + (1 − y) ln(1 − p)); from logits z it is softplus(z) − z y. */
export function binaryCrossentropy(y: Tensor, p: Tensor, logits: Tensor | undefined): Tensor {
  if (logits) return sub(softplus(logits), mul(logits, y));
  const held = clip(p, EPSILON, 1 - EPSILON);
  return neg(add(mul(y, log(held)), mul(sub(1, y), log(sub(1, held)))));
}

export function sparseCrossentropy(y: Tensor, p: Tensor, fromLogits: boolean): Tensor {
  const logits = logitsOf(p, 'softmax', fromLogits);
  // TensorFlow clips first and normalises afterwards, by a softmax over the logarithms.
  return neg(pick(logSoftmax(logits ?? log(clip(p, EPSILON, 1 - EPSILON))), y));
}

/** What stands before the activation: said to be there by `fromLogits`, or seen in the graph. */
export function logitsOf(
  prediction: Tensor,
  activation: 'softmax' | 'sigmoid',
  fromLogits: boolean,
): Tensor | undefined {
  if (prediction.op === activation) return prediction.inputs[0];
  return fromLogits ? prediction : undefined;
}

/** Rows that sum to 1, held away from 0 and 1. */
export function normalisedProbability(p: Tensor): Tensor {
  return clip(div(p, sumCols(p)), EPSILON, 1 - EPSILON);
}
