/** Networks with their shapes: what layers refuse, and how large a model may be. */
import { describe, expect, test } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { Graph } from '../../src/graph/graph.ts';
import { input } from '../../src/graph/ops.ts';
import { forward, parametersOf } from '../../src/nn/forward.ts';
import { buildNetwork } from '../../src/nn/network.ts';
import { MAX_PARAMETERS } from '../../src/spec/limits.ts';
import { placeOfLayer } from '../../src/spec/read-spec.ts';
import { read } from '../spec/read-errors.ts';

/** Builds a document with its own input shape; messages say where in it. */
function build(document: {
  readonly input_shape?: readonly number[];
  readonly [key: string]: unknown;
}) {
  const model = read(document);
  return buildNetwork(model.spec, model.spec.input_shape ?? [1], (index, key) =>
    placeOfLayer(model, index, key),
  );
}

/** The problem of a document that is refused. */
function problemOf(document: Parameters<typeof build>[0]): string {
  try {
    build(document);
  } catch (error) {
    if (error instanceof UserError && error.exitCode === 2) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the size of a model', () => {
  test('may reach MAX_PARAMETERS and not more', () => {
    const inputs = MAX_PARAMETERS / 2 ** 10;
    const document = (use_bias: boolean) => ({
      input_shape: [inputs],
      layers: [{ units: 2 ** 10, use_bias }],
    });
    expect(build(document(false)).layers).toHaveLength(1);
    expect(problemOf(document(true))).toBe(
      'layers[0]: expected at most 134,217,728 parameters in all; found 134,218,752 (1 GiB) up to this layer',
    );
  });

  test('counts all layers up to the one with which it is too large', () => {
    const layers = [{ units: 2 ** 20 }, { type: 'Dropout', rate: 0.1 }, { units: 2 ** 20 }];
    expect(problemOf({ input_shape: [1], layers })).toBe(
      'layers[2]: expected at most 134,217,728 parameters in all; found 1,099,514,773,504 (4,096 GiB) up to this layer',
    );
  });

  test('counts what one row becomes', () => {
    const layers = [{ units: 2 ** 20 }];
    expect(problemOf({ input_shape: [2 ** 20, 1], layers })).toBe(
      'layers[0]: expected at most 134,217,728 outputs for one row; found 1,099,511,627,776',
    );
  });

  test('counts a flattened row whole', () => {
    const layers = [{ type: 'Flatten' }, { units: 2 ** 12 }];
    expect(problemOf({ input_shape: [2 ** 10, 2 ** 10], layers })).toBe(
      'layers[1]: expected at most 134,217,728 parameters in all; found 4,294,971,392 (16 GiB) up to this layer',
    );
  });

  test("says where in Keras's own text", () => {
    const layers = [
      { class_name: 'InputLayer', config: { batch_shape: [null, 2 ** 20] } },
      { class_name: 'Dense', config: { units: 2 ** 20 } },
    ];
    expect(problemOf({ class_name: 'Sequential', config: { layers } })).toMatch(
      /^config\.layers\[1\]: expected at most 134,217,728 parameters/,
    );
  });
});

