/** What is said of optimizers as a family. */
import { optimizers as declared } from '../../nn/optimizers/table.ts';
import type { Family } from '../../records.ts';
import { commonArguments, optimizers } from '../optimizers.ts';
import { familyOf } from './family.ts';

export const family: Family = familyOf(
  {
    name: 'optimizers',
    about: [
      'How weights w move by their gradient g in step t = 1, 2, …, one assignment after the other. lr is the learning rate: a number, or one of `mlp help schedules`. What stands on the right before it was assigned is kept from the step before, and starts at 0. Names are known in any case.',
      'Common arguments: `weight_decay` d: w = w - d * lr * w before the step. `clipnorm` c: g * c / max(norm(g), c), weight by weight; `global_clipnorm`: the same with the norm of all; `clipvalue` c: clip(g, -c, c); one of the three. `use_ema` keeps averages, ema_momentum * average + (1 - ema_momentum) * w, which become the weights every `ema_overwrite_frequency` steps and at the end. `gradient_accumulation_steps` k: one step with the mean gradient of k batches. `loss_scale_factor`: the loss is multiplied by it for the gradient, which is divided by it again.',
    ],
    common: commonArguments,
    differences: [
      'JSON has one kind of number: where Keras insists on a float (`Adam(1)`, `momentum=0`), `1` is `1.0`.',
      'Negative `clipnorm`, `clipvalue` and `global_clipnorm` are refused, where Keras takes them for no clipping; so are negative rates and decays, and betas and momenta outside their range.',
      'Weights that the loss does not depend on have a gradient of 0, so that weight decay, averages and constraints reach them; Keras leaves them out of the step with a warning.',
      '`exclude_from_weight_decay` is a method in Keras and not in its configs: it is not there.',
      '`LossScaleOptimizer` is for half precision: it is not there.',
    ],
  },
  optimizers,
  declared,
);
