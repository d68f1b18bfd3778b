/** Losses of two sets that should overlap: sums over the whole batch, or over each row. */
import * as v from 'valibot';
import { add, div, mul, sub, sumAll, sumCols } from '../../graph/ops.ts';
import { expected, number } from '../../spec/values.ts';
import { EPSILON } from '../epsilon.ts';
import { reduction } from './arguments.ts';
import { loss } from './loss.ts';

const WHOLE_BATCH = 'sums over the whole batch; with `axis` -1 over each row';

const batchAxisMessage = expected('null, the whole batch, or -1, the last axis');
/** Null is the whole batch: one number for all its samples. */
const axis = v.optional(v.nullable(v.literal(-1, batchAxisMessage)), null);

export const overlap = {
  dice: loss({
    aliases: ['Dice'],
    arguments: { axis, reduction },
    formula: '1 - 2 * sum(y * p) / (sum(y) + sum(p) + 1e-7)',
    where: WHOLE_BATCH,
    differences: ['`axis` is null or -1'],
    targets: 'numbers',
    values: (y, p, { axis }) => {
      const sum = axis === null ? sumAll : sumCols;
      const all = add(add(sum(y), sum(p)), EPSILON);
      return sub(1, div(mul(sum(mul(y, p)), 2), all));
    },
  }),
  tversky: loss({
    aliases: ['Tversky'],
    arguments: {
      alpha: v.optional(number(), 0.5),
      beta: v.optional(number(), 0.5),
      axis,
      reduction,
    },
    formula:
      '1 - sum(y * p) / (sum(y * p) + alpha * sum(y * (1 - p)) + beta * sum((1 - y) * p) + 1e-7)',
    where: `${WHOLE_BATCH}; versions of Keras after 3.15 have alpha and beta the other way round`,
    differences: ['`axis` is null or -1'],
    targets: 'numbers',
    // alpha with the misses and beta with the false alarms: so it is in Keras 3.15.1, not in later ones.
    values: (y, p, { alpha, beta, axis }) => {
      const sum = axis === null ? sumAll : sumCols;
      const both = sum(mul(y, p));
      const missed = mul(sum(mul(y, sub(1, p))), alpha);
      const falseAlarms = mul(sum(mul(sub(1, y), p)), beta);
      return sub(1, div(both, add(add(add(both, missed), falseAlarms), EPSILON)));
    },
  }),
};
