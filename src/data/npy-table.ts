/** A `.npy` file of two axes as a table: each row of the array is one, its numbers are written as texts. */
import { ExitCode, UserError } from '../errors.ts';
import { shortestFloat32 } from '../float32.ts';
import { type NpyElements, openNpy } from './npy.ts';
import type { TableRow } from './row.ts';

/** So many numbers are made texts at once. */
const BATCH_SIZE = 2 ** 16;

/**
 * The rows of an array, in batches. The array itself is in memory.
 *
 * @throws {UserError} exit 3 for an array of other than two axes or without elements, and as `openNpy`
 */
export async function* npyTable(
  bytes: Uint8Array,
  name: string,
): AsyncGenerator<readonly TableRow[], void, undefined> {
  const array = openNpy(bytes, name);
  const [rows, columns] = array.shape;
  if (array.shape.length !== 2 || rows === 0 || columns === 0) throw noTable(name, array.shape);
  const cell = cellsOf(array);
  const height = Math.max(1, Math.floor(BATCH_SIZE / columns));
  for (let first = 0; first < rows; first += height) {
    yield Array.from({ length: Math.min(height, rows - first) }, (_, i) => {
      const start = (first + i) * columns;
      return { line: first + i, cells: Array.from({ length: columns }, (_, c) => cell(start + c)) };
    });
  }
}

/** How an element is written: in the fewest digits that its type needs. */
function cellsOf(array: NpyElements): (flat: number) => string {
  switch (array.type) {
    case 'f4':
      return (flat) => {
        const value = array.at(flat);
        return Number.isFinite(value) ? shortestFloat32(value) : String(value);
      };
    case 'i8':
    case 'u8':
      return (flat) => String(array.integerAt(flat));
    default:
      return (flat) => {
        const value = array.at(flat);
        return Object.is(value, -0) ? '-0' : String(value);
      };
  }
}

function noTable(name: string, shape: readonly number[]): UserError {
  return new UserError(
    ExitCode.data,
    `${name}: expected an array of rows and columns, features and targets; found the shape (${shape.join(', ')})`,
    'arrays of other axes are given as JSON: {"x": …, "y": …}',
  );
}
