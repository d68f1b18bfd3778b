/**
 * CSV bytes to rows of cells, in batches, with physical line numbers. RFC 4180 whole: `RowSplitter` knows
 * it, text by text. Plain chunks after the first two rows need no text (`plain-csv.ts`).
 */
import { ExitCode, UserError } from '../errors.ts';
import { Chunks } from './chunks.ts';
import { type CsvOptions, RowSplitter } from './csv-splitter.ts';
import { Decoder } from './encoding.ts';
import { FileStart } from './foreign-format.ts';
import type { PlainReader } from './plain-csv.ts';
import { ReadAhead } from './read-ahead.ts';
import type { RowBatch } from './row.ts';
import type { Source } from './source.ts';
import { FirstRows } from './table-form.ts';

/** What a table is like shows in so many bytes, mostly; all behind them may go by as bytes. */
const BEGIN_BYTES = 4096;

/**
 * The rows of a CSV source, one batch for each chunk that completes any, as soon as it does.
 * Blank lines are skipped (in a table of one column, rows with an empty cell cannot be told from
 * them). All rows have as many cells as the first. Blanks around cells are kept. Excel's first line
 * `sep=;` is no row.
 *
 * @param ahead  decides whether a thread finds plain rows
 * @throws {UserError} exit 3 with file and line: no rows, no text in its encoding, a wrong number of cells,
 *   a quote that is not closed, text after a closing quote, a row above `MAX_ROW_LENGTH`; a file of another
 *   format
 */
export async function* readCsv(
  source: Source,
  options: CsvOptions = {},
  ahead = new ReadAhead(),
): AsyncGenerator<RowBatch, void, undefined> {
  // Comments may stand anywhere, and only a reader of texts knows them.
  const mayBePlain = !options.asTexts && options.comment === undefined;
  const chunks = new Chunks(mayBePlain ? withBegin(source.chunks) : source.chunks);
  let hasFailed = false;
  try {
    yield* rowsOf(source.name, options, { chunks, mayBePlain, ahead });
  } catch (error) {
    hasFailed = true;
    throw error;
  } finally {
    ahead.close();
    const closed = chunks.close();
    // What has failed first is what is said.
    await (hasFailed ? closed.catch(() => {}) : closed);
  }
}

/** How bytes come. */
interface Bytes {
  readonly chunks: Chunks;
  readonly mayBePlain: boolean;
  readonly ahead: ReadAhead;
}

async function* rowsOf(
  name: string,
  options: CsvOptions,
  { chunks, mayBePlain, ahead }: Bytes,
): AsyncGenerator<RowBatch, void, undefined> {
  const delimiter = options.delimiter ?? (/\.tsv$/i.test(name) ? '\t' : undefined);
  const splitter = new RowSplitter(name, { ...options, delimiter });
  const decoder = new Decoder(options.encoding);
  const start = new FileStart(name);
  const first = new FirstRows();
  let plain: PlainReader | undefined;
  for (;;) {
    if (plain && ahead.isReady) yield* ahead.rows(plain, chunks);
    const { value: bytes } = await chunks.take();
    if (!bytes) break;
    const plainRows = plain?.push(bytes);
    if (plain && plainRows) {
      ahead.note(bytes, plain);
      if (plainRows.rows > 0) yield plainRows;
      continue;
    }
    if (plain) ahead.interrupt();
    const chunk = plain ? Buffer.concat([splitter.resume(plain), bytes]) : bytes;
    plain = undefined;
    const text = decoder.push(chunk);
    start.add(chunk, text);
    const { rows, failure } = splitter.push(text, false);
    if (rows.length > 0 || failure || decoder.invalid) start.check();
    const ready = first.take(rows, failure ? 'mistake' : 'more');
    if (ready.length > 0) yield ready;
    if (failure) throw failure;
    if (decoder.invalid) break;
    if (mayBePlain && first.isSettled && decoder.isAtRest) plain = splitter.suspend();
  }
  const last = plain ? decoder.push(splitter.resume(plain)) : '';
  decoder.end();
  start.check();
  if (decoder.invalid) throw decoder.failure(name, splitter.lastLine);
  const { rows, failure } = splitter.push(last, true);
  const ready = first.take(rows, failure ? 'mistake' : 'end');
  if (ready.length > 0) yield ready;
  if (failure) throw failure;
  if (splitter.isEmpty) throw noRows(name, splitter);
}

/** The same bytes with the begin of the first chunk as a chunk of its own. */
async function* withBegin(chunks: Source['chunks']): AsyncGenerator<Uint8Array> {
  let begin = BEGIN_BYTES;
  for await (const chunk of chunks) {
    if (begin > 0 && chunk.length > begin) {
      yield chunk.subarray(0, begin);
      yield chunk.subarray(begin);
    } else yield chunk;
    begin = 0;
  }
}

function noRows(name: string, { lastLine, isCommented }: RowSplitter): UserError {
  const blank = isCommented ? 'only comments and blank lines' : 'only blank lines';
  const found = lastLine === 1 && !isCommented ? 'an empty file' : blank;
  return new UserError(ExitCode.data, `${name}: expected rows of cells; found ${found}`);
}
