/**
 * Counts of true and false positives and negatives at thresholds: what precision, recall, AUC and
 * their kin are made of. As keras.src.metrics.metrics_utils counts them.
 */
import { columns, rankCols, table } from '../../graph/column-ops.ts';
import type { Tensor } from '../../graph/graph.ts';
import {
  broadcast,
  clip,
  floor,
  gt,
  lt,
  matmulTransposeA,
  max,
  mul,
  ne,
  neg,
  oneHot,
  pack,
  reshape,
  sub,
  sumCols,
  sumRows,
  where,
} from '../../graph/ops.ts';
import type { LogValue } from '../../records.ts';
import type { Measurement } from './measurement.ts';

/** Keras's NEG_INF: the score of what is not among the k highest. */
const OUT_OF_RANK = -1e10;
/** How far a list of thresholds may be from even steps to be counted in buckets. */
const EVEN_TOLERANCE = 1e-7;

/** What is counted. */
interface Counting {
  /** A prediction above one is positive. */
  readonly thresholds: readonly number[];
  /** Only the k highest of a row can be positive. */
  readonly topK?: number | null;
  /** Only this column is counted. */
  readonly classId?: number | null;
  /** Counts each column by itself. */
  readonly byLabel?: boolean;
  /** Factors of the columns, where all are counted together. */
  readonly labelWeights?: readonly number[] | null;
}

/** The counts of one label, one for each threshold. */
export interface Counts {
  readonly truePositives: Float64Array;
  readonly falsePositives: Float64Array;
  readonly trueNegatives: Float64Array;
  readonly falseNegatives: Float64Array;
}

/**
 * Counts predictions `[r, c]` against targets `[r, c]`, which are positive where they are not 0.
 *
 * @param weights  `[r, 1]`; null where rows count alike
 * @param result   what the counts come to: one entry without `byLabel`, else one for each column
 */
export function countConfusion(
  target: Tensor,
  prediction: Tensor,
  counting: Counting,
  weights: Tensor | null,
  result: (counts: readonly Counts[]) => LogValue,
): Measurement {
  const { thresholds, classId = null, labelWeights, byLabel = false } = counting;
  const ranked = onlyHighest(prediction, counting.topK ?? null);
  const scores = classId === null ? ranked : columns(ranked, classId, 1);
  const truth = ne(classId === null ? target : columns(target, classId, 1), 0);
  const factors = factorsOf(scores, weights, labelWeights ?? null);
  const positive = mul(truth, factors);
  const negative = mul(sub(1, truth), factors);
  const isEven = areEven(thresholds);
  const above = isEven ? bucketsOf(scores, thresholds) : aboveEach(scores, thresholds);
  const count = (x: Tensor) => sumAbove(above, x, byLabel);
  const all = (x: Tensor) => sumRows(byLabel ? x : sumCols(x));
  const sums = pack(scores.graph, [count(positive), count(negative), all(positive), all(negative)]);
  const labels = byLabel ? scores.shape.cols : 1;
  return {
    sums,
    result: (totals) => result(unpack(totals, labels, thresholds.length, isEven)),
  };
}

function onlyHighest(prediction: Tensor, k: number | null): Tensor {
  return k === null ? prediction : where(lt(rankCols(prediction), k), prediction, OUT_OF_RANK);
}

/** What each number counts for, the shape of the scores. */
function factorsOf(
  scores: Tensor,
  weights: Tensor | null,
  labelWeights: readonly number[] | null,
): Tensor {
  const { graph, shape } = scores;
  const label = table(graph, 1, labelWeights?.length ?? 1, labelWeights ?? [1]);
  return broadcast(weights ? mul(label, weights) : label, shape);
}

/** 1 where a score is above a threshold: `[r·c, T]`. */
function aboveEach(scores: Tensor, thresholds: readonly number[]): Tensor {
  const { graph } = scores;
  return gt(eachInARow(scores), table(graph, 1, thresholds.length, thresholds));
}

/**
 * Even thresholds: 1 in the column of the highest threshold that a score is above, `[r·c, T]`. Where
 * the first threshold is below 0, every score is above it.
 */
function bucketsOf(scores: Tensor, thresholds: readonly number[]): Tensor {
  const steps = mul(clip(eachInARow(scores), 0, 1), thresholds.length - 1);
  const bucket = sub(neg(floor(neg(steps))), 1);
  return oneHot(thresholds[0] < 0 ? max(bucket, 0) : bucket, thresholds.length);
}

function eachInARow(x: Tensor): Tensor {
  return reshape(x, x.shape.rows * x.shape.cols, 1);
}

/** The weights of what is above, summed: `[1, T]`, or `[1, c·T]` label by label. */
function sumAbove(above: Tensor, factors: Tensor, byLabel: boolean): Tensor {
  const each = eachInARow(factors);
  if (!byLabel) return matmulTransposeA(each, above);
  const { rows, cols } = factors.shape;
  return sumRows(reshape(mul(above, each), rows, cols * above.shape.cols));
}

/**
 * Whether thresholds go from 0 to 1 in even steps, by NumPy's `allclose`; then counting in buckets
 * costs one comparison for all of them. Two alone are compared, unless they enclose everything.
 */
function areEven(thresholds: readonly number[]): boolean {
  const last = thresholds.length - 1;
  if (last < 1 || (last === 1 && thresholds[0] >= 0)) return false;
  return thresholds.every((threshold, i) => {
    const even = i / last;
    return Math.abs(threshold - even) <= EVEN_TOLERANCE + 1e-5 * even;
  });
}

/** The counts from the sums of `countConfusion`. */
function unpack(
  totals: Float64Array,
  labels: number,
  length: number,
  areBuckets: boolean,
): readonly Counts[] {
  const size = labels * length;
  return Array.from({ length: labels }, (_, label) => {
    const run = (from: number) => {
      const counts = totals.slice(from + label * length, from + (label + 1) * length);
      return areBuckets ? sumsFromTheEnd(counts) : counts;
    };
    const truePositives = run(0);
    const falsePositives = run(size);
    const positives = totals[2 * size + label];
    const negatives = totals[2 * size + labels + label];
    return {
      truePositives,
      falsePositives,
      trueNegatives: falsePositives.map((count) => negatives - count),
      falseNegatives: truePositives.map((count) => positives - count),
    };
  });
}

function sumsFromTheEnd(counts: Float64Array): Float64Array {
  for (let i = counts.length - 2; i >= 0; i--) counts[i] += counts[i + 1];
  return counts;
}
