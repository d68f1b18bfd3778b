/** Batches of an epoch: the last one may be short. */
export function stepsIn(rows: number, batchSize: number): number {
  return Math.ceil(rows / batchSize);
}
