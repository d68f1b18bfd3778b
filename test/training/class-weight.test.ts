/** Class weights as sample weights, and sample weights in the shapes they may have. */
import { describe, expect, test } from 'vitest';
import { buildNetwork } from '../../src/nn/network.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { checkSampleWeight } from '../../src/training/check.ts';
import { type ClassWeight, withClassWeight } from '../../src/training/class-weight.ts';
import { arrayOf, type KerasNumbers } from '../nn/keras-numbers.ts';
import { refusal } from '../spec/read-errors.ts';

function modelWith(units: number, loss: string, shape: readonly number[] = [2]) {
  const document = { input_shape: shape, layers: [{ units }], compile: { loss } };
  const { spec } = readSpec(JSON.stringify(document), 'model');
  if (!spec.compile.loss) throw new Error('the loss was given');
  return { network: buildNetwork(spec, shape), loss: spec.compile.loss };
}

interface Options {
  readonly units?: number;
  readonly loss?: string;
  readonly classes?: readonly string[] | null;
  readonly sampleWeight?: KerasNumbers;
}

function weighted(
  y: KerasNumbers,
  classWeight: ClassWeight,
  {
    units = 3,
    loss = 'sparse_categorical_crossentropy',
    classes = null,
    sampleWeight,
  }: Options = {},
) {
  const model = modelWith(units, loss);
  const { shape } = arrayOf(y);
  const samples = {
    x: { shape: [shape[0], 2], values: new Float32Array(shape[0] * 2) },
    y: arrayOf(y),
    sampleWeight: sampleWeight ? arrayOf(sampleWeight) : null,
  };
  const origin = { source: '--class-weight', classes };
  return withClassWeight(samples, classWeight, model.network, model.loss, origin).sampleWeight;
}

const sparse = [[0], [2], [1], [2]];
const oneHot = [
  [1, 0, 0],
  [0, 0, 1],
];

describe('class weights', () => {
  test('are those of the row; a class that is not named counts 1', () => {
    expect(weighted(sparse, { 0: 0.5, 2: 3 })).toEqual(arrayOf([[0.5], [3], [1], [3]]));
  });

  test('go by the nearest whole number of targets in between, halves by the even one, as in NumPy', () => {
    const targets = [[0.5], [1.5], [2.5], [0.49], [0.51], [-0.5], [-1.5]];
    const weights = weighted(targets, { 0: 2, 1: 3 }, { units: 1, loss: 'mse' });
    expect(weights).toEqual(arrayOf([[2], [1], [1], [2], [3], [2], [1]]));
  });

  test('go by the highest column of one-hot rows', () => {
    const options = { loss: 'categorical_crossentropy' };
    expect(weighted(oneHot, { 0: 2, 2: 4 }, options)).toEqual(arrayOf([[2], [4]]));
  });

  test('go by the first of equally high columns, of which there may be very many', () => {
    const many = Array.from({ length: 200_000 }, (_, column) => (column < 199_998 ? 0 : 1));
    const options = { units: many.length, loss: 'categorical_crossentropy' };
    expect(weighted([many], { 199998: 3 }, options)).toEqual(arrayOf([[3]]));
  });

  test('are named as the data name the classes', () => {
    const classes = ['1', '2', '3'];
    expect(weighted(sparse, { 3: 5 }, { classes })).toEqual(arrayOf([[1], [5], [1], [5]]));
  });

  test('balance the classes: each counts alike, and all together as many as there are rows', () => {
    expect(weighted(sparse, 'balanced')).toEqual(arrayOf([[4 / 3], [2 / 3], [4 / 3], [2 / 3]]));
  });

  test('balance two classes that are 0 and 1, whatever measures them', () => {
    const options = { units: 1, loss: 'mse' };
    expect(weighted([[0], [0], [0], [1]], 'balanced', options)).toEqual(
      arrayOf([[2 / 3], [2 / 3], [2 / 3], [2]]),
    );
  });

  test('take the labels of a loss over numbers as they are', () => {
    const options = { units: 1, loss: 'hinge' };
    expect(weighted([[-1], [1]], { '-1': 2 }, options)).toEqual(arrayOf([[2], [1]]));
  });

  test.each([
    [sparse, { 3: 1 }, {}, 'classes of 0, 1, 2; found "3"'],
    [[[0], [1]], { 2: 1 }, { units: 1, loss: 'bce' }, 'classes of 0, 1; found "2"'],
    [
      sparse,
      { setoza: 1 },
      { classes: ['setosa', 'virginica', 'versicolor'] },
      'classes of setosa, virginica, versicolor; found "setoza"\n  did you mean "setosa"?',
    ],
    [
      sparse,
      { 0: 1 },
      { sampleWeight: [[1], [1], [1], [1]] },
      'either class weights or sample weights; found both\n  leave sample_weight out of the data',
    ],
    [
      [
        [[1], [0]],
        [[0], [1]],
      ],
      { 0: 1 },
      {},
      'one class for each row; found targets of shape (None, 2, 1)',
    ],
    [
      [[0], [12.5]],
      'balanced',
      { units: 1, loss: 'mse' },
      'targets that are classes, which balanced counts; found numbers such as 12.5, and mean_squared_error\n' +
        '  for classes choose a loss such as sparse_categorical_crossentropy; rows of numbers are weighted with --sample-weight-col',
    ],
  ] satisfies [KerasNumbers, ClassWeight, Options, string][])(
    'of %j by %j are refused where they do not fit',
    (y, classWeight, options, message) => {
      const { text, exitCode } = refusal(() => weighted(y, classWeight, options));
      expect({ text, exitCode }).toEqual({
        text: `mlp: --class-weight: expected ${message}\n`,
        exitCode: 2,
      });
    },
  );
});

describe('sample weights', () => {
  const { network: flat } = modelWith(3, 'mse');
  const { network: deep } = modelWith(3, 'mse', [4, 2]);

  test('are one for each sample, in any of these shapes', () => {
    expect(checkSampleWeight(flat, arrayOf([1, 2]), 'd')).toEqual(arrayOf([[1], [2]]));
    expect(checkSampleWeight(flat, arrayOf([[1], [2]]), 'd')).toEqual(arrayOf([[1], [2]]));
    expect(checkSampleWeight(deep, arrayOf([1, 2]), 'd')).toEqual(arrayOf([[1], [2]]));
  });

  test('may be one for each row of an output of several rows', () => {
    const weights = arrayOf([[1, 2, 3, 4]]);
    expect(checkSampleWeight(deep, weights, 'd')).toEqual(weights);
  });

  test('of other shapes are refused', () => {
    const weights = arrayOf([[1, 2, 3]]);
    expect(refusal(() => checkSampleWeight(flat, weights, 'd'))).toEqual({
      text: 'mlp: d: sample_weight: expected the shape (None,); found (None, 3)\n',
      exitCode: 3,
    });
    expect(refusal(() => checkSampleWeight(deep, weights, 'd'))).toEqual({
      text: 'mlp: d: sample_weight: expected the shape (None,) or (None, 4); found (None, 3)\n',
      exitCode: 3,
    });
  });
});
