/**
 * Regularizers, each said once: words, arguments, formula for people, and the penalty, `[1, 1]`, for a
 * tensor's numbers in ops (keras.regularizers; no ½, sums not means).
 */
import * as v from 'valibot';

import { table } from '../graph/column-ops.ts';
import type { Tensor } from '../graph/graph.ts';
import {
  abs,
  add,
  div,
  matmulTransposeA,
  matmulTransposeB,
  max,
  mul,
  oneHot,
  rsqrt,
  square,
  sub,
  sumAll,
  sumCols,
  sumRows,
} from '../graph/ops.ts';
import type { Description } from '../spec/families/family.ts';
import { MAX_PARAMETERS } from '../spec/limits.ts';
import type { RegularizerSpec } from '../spec/regularizers.ts';
import { expected, notNegative } from '../spec/values.ts';
import { formatThousands } from '../words.ts';
import { EPSILON } from './epsilon.ts';
import type { Given } from './given.ts';
import { ShapeError } from './shape-error.ts';

const l1 = (x: Tensor, factor: number) => mul(sumAll(abs(x)), factor);
const l2 = (x: Tensor, factor: number) => mul(sumAll(square(x)), factor);

interface Declaration<E extends v.ObjectEntries, Args> extends Description {
  /** Keras's other words for it, its class last. */
  readonly aliases: readonly string[];
  /** By name, each with its range and default. */
  readonly arguments: E;
  /** `[1, 1]` */
  readonly penalty: (x: Tensor, args: Args) => Tensor;
}

/** An entry of the table; who looks it up by name has its arguments as an object only. */
function regularizer<const E extends v.ObjectEntries>(
  declared: Declaration<E, Given<E>>,
): Declaration<E, object> {
  const { penalty, ...known } = declared;
  return { ...known, penalty: (x, args) => penalty(x, args as Given<E>) };
}

/** Keras's regularizers. The penalty of the first three is `l1 · Σ|w| + l2 · Σw²`. */
export const regularizers = Object.freeze({
  l1: regularizer({
    aliases: ['L1'],
    arguments: { l1: v.optional(notNegative(), 0.01) },
    formula: 'l1 * sum(abs(w))',
    penalty: (x, args) => l1(x, args.l1),
  }),
  l2: regularizer({
    aliases: ['L2'],
    arguments: { l2: v.optional(notNegative(), 0.01) },
    formula: 'l2 * sum(w ** 2)',
    penalty: (x, args) => l2(x, args.l2),
  }),
  l1_l2: regularizer({
    aliases: ['l1l2', 'L1L2'],
    arguments: { l1: v.optional(notNegative(), 0), l2: v.optional(notNegative(), 0) },
    formula: 'l1 * sum(abs(w)) + l2 * sum(w ** 2)',
    differences: [
      'an object only: the word means no penalty in Keras 3, which spells it `l1l2`, and 0.01 of each in Keras 2',
    ],
    penalty: (x, args) => add(l1(x, args.l1), l2(x, args.l2)),
  }),
  /** Penalizes rows (or columns) of a matrix that are not at right angles. */
  orthogonal_regularizer: regularizer({
    aliases: ['orthogonal', 'OrthogonalRegularizer'],
    arguments: {
      factor: v.optional(notNegative(), 0.01),
      mode: v.optional(v.picklist(['rows', 'columns'], expected('"rows" or "columns"')), 'rows'),
    },
    formula: 'factor * mean(abs(cos of the angle between two rows))',
    where: 'over all pairs of rows, or of columns with `mode` `"columns"`; w is a matrix',
    differences: [
      '`orthogonal` is a word too',
      'a single row or column, of which there are no pairs, is refused, where Keras divides by zero',
      'of the outputs of a layer with `mode` `"columns"` only: how many rows there are is a matter of the batch',
    ],
    penalty: (x, { factor, mode }) => orthogonal(x, factor, mode),
  }),
});

/** The penalty of a spec for `x`, `[1, 1]`. */
export function penaltyOf(x: Tensor, spec: RegularizerSpec): Tensor {
  return regularizers[spec.type].penalty(x, spec);
}

/**
 * The mean |cos| of the angles between rows (or columns), over each pair once, times factor.
 * A row of zeros is let be.
 */
function orthogonal(x: Tensor, factor: number, mode: 'rows' | 'columns'): Tensor {
  const isRows = mode === 'rows';
  const squares = isRows ? sumCols(square(x)) : sumRows(square(x));
  // Keras bounds the reciprocal root by 1 / ε; bounding the sum is the same, with a gradient at 0.
  const unit = mul(x, rsqrt(max(squares, EPSILON ** 2)));
  const product = isRows ? matmulTransposeB(unit, unit) : matmulTransposeA(unit, unit);
  const size = product.shape.cols;
  const pairs = (size * (size - 1)) / 2;
  return div(mul(sumAll(abs(mul(product, offDiagonal(x, size)))), factor * 0.5), pairs);
}

/** 0 on the diagonal, 1 elsewhere. */
function offDiagonal({ graph }: Tensor, size: number): Tensor {
  const own = Array.from({ length: size }, (_, i) => i);
  return sub(1, oneHot(table(graph, size, 1, own), size));
}

/** Rows or columns that are compared each with each: their products are as many as a model has parameters. */
const MAX_COMPARED = Math.floor(Math.sqrt(MAX_PARAMETERS));

/** @throws {ShapeError} where there is no pair to compare, or there are more than memory has room for */
function checkCompared(count: number, mode: 'rows' | 'columns', key: string): void {
  if (count < 2) throw new ShapeError(`expected 2 or more ${mode} to compare; found ${count}`, key);
  if (count <= MAX_COMPARED) return;
  const expected = `expected at most ${formatThousands(MAX_COMPARED)} ${mode} to compare`;
  throw new ShapeError(`${expected}; found ${formatThousands(count)}`, key);
}

/** @throws {ShapeError} where the regularizer needs a matrix of several rows, and the weight is none */
export function checkRegularizer(
  spec: RegularizerSpec | null,
  shape: readonly number[],
  key: string,
): void {
  if (spec?.type !== 'orthogonal_regularizer') return;
  if (shape.length !== 2) {
    throw new ShapeError(`expected a weight of 2 axes; found ${shape.length}`, key);
  }
  checkCompared(shape[spec.mode === 'rows' ? 0 : 1], spec.mode, key);
}

/**
 * @param shape  of one sample of the layer's output
 * @throws {ShapeError} where the regularizer cannot be taken of a batch of outputs
 */
export function checkActivityRegularizer(
  spec: RegularizerSpec | null,
  shape: readonly number[],
  key: string,
): void {
  if (spec?.type !== 'orthogonal_regularizer') return;
  if (shape.length !== 1) {
    throw new ShapeError(`expected outputs of 1 axis; found ${shape.length}`, key);
  }
  // The number of rows is the batch's, which Keras does not know either when it builds the model.
  if (spec.mode === 'rows') {
    throw new ShapeError('expected mode "columns" for outputs; found "rows"', `${key}.mode`);
  }
  checkCompared(shape[0], spec.mode, key);
}
