/** Gradient clipping, as Keras 3: each weight's gradient by its own norm, all by one norm, or each number. */
import type { Tensor } from '../graph/graph.ts';
import { add, clip, div, max, min, mul, sub } from '../graph/ops.ts';
import type { CommonOptions } from '../spec/optimizers.ts';
import type { WeightTensor } from './forward.ts';
import { norm } from './norm.ts';
import { eachWeight } from './parameter-block.ts';

/** The clipped gradient, `[1, n]`. A limit of 0 is no limit, as in Keras. */
export function clipped(
  gradient: Tensor,
  weights: readonly WeightTensor[],
  { clipnorm, clipvalue, global_clipnorm }: CommonOptions,
): Tensor {
  if (clipnorm) return eachWeight(gradient, weights, (g) => byNorm(g, clipnorm));
  if (global_clipnorm) return mul(gradient, globalScale(gradient, global_clipnorm));
  return clipvalue ? clip(gradient, -clipvalue, clipvalue) : gradient;
}

/** g c / max(‖g‖, c), as TensorFlow's clip_by_norm. */
function byNorm(g: Tensor, limit: number): Tensor {
  return div(mul(g, limit), max(norm(g), limit));
}

/** c min(1 / ‖g‖, 1 / c); not a number where the norm is not finite, so that it shows. */
function globalScale(gradient: Tensor, limit: number): Tensor {
  const length = norm(gradient);
  const scale = mul(min(div(1, length), 1 / limit), limit);
  return add(scale, sub(length, length));
}
