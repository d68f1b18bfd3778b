/** Numbers that a layer is given: one, or nested arrays of them, as NumPy takes them. */
import * as v from 'valibot';
import { describe } from '../words.ts';
import { MAX_FLOAT32 } from './limits.ts';
import { expected } from './values.ts';

/** Axis lengths (`[]` for one number) and the numbers in row-major order. */
export interface GivenNumbers {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

const phrase = 'a number, or nested arrays of numbers';

/** A number or regular nested arrays of numbers that float32 can hold. */
export const givenNumbers = v.pipe(
  v.union([v.number(), v.array(v.unknown())], expected(phrase)),
  v.rawTransform(({ dataset, addIssue, NEVER }): GivenNumbers => {
    const found = flatten(dataset.value);
    if (typeof found !== 'string') return found;
    addIssue({ message: `expected ${phrase}; found ${found}` });
    return NEVER;
  }),
);

/** The numbers, or what is wrong with them. */
function flatten(value: unknown): GivenNumbers | string {
  if (!Array.isArray(value)) {
    const isFloat = typeof value === 'number' && Math.abs(value) <= MAX_FLOAT32;
    return isFloat ? { shape: [], values: [value] } : `${describe(value)} in them`;
  }
  if (value.length === 0) return 'an empty array';
  const values: number[] = [];
  let shape: readonly number[] = [];
  for (const [index, entry] of value.entries()) {
    const found = flatten(entry);
    if (typeof found === 'string') return found;
    if (index > 0 && found.shape.join() !== shape.join()) return 'arrays of different lengths';
    shape = found.shape;
    for (const number of found.values) values.push(number);
  }
  return { shape: [value.length, ...shape], values };
}
