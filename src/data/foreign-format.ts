/**
 * Files that are no table, known by how they begin: what they are called, and what to do with them.
 * Without it their bytes would be reported as bad cells.
 */
import { ExitCode, UserError } from '../errors.ts';
import { beginsAsJson } from './sniff-format.ts';

/** So many characters at the start of a table are looked at. */
const START_LENGTH = 2 ** 16;

const MAGIC_LENGTH = 4;

interface Format {
  /** What it is, after "expected a CSV table; found". */
  readonly found: string;
  readonly remedy: string;
}

/** Bytes that no text begins with; four at most. */
const magics: readonly (Format & { readonly magic: readonly number[] })[] = [
  {
    magic: [0x1f, 0x8b],
    found: 'gzip within gzip',
    remedy: 'unpack it once more on the way: zcat FILE | mlp … --data -',
  },
  {
    magic: [0x50, 0x4b, 0x03, 0x04],
    found: 'a zip archive, as .xlsx and .npz are',
    remedy: 'zip is not read: take the table out of it first, or save the sheet as CSV',
  },
  {
    magic: [0x50, 0x41, 0x52, 0x31],
    found: 'Parquet',
    remedy:
      'Parquet is read from a file whose name ends in .parquet, or with --input-format parquet',
  },
  {
    magic: [0x93, 0x4e, 0x55, 0x4d],
    found: 'an array of NumPy (.npy)',
    remedy: 'it is read from a file whose name ends in .npy, or with --input-format npy',
  },
  {
    magic: [0xff, 0xfe, 0x00, 0x00],
    found: 'UTF-32',
    remedy: 'convert it first: iconv -f UTF-32 -t UTF-8 FILE > NEW_FILE',
  },
];

const JSON_FORMAT: Format = {
  found: 'JSON',
  remedy: 'JSON is read from a file whose name ends in .json, or with --input-format json',
};

const JSON_LINES: Format = {
  found: 'JSON lines',
  remedy:
    'JSON lines are read from a file whose name ends in .jsonl or .ndjson, or with --input-format jsonl',
};

const UTF_16: readonly (Format & { readonly start: RegExp })[] = ['utf-16le', 'utf-16be'].map(
  (encoding) => ({
    start: encoding === 'utf-16le' ? /^[^\0]\0[^\0]\0/ : /^\0[^\0]\0[^\0]/,
    found: 'UTF-16 without a byte-order mark',
    remedy: `say what it is: --encoding ${encoding}`,
  }),
);

const JSON_LINES_START = /^\s*(?:\{[^\n]*\}\s*\n\s*\{|\[[^\n]*\]\s*\n\s*\[)/;

/** The start of a file that should be a table, while it comes in. */
export class FileStart {
  #bytes: Uint8Array = new Uint8Array(0);
  #text = '';
  #isChecked = false;
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  /** Takes the next bytes and their text. */
  add(chunk: Uint8Array, text: string): void {
    if (this.#isChecked) return;
    if (this.#bytes.length < MAGIC_LENGTH) {
      this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, MAGIC_LENGTH)]);
    }
    if (this.#text.length < START_LENGTH) this.#text += text.slice(0, START_LENGTH);
  }

  /**
   * Looks at what came so far, the first row at least; does so once.
   *
   * @throws {UserError} exit 3 for a file of another format
   */
  check(): void {
    if (this.#isChecked) return;
    this.#isChecked = true;
    const isMagic = ({ magic }: { readonly magic: readonly number[] }) =>
      magic.every((byte, index) => this.#bytes[index] === byte);
    const format = magics.find(isMagic) ?? formatOfText(this.#text);
    if (!format) return;
    const problem = `${this.#name}: expected a CSV table; found ${format.found}`;
    throw new UserError(ExitCode.data, problem, format.remedy);
  }
}

function formatOfText(text: string): Format | undefined {
  if (JSON_LINES_START.test(text)) return JSON_LINES;
  if (beginsAsJson(text)) return JSON_FORMAT;
  return UTF_16.find(({ start }) => start.test(text));
}
