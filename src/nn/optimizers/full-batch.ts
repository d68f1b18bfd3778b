/** Optimizers that take all rows at once. They have no rule in ops: `training/` moves the weights. */
import * as v from 'valibot';
import { notNegative, positive, whole } from '../../spec/values.ts';

/** By the names that documents use. */
export const fullBatch = {
  /** Not of Keras: L-BFGS with a strong Wolfe line search. */
  lbfgs: {
    aliases: ['LBFGS'],
    arguments: {
      /** The first trial step along each new direction. */
      learning_rate: v.optional(positive(), 1),
      /** How many steps back curvature is remembered. */
      memory: v.optional(whole(1, 1000), 10),
      /** Gradients at most that one line search, which is one epoch, may compute. */
      max_evaluations: v.optional(whole(2, 1000), 25),
      /** Training ends where no component of the gradient is larger. */
      gradient_tolerance: v.optional(notNegative(), 1e-7),
    },
    formula: 'w = w - s * H g',
    where:
      'H is what the last `memory` steps say of the inverse Hessian, s found by a strong Wolfe line search that starts at `learning_rate` and computes at most `max_evaluations` gradients; one step over all rows is an epoch; ends where no part of g is above `gradient_tolerance`',
    differences: [
      'not of Keras',
      'takes all rows at once, no constraints, and no layers that work by chance',
    ],
  },
};
