/** Closeness of numbers: every one within an absolute and a relative bound, the worst named if not. */
import { expect } from 'vitest';

/** A number, or numbers nested as deep as their shape has axes. */
export type Nested = number | readonly Nested[];

/** `|found − wanted| ≤ atol + rtol · |wanted| + allowance`. */
export interface Tolerance {
  readonly atol: number;
  readonly rtol: number;
  /** What is allowed besides at a row-major index; nothing, where not said. */
  readonly allowance?: (index: number) => number;
}

/** All numbers in row-major order. */
export function flat(values: Nested): number[] {
  return typeof values === 'number' ? [values] : values.flatMap(flat);
}

/** The axis lengths of nested numbers; `[]` is a single one. */
export function shapeOf(values: Nested): number[] {
  if (typeof values === 'number') return [];
  return [values.length, ...(values.length === 0 ? [] : shapeOf(values[0]))];
}

/** How far a number is off, in units of what is allowed; NaN and infinities must be the same. */
function excess(found: number, wanted: number, allowed: number): number {
  if (Object.is(found, wanted) || found === wanted || allowed === Infinity) return 0;
  const ratio = Math.abs(found - wanted) / allowed;
  return Number.isFinite(wanted) && !Number.isNaN(ratio) ? ratio : Infinity;
}

/**
 * Fails unless all numbers are close, and says which one is worst.
 *
 * @param found   row-major
 * @param wanted  as nested as its shape, or row-major too
 * @param what    what the numbers are, for the message
 */
export function expectClose(
  found: ArrayLike<number>,
  wanted: Nested,
  { atol, rtol, allowance = () => 0 }: Tolerance,
  what = 'the numbers',
): void {
  const all = flat(wanted);
  expect(found.length, `${what}: how many`).toBe(all.length);
  // What is allowed around an infinite number is infinite, too: it is not asked there.
  const allowed = all.map((value, i) =>
    Number.isFinite(value) ? atol + rtol * Math.abs(value) + allowance(i) : allowance(i),
  );
  const ratios = all.map((value, i) => excess(found[i], value, allowed[i]));
  const worst = ratios.reduce((best, ratio, i) => (ratio > ratios[best] ? i : best), 0);
  if (!(ratios[worst] > 1)) return;
  const far = ratios.filter((ratio) => ratio > 1).length;
  expect.fail(
    `${what}: ${far} of ${all.length} are off; worst is [${placeOf(worst, shapeOf(wanted))}]: ` +
      `found ${found[worst]}, wanted ${all[worst]}, ${ratios[worst].toPrecision(3)} times the tolerance`,
  );
}

/** Row-major index → one index for each axis. */
function placeOf(index: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  let rest = index;
  for (const length of [...shape].reverse()) {
    place.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return place;
}
