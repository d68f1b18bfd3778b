/** What each layer refuses of its arguments, as Keras does; what depends on shapes is in test/nn. */
import { describe, expect, test } from 'vitest';
import { problemsOf, read } from './read-errors.ts';

describe('layers refuse', () => {
  test.each([
    [{ type: 'Dropout', rate: 1.1 }, 'layers[0].rate: expected a number from 0 to 1; found 1.1'],
    [
      { type: 'GaussianDropout', rate: 1 },
      'layers[0].rate: expected a number, 0 or more and less than 1; found 1',
    ],
    [
      { type: 'AlphaDropout', rate: -0.1 },
      'layers[0].rate: expected a number, 0 or more and less than 1; found -0.1',
    ],
    [
      { type: 'GaussianNoise', stddev: 1.5 },
      'layers[0].stddev: expected a number from 0 to 1; found 1.5',
    ],
    [{ type: 'GaussianNoise' }, 'layers[0].stddev: required; found nothing'],
    [
      { type: 'ReLU', negative_slope: -0.1 },
      'layers[0].negative_slope: expected a number, 0 or more; found -0.1',
    ],
    [
      { type: 'ReLU', max_value: -1 },
      'layers[0].max_value: expected a number, 0 or more; found -1',
    ],
    [
      { type: 'LeakyReLU', negative_slope: -1 },
      'layers[0].negative_slope: expected a number, 0 or more; found -1',
    ],
    [
      { type: 'BatchNormalization', axis: 1.5 },
      'layers[0].axis: expected an axis: a whole number; found 1.5',
    ],
    [
      { type: 'BatchNormalization', axis: [1, 2] },
      'layers[0].axis: expected an axis: a whole number; found [1,2]',
    ],
    [
      { type: 'BatchNormalization', momentun: 0.9 },
      'layers[0].momentun: unknown key; did you mean "momentum"?',
    ],
    [
      { type: 'LayerNormalization', axis: [] },
      'layers[0].axis: expected an axis: a whole number, or several in an array; found []',
    ],
    [
      { type: 'Normalization', mean: 1 },
      'layers[0]: expected mean and variance, both or neither; found one of them',
    ],
    [{ type: 'Rescaling' }, 'layers[0].scale: required; found nothing'],
    [
      { type: 'Rescaling', scale: [[1, 2], [3]] },
      'layers[0].scale: expected a number, or nested arrays of numbers; found arrays of different lengths',
    ],
    [
      { type: 'Rescaling', scale: [1, 'a'] },
      'layers[0].scale: expected a number, or nested arrays of numbers; found "a" in them',
    ],
    [
      { type: 'Reshape', target_shape: [-1, -1] },
      'layers[0].target_shape: expected at most one -1; found [-1,-1]',
    ],
    [
      { type: 'Reshape', target_shape: [0] },
      'layers[0].target_shape[0]: expected a whole number, 1 or more, or -1 for what remains; found 0',
    ],
    [
      { type: 'Permute', dims: [0, 1] },
      'layers[0].dims[0]: expected a whole number, 1 or more; found 0',
    ],
  ])('%j', (layer, problem) => {
    expect(problemsOf({ layers: [layer] })).toEqual([problem]);
  });
});

describe('layers take', () => {
  test.each([
    [
      { type: 'batch_normalization', axis: [1] },
      { axis: 1, momentum: 0.99, epsilon: 0.001 },
    ],
    [{ type: 'LayerNormalization' }, { axis: [-1], epsilon: 0.001, center: true, scale: true }],
    [
      { type: 'RMSNormalization', axis: [1, 2] },
      { axis: [1, 2], epsilon: 1e-6 },
    ],
    [
      { type: 'Normalization', axis: null },
      { axis: null, mean: null, invert: false },
    ],
    [{ type: 're_lu' }, { max_value: null, negative_slope: 0, threshold: 0 }],
    [{ type: 'leaky_re_lu' }, { negative_slope: 0.3 }],
    [
      { type: 'p_re_lu', shared_axes: 1 },
      { shared_axes: [1], alpha_constraint: null },
    ],
    [{ type: 'elu' }, { alpha: 1 }],
    [
      { type: 'Rescaling', scale: [[1, 2]], offset: 3 },
      { scale: { shape: [1, 2], values: [1, 2] }, offset: { shape: [], values: [3] } },
    ],
    [{ type: 'Flatten', activity_regularizer: 'l2' }, { activity_regularizer: { type: 'l2' } }],
  ])('%j', (layer, fields) => {
    expect(read({ layers: [layer] }).spec.layers[0]).toMatchObject(fields);
  });
});
