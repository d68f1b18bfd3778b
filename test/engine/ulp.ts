/** Measures float32 results against their true values, and draws float32 arguments of every size. */
const floats = new Float32Array(1);
const bits = new Int32Array(floats.buffer);

/** A float32 whose 32 bits are all equally likely, NaN and infinity among them. */
export function anyFloat(random: () => number): number {
  bits[0] = random() * 2 ** 32;
  return floats[0];
}

/** The distance from `result` to `truth` in units of the float32 spacing at `truth`. */
export function errorInUlps(result: number, truth: number): number {
  if (Object.is(result, Math.fround(truth)) && !Number.isFinite(result)) return 0;
  floats[0] = Math.abs(truth);
  const exponent = Math.min(Math.max(bits[0] >> 23, 1), 254);
  // Math.fround may have gone up to a power of two, whose spacing below is half of that above.
  const roundedUp = floats[0] > Math.abs(truth) && (bits[0] & 0x7fffff) === 0 && exponent > 1;
  const finite = Math.min(Math.max(result, -(2 ** 128)), 2 ** 128);
  const error = Math.abs(finite - truth) / 2 ** (exponent - 150 - (roundedUp ? 1 : 0));
  return Number.isNaN(error) ? Infinity : error;
}