describe('layers refuse what does not suit their input', () => {
  const axis = 'expected an axis of the rows: 1 to 2, or -2 to -1';
  test.each([
    [{ type: 'BatchNormalization', axis: 3 }, `layers[0].axis: ${axis}; found 3`],
    [{ type: 'BatchNormalization', axis: 0 }, `layers[0].axis: ${axis}; found 0, the batch`],
    [{ type: 'LayerNormalization', axis: [1, -3] }, `layers[0].axis: ${axis}; found -3, the batch`],
    [{ type: 'RMSNormalization', axis: 7 }, `layers[0].axis: ${axis}; found 7`],
    [{ type: 'UnitNormalization', axis: 0 }, `layers[0].axis: ${axis}; found 0, the batch`],
    [{ type: 'Normalization', axis: 3 }, `layers[0].axis: ${axis}; found 3`],
    [{ type: 'Softmax', axis: -4 }, `layers[0].axis: ${axis}; found -4`],
    [{ type: 'PReLU', shared_axes: 3 }, `layers[0].shared_axes: ${axis}; found 3`],
    [
      { units: 2, activation: { name: 'softmax', axis: 5 } },
      `layers[0].activation.axis: ${axis}; found 5`,
    ],
    [
      { units: 3, activation: 'glu' },
      'layers[0].activation: glu: expected an even number of inputs, which it halves; found 3',
    ],
    [
      { type: 'Reshape', target_shape: [4, 4] },
      'layers[0].target_shape: expected a shape of the 12 numbers of (3, 4); found [4,4]',
    ],
    [
      { type: 'Reshape', target_shape: [5, -1] },
      'layers[0].target_shape: expected a shape of the 12 numbers of (3, 4); found [5,-1]',
    ],
    [
      { type: 'Permute', dims: [1, 1] },
      'layers[0].dims: expected the axes 1 to 2 in some order; found [1,1]',
    ],
    [
      { type: 'Rescaling', scale: [1, 2, 3] },
      'layers[0].scale: expected a number, or numbers for (3, 4); found shape (3,)',
    ],
    [
      { type: 'Normalization', mean: [1, 2, 3], variance: 1 },
      'layers[0].mean: expected a number, or numbers for (4,); found shape (3,)',
    ],
  ])('%j', (layer, problem) => {
    expect(problemOf({ input_shape: [3, 4], layers: [layer] })).toBe(problem);
  });
});

describe('shapes behind layers', () => {
  test.each([
    [{ units: 6, activation: 'glu' }, [3, 3]],
    [{ type: 'Activation', activation: { name: 'glu', axis: 2 } }, [3, 2]],
    [{ type: 'Reshape', target_shape: [2, -1, 3] }, [2, 2, 3]],
    [{ type: 'Permute', dims: [2, 1] }, [4, 3]],
    [{ type: 'Flatten' }, [12]],
  ])('%j', (layer, shape) => {
    expect(build({ input_shape: [3, 4], layers: [layer] }).outputShape).toEqual(shape);
  });
});

test("weights have Keras's names, order and shapes, and statistics are not trainable", () => {
  const layers = [
    { type: 'Normalization' },
    { type: 'BatchNormalization', axis: 1 },
    { type: 'LayerNormalization', axis: [1, 2] },
    { type: 'RMSNormalization' },
    { type: 'PReLU', shared_axes: [1] },
    { type: 'BatchNormalization', scale: false, trainable: false },
  ];
  const { weights } = build({ input_shape: [3, 4], layers });
  const shown = weights.map(
    ({ layer, name, shape, trainable }) =>
      `${layer}/${name} ${JSON.stringify(shape)}${trainable ? '' : ' frozen'}`,
  );
  expect(shown).toEqual([
    'normalization/mean [4] frozen',
    'normalization/variance [4] frozen',
    'normalization/count [] frozen',
    'batch_normalization/gamma [3]',
    'batch_normalization/beta [3]',
    'batch_normalization/moving_mean [3] frozen',
    'batch_normalization/moving_variance [3] frozen',
    'layer_normalization/gamma [3,4]',
    'layer_normalization/beta [3,4]',
    'rms_normalization/scale [4]',
    'p_re_lu/alpha [1,4]',
    'batch_normalization_1/beta [4] frozen',
    'batch_normalization_1/moving_mean [4] frozen',
    'batch_normalization_1/moving_variance [4] frozen',
  ]);
});

test.each([
  { type: 'Flatten' },
  { type: 'Reshape', target_shape: [3] },
  { type: 'Permute', dims: [1] },
  { type: 'Rescaling', scale: 1 },
])('behind a layer that changes nothing a loss still finds the softmax: %j', (layer) => {
  const network = build({ input_shape: [2], layers: [{ units: 3, activation: 'softmax' }, layer] });
  const graph = new Graph();
  const x = input(graph, 'x', 1, 2);
  expect(forward(network, parametersOf(graph, network), x, true).output.op).toBe('softmax');
});
