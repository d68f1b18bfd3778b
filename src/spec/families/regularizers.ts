/** What each regularizer adds to the loss. */
import type { Family } from '../../records.ts';
import { regularizers } from '../regularizers.ts';
import { type Descriptions, familyOf } from './family.ts';

export const descriptions: Descriptions<typeof regularizers> = {
  l1: { formula: 'l1 * sum(abs(w))' },
  l2: { formula: 'l2 * sum(w ** 2)' },
  l1_l2: {
    formula: 'l1 * sum(abs(w)) + l2 * sum(w ** 2)',
    differences: [
      'an object only: the word means no penalty in Keras 3, which spells it `l1l2`, and 0.01 of each in Keras 2',
    ],
  },
  orthogonal_regularizer: {
    formula: 'factor * mean(abs(cos of the angle between two rows))',
    where: 'over all pairs of rows, or of columns with `mode` `"columns"`; w is a matrix',
    differences: [
      '`orthogonal` is a word too',
      'a single row or column, of which there are no pairs, is refused, where Keras divides by zero',
      'of the outputs of a layer with `mode` `"columns"` only: how many rows there are is a matter of the batch',
    ],
  },
};

export const family: Family = familyOf(
  {
    name: 'regularizers',
    about: [
      'What is added to the loss for a weight w, or as `activity_regularizer` for the outputs w of a layer, divided then by the rows of the batch. The key may say which one it is: `{"l2": 0.001}`.',
    ],
    differences: [],
  },
  regularizers,
  descriptions,
);
