/** How the work of one call is divided among threads: by rows or columns of the output, or by its numbers. */
import type { Call } from './call.ts';

/** Below so many operations of a unit, meeting takes longer than it saves. */
const WORTH_PRODUCTS = 2 ** 18;
const WORTH_EXPONENTIALS = 2 ** 12;
const WORTH_NUMBERS = 2 ** 16;
const WORTH_SUMS = 2 ** 15;

/** As in assembly/matmul.ts and assembly/tile.ts. */
const TRANSPOSE_A = 1;
const MASK = 3;

/**
 * The calls of all threads, null for who has nothing to do; null where one thread does it alone.
 *
 * @param scratchSize  bytes that each thread has to itself
 */
export function partsOf(
  { kernel, words }: Call,
  threads: number,
  scratchSize: number,
): (Call | null)[] | null {
  const divide = (length: number, part: (first: number, count: number, i: number) => number[]) =>
    Array.from({ length: threads }, (_, i) => {
      const [first, end] = [share(length, i, threads), share(length, i + 1, threads)];
      return end > first ? { kernel, words: part(first, end - first, i) } : null;
    });
  if (kernel === 'matmul') {
    const [out, a, b, rows, cols, length, nextA, nextB, lie, scratch, finish, extra] = words;
    if (rows * cols * length < WORTH_PRODUCTS) return null;
    return divide(rows, (first, count, i) => {
      const moved = 4 * first * cols;
      const movedA = 4 * first * (lie === TRANSPOSE_A ? 1 : nextA);
      const movedExtra = finish === MASK ? moved : 0;
      const shape = [count, cols, length, nextA, nextB, lie];
      const own = scratch + i * scratchSize;
      return [out + moved, a + movedA, b, ...shape, own, finish, extra + movedExtra];
    });
  }
  if (kernel === 'softmaxes') {
    const [softmax, logSoftmax, x, rows, cols, scratch] = words;
    if (rows * cols < WORTH_EXPONENTIALS) return null;
    return divide(rows, (first, count, i) => {
      const moved = 4 * first * cols;
      const outs = [softmax, logSoftmax].map((out) => (out === 0 ? 0 : out + moved));
      return [...outs, x + moved, count, cols, scratch + i * scratchSize];
    });
  }
  if (kernel === 'sumRows') {
    const [out, x, rows, cols, next] = words;
    if (rows * cols < WORTH_SUMS) return null;
    return divide(cols, (first, count) => [out + 4 * first, x + 4 * first, rows, count, next]);
  }
  return null;
}

/** The ranges of numbers that threads run a chain over; null where one thread does it alone. */
export function rangesOf(
  count: number,
  ops: number,
  threads: number,
): (readonly [first: number, end: number])[] | null {
  if (count * ops < WORTH_NUMBERS) return null;
  return Array.from({ length: threads }, (_, i) => {
    return [share(count, i, threads), share(count, i + 1, threads)] as const;
  });
}

/** Where a thread's share begins: a multiple of four, so that tiles and lanes stay whole. */
function share(count: number, thread: number, threads: number): number {
  if (thread === threads) return count;
  return Math.min(count, Math.ceil((count * thread) / threads / 4) * 4);
}
