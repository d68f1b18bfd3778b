/** How many threads a step is worth. */
import { availableParallelism } from 'node:os';

/** Operations of the matrix products of a step from which a second thread pays. */
const WORTH_THREADS = 50e6;
/** More have not been measured. */
const MOST_AUTO = 4;

/** @param operations  multiplications and additions of the matrix products of a step */
export function threadsOf(operations: number, wanted: number | 'auto'): number {
  if (wanted !== 'auto') return wanted;
  return operations >= WORTH_THREADS ? Math.min(availableParallelism(), MOST_AUTO) : 1;
}
