/** Rows of a table: the forms that readers give and everything behind the readers takes. */

import type { UserError } from '../errors.ts';
import type { ByteRows } from './byte-rows.ts';
import type { Encoding } from './parsing-thread.ts';

/** Cells as texts, in the order of the columns; a value that is missing is an empty text. */
export interface TableRow {
  readonly cells: readonly string[];
  /** Where it stands: the physical line it begins on, from 1; in an array, its index. */
  readonly line: number;
  /** These are the names of the columns for certain, and nobody need find out. */
  readonly isHeader?: true;
  /** The JSON that the row was read from, an object or an array, where it was read from any. */
  json?(): string;
  /** What is wrong with the row as a whole, so that its cells mean nothing: "where: expected …; found …". */
  readonly problem?: string;
}

/** A row that is wrong as a whole, with as many cells as the others. */
export function wrongRow(
  line: number,
  cells: readonly string[],
  count: number,
  { problems }: UserError,
): TableRow {
  return {
    line,
    cells: Array.from({ length: count }, (_, index) => cells[index] ?? ''),
    problem: problems[0],
  };
}

/** Consecutive rows. Bytes are only valid until the next batch is asked for. */
export type RowBatch = readonly TableRow[] | ByteRows;

/** How messages call the places of rows. */
export interface Places {
  /** The file. */
  readonly name: string;
  /** A row from outside the file: `data.csv:3`, `data.json: [2]`. */
  at(line: number): string;
  /** A row from inside the file: `line 3`, `[2]`. */
  within(line: number): string;
}

/** Rows begin on lines. */
export function linesOf(name: string): Places {
  return { name, at: (line) => `${name}:${line}`, within: (line) => `line ${line}` };
}

/** Rows are the elements of an array. */
export function elementsOf(name: string): Places {
  return { name, at: (index) => `${name}: [${index}]`, within: (index) => `[${index}]` };
}

/** A table that is being read. */
export interface TableRows {
  readonly places: Places;
  /**
   * All rows have as many cells as the first; there is one row at least, and no batch is empty. The
   * first two rows come as texts. To be closed with `return`.
   */
  readonly batches: AsyncGenerator<RowBatch, void, undefined>;
  /** Whether numbers come as numbers, as from JSON, so that no comma can be their decimal point. */
  readonly isTyped?: true;
  /** Lets a thread encode rows so, where that pays: some batches are `encoded` then. */
  encode?(encoding: Encoding): void;
  /** What was decided about the form of the table up to now and may surprise: lines for people. */
  notes(): readonly string[];
}

/** For tables about which there is nothing to decide. */
export function noNotes(): readonly string[] {
  return [];
}

/** A batch as rows that stay what they are. */
export function textsOf(batch: RowBatch): readonly TableRow[] {
  return 'toRows' in batch ? batch.toRows() : batch;
}

/**
 * A row may have this many characters. A quote that is never closed would else take in the rest
 * of the file.
 */
export const MAX_ROW_LENGTH = 2 ** 24;
