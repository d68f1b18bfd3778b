/** Euclidean lengths in ops: squares summed in float32, with no scaling against overflow, as in Keras. */
import type { Tensor } from '../graph/graph.ts';
import { sqrt, square, sumAll } from '../graph/ops.ts';

/** Of all numbers together, `[1, 1]`. */
export const norm = (x: Tensor) => sqrt(sumAll(square(x)));
