/** When validation rows are measured. */
import type { FitSettings } from './fit.ts';

/** Whether a run measures validation rows: it has none, none of its epochs is due, or some are. */
export type Validation = 'none' | 'never due' | 'due';

type Frequency = FitSettings['validationFreq'];

/** Whether validation is due after an epoch, counted from 0. */
export function isDue(epoch: number, frequency: Frequency): boolean {
  return typeof frequency === 'number'
    ? (epoch + 1) % frequency === 0
    : frequency.includes(epoch + 1);
}

/** What a run of these epochs measures. */
export function validationOf(
  hasRows: boolean,
  {
    initialEpoch,
    epochs,
    validationFreq: frequency,
  }: Pick<FitSettings, 'initialEpoch' | 'epochs' | 'validationFreq'>,
): Validation {
  if (!hasRows) return 'none';
  const isEverDue =
    typeof frequency === 'number'
      ? Math.floor(epochs / frequency) > Math.floor(initialEpoch / frequency)
      : frequency.some((epoch) => epoch > initialEpoch && epoch <= epochs);
  return isEverDue ? 'due' : 'never due';
}
