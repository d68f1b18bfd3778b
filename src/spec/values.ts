/**
 * The plain values that specs are made of: whole numbers, rates, names, each with the sentence that
 * a wrong one gets.
 */
import * as v from 'valibot';
import { describe, formatThousands } from '../words.ts';
import { MAX_FLOAT32, MAX_NAME } from './limits.ts';

/** A message for valibot: `expected PHRASE; found WHAT STANDS THERE`. */
export function expected(phrase: string): (issue: { input: unknown }) => string {
  return (issue) => `expected ${phrase}; found ${describe(issue.input)}`;
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number = Number.MAX_SAFE_INTEGER) {
  const message = expected(`a whole number, ${formatThousands(min)} or more`);
  const tooLarge = expected(`a whole number, at most ${formatThousands(max)}`);
  return v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(min, message),
    v.maxValue(max, tooLarge),
  );
}

/** A number that float32 can hold. */
export function number() {
  return v.pipe(
    v.number(expected('a number')),
    v.finite(expected('a finite number')),
    v.check(
      (value) => Math.abs(value) <= MAX_FLOAT32,
      expected('a number that fits into 32-bit float'),
    ),
  );
}

/** A number of 0 or more that float32 can hold. */
export function notNegative() {
  const message = expected('a number, 0 or more');
  return v.pipe(
    v.number(message),
    v.minValue(0, message),
    v.maxValue(MAX_FLOAT32, expected('a number that fits into 32-bit float')),
  );
}

/** A number above 0 that float32 can hold. */
export function positive() {
  const message = expected('a number above 0');
  return v.pipe(
    v.number(message),
    v.gtValue(0, message),
    v.maxValue(MAX_FLOAT32, expected('a number that fits into 32-bit float')),
  );
}

/** A number from 0 to 1, both included. */
export function fraction() {
  const message = expected('a number from 0 to 1');
  return v.pipe(v.number(message), v.minValue(0, message), v.maxValue(1, message));
}

/** A number from 0 to 1, without 1 itself. */
export function fractionBelowOne() {
  const message = expected('a number, 0 or more and less than 1');
  return v.pipe(v.number(message), v.minValue(0, message), v.ltValue(1, message));
}

/** `true` or `false`. */
export function flag() {
  return v.boolean(expected('true or false'));
}

/** The name of a layer or model: Keras forbids `/`, which separates names in weights files. */
export function nameText() {
  const message = expected('a name: text without "/"');
  const tooLong = `expected a name of at most ${formatThousands(MAX_NAME)} characters; found more`;
  return v.pipe(v.string(message), v.maxLength(MAX_NAME, tooLong), v.regex(/^[^/]+$/, message));
}
