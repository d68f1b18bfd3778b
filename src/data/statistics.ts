/** What a column of numbers is like: summed in the order of the rows, in doubles, so that it never varies. */

/** Sums of at least one number. */
export interface Moments {
  readonly mean: number;
  /** Population standard deviation: the sum of squares by the count. */
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

/** @param values  at least one, no NaN */
export function momentsOf(values: Float64Array): Moments {
  let sum = 0;
  let min = values[0];
  let max = values[0];
  for (const value of values) {
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const mean = min === max ? min : sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) * (value - mean);
  return { mean, deviation: Math.sqrt(squares / values.length), min, max };
}

/**
 * A quantile by linear interpolation between the two nearest ranks, NumPy's default.
 *
 * @param sorted  at least one number, in rising order
 * @param share   from 0 to 1
 */
export function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
}

/** The commonest number, the smallest of those that are equally common; of at least one, sorted. */
export function mode(sorted: Float64Array): number {
  let best = sorted[0];
  let bestCount = 0;
  for (let first = 0; first < sorted.length; ) {
    let next = first + 1;
    while (next < sorted.length && sorted[next] === sorted[first]) next++;
    if (next - first > bestCount) {
      best = sorted[first];
      bestCount = next - first;
    }
    first = next;
  }
  return best;
}
