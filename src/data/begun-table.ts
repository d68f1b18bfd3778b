/** A table whose heading is known and whose rows are still to come. */
import { TextBatch } from './batch.ts';
import type { CellSyntax } from './cell-syntax.ts';
import type { Heading } from './heading.ts';
import type { TableRow } from './row.ts';

/** A table whose first row was looked at. */
export interface BegunTable {
  readonly heading: Heading;
  readonly syntax: CellSyntax;
  /** Rows that were read already. */
  readonly begun: readonly TableRow[];
  readonly batches: AsyncIterable<readonly TableRow[]>;
}

/** All rows after the heading. What stops the reading comes after what is wrong with the cells before it. */
export async function eachBatch(
  { begun, batches, syntax }: BegunTable,
  take: (batch: TextBatch, rows: readonly TableRow[]) => void,
  onFailure: () => void,
): Promise<void> {
  try {
    take(new TextBatch(begun, syntax), begun);
    for await (const rows of batches) take(new TextBatch(rows, syntax), rows);
  } catch (error) {
    onFailure();
    throw error;
  }
}
