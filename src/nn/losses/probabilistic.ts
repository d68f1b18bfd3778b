/** Losses of probabilities: cross-entropies and their kin. */
import * as v from 'valibot';
import { table } from '../../graph/column-ops.ts';
import type { Tensor } from '../../graph/graph.ts';
import {
  add,
  clip,
  div,
  log,
  logSoftmax,
  meanCols,
  mul,
  ne,
  neg,
  pick,
  pow,
  sigmoid,
  softmax,
  sub,
  sumCols,
  where,
} from '../../graph/ops.ts';
import { expected, flag, number } from '../../spec/values.ts';
import {
  binaryCrossentropy,
  logitsOf,
  normalisedProbability,
  smoothed,
  sparseCrossentropy,
} from '../crossentropy.ts';
import { EPSILON } from '../epsilon.ts';
import { axis, from_logits, label_smoothing, reduction } from './arguments.ts';
import { loss } from './loss.ts';

const HELD = 'held in [1e-7, 1 - 1e-7]';
const SMOOTHED = '`label_smoothing` s: y becomes y * (1 - s) + s / 2';
const SMOOTHED_CLASSES = '`label_smoothing` s: y becomes y * (1 - s) + s / classes';
const LOGITS = 'the last layer before a softmax or sigmoid is looked at, as TensorFlow does';

const classNumber = expected('the number of a class, or null');

const alphaPhrase = 'a number, or an array of one for each class';
const classAlpha = v.union([number(), v.array(number())], expected(alphaPhrase));
const qMessage = expected('a number between 0 and 1');
const betweenZeroAndOne = v.pipe(
  v.number(qMessage),
  v.gtValue(0, qMessage),
  v.ltValue(1, qMessage),
);

