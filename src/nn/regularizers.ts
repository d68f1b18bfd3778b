/** Regularizers: the penalty, `[1, 1]`, for a tensor's numbers (keras.regularizers; no ½, sums not means). */
import type { Tensor } from '../graph/graph.ts';
import { abs, add, mul, square, sumAll } from '../graph/ops.ts';
import type { RegularizerSpec } from '../spec/regularizers.ts';

const l1 = (x: Tensor, factor: number) => mul(sumAll(abs(x)), factor);
const l2 = (x: Tensor, factor: number) => mul(sumAll(square(x)), factor);

/** The penalty of a spec for `x`, `[1, 1]`. */
export function penaltyOf(x: Tensor, spec: RegularizerSpec): Tensor {
  switch (spec.type) {
    case 'l1':
      return l1(x, spec.l1);
    case 'l2':
      return l2(x, spec.l2);
    case 'l1_l2':
      return add(l1(x, spec.l1), l2(x, spec.l2));
  }
}
