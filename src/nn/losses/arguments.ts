/** Arguments that several losses take. */
import * as v from 'valibot';
import { expected, flag, fraction } from '../../spec/values.ts';

const reductionPhrase = '"sum_over_batch_size", "mean", "mean_with_sample_weight" or "sum"';

/** How the batch's values become one number. Without it: the sum over how many there are. */
export const reduction = v.optional(
  v.picklist(
    ['sum_over_batch_size', 'mean', 'mean_with_sample_weight', 'sum'],
    expected(`${reductionPhrase}: training needs one number`),
  ),
);

const axisMessage = expected('-1, the last axis');
/** The classes' axis; only the last one is computed, by either of its numbers. */
export const axis = v.optional(
  v.pipe(
    v.number(axisMessage),
    v.integer(axisMessage),
    v.check((value) => value === -1 || value >= 1, axisMessage),
  ),
);

export const from_logits = v.optional(flag(), false);
export const label_smoothing = v.optional(fraction(), 0);
