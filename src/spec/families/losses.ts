/** What each loss computes. */
import type { Family } from '../../records.ts';
import { commonArguments, losses } from '../losses.ts';
import { type Descriptions, familyOf } from './family.ts';

const HELD = 'held in [1e-7, 1 - 1e-7]';
const SMOOTHED = '`label_smoothing` s: y becomes y * (1 - s) + s / 2';
const SMOOTHED_CLASSES = '`label_smoothing` s: y becomes y * (1 - s) + s / classes';
const LABELS = 'labels that are all 0 or 1 in a batch become -1 and 1';
const WHOLE_BATCH = 'sums over the whole batch; with `axis` -1 over each row';
const LOGITS = 'the last layer before a softmax or sigmoid is looked at, as TensorFlow does';

export const descriptions: Descriptions<typeof losses> = {
  mean_squared_error: { formula: 'mean((p - y) ** 2)' },
  mean_absolute_error: { formula: 'mean(abs(p - y))' },
  mean_absolute_percentage_error: { formula: '100 * mean(abs(y - p) / max(abs(y), 1e-7))' },
  mean_squared_logarithmic_error: {
    formula: 'mean((log(max(p, 1e-7) + 1) - log(max(y, 1e-7) + 1)) ** 2)',
  },
  huber: {
    formula:
      'mean(where(abs(p - y) <= delta, (p - y) ** 2 / 2, delta * abs(p - y) - delta ** 2 / 2))',
  },
  log_cosh: { formula: 'mean(p - y + softplus(-2 * (p - y)) - log(2))' },
  binary_crossentropy: {
    formula: 'mean(-y * log(p) - (1 - y) * log(1 - p))',
    variants: { from_logits: 'mean(softplus(p) - y * p)' },
    where: `p is ${HELD}; ${LOGITS}; ${SMOOTHED}`,
  },
  categorical_crossentropy: {
    formula: '-sum(y * log(p / sum(p)))',
    variants: { from_logits: '-sum(y * (p - log(sum(exp(p)))))' },
    where: `p / sum(p) is ${HELD}; ${LOGITS}; ${SMOOTHED_CLASSES}`,
  },
  sparse_categorical_crossentropy: {
    formula: '-log(p[y] / sum(p))',
    variants: { from_logits: 'log(sum(exp(p))) - p[y]' },
    where: `y is the number of a class; p is ${HELD}; ${LOGITS}; rows of the class \`ignore_class\` do not count`,
  },
  crossentropy: {
    formula: 'one of the three crossentropies above',
    where:
      'by the shapes: binary for one output; for several sparse_categorical where there is one target, else categorical',
    differences: ['in these spellings; Keras takes any case'],
  },
  binary_focal_crossentropy: {
    formula:
      'mean((1 - y * p - (1 - y) * (1 - p)) ** gamma * (-y * log(p) - (1 - y) * log(1 - p)))',
    where: `p is ${HELD} in the logarithms, and sigmoid(p) with \`from_logits\`; ${SMOOTHED}; \`apply_class_balancing\`: each times y * alpha + (1 - y) * (1 - alpha)`,
  },
  categorical_focal_crossentropy: {
    formula: '-sum(alpha * (1 - q) ** gamma * y * log(q))',
    where: `q = p / sum(p), ${HELD}, and p is softmax(p) with \`from_logits\`; alpha is a number, or one for each class; ${SMOOTHED_CLASSES}`,
  },
  categorical_generalized_cross_entropy: {
    formula: '(1 - p[y] ** q) / q',
    where: 'y is the number of a class',
    differences: ['as a word too; Keras takes it as an object only'],
  },
  kl_divergence: { formula: 'sum(y * log(y / p))', where: 'y and p are held in [1e-7, 1]' },
  poisson: { formula: 'mean(p - y * log(p + 1e-7))' },
  hinge: { formula: 'mean(max(1 - y * p, 0))', where: LABELS },
  squared_hinge: { formula: 'mean(max(1 - y * p, 0) ** 2)', where: LABELS },
  categorical_hinge: {
    formula: 'max(largest((1 - y) * p) - sum(y * p) + 1, 0)',
    where: 'y is a one-hot row',
  },
  cosine_similarity: {
    formula: '-sum(y * p) / (norm(y) * norm(p))',
    where: 'norms are held above 1e-7',
  },
  dice: {
    formula: '1 - 2 * sum(y * p) / (sum(y) + sum(p) + 1e-7)',
    where: WHOLE_BATCH,
    differences: ['`axis` is null or -1'],
  },
  tversky: {
    formula:
      '1 - sum(y * p) / (sum(y * p) + alpha * sum(y * (1 - p)) + beta * sum((1 - y) * p) + 1e-7)',
    where: `${WHOLE_BATCH}; versions of Keras after 3.15 have alpha and beta the other way round`,
    differences: ['`axis` is null or -1'],
  },
};

export const family: Family = familyOf(
  {
    name: 'losses',
    about: [
      'What training makes small: the loss of a row, of targets y and predictions p. mean and sum run along the last axis.',
      '`reduction` says how the rows make one number: `"sum_over_batch_size"` (or `"mean"`), the default, divides the sum of the weighted losses by how many there are, `"mean_with_sample_weight"` by the sum of the weights, `"sum"` by nothing. `axis`, where a loss has it, is the last one.',
    ],
    common: commonArguments,
    differences: [
      '`reduction` `"none"` is refused: training needs one number.',
      'An `axis` other than the last is refused.',
      '`circle` and `ctc` are not there: they are losses of embeddings and of sequences.',
      'What stands before a softmax or sigmoid is found also where layers follow that change nothing (Flatten of one axis, Reshape and Permute to the same, Rescaling by 1), in metrics too. Keras takes the probabilities there, held in [1e-7, 1 - 1e-7].',
      'A categorical loss on one output is refused, where Keras warns and computes 0; so are class numbers that no output stands for, and targets of binary cross-entropies outside 0 to 1.',
      "Sample weights `(B,)` on outputs of several rows count for all rows of their sample. Keras fails on them, or takes them for the rows' where the numbers happen to agree.",
    ],
  },
  losses,
  descriptions,
);
