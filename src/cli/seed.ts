/** The seed of a run: from the command line, else from the spec, else picked. */
import { pickSeed } from '../random.ts';

interface ChosenSeed {
  readonly seed: number;
  /** In front of the number, for people: a picked seed is said to be one. */
  readonly origin: 'seed' | 'picked seed';
}

export function chooseSeed(
  option: number | undefined,
  spec: number | null | undefined,
): ChosenSeed {
  const given = option ?? spec;
  if (given !== undefined && given !== null) return { seed: given, origin: 'seed' };
  return { seed: pickSeed(), origin: 'picked seed' };
}
