/** An array of numbers as rows of a table without a header: the features of a contract by position. */
import { ExitCode, UserError } from '../errors.ts';
import { shortestFloat32 } from '../float32.ts';
import { formatShape, type NdArray, sizeOf } from '../ndarray.ts';
import type { Batch } from './batch.ts';
import { CellProblems } from './cell-problems.ts';
import { type CellSyntax, cellSyntax } from './cell-syntax.ts';
import type { Columns } from './columns.ts';
import { elementsOf } from './row.ts';
import { RowEncoder } from './row-encoder.ts';

/** Rows of an array as a reader of tables would give them. */
class ArrayBatch implements Batch {
  readonly rows: number;
  readonly #width: number;
  readonly #values: Float32Array;
  readonly #contract: Columns;
  readonly #syntax: CellSyntax;

  constructor(values: Float32Array, contract: Columns, syntax: CellSyntax) {
    this.#width = contract.features.length;
    this.rows = values.length / this.#width;
    this.#values = values;
    this.#contract = contract;
    this.#syntax = syntax;
  }

  line(row: number): number {
    return row;
  }

  /** As the cells of the training table were written. */
  text(row: number, column: number): string {
    const text = shortestFloat32(this.#at(row, column));
    return this.#contract.decimal_comma ? text.replace('.', ',') : text;
  }

  number(row: number, column: number): number {
    const isMissing = this.#contract.na && this.#syntax.isMissing(this.text(row, column));
    return isMissing ? Number.NaN : this.#at(row, column);
  }

  #at(row: number, column: number): number {
    return this.#values[row * this.#width + column];
  }
}

/**
 * The inputs of a network of which a contract says how they are made.
 *
 * @param array   `[rows, features]`, or `[features]` for one row
 * @param source  for messages
 * @returns `[rows, inputs]`
 * @throws {UserError} exit 3 for another shape, or a number that is no category
 */
export function encodeArray(array: NdArray, contract: Columns, source: string): NdArray {
  const { features } = contract;
  const shape = array.shape.length === 1 ? [1, array.shape[0]] : array.shape;
  if (shape.length < 2 || sizeOf(shape.slice(1)) !== features.length) {
    throw new UserError(
      ExitCode.data,
      `${source}: expected an array of shape (None, ${features.length}), one column for each feature of the model; found shape ${formatShape(array.shape)}`,
      'a table, or JSON objects, give the features by name',
    );
  }
  const indices = features.map((_, index) => index);
  const syntax = cellSyntax({ na: contract.na, decimalComma: contract.decimal_comma });
  const encoder = new RowEncoder(contract, indices, syntax, true);
  const names = features.map(({ name }) => name);
  const heading = { source, at: elementsOf(source).at, line: 0, header: contract.header, names };
  const problems = new CellProblems(heading);
  const batch = new ArrayBatch(array.values, contract, syntax);
  const values = new Float32Array(batch.rows * encoder.width);
  for (let row = 0; row < batch.rows; row++) {
    encoder.encode(batch, row, values, row * encoder.width, problems);
  }
  problems.check('whole');
  return { shape: [batch.rows, encoder.width], values };
}
