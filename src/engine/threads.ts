/** How many threads a step is worth. */
import { availableParallelism } from 'node:os';

/**
 * Multiplications of the matrix products of a step from which threads are started that nobody has asked for: some
 * 1.3 ms, so that a second thread pays on a busy machine, too.
 */
const WORTH_STARTING = 25e6;
/** More have not been measured. */
const MOST_AUTO = 4;

/**
 * Work of a program (wasm/work.ts) from which threads that are there divide it: some 50 µs, with less of which the
 * meetings take more than dividing saves.
 */
export const WORTH_DIVIDING = 2 ** 20;

/** @param multiplications  of the matrix products of a step */
export function threadsOf(multiplications: number, wanted: number | 'auto'): number {
  if (wanted !== 'auto') return wanted;
  return multiplications >= WORTH_STARTING ? Math.min(availableParallelism(), MOST_AUTO) : 1;
}
