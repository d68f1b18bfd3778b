/**
 * Many float32 numbers as text, straight into bytes: what `shortestFloat32` writes, found with a few
 * multiplications of doubles wherever these leave no doubt.
 */
import { shortestFloat32 } from '../float32.ts';
import { KernelFormatter, MOST_BYTES, type Separators } from './wasm/kernel-formatter.ts';

/** Nine digits always suffice. Numbers are scaled to whole ones of so many. */
const MOST_DIGITS = 9;
const LEAST_SCALED = 10 ** (MOST_DIGITS - 1);
const SCALED_LIMIT = 10 ** MOST_DIGITS;

/** Six digits always survive the way into a normal float32 and back: fewer need not be tried. */
const LARGEST_UNIT = 1000;

/** What is scaled may be wrong by a third of this, through two roundings of doubles and the text's own. */
const DOUBT = 1e-6;

/** The largest and least decimals that scale a normal float32. */
const MOST_DECIMALS = 46;
const LEAST_DECIMALS = -30;
const SCALES: Float64Array = Float64Array.from(
  { length: MOST_DECIMALS - LEAST_DECIMALS + 1 },
  (_, index) => Number(`1e${index + LEAST_DECIMALS}`),
);

/** By the exponent of a float32 as its bits hold it: the decimals by which 2^exponent gets nine digits. */
const DECIMALS: Int8Array = Int8Array.from({ length: 256 }, (_, exponent) => {
  const power = Number((2 ** (exponent - 127)).toExponential().split('e')[1]);
  return Math.max(LEAST_DECIMALS, Math.min(MOST_DECIMALS, MOST_DIGITS - 1 - power));
});

const TABLES = { scales: SCALES, decimals: DECIMALS, least: LEAST_DECIMALS, doubt: DOUBT };

const HIDDEN_BIT = 2 ** 23;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;

/** With more places before the point, or no more than this, JavaScript writes `1e21` and `1e-7`. */
const MOST_PLACES = 21;
const LEAST_PLACES = -6;

/** Fewer numbers are written before a kernel is ready. */
const FEW_NUMBERS = 1024;

/** Whether a kernel leaves a number to others: it has none with exponents. */
function isForText(x: number): boolean {
  const size = Math.abs(x);
  return !(size >= 1e-6 && size < 1e9) && x !== 0;
}

/** Text that grows as bytes. */
export class TextBytes {
  #bytes: Buffer;
  #length = 0;
  /** Null where there is none. */
  #kernel: KernelFormatter | null | undefined;
  readonly #value = new Float32Array(1);
  readonly #bits = new Uint32Array(this.#value.buffer);

  /** @param size  bytes to begin with */
  constructor(size = 2 ** 16) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
  }

  /** All that was written, in bytes of their own; nothing is left. */
  take(): Uint8Array {
    const written = Uint8Array.prototype.slice.call(this.#bytes, 0, this.#length);
    this.#length = 0;
    return written;
  }

  text(text: string): void {
    this.#reserve(3 * text.length);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** A character of ASCII. */
  byte(code: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = code;
  }

  /** Rows of numbers, each as `float32` writes it. */
  float32Rows(numbers: Float32Array, separators: Separators): void {
    if (numbers.length >= FEW_NUMBERS) this.#kernel ??= KernelFormatter.from(TABLES) ?? null;
    const kernel = this.#kernel;
    let taken = 0;
    for (let index = 0; index < numbers.length; ) {
      if (kernel && index >= taken) taken = kernel.take(numbers, index);
      if (kernel && !isForText(numbers[index])) {
        const { next, text } = kernel.write(index, separators);
        this.#bytesOf(text);
        if (next > index) {
          index = next;
          continue;
        }
      }
      this.float32(numbers[index++]);
      const { width, between, last } = separators;
      this.byte(index % width === 0 ? last : between);
    }
  }

  #bytesOf(text: Uint8Array): void {
    this.#reserve(text.length);
    this.#bytes.set(text, this.#length);
    this.#length += text.length;
  }

  /** A float32, as `shortestFloat32` writes it. */
  float32(x: number): void {
    this.#reserve(MOST_BYTES);
    this.#value[0] = x;
    const bits = this.#bits[0];
    const exponent = (bits >>> 23) & 255;
    const digits =
      exponent === 0 || exponent === 255 ? 0 : this.#digits(Math.abs(x), bits, exponent);
    if (digits === 0) {
      if (bits === 0) this.#bytes[this.#length++] = ZERO;
      else this.text(shortestFloat32(x));
      return;
    }
    if (x < 0) this.#bytes[this.#length++] = MINUS;
    const decimals = this.#decimals;
    this.#number(digits, MOST_DIGITS - decimals);
  }

  /** Of the last number, the decimals that gave it nine digits. */
  #decimals = 0;

  /**
   * The shortest digits that read back to a number, as a whole number of nine digits with zeros behind
   * them; 0 where doubles cannot tell.
   */
  #digits(size: number, bits: number, exponent: number): number {
    let decimals = DECIMALS[exponent];
    let scaled = size * SCALES[decimals - LEAST_DECIMALS];
    if (scaled >= SCALED_LIMIT) scaled = size * SCALES[--decimals - LEAST_DECIMALS];
    this.#decimals = decimals;
    const mantissa = (bits & (HIDDEN_BIT - 1)) | HIDDEN_BIT;
    // Below a power of two, the next float32 is only half as far.
    const isPower = mantissa === HIDDEN_BIT;
    const reach = scaled / mantissa / (isPower ? 4 : 2);
    let found = Math.floor(scaled + 0.5);
    if (Math.abs(Math.abs(found - scaled) - 0.5) < DOUBT) return 0;
    for (let unit = 10; unit <= LARGEST_UNIT; unit *= 10) {
      const candidate = Math.floor(scaled / unit + 0.5) * unit;
      const distance = Math.abs(candidate - scaled);
      if (distance > reach + DOUBT) {
        if (isPower) return 0;
        break;
      }
      if (distance > reach - DOUBT || distance > unit / 2 - DOUBT) return 0;
      found = candidate;
    }
    return found < SCALED_LIMIT && found >= LEAST_SCALED ? found : 0;
  }

  /** Writes digits, of which so many stand before the point, in JavaScript's way. */
  #number(nineDigits: number, places: number): void {
    // As an integer of 32 bits, which is divided much faster than a double.
    let digits = nineDigits | 0;
    let count = MOST_DIGITS;
    while (digits % 10 === 0) {
      digits = (digits / 10) | 0;
      count--;
    }
    if (places > MOST_PLACES || places <= LEAST_PLACES) {
      this.#withPoint(digits, count, 1);
      this.text(places > 0 ? `e+${places - 1}` : `e${places - 1}`);
    } else if (places <= 0) {
      this.#zeros(1);
      this.#bytes[this.#length++] = POINT;
      this.#zeros(-places);
      this.#withPoint(digits, count, count);
    } else {
      this.#withPoint(digits, count, places);
      this.#zeros(places - count);
    }
  }

  #zeros(count: number): void {
    for (let i = 0; i < count; i++) this.#bytes[this.#length++] = ZERO;
  }

  /** Digits with a point behind so many of them, if there are more. */
  #withPoint(digits: number, count: number, places: number): void {
    const bytes = this.#bytes;
    let rest = digits | 0;
    let at = this.#length + (count > places ? count + 1 : count);
    this.#length = at;
    for (let left = count; left > 0; left--) {
      const tenth = (rest / 10) | 0;
      bytes[--at] = ZERO + rest - 10 * tenth;
      if (left - 1 === places) bytes[--at] = POINT;
      rest = tenth;
    }
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#length + more));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
