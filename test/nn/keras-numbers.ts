/** Numbers of fixtures/keras as arrays, and how closely ours must agree with them. */
import { expect } from 'vitest';
import type { NdArray } from '../../src/ndarray.ts';

/** Nested arrays of numbers, with NaN and infinities as the words `nan`, `inf` and `-inf`. */
export type KerasNumbers = number | string | readonly KerasNumbers[];

/** `|a − b| ≤ atol + rtol · |b|` */
export interface Tolerance {
  readonly atol: number;
  readonly rtol: number;
}

const words: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

function isList(numbers: KerasNumbers): numbers is readonly KerasNumbers[] {
  return Array.isArray(numbers);
}

/** The axis lengths of nested arrays. */
export function shapeOf(numbers: KerasNumbers): number[] {
  return isList(numbers)
    ? [numbers.length, ...(numbers.length > 0 ? shapeOf(numbers[0]) : [])]
    : [];
}

/** All numbers in row-major order. */
export function flat(numbers: KerasNumbers): number[] {
  if (isList(numbers)) return numbers.flatMap(flat);
  return [typeof numbers === 'string' ? words[numbers] : numbers];
}

/** The numbers as one of our arrays. */
export function arrayOf(numbers: KerasNumbers): NdArray {
  return { shape: shapeOf(numbers), values: Float32Array.from(flat(numbers)) };
}

/** Holds `found` against Keras's numbers and shows every place that is too far away. */
export function expectNear(
  found: ArrayLike<number>,
  wanted: KerasNumbers,
  { atol, rtol }: Tolerance,
  allowance: (index: number) => number = () => 0,
): void {
  const numbers = flat(wanted);
  expect(found.length).toBe(numbers.length);
  const wrong = numbers.flatMap((number, index) => {
    const bound = atol + rtol * Math.abs(number) + allowance(index);
    const isNear = Object.is(found[index], number) || Math.abs(found[index] - number) <= bound;
    return isNear || (Number.isNaN(number) && Number.isNaN(found[index]))
      ? []
      : [`[${index}]: expected ${number}; found ${found[index]}`];
  });
  expect(wrong).toEqual([]);
}
