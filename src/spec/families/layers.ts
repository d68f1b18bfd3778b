/** What each layer computes. */
import { activations } from '../../nn/activations.ts';
import type { Family } from '../../records.ts';
import { commonArguments, layers } from '../layers.ts';
import { type Descriptions, familyOf } from './family.ts';

const NO_BATCH_AXIS = '`axis` 0, the batch, is refused';
const NO_NOISE_SHAPE = 'no `noise_shape`: every number is dropped by itself';
const NO_CERTAINTY = '`rate` 1 is refused, where Keras divides by zero';
const NORMALISED = 'gamma * (x - mean) / sqrt(variance + epsilon) + beta';
const SCALED = 'gamma is there if `scale`, beta if `center`';

export const descriptions: Descriptions<typeof layers> = {
  Dense: {
    formula: 'activation(x · kernel + bias)',
    where: 'along the last axis; no bias with `use_bias` false',
    differences: ['no LoRA and no quantization'],
  },
  InputLayer: {
    formula: 'x',
    where:
      'the first layer, if at all: `shape` is that of one row, the others have the batch in front',
  },
  Activation: { formula: 'activation(x)' },
  ReLU: { ...activations.relu },
  LeakyReLU: {
    ...activations.leaky_relu,
    where: "`alpha` is Keras 2's name of `negative_slope`",
  },
  PReLU: {
    formula: 'relu(x) - alpha * relu(-x)',
    where: 'alpha is a weight: one number for each of a row, or one along `shared_axes`',
  },
  ELU: { ...activations.elu },
  Softmax: {
    formula: activations.softmax.formula,
    where: 'the sum runs along `axis`, which may be several',
    differences: [NO_BATCH_AXIS],
  },

  Dropout: {
    formula: 'x * keep / (1 - rate)',
    where: 'keep is 1 with probability 1 - rate, else 0; in prediction x',
    differences: [NO_NOISE_SHAPE],
  },
  GaussianDropout: {
    formula: 'x * n',
    where: 'n is normal with mean 1 and variance rate / (1 - rate); in prediction x',
    differences: [NO_CERTAINTY],
  },
  GaussianNoise: {
    formula: 'x + n',
    where: 'n is normal with mean 0 and deviation stddev; in prediction x',
  },
  AlphaDropout: {
    formula: 'a * (x * keep + s * (1 - keep)) + b',
    where:
      'keep as in Dropout; s = -1.7580993408473766, a = ((1 - rate) * (1 + rate * s ** 2)) ** -0.5, b = -a * s * rate; in prediction x',
    differences: [NO_NOISE_SHAPE, NO_CERTAINTY],
  },
  ActivityRegularization: {
    formula: 'x',
    where: 'costs (l1 * sum(abs(x)) + l2 * sum(x ** 2)) / rows of the batch',
  },

  BatchNormalization: {
    formula: NORMALISED,
    where: `for each place along \`axis\`: in training mean and variance of the batch, which move moving_mean and moving_variance (momentum * old + (1 - momentum) * new); in prediction, and with \`trainable\` false, these; ${SCALED}`,
    differences: ['no `renorm`, no `synchronized`', NO_BATCH_AXIS],
  },
  LayerNormalization: {
    formula: NORMALISED,
    where: `mean and variance of each row along \`axis\`; ${SCALED}`,
    differences: ['no `rms_scaling`', NO_BATCH_AXIS],
  },
  RMSNormalization: {
    formula: 'scale * x / sqrt(mean(x ** 2) + epsilon)',
    where: 'the mean runs along `axis`; scale is a weight',
    differences: [NO_BATCH_AXIS],
  },
  UnitNormalization: {
    formula: 'x / sqrt(max(sum(x ** 2), 1e-24))',
    where: 'the sum runs along `axis`',
    differences: [NO_BATCH_AXIS],
  },
  Normalization: {
    formula: '(x - mean) / max(sqrt(variance), 1e-7)',
    variants: { invert: 'x * max(sqrt(variance), 1e-7) + mean' },
    where: 'mean and variance for each place along `axis` (null: one for all), given or learnt',
    differences: [
      'adapts by itself: `train` takes mean and variance from its rows (what the layers before make of them) where they are still new, and refuses a new layer that inverts',
      'the weight `count` is a float32, which `get-weights` shows, and stays 0',
      NO_BATCH_AXIS,
    ],
  },
  Rescaling: {
    formula: 'x * scale + offset',
    where: 'numbers, or arrays that stretch as in NumPy',
  },

  Flatten: { formula: 'all axes of a row in one', where: 'in row-major order' },
  Reshape: {
    formula: 'the numbers of a row in target_shape',
    where: 'in row-major order; one length may be -1, which is what remains',
  },
  Permute: {
    formula: 'the axes of a row in the order dims',
    where: 'dims[i], counted from 1, is the axis that becomes axis i',
  },
};

export const family: Family = familyOf(
  {
    name: 'layers',
    about: [
      'What a network is made of, in order. x is the input, and a lower-case name that is no argument is a weight. Axes count as in Keras: 1 is the first axis of a row, -1 the last. `seed` chooses a stream of the chance of the run, so that layers with the same one draw alike; null is a stream of its own.',
    ],
    common: commonArguments,
    differences: [
      'Everything is computed in float32: no other `dtype`.',
      'Noise and what is dropped have the laws of Keras; the numbers drawn are others.',
      'There is no Embedding, and there are no layers for images, sequences or several inputs.',
    ],
  },
  layers,
  descriptions,
);
