/** What is said of activations as a family. */
import { activations, REQUIRED } from '../../nn/activations.ts';
import type { Family, FamilyArgument } from '../../records.ts';
import { type Description, entryOf } from './family.ts';

interface Declared extends Description {
  readonly aliases: readonly string[];
  readonly arguments: Readonly<Record<string, unknown>>;
}

function argumentsOf(declared: Declared['arguments']): FamilyArgument[] {
  return Object.entries(declared).map(([key, usual]) =>
    usual === REQUIRED
      ? { name: key, required: true }
      : { name: key, default: usual, required: false },
  );
}

export const family: Family = {
  name: 'activations',
  about: [
    'What a layer does to its outputs: x is one of them. The formulas are in the language of `mlp help formulas`, save sums, which run along an axis. Any formula in x may stand in the place of a name.',
  ],
  entries: Object.entries<Declared>(activations).map(([name, { aliases, ...declared }]) =>
    entryOf(name, aliases, argumentsOf(declared.arguments), declared),
  ),
  common: { arguments: [], except: [] },
  differences: [],
};
