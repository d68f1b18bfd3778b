/**
 * Files that are no table, known by how they begin: what they are called, and what to do with them.
 * Without it their bytes would be reported as bad cells.
 */
import { ExitCode, UserError } from '../errors.ts';

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
    remedy: 'Parquet is not read: write it as CSV first',
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

// A header may begin with a bracket, too: [kg],y. Only the first line tells, for no more may be there.
const JSON_START = /^\s*(?:\[[ \t]*(?:[[{"\-\d\]\r\n]|true|false|null|$)|\{[ \t]*(?:["}\r\n]|$))/;
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
  return JSON_START.test(text) ? JSON_FORMAT : undefined;
}
