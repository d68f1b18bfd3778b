/** Which class a row of outputs stands for, and how many rows are of each. */
import type { NdArray } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import type { LossSpec } from '../spec/losses.ts';
import { targetsOf } from './check.ts';

interface PredictedClasses {
  /** Rows by class. */
  readonly counts: readonly number[];
  /** The class of a row of outputs. */
  readonly of: (outputs: Float32Array) => number;
}

/**
 * Null where a row is not of one class.
 *
 * @param y  `[n, …]` as `checkTargets` leaves them
 */
export function predictedClasses(
  network: Network,
  loss: LossSpec,
  y: NdArray,
): PredictedClasses | null {
  const { outputShape } = network;
  if (outputShape.length !== 1) return null;
  const [units] = outputShape;
  const kind = targetsOf(network, loss, y.shape);
  if (kind === 'probabilities' && units === 1) {
    if (!y.values.every((value) => value === 0 || value === 1)) return null;
    const isLogit = 'from_logits' in loss && loss.from_logits === true;
    const threshold = isLogit ? 0 : 0.5;
    return { counts: countsOf(y.values, 2), of: ([output]) => Number(output > threshold) };
  }
  const of = (outputs: Float32Array) => largestAt(outputs);
  if (kind === 'class numbers') return { counts: countsOf(y.values, units), of };
  if (kind !== 'one per class') return null;
  const rows = Array.from({ length: y.shape[0] }, (_, row) =>
    largestAt(y.values.subarray(row * units, (row + 1) * units)),
  );
  return { counts: countsOf(rows, units), of };
}

function countsOf(classes: ArrayLike<number>, count: number): number[] {
  const counts = new Array<number>(count).fill(0);
  for (const index of Array.from(classes)) {
    if (index in counts) counts[index]++;
  }
  return counts;
}

function largestAt(values: Float32Array): number {
  return values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
}
