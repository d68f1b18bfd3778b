/** The least and the most of many numbers. NaN is passed over. */

export interface Range {
  readonly least: number;
  readonly most: number;
}

/** Of no numbers, from Infinity to -Infinity. */
export function rangeOf(values: Float32Array): Range {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}

/** The largest absolute value among those that are finite; 0 where there is none. */
export function largest(values: Float32Array): number {
  let most = 0;
  for (const value of values) {
    const size = Math.abs(value);
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return most;
}

/** The first that is NaN or infinite. */
export function stranger(values: Float32Array): number | undefined {
  return values.find((value) => !Number.isFinite(value));
}
