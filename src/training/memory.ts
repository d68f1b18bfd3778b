/** Whether the numbers of a plan fit in memory, asked before any of it is taken. */
import { ExitCode, UserError } from '../errors.ts';
import type { Plan } from '../graph/plan.ts';
import { MAX_ARENA } from '../spec/limits.ts';
import { formatThousands } from '../words.ts';

const GIB_PER_NUMBER = 4 / 2 ** 30;

/**
 * Holds a plan for batches against MAX_ARENA.
 *
 * @param oneRow  the same plan for single rows: it tells whether smaller batches would help
 * @param remedy  what makes batches smaller
 * @throws {UserError} exit 2
 */
export function checkBatchMemory(plan: Plan, oneRow: () => Plan, remedy: string): void {
  if (plan.size <= MAX_ARENA) return;
  checkRowMemory(oneRow());
  const found = `found ${formatThousands(plan.maxBatch)} rows (${formatGib(plan.size)})`;
  throw new UserError(
    ExitCode.usage,
    `batch_size: expected a batch whose numbers fit in ${formatGib(MAX_ARENA)}; ${found}`,
    remedy,
  );
}

/**
 * Holds a plan for single rows against MAX_ARENA.
 *
 * @throws {UserError} exit 2
 */
export function checkRowMemory({ size }: Plan): void {
  if (size <= MAX_ARENA) return;
  const found = `found ${formatGib(size)} for a single row`;
  throw new UserError(
    ExitCode.usage,
    `model: expected a model whose numbers fit in ${formatGib(MAX_ARENA)}; ${found}`,
    'give its layers fewer units',
  );
}

/** Whole GiB, rounded up, so that what does not fit shows it. */
function formatGib(numbers: number): string {
  return `${formatThousands(Math.ceil(numbers * GIB_PER_NUMBER))} GiB`;
}
