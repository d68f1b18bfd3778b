import { describe, expect, test } from 'vitest';
import { problemsOf, read } from './read-errors.ts';

describe('the input shape', () => {
  test.each([
    ['at the top', { input_shape: [4], layers: [{ units: 1 }] }],
    ['on the first layer', { layers: [{ units: 1, input_shape: [4] }] }],
    ['as input_dim', { layers: [{ units: 1, input_dim: 4 }] }],
    ['with the batch', { layers: [{ units: 1, batch_input_shape: [null, 4] }] }],
    ['in an InputLayer', { layers: [{ type: 'InputLayer', shape: [4] }, { units: 1 }] }],
    ['with its batch', { layers: [{ type: 'input_layer', batch_shape: [8, 4] }, { units: 1 }] }],
    [
      'everywhere',
      {
        input_shape: [4],
        layers: [
          { type: 'InputLayer', shape: [4] },
          { units: 1, input_dim: 4 },
        ],
      },
    ],
  ])('may stand %s', (_, document) => {
    const plain = { input_shape: [4], layers: [{ units: 1 }] };
    expect(read(document).spec).toStrictEqual(read(plain).spec);
  });

  test('may not contradict itself', () => {
    const layers = [
      { type: 'InputLayer', shape: [4] },
      { units: 1, input_dim: 5 },
    ];
    expect(problemsOf({ input_shape: [3, 2], layers })).toEqual([
      'layers[0].shape: expected [3,2], as in input_shape; found [4]',
      'layers[1].input_dim: expected [3,2], as in input_shape; found [5]',
    ]);
  });

  test('stands on the first layer and nowhere later', () => {
    const layers = [
      { units: 1 },
      { units: 1, input_shape: [4] },
      { type: 'InputLayer', shape: [4] },
    ];
    expect(problemsOf({ layers })).toEqual([
      'layers[2]: expected an InputLayer as the first layer only',
      'layers[1].input_shape: expected on the first layer only',
    ]);
  });

  test.each([
    [[], 'input_shape: expected an array of axis lengths, such as [20]; found []'],
    [20, 'input_shape: expected an array of axis lengths, such as [20]; found 20'],
    [[2, 0.5], 'input_shape[1]: expected a whole number, 1 or more; found 0.5'],
    [
      [2 ** 20, 2 ** 8],
      'input_shape: expected at most 134,217,728 numbers in one input row; found more',
    ],
    [Array(65).fill(1), 'input_shape: expected at most 64 axes; found an array of 65'],
  ])('is not %j', (input_shape, problem) => {
    expect(problemsOf({ input_shape, layers: [{ units: 1 }] })).toEqual([problem]);
  });

  test('is required of an InputLayer, which is not all of a model', () => {
    expect(problemsOf({ layers: [{ type: 'InputLayer' }] })).toEqual([
      'layers: expected at least one layer besides InputLayer; found none',
      'layers[0].shape: required; found nothing',
    ]);
  });
});
