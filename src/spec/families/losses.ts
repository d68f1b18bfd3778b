/** What is said of losses as a family. */

import { commonArguments, losses as declared } from '../../nn/losses.ts';
import type { Family } from '../../records.ts';
import { losses } from '../losses.ts';
import { familyOf } from './family.ts';

export const family: Family = familyOf(
  {
    name: 'losses',
    about: [
      'What training makes small: the loss of a row, of targets y and predictions p. mean and sum run along the last axis.',
      '`reduction` says how the rows make one number: `"sum_over_batch_size"` (or `"mean"`), the default, divides the sum of the weighted losses by how many there are, `"mean_with_sample_weight"` by the sum of the weights, `"sum"` by nothing. `axis`, where a loss has it, is the last one.',
    ],
    common: commonArguments,
    differences: [
      '`reduction` `"none"` is refused: training needs one number.',
      'An `axis` other than the last is refused.',
      '`circle` and `ctc` are not there: they are losses of embeddings and of sequences.',
      'What stands before a softmax or sigmoid is found also where layers follow that change nothing (Flatten of one axis, Reshape and Permute to the same, Rescaling by 1), in metrics too. Keras takes the probabilities there, held in [1e-7, 1 - 1e-7].',
      'A categorical loss on one output is refused, where Keras warns and computes 0; so are class numbers that no output stands for, and targets of binary cross-entropies outside 0 to 1.',
      "Sample weights `(B,)` on outputs of several rows count for all rows of their sample. Keras fails on them, or takes them for the rows' where the numbers happen to agree.",
    ],
  },
  losses,
  declared,
);
