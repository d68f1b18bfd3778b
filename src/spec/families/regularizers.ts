/** What is said of regularizers as a family. */
import { regularizers as declared } from '../../nn/regularizers.ts';
import type { Family } from '../../records.ts';
import { regularizers } from '../regularizers.ts';
import { familyOf } from './family.ts';

export const family: Family = familyOf(
  {
    name: 'regularizers',
    about: [
      'What is added to the loss for a weight w, or as `activity_regularizer` for the outputs w of a layer, divided then by the rows of the batch. The key may say which one it is: `{"l2": 0.001}`.',
    ],
    differences: [],
  },
  regularizers,
  declared,
);
