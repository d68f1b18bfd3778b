/** `--test-out`: the rows that training never sees, written as a table. */
import { gzipSync } from 'node:zlib';
import { checkWritable, writeAtomically } from '../files/atomic-write.ts';
import { checkOverwrite } from '../files/overwrite.ts';
import { formatTable } from '../report/table-text.ts';
import type { Io } from './io.ts';

const testRowsKind = { what: 'an empty one', start: /^$/ };

/** Checks, before any work, that the rows may and can be written. */
export function checkTestRows(path: string, others: readonly string[], force: boolean): void {
  checkWritable(path);
  checkOverwrite(path, others, '--test-out', force ? null : testRowsKind);
}

/** Writes rows as CSV, with tabs where the name ends in `.tsv`, packed where it ends in `.gz`. */
export async function writeTestRows(
  io: Io,
  path: string,
  rows: readonly (readonly string[])[],
): Promise<void> {
  const text = formatTable(rows, /\.tsv(?:\.gz)?$/i.test(path) ? '\t' : ',');
  const content = /\.gz$/i.test(path) ? gzipSync(text) : text;
  await io.uninterrupted(() => writeAtomically(path, content));
}
