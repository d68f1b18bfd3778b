/** What each constraint makes of a weight. */
import type { Family } from '../../records.ts';
import { constraints } from '../constraints.ts';
import { type Descriptions, familyOf } from './family.ts';

export const descriptions: Descriptions<typeof constraints> = {
  max_norm: { formula: 'w * clip(norm(w), 0, max_value) / (norm(w) + 1e-7)' },
  non_neg: { formula: 'max(w, 0)' },
  unit_norm: { formula: 'w / (norm(w) + 1e-7)' },
  min_max_norm: {
    formula:
      'w * (rate * clip(norm(w), min_value, max_value) + (1 - rate) * norm(w)) / (norm(w) + 1e-7)',
  },
};

export const family: Family = familyOf(
  {
    name: 'constraints',
    about: [
      'What a weight w becomes after each step. norm runs along `axis`, one or several: 0 on a kernel of Dense is all that goes into one unit.',
    ],
    differences: ['An `axis` that the weight does not have is refused when the model is read.'],
  },
  constraints,
  descriptions,
);
