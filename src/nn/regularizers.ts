/** Regularizers: the penalty, `[1, 1]`, for a tensor's numbers (keras.regularizers; no ½, sums not means). */

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
import { MAX_PARAMETERS } from '../spec/limits.ts';
import type { RegularizerSpec } from '../spec/regularizers.ts';
import { formatThousands } from '../words.ts';
import { EPSILON } from './epsilon.ts';
import { ShapeError } from './shape-error.ts';

const l1 = (x: Tensor, factor: number) => mul(sumAll(abs(x)), factor);
const l2 = (x: Tensor, factor: number) => mul(sumAll(square(x)), factor);

/** The penalty of a spec for `x`, `[1, 1]`. */
export function penaltyOf(x: Tensor, spec: RegularizerSpec): Tensor {
  switch (spec.type) {
    case 'l1':
      return l1(x, spec.l1);
    case 'l2':
      return l2(x, spec.l2);
    case 'l1_l2':
      return add(l1(x, spec.l1), l2(x, spec.l2));
    case 'orthogonal_regularizer':
      return orthogonal(x, spec.factor, spec.mode);
  }
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
