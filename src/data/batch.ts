/** Consecutive rows of a table as whoever counts with them sees them: numbers first, texts on demand. */
import type { EncodedRows } from './byte-rows.ts';
import type { CellSyntax } from './cell-syntax.ts';
import { parseNumber } from './number.ts';
import { type RowBatch, type TableRow, textsOf } from './row.ts';

export interface Batch {
  readonly rows: number;
  /** Where a row stands, as `TableRow.line`. */
  line(row: number): number;
  text(row: number, column: number): string;
  /** The number in a cell; NaN where its text is none. */
  number(row: number, column: number): number;
  /** The numbers of all cells, row by row, so many in each; NaN where `number` is to be asked. */
  readonly numbers?: Float64Array;
  readonly width?: number;
  /** The JSON that a row was read from, where it was read from any. */
  json?(row: number): string | undefined;
  /** What is wrong with a row as a whole, as `TableRow.problem`. */
  problem?(row: number): string | undefined;
  /** What the encoder that is asked for made of the rows already. */
  readonly encoded?: EncodedRows | null;
}

/** Rows by the syntax of their cells. Bytes know only numbers that are written as usual. */
export function batchOf(rows: RowBatch, syntax: CellSyntax): Batch {
  if ('toRows' in rows && (rows.encoded || syntax.number === parseNumber)) return rows;
  return new TextBatch(textsOf(rows), syntax);
}

/** Rows whose cells are texts already. */
export class TextBatch implements Batch {
  readonly #rows: readonly TableRow[];
  readonly #syntax: CellSyntax;

  constructor(rows: readonly TableRow[], syntax: CellSyntax) {
    this.#rows = rows;
    this.#syntax = syntax;
  }

  get rows(): number {
    return this.#rows.length;
  }

  line(row: number): number {
    return this.#rows[row].line;
  }

  text(row: number, column: number): string {
    return this.#rows[row].cells[column];
  }

  number(row: number, column: number): number {
    return this.#syntax.number(this.#rows[row].cells[column]) ?? Number.NaN;
  }

  json(row: number): string | undefined {
    return this.#rows[row].json?.();
  }

  problem(row: number): string | undefined {
    return this.#rows[row].problem;
  }
}
