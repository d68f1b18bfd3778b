/** Numbers of fixtures/keras as arrays, and how closely ours must agree with them. */
import type { NdArray } from '../../src/ndarray.ts';
import * as close from '../close.ts';
import { expectClose, type Nested, type Tolerance } from '../close.ts';

/** Nested arrays of numbers, with NaN and infinities as the words `nan`, `inf` and `-inf`. */
export type KerasNumbers = number | string | readonly KerasNumbers[];

export type { Tolerance } from '../close.ts';

const words: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

function isList(numbers: KerasNumbers): numbers is readonly KerasNumbers[] {
  return Array.isArray(numbers);
}

/** The axis lengths of nested arrays. */
export const shapeOf = (numbers: KerasNumbers): number[] => close.shapeOf(numbersOf(numbers));

/** All numbers in row-major order. */
export const flat = (numbers: KerasNumbers): number[] => close.flat(numbersOf(numbers));

/** The numbers as one of our arrays. */
export function arrayOf(numbers: KerasNumbers): NdArray {
  return { shape: shapeOf(numbers), values: Float32Array.from(flat(numbers)) };
}

/** The same with numbers in place of words. */
function numbersOf(numbers: KerasNumbers): Nested {
  if (isList(numbers)) return numbers.map(numbersOf);
  return typeof numbers === 'string' ? words[numbers] : numbers;
}

/** Holds `found` against Keras's numbers; `allowance` is what one of them may be off besides. */
export function expectNear(
  found: ArrayLike<number>,
  wanted: KerasNumbers,
  tolerance: Tolerance,
  allowance?: (index: number) => number,
): void {
  expectClose(found, numbersOf(wanted), { ...tolerance, allowance });
}
