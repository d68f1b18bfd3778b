/** A growing list of float32 numbers, for tables whose length is only known at their end. */

const FIRST_BLOCK = 2 ** 10;
const LARGEST_BLOCK = 2 ** 20;

/** Appends into blocks, so that growing copies nothing; `toArray` joins them once. */
export class FloatList {
  #full: Float32Array[] = [];
  #block = new Float32Array(FIRST_BLOCK);
  #used = 0;
  #lengthOfFull = 0;

  get length(): number {
    return this.#lengthOfFull + this.#used;
  }

  /** Rounds to float32 and appends. */
  push(value: number): void {
    if (this.#used === this.#block.length) {
      this.#full.push(this.#block);
      this.#lengthOfFull += this.#used;
      this.#block = new Float32Array(Math.min(LARGEST_BLOCK, 2 * this.#block.length));
      this.#used = 0;
    }
    this.#block[this.#used++] = value;
  }

  /** All numbers in a new array of exactly their length. */
  toArray(): Float32Array {
    const array = new Float32Array(this.length);
    let at = 0;
    for (const block of this.#full) {
      array.set(block, at);
      at += block.length;
    }
    array.set(this.#block.subarray(0, this.#used), at);
    return array;
  }
}
