/** Losses that measure how far numbers are from each other. */
import * as v from 'valibot';
import type { Tensor } from '../../graph/graph.ts';
import {
  abs,
  add,
  div,
  le,
  log,
  max,
  meanCols,
  mul,
  neg,
  rsqrt,
  softplus,
  square,
  sub,
  sumCols,
  where,
} from '../../graph/ops.ts';
import { notNegative } from '../../spec/values.ts';
import { EPSILON } from '../epsilon.ts';
import { axis, reduction } from './arguments.ts';
import { loss } from './loss.ts';

export const regression = {
  mean_squared_error: loss({
    aliases: ['mse', 'MSE', 'MeanSquaredError'],
    arguments: {
      reduction,
    },
    formula: 'mean((p - y) ** 2)',
    targets: 'numbers',
    isDistance: true,
    values: (y, p) => meanCols(square(sub(p, y))),
  }),
  mean_absolute_error: loss({
    aliases: ['mae', 'MAE', 'MeanAbsoluteError'],
    arguments: {
      reduction,
    },
    formula: 'mean(abs(p - y))',
    targets: 'numbers',
    isDistance: true,
    values: (y, p) => meanCols(abs(sub(p, y))),
  }),
  mean_absolute_percentage_error: loss({
    aliases: ['mape', 'MAPE', 'MeanAbsolutePercentageError'],
    arguments: { reduction },
    formula: '100 * mean(abs(y - p) / max(abs(y), 1e-7))',
    targets: 'numbers',
    isDistance: true,
    values: (y, p) => mul(meanCols(abs(div(sub(y, p), max(abs(y), EPSILON)))), 100),
  }),
  mean_squared_logarithmic_error: loss({
    aliases: ['msle', 'MSLE', 'MeanSquaredLogarithmicError'],
    arguments: { reduction },
    formula: 'mean((log(max(p, 1e-7) + 1) - log(max(y, 1e-7) + 1)) ** 2)',
    targets: 'numbers',
    isDistance: true,
    takesNegative: false,
    values: (y, p) => meanCols(square(sub(logOfOneMore(p), logOfOneMore(y)))),
  }),
  huber: loss({
    aliases: ['Huber'],
    arguments: { delta: v.optional(notNegative(), 1), reduction },
    formula:
      'mean(where(abs(p - y) <= delta, (p - y) ** 2 / 2, delta * abs(p - y) - delta ** 2 / 2))',
    targets: 'numbers',
    isDistance: true,
    values: (y, p, { delta }) => {
      const error = sub(p, y);
      const size = abs(error);
      const far = sub(mul(size, delta), 0.5 * delta * delta);
      return meanCols(where(le(size, delta), mul(square(error), 0.5), far));
    },
  }),
  log_cosh: loss({
    aliases: ['LogCosh'],
    arguments: { reduction },
    formula: 'mean(p - y + softplus(-2 * (p - y)) - log(2))',
    targets: 'numbers',
    isDistance: true,
    values: (y, p) => {
      const error = sub(p, y);
      return meanCols(sub(add(error, softplus(mul(error, -2))), Math.LN2));
    },
  }),
  cosine_similarity: loss({
    aliases: ['CosineSimilarity'],
    arguments: { axis, reduction },
    formula: '-sum(y * p) / (norm(y) * norm(p))',
    where: 'norms are held above 1e-7',
    targets: 'numbers',
    values: (y, p) => neg(sumCols(mul(unitRows(y), unitRows(p)))),
  }),
};

/** ln(max(x, ε) + 1). */
function logOfOneMore(x: Tensor): Tensor {
  return log(add(max(x, EPSILON), 1));
}

/** Each row divided by its length, which is held above ε. */
function unitRows(x: Tensor): Tensor {
  return mul(x, rsqrt(max(sumCols(square(x)), EPSILON * EPSILON)));
}
