/** Orthonormal columns of a matrix, in double precision: what the orthogonal initializer draws from. */
import { dot } from './dot.ts';

/**
 * Puts Q of the reduced QR decomposition in the place of the matrix, where R has a positive diagonal
 * (Keras multiplies Q's columns by the signs of R's, which comes to the same).
 *
 * Gram–Schmidt, each column against all before it, twice: once leaves what rounding left, and "twice
 * is enough" (Giraud, Langou & Rozložník 2005).
 *
 * @param matrix  `[rows, cols]` row-major, rows ≥ cols, overwritten; of full rank
 */
export function orthonormalColumns(matrix: Float64Array, rows: number, cols: number): void {
  // One column after the other in memory, so that the inner loops run along it.
  const columns = Array.from({ length: cols }, (_, col) =>
    Float64Array.from({ length: rows }, (_, row) => matrix[row * cols + col]),
  );
  columns.forEach((column, index) => {
    for (let pass = 0; pass < 2; pass++) {
      for (let before = 0; before < index; before++) removeAlong(column, columns[before]);
    }
    const length = Math.sqrt(dot(column, column));
    for (let row = 0; row < rows; row++) column[row] /= length;
  });
  columns.forEach((column, col) => {
    for (let row = 0; row < rows; row++) matrix[row * cols + col] = column[row];
  });
}

/** Takes the part along a unit vector away. */
function removeAlong(column: Float64Array, unit: Float64Array): void {
  const share = dot(column, unit);
  for (let i = 0; i < column.length; i++) column[i] -= share * unit[i];
}
