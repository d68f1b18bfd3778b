/** How a feature's numbers are filled and scaled: what is computed from the training rows once. */
import type { MissingPolicy, NumericInput, Scaling } from './columns.ts';
import { type Moments, mode, momentsOf, quantile } from './statistics.ts';

/** The policies that put a number in the place of a missing one. */
type FillingPolicy = Extract<MissingPolicy, 'mean' | 'median' | 'mode' | 'indicator'>;

/** Numbers of a feature in the training rows, NaN where one is missing; at least one is there. */
export interface TrainingNumbers {
  readonly present: Float64Array;
  readonly missing: number;
}

/** The numbers without those that are missing, to be read only; looked for when they are asked for. */
export function trainingNumbers(values: Float64Array): TrainingNumbers {
  let found: Float64Array | undefined;
  const present = () => {
    found ??= hasNaN(values) ? values.filter((value) => !Number.isNaN(value)) : values;
    return found;
  };
  return {
    get present() {
      return present();
    },
    get missing() {
      return values.length - present().length;
    },
  };
}

/** A loop, for a function that is called for each number takes ten times as long. */
function hasNaN(values: Float64Array): boolean {
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) return true;
  return false;
}

/** What stands in for a missing number. */
export function fillOf({ present }: TrainingNumbers, policy: FillingPolicy): number {
  if (policy === 'mean' || policy === 'indicator') return momentsOf(present).mean;
  const sorted = present.slice().sort();
  return policy === 'median' ? quantile(sorted, 0.5) : mode(sorted);
}

/**
 * Shift and scale. Mean and deviation, least and range, or median and interquartile range, of the rows as
 * the network will see them: with what is filled in. Numbers that do not vary are only shifted.
 */
export function scalingOf(
  numbers: TrainingNumbers,
  fill: number | undefined,
  scaling: Scaling,
): Required<Pick<NumericInput, 'shift' | 'scale'>> {
  const filled = fill === undefined ? numbers.present : withFill(numbers, fill);
  if (scaling === 'robust') {
    const sorted = filled.slice().sort();
    const range = quantile(sorted, 0.75) - quantile(sorted, 0.25);
    return { shift: quantile(sorted, 0.5), scale: range || 1 };
  }
  const { mean, deviation, min, max } = momentsOf(filled);
  return scaling === 'zscore'
    ? { shift: mean, scale: deviation || 1 }
    : { shift: min, scale: max - min || 1 };
}

function withFill({ present, missing }: TrainingNumbers, fill: number): Float64Array {
  const filled = new Float64Array(present.length + missing).fill(fill);
  filled.set(present);
  return filled;
}

/** Numbers about as far from 0 and from each other as initial weights expect need no scaling. */
export function isOfUsualSize({ mean, deviation }: Moments): boolean {
  return Math.abs(mean) <= 1 && deviation >= 0.25 && deviation <= 4;
}
