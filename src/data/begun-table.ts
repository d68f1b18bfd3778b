/** A table whose heading is known and whose rows are still to come. */
import { type Batch, batchOf } from './batch.ts';
import type { CellSyntax } from './cell-syntax.ts';
import type { Heading } from './heading.ts';
import type { RowBatch, TableRow } from './row.ts';

/** A table whose first row was looked at. */
export interface BegunTable {
  readonly heading: Heading;
  readonly syntax: CellSyntax;
  /** Rows that were read already. */
  readonly begun: readonly TableRow[];
  readonly batches: AsyncIterable<RowBatch>;
}

/** All rows after the heading. What stops the reading comes after what is wrong with the cells before it. */
export async function eachBatch(
  { begun, batches, syntax }: BegunTable,
  take: (batch: Batch, rows: RowBatch) => void,
  onFailure: () => void,
): Promise<void> {
  try {
    take(batchOf(begun, syntax), begun);
    for await (const rows of batches) take(batchOf(rows, syntax), rows);
  } catch (error) {
    onFailure();
    throw error;
  }
}
