/**
 * UTF-8 bytes to text, in chunks cut anywhere. Strict: a byte that is not UTF-8 is found and
 * named, never replaced by U+FFFD.
 */
import { isUtf8 } from 'node:buffer';

/** Decodes chunks in order. After `invalid` is set nothing more must be pushed. */
export class Utf8Decoder {
  /** The first byte that cannot be UTF-8, with what it tells; the texts so far end just before it. */
  invalid: string | undefined;
  #started = false;
  #tail: Uint8Array = new Uint8Array(0);

  /** Whether the bytes so far end inside a character. */
  get isInside(): boolean {
    return this.#tail.length > 0;
  }

  /** The text of the next chunk. A byte-order mark at the very start is dropped. */
  push(chunk: Uint8Array): string {
    const bytes = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    let end = completeLength(bytes);
    this.#tail = bytes.slice(end);
    if (!isUtf8(bytes.subarray(0, end))) {
      end = validLength(bytes);
      this.invalid = describeByte(bytes[end]);
    }
    return this.#text(bytes.subarray(0, end));
  }

  /** To be called after the last chunk: a character cut off by the end is invalid, too. */
  end(): void {
    if (this.#tail.length > 0) this.invalid ??= describeByte(this.#tail[0]);
  }

  #text(bytes: Uint8Array): string {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    if (this.#started || text === '') return text;
    this.#started = true;
    return text.startsWith('\uFEFF') ? text.slice(1) : text;
  }
}

function describeByte(byte: number): string {
  return `the byte ${byte.toString(16).padStart(2, '0').toUpperCase()}`;
}

/** How many line breaks (LF, CRLF or CR) a text holds. */
export function lineBreaks(text: string): number {
  if (!text.includes('\n') && !text.includes('\r')) return 0;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || (code === 13 && text.charCodeAt(i + 1) !== 10)) count++;
  }
  return count;
}

/** The length without a character that the end of `bytes` cuts in two. */
function completeLength(bytes: Uint8Array): number {
  const end = bytes.length;
  for (let back = 1; back <= Math.min(3, end); back++) {
    const byte = bytes[end - back];
    if (byte < 0x80) return end;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back && byte < 0xf8 ? end - back : end;
    }
  }
  return end;
}

/** How many bytes at the start are whole, valid characters, by halving. */
function validLength(bytes: Uint8Array): number {
  const validUpTo = (length: number) => completeLength(bytes.subarray(0, length));
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (isUtf8(bytes.subarray(0, validUpTo(middle)))) valid = middle;
    else invalid = middle;
  }
  return validUpTo(valid);
}
