/** Sources made of text, cut into chunks of any size, and what reading them says. */
import { type RowBatch, type TableRow, textsOf } from '../../src/data/row.ts';
import { readRows } from '../../src/data/rows.ts';
import type { Source } from '../../src/data/source.ts';
import { UserError } from '../../src/errors.ts';

/** A source of these bytes, or of this text in UTF-8. */
export function sourceOf(
  content: string | Uint8Array,
  { name = 'data.csv', chunk = 2 ** 16 } = {},
): Source {
  return { name, chunks: chunksOf(Buffer.from(content), chunk) };
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

/** The rows of a source of CSV. */
export function tableOf(source: Source) {
  return readRows(source, 'csv');
}

/** All items of an asynchronous stream. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The rows of all batches, as texts. */
export async function rowsOf(batches: AsyncIterable<RowBatch>): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for await (const batch of batches) rows.push(...textsOf(batch));
  return rows;
}

/** What a person sees of a failure: the exit code and the lines. */
export async function failure(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof UserError) return `${error.exitCode}\n${error.format()}`;
    throw error;
  }
  return 'no failure';
}
