/** Inner products in double precision, for what is computed beside the graph: orthonormal columns, L-BFGS. */

/** Σ aᵢ bᵢ of two vectors of one length, added in rising order. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
