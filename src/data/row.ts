/** One row of a table: the form that every reader gives and everything behind the readers takes. */

/** Cells as texts, in the order of the columns; a value that is missing is an empty text. */
export interface TableRow {
  readonly cells: readonly string[];
  /** The physical line it begins on, from 1. */
  readonly line: number;
  /** These are the names of the columns for certain, and nobody need find out. */
  readonly isHeader?: true;
}

/** A table that is being read. */
export interface TableRows {
  /** The file, for messages. */
  readonly name: string;
  /** All rows have as many cells as the first; there is one row at least. To be closed with `return`. */
  readonly batches: AsyncGenerator<readonly TableRow[], void, undefined>;
}

/**
 * A row may have this many characters. A quote that is never closed would else take in the rest
 * of the file.
 */
export const MAX_ROW_LENGTH = 2 ** 24;