export const probabilistic = {
  binary_crossentropy: loss({
    aliases: ['bce', 'BCE', 'BinaryCrossentropy'],
    arguments: {
      from_logits,
      label_smoothing,
      axis,
      reduction,
    },
    formula: 'mean(-y * log(p) - (1 - y) * log(1 - p))',
    variants: { from_logits: 'mean(softplus(p) - y * p)' },
    where: `p is ${HELD}; ${LOGITS}; ${SMOOTHED}`,
    targets: 'probabilities',
    outputs: 'probabilities',
    values: (y, p, spec) => {
      const smooth = smoothed(y, spec.label_smoothing, 2);
      return meanCols(binaryCrossentropy(smooth, p, logitsOf(p, 'sigmoid', spec.from_logits)));
    },
  }),
  categorical_crossentropy: loss({
    aliases: ['CategoricalCrossentropy'],
    arguments: {
      from_logits,
      label_smoothing,
      axis,
      reduction,
    },
    formula: '-sum(y * log(p / sum(p)))',
    variants: { from_logits: '-sum(y * (p - log(sum(exp(p)))))' },
    where: `p / sum(p) is ${HELD}; ${LOGITS}; ${SMOOTHED_CLASSES}`,
    targets: 'one per class',
    outputs: 'probabilities',
    values: (y, p, spec) => {
      const smooth = smoothed(y, spec.label_smoothing, p.shape.cols);
      const logits = logitsOf(p, 'softmax', spec.from_logits);
      const logProbability = logits ? logSoftmax(logits) : log(normalisedProbability(p));
      return neg(sumCols(mul(smooth, logProbability)));
    },
  }),
  sparse_categorical_crossentropy: loss({
    aliases: ['SparseCategoricalCrossentropy'],
    arguments: {
      from_logits,
      ignore_class: v.optional(v.nullable(v.pipe(v.number(classNumber), v.integer(classNumber)))),
      axis,
      reduction,
    },
    formula: '-log(p[y] / sum(p))',
    variants: { from_logits: 'log(sum(exp(p))) - p[y]' },
    where: `y is the number of a class; p is ${HELD}; ${LOGITS}; rows of the class \`ignore_class\` do not count`,
    targets: 'class numbers',
    outputs: 'probabilities',
    counts: countedRows,
    values: (y, p, args) => {
      const counts = countedRows(y, args);
      if (counts === null) return sparseCrossentropy(y, p, args.from_logits);
      // As Keras: rows that do not count are taken out before, so that no softmax is seen behind them.
      const values = sparseCrossentropy(where(counts, y, 0), where(counts, p, 0), args.from_logits);
      return where(counts, values, 0);
    },
  }),
  /** One of the three above, by the shapes of targets and outputs. Keras takes it in any case. */
  crossentropy: loss({
    aliases: ['ce', 'CE', 'Crossentropy', 'CrossEntropy'],
    arguments: {},
    formula: 'one of the three crossentropies above',
    where:
      'by the shapes: binary for one output; for several sparse_categorical where there is one target, else categorical',
    differences: ['in these spellings; Keras takes any case'],
    targets: 'by shape',
    values: null,
  }),
  binary_focal_crossentropy: loss({
    aliases: ['BinaryFocalCrossentropy'],
    arguments: {
      apply_class_balancing: v.optional(flag(), false),
      alpha: v.optional(number(), 0.25),
      gamma: v.optional(number(), 2),
      from_logits,
      label_smoothing,
      axis,
      reduction,
    },
    formula:
      'mean((1 - y * p - (1 - y) * (1 - p)) ** gamma * (-y * log(p) - (1 - y) * log(1 - p)))',
    where: `p is ${HELD} in the logarithms, and sigmoid(p) with \`from_logits\`; ${SMOOTHED}; \`apply_class_balancing\`: each times y * alpha + (1 - y) * (1 - alpha)`,
    targets: 'probabilities',
    outputs: 'probabilities',
    values: (y, given, spec) => {
      const smooth = smoothed(y, spec.label_smoothing, 2);
      const p = spec.from_logits ? sigmoid(given) : given;
      const entropy = binaryCrossentropy(smooth, p, logitsOf(p, 'sigmoid', false));
      const opposite = sub(1, smooth);
      const ofTruth = add(mul(smooth, p), mul(opposite, sub(1, p)));
      const focal = mul(pow(sub(1, ofTruth), spec.gamma), entropy);
      if (!spec.apply_class_balancing) return meanCols(focal);
      const balance = add(mul(smooth, spec.alpha), mul(opposite, 1 - spec.alpha));
      return meanCols(mul(balance, focal));
    },
  }),
  categorical_focal_crossentropy: loss({
    aliases: ['CategoricalFocalCrossentropy'],
    arguments: {
      alpha: v.optional(classAlpha, 0.25),
      gamma: v.optional(number(), 2),
      from_logits,
      label_smoothing,
      axis,
      reduction,
    },
    formula: '-sum(alpha * (1 - q) ** gamma * y * log(q))',
    where: `q = p / sum(p), ${HELD}, and p is softmax(p) with \`from_logits\`; alpha is a number, or one for each class; ${SMOOTHED_CLASSES}`,
    targets: 'one per class',
    outputs: 'probabilities',
    values: (y, given, spec) => {
      const smooth = smoothed(y, spec.label_smoothing, given.shape.cols);
      const p = normalisedProbability(spec.from_logits ? softmax(given) : given);
      const { alpha } = spec;
      const weight = typeof alpha === 'number' ? alpha : table(p.graph, 1, alpha.length, alpha);
      const entropy = neg(mul(smooth, log(p)));
      return sumCols(mul(mul(pow(sub(1, p), spec.gamma), weight), entropy));
    },
  }),
  categorical_generalized_cross_entropy: loss({
    aliases: ['CategoricalGeneralizedCrossEntropy'],
    arguments: { q: v.optional(betweenZeroAndOne, 0.5), reduction },
    formula: '(1 - p[y] ** q) / q',
    where: 'y is the number of a class',
    differences: ['as a word too; Keras takes it as an object only'],
    targets: 'class numbers',
    outputs: 'probabilities',
    values: (y, p, { q }) => div(sub(1, pow(pick(p, y), q)), q),
  }),
  kl_divergence: loss({
    aliases: ['kld', 'KLD', 'KLDivergence'],
    arguments: { reduction },
    formula: 'sum(y * log(y / p))',
    where: 'y and p are held in [1e-7, 1]',
    targets: 'numbers',
    outputs: 'probabilities',
    values: (y, p) => {
      const target = clip(y, EPSILON, 1);
      return sumCols(mul(target, log(div(target, clip(p, EPSILON, 1)))));
    },
  }),
  poisson: loss({
    aliases: ['Poisson'],
    arguments: { reduction },
    formula: 'mean(p - y * log(p + 1e-7))',
    targets: 'numbers',
    isDistance: true,
    takesNegative: false,
    outputs: 'not negative',
    values: (y, p) => meanCols(sub(p, mul(y, log(add(p, EPSILON))))),
  }),
};

/** 1 for the rows whose class counts, `[r, 1]`; null where all do. */
function countedRows(
  target: Tensor,
  { ignore_class }: { readonly ignore_class?: number | null },
): Tensor | null {
  return ignore_class === undefined || ignore_class === null ? null : ne(target, ignore_class);
}
