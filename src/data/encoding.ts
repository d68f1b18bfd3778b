/**
 * Bytes to text, in chunks cut anywhere: UTF-8 and, where a byte-order mark says so, UTF-16; any other
 * encoding by its name. Strict: what is no text in the encoding is found, never replaced by U+FFFD.
 */
import { constants } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { ExitCode, UserError } from '../errors.ts';
import { lineBreaks, Utf8Decoder } from './utf8.ts';

/** What stands in place of bytes that are no text. */
const REPLACEMENT = '\uFFFD';

/** Windows-1252 at 80 to 9F, where it differs from Latin-1 (WHATWG Encoding, index-windows-1252). */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';

/** One encoding at work. */
interface Decoding {
  /** The first thing that is no text, in words; the texts so far end just before it. */
  readonly invalid: string | undefined;
  push(chunk: Uint8Array): string;
  /** To be called after the last chunk. */
  end(): void;
}

/**
 * The name of an encoding by any of its labels (WHATWG Encoding: `latin1`, `ISO-8859-1`, `cp1252` are all
 * `windows-1252`); undefined for one that is not known.
 */
export function encodingOf(label: string): string | undefined {
  // Which of the two it is, the byte-order mark says.
  if (/^utf-?16$/i.test(label)) return 'utf-16';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** Decodes chunks in order. After `invalid` is set nothing more must be pushed. */
export class Decoder {
  #decoding: Decoding | undefined;
  #start: Uint8Array = new Uint8Array(0);
  readonly #encoding: string | undefined;

  /** @param encoding  of `encodingOf`; without one, UTF-8 or what a byte-order mark says */
  constructor(encoding?: string) {
    this.#encoding = encoding;
  }

  get invalid(): string | undefined {
    return this.#decoding?.invalid;
  }

  /** What these bytes were expected to be, for messages. */
  get name(): string {
    const name = this.#decoding instanceof NamedDecoding ? this.#decoding.encoding : 'utf-8';
    return name.replace(/^utf/, 'UTF');
  }

  /** Whether the bytes so far are UTF-8 and do not end inside a character. */
  get isAtRest(): boolean {
    return this.#decoding instanceof Utf8Decoder && !this.#decoding.isInside;
  }

  /** The text of the next chunk, without a byte-order mark at the very start. */
  push(chunk: Uint8Array): string {
    if (this.#decoding) return this.#decoding.push(chunk);
    const start = this.#start.length === 0 ? chunk : Buffer.concat([this.#start, chunk]);
    if (mayBeHalfMark(start)) {
      this.#start = start;
      return '';
    }
    this.#decoding = decodingOf(this.#encoding, start);
    return this.#decoding.push(start);
  }

  end(): void {
    if (!this.#decoding && this.#start.length > 0) {
      this.#decoding = decodingOf(this.#encoding ?? 'utf-8', this.#start);
      this.#decoding.push(this.#start);
    }
    this.#decoding?.end();
  }

  /** The error for `invalid`, which stands on this line. */
  failure(source: string, line: number, exitCode: ExitCode = ExitCode.data): UserError {
    const isAsked = this.#encoding !== undefined;
    return new UserError(
      exitCode,
      `${source}:${line}: expected ${this.name} text; found ${this.invalid}`,
      isAsked
        ? 'say which encoding it is, for example --encoding utf-8 or --encoding windows-1252'
        : 'if it is in another encoding, name it: --encoding windows-1252',
    );
  }
}

function mayBeHalfMark(bytes: Uint8Array): boolean {
  return bytes.length === 0 || (bytes.length === 1 && bytes[0] >= 0xfe);
}

function decodingOf(encoding: string | undefined, start: Uint8Array): Decoding {
  const marked = markedEncoding(start);
  if (encoding === 'utf-16') return new NamedDecoding(marked ?? 'utf-16le');
  const name = encoding ?? marked ?? 'utf-8';
  return name === 'utf-8' ? new Utf8Decoder() : new NamedDecoding(name);
}

/** UTF-16 begins with a byte-order mark, of bytes that occur nowhere in UTF-8. */
function markedEncoding([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/** An encoding that the platform knows. */
class NamedDecoding implements Decoding {
  invalid: string | undefined;
  readonly encoding: string;
  readonly #decoder: TextDecoder;

  constructor(encoding: string) {
    this.encoding = encoding;
    this.#decoder = new TextDecoder(encoding);
  }

  push(chunk: Uint8Array): string {
    return this.encoding === 'windows-1252'
      ? windows1252(chunk)
      : this.#checked(this.#decoder.decode(chunk, { stream: true }));
  }

  end(): void {
    if (this.invalid === undefined && this.encoding !== 'windows-1252') {
      this.#checked(this.#decoder.decode());
    }
  }

  #checked(text: string): string {
    const bad = text.indexOf(REPLACEMENT);
    if (bad === -1) return text;
    this.invalid = `bytes that are no ${this.encoding.replace(/^utf/, 'UTF')}`;
    return text.slice(0, bad);
  }
}

/** Every byte is a character. Node's own decoder takes this encoding for Latin-1 (nodejs/node#56542). */
function windows1252(chunk: Uint8Array): string {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (character) => WINDOWS_1252[character.charCodeAt(0) - 0x80]);
}

/**
 * A whole file as text.
 *
 * @param source  the file, for messages
 * @throws {UserError} exit 3, with the line of the first bytes that are no text; exit 3 for more than a
 *   text can be long
 */
export function decodeWhole(bytes: Uint8Array, source: string, encoding?: string): string {
  if (bytes.length > constants.MAX_STRING_LENGTH) {
    throw new UserError(
      ExitCode.data,
      `${source}: expected at most ${constants.MAX_STRING_LENGTH} bytes of text in this format; found ${bytes.length}`,
      'give large data as CSV or JSON lines, which are read in blocks',
    );
  }
  const decoder = new Decoder(encoding);
  const text = decoder.push(bytes);
  decoder.end();
  if (decoder.invalid) throw decoder.failure(source, 1 + lineBreaks(text));
  return text;
}
