/** Growing lists of numbers, for tables whose length is only known at their end. */

const FIRST_BLOCK = 2 ** 10;
/** Blocks this large come from the system and go back to it; what is not written of them takes no memory. */
const LARGEST_BLOCK = 2 ** 20;

type Numbers = Float32Array | Float64Array | Uint32Array;

/** Appends into blocks, so that growing copies nothing; `take` joins them once. */
export class NumberList<A extends Numbers> {
  #full: A[] = [];
  #block: A;
  #used = 0;
  #lengthOfFull = 0;
  readonly #make: (length: number) => A;

  /** @param make  a new array of so many numbers */
  constructor(make: (length: number) => A) {
    this.#make = make;
    this.#block = make(FIRST_BLOCK);
  }

  get length(): number {
    return this.#lengthOfFull + this.#used;
  }

  /** Appends, rounded as the array rounds. */
  push(value: number): void {
    if (this.#used === this.#block.length) this.#grow();
    this.#block[this.#used++] = value;
  }

  #grow(): void {
    this.#full.push(this.#block);
    this.#lengthOfFull += this.#used;
    this.#block = this.#make(Math.min(LARGEST_BLOCK, 2 * this.#block.length));
    this.#used = 0;
  }

  /** All numbers in a new array of exactly their length; the list is empty afterwards. */
  take(): A {
    const array = this.#make(this.length);
    let at = 0;
    for (const block of this.#full) {
      array.set(block, at);
      at += block.length;
    }
    array.set(this.#block.subarray(0, this.#used), at);
    this.#full = [];
    this.#block = this.#make(FIRST_BLOCK);
    this.#used = 0;
    this.#lengthOfFull = 0;
    return array;
  }
}

/** A list of float32 numbers. */
export function float32List(): NumberList<Float32Array> {
  return new NumberList((length) => new Float32Array(length));
}

/** A list of doubles. */
export function float64List(): NumberList<Float64Array> {
  return new NumberList((length) => new Float64Array(length));
}

/** A list of whole numbers from 0 to 2³² − 1. */
export function uint32List(): NumberList<Uint32Array> {
  return new NumberList((length) => new Uint32Array(length));
}
