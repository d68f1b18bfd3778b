/** What is said of constraints as a family. */
import { constraints as declared } from '../../nn/constraints.ts';
import type { Family } from '../../records.ts';
import { constraints } from '../constraints.ts';
import { familyOf } from './family.ts';

export const family: Family = familyOf(
  {
    name: 'constraints',
    about: [
      'What a weight w becomes after each step. norm runs along `axis`, one or several: 0 on a kernel of Dense is all that goes into one unit.',
    ],
    differences: ['An `axis` that the weight does not have is refused when the model is read.'],
  },
  constraints,
  declared,
);
