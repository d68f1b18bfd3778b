/** Losses of a margin between what is and what is not. */
import type { Tensor } from '../../graph/graph.ts';
import {
  add,
  eq,
  max,
  maxCols,
  meanCols,
  mul,
  ne,
  square,
  sub,
  sumAll,
  sumCols,
  where,
} from '../../graph/ops.ts';
import { reduction } from './arguments.ts';
import { loss } from './loss.ts';

const LABELS = 'labels that are all 0 or 1 in a batch become -1 and 1';

export const hinges = {
  hinge: loss({
    aliases: ['Hinge'],
    arguments: { reduction },
    formula: 'mean(max(1 - y * p, 0))',
    where: LABELS,
    targets: 'numbers',
    values: (y, p) => meanCols(hinge(y, p)),
  }),
  squared_hinge: loss({
    aliases: ['SquaredHinge'],
    arguments: { reduction },
    formula: 'mean(max(1 - y * p, 0) ** 2)',
    where: LABELS,
    targets: 'numbers',
    values: (y, p) => meanCols(square(hinge(y, p))),
  }),
  categorical_hinge: loss({
    aliases: ['CategoricalHinge'],
    arguments: { reduction },
    formula: 'max(largest((1 - y) * p) - sum(y * p) + 1, 0)',
    where: 'y is a one-hot row',
    targets: 'one per class',
    values: (y, p) => {
      const others = maxCols(mul(sub(1, y), p));
      return max(add(sub(others, sumCols(mul(y, p))), 1), 0);
    },
  }),
};

/** max(1 − y p, 0). Labels that are all 0 or 1 in this batch become −1 and 1. */
function hinge(y: Tensor, p: Tensor): Tensor {
  const others = sumAll(mul(ne(y, 0), ne(y, 1)));
  const labels = where(eq(others, 0), sub(mul(y, 2), 1), y);
  return max(sub(1, mul(labels, p)), 0);
}
