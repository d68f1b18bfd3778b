/**
 * Which format bytes are in, by how they begin, for sources whose name does not say: JSON, JSON lines,
 * NumPy's and Parquet are known; all else is CSV.
 */
import { Decoder } from './encoding.ts';
import { resumed } from './gzip.ts';
import { MAX_ROW_LENGTH } from './row.ts';
import type { Source } from './source.ts';

/** What can be told apart. */
export type SniffedFormat = 'csv' | 'jsonl' | 'json' | 'npy' | 'parquet' | 'duckdb';

/** What no text begins with, and where it stands. */
const magics: readonly { format: SniffedFormat; magic: string; at: number }[] = [
  { format: 'npy', magic: '\x93NUMPY', at: 0 },
  { format: 'parquet', magic: 'PAR1', at: 0 },
  { format: 'duckdb', magic: 'DUCK', at: 8 },
];

/** A format, and the source as it was before it was looked at. */
export interface Sniffed {
  readonly format: SniffedFormat;
  readonly source: Source;
}

/**
 * The format of a source. Reads no more than it takes: the first line, of flat arrays up to a second one, and
 * never more than a row may be long.
 *
 * @param encoding  of its text, where it is known
 */
export async function sniffFormat(source: Source, encoding?: string): Promise<Sniffed> {
  const chunks = source.chunks[Symbol.asyncIterator]();
  const sniffer = new Sniffer(encoding);
  const read: Uint8Array[] = [];
  let format: SniffedFormat | undefined;
  while (format === undefined) {
    const next = await chunks.next();
    if (next.done) format = sniffer.end();
    else {
      read.push(next.value);
      format = sniffer.push(next.value);
    }
  }
  // These are not read from their begin on, so that nobody else would close them.
  if (format === 'parquet' || format === 'duckdb') await chunks.return?.();
  const start = Buffer.concat(read);
  return { format, source: { ...source, chunks: resumed(start, chunks) } };
}

class Sniffer {
  #isBegun = false;
  #text = '';
  #hasLine = false;
  #bytes = 0;
  readonly #decoder: Decoder;

  constructor(encoding: string | undefined) {
    this.#decoder = new Decoder(encoding);
  }

  /** Looks at the next bytes; undefined while they may be of several formats. */
  push(chunk: Uint8Array): SniffedFormat | undefined {
    const binary = this.#isBegun ? undefined : binaryFormat(chunk);
    this.#isBegun = true;
    this.#bytes += chunk.length;
    if (binary) return binary;
    const text = this.#decoder.push(chunk);
    const more = this.#text === '' ? text.trimStart() : text;
    this.#text += more;
    this.#hasLine ||= /[\r\n]/.test(more);
    if (this.#decoder.invalid) return 'csv';
    const isLong = this.#bytes > MAX_ROW_LENGTH;
    if (this.#text === '') return isLong ? 'csv' : undefined;
    if (!/^[[{]/.test(this.#text)) return 'csv';
    if (isLong) return this.end();
    return this.#hasLine ? formatOfText(this.#text, false) : undefined;
  }

  /** Decides when there is no more. */
  end(): SniffedFormat {
    return formatOfText(this.#text, true) ?? 'csv';
  }
}

function binaryFormat(chunk: Uint8Array): SniffedFormat | undefined {
  const text = Buffer.from(chunk.subarray(0, 16)).toString('latin1');
  const known = magics.find(({ magic, at }) => text.startsWith(magic, at));
  // A header may begin with a column PAR1.
  const isText = known?.format === 'parquet' && /^PAR1[\t\r\n -~]/.test(text);
  return isText ? undefined : known?.format;
}

// A header may begin with a bracket, too: [kg],y. Only the first line tells, for no more may be there.
const JSON_START = /^(?:\[[ \t]*(?:[[{"\-\d\]\r\n]|true|false|null|$)|\{[ \t]*(?:["}\r\n]|$))/;

/** Whether text begins as JSON does, arrays or objects. */
export function beginsAsJson(text: string): boolean {
  return JSON_START.test(text.trimStart());
}

/**
 * A first line that is an object is JSON lines, unless it holds arrays by the name x; one that is a flat
 * array is if there is a second line.
 */
function formatOfText(text: string, ended: boolean): SniffedFormat | undefined {
  if (!/^[[{]/.test(text)) return 'csv';
  const end = /[\r\n]/.exec(text)?.index ?? text.length;
  const first = parsed(text.slice(0, end));
  if (first === undefined) return beginsAsJson(text) ? 'json' : 'csv';
  if (!Array.isArray(first)) return 'x' in first && Array.isArray(first.x) ? 'json' : 'jsonl';
  const isFlat = first.length > 0 && first.every((cell) => typeof cell !== 'object' || !cell);
  if (!isFlat) return 'json';
  if (text.slice(end).trim() !== '') return 'jsonl';
  return ended ? 'json' : undefined;
}

/** The array or object that a text is; undefined for other text. */
function parsed(text: string): unknown[] | { x?: unknown } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
