/** The models behind the summaries of fixtures/keras/text, as the records that we print. */
import type { Summary, SummaryLayer } from '../../src/records.ts';

type Shape = readonly (number | null)[];

/** A layer; by default all of its parameters are trainable, or none where it is frozen. */
function layer(
  name: string,
  className: string,
  shape: Shape,
  parameters = 0,
  more: Partial<SummaryLayer> = {},
): SummaryLayer {
  const { trainable = true } = more;
  const trainableParameters = trainable ? parameters : 0;
  const outputShape = [null, ...shape];
  return { name, className, outputShape, parameters, trainable, trainableParameters, ...more };
}

function dense(name: string, units: number, parameters: number, trainable = true): SummaryLayer {
  return layer(name, 'Dense', [units], parameters, { trainable });
}

/** Half of a BatchNormalization's parameters are learnt, the others are measured. */
function batchNormalization(units: number): SummaryLayer {
  const half = { trainableParameters: 2 * units };
  return layer('batch_normalization', 'BatchNormalization', [units], 4 * units, half);
}

function model(
  input: Shape | null,
  layers: readonly SummaryLayer[],
  more: Partial<Summary> = {},
): Summary {
  const total = layers.reduce((sum, { parameters }) => sum + (parameters ?? 0), 0);
  const trainable = layers.reduce((sum, { trainableParameters: n }) => sum + n, 0);
  return {
    name: 'sequential',
    layers,
    inputShape: input && [null, ...input],
    totalParameters: total,
    trainableParameters: trainable,
    nonTrainableParameters: total - trainable,
    nonTrainableBytes: 4 * (total - trainable),
    optimizer: null,
    ...more,
  };
}

const frozen = [dense('dense', 16, 144, false), batchNormalization(16), dense('head', 4, 68)];
const twoDense = [dense('dense', 3, 15), dense('dense_1', 2, 8)];
const unbuiltLayer = { outputShape: null, parameters: null, trainableParameters: 0 };
const batchOfFive = (units: number) => ({ outputShape: [5, units] });
const optimizer = (parameters: number, bytes: number) => ({ optimizer: { parameters, bytes } });
const LONG_NAME = 'a_very_long_layer_name_that_must_wrap_or_be_cut';
const EDGE_NAMES = [23, 22, 24, 19, 18, 17, 32, 31, 30].map((length) => 'n'.repeat(length));

export const SUMMARY_MODELS: Readonly<Record<string, Summary>> = {
  tutorial_3_1: model([20], [dense('dense', 10, 210)]),
  tutorial_3_2: model(
    [20],
    [dense('dense', 64, 1344), dense('dense_1', 32, 2080), dense('dense_2', 5, 165)],
  ),
  mixed: model(
    [784],
    [
      dense('dense', 512, 401920),
      layer('dropout', 'Dropout', [512]),
      batchNormalization(512),
      dense(LONG_NAME, 512, 262656),
      dense('dense_1', 10, 5130),
    ],
  ),
  big: model(
    [3000],
    [
      dense('dense', 2000, 6002000),
      dense('dense_1', 1500, 3001500),
      dense('dense_2', 1000, 1500000),
      batchNormalization(1000),
      dense('dense_3', 12345, 12357345),
    ],
  ),
  small: model([2], [dense('dense_layer', 1, 3)], { name: 'my_model' }),
  frozen: model([8], frozen),
  all_frozen: model([8], [dense('dense', 16, 144, false)]),
  no_weights: model(
    [4, 3],
    [
      layer('flatten', 'Flatten', [12]),
      layer('activation', 'Activation', [12]),
      layer('dropout', 'Dropout', [12]),
    ],
  ),
  layers: model(
    [4, 3],
    [
      layer('rescaling', 'Rescaling', [4, 3]),
      layer('normalization', 'Normalization', [4, 3], 7, { trainableParameters: 0 }),
      layer('dense', 'Dense', [4, 6], 24),
      layer('leaky_re_lu', 'LeakyReLU', [4, 6]),
      layer('p_re_lu', 'PReLU', [4, 6], 24),
      layer('elu', 'ELU', [4, 6]),
      layer('re_lu', 'ReLU', [4, 6]),
      layer('layer_normalization', 'LayerNormalization', [4, 6], 12),
      layer('unit_normalization', 'UnitNormalization', [4, 6]),
      layer('gaussian_noise', 'GaussianNoise', [4, 6]),
      layer('gaussian_dropout', 'GaussianDropout', [4, 6]),
      layer('alpha_dropout', 'AlphaDropout', [4, 6]),
      layer('activity_regularization', 'ActivityRegularization', [4, 6]),
      layer('flatten', 'Flatten', [24]),
      layer('reshape', 'Reshape', [3, 8]),
      layer('softmax', 'Softmax', [3, 8]),
    ],
    // Six float32 and the count of samples in int64.
    { nonTrainableBytes: 6 * 4 + 8 },
  ),
  rank4: model(
    [5, 4, 3],
    [layer('dense', 'Dense', [5, 4, 7], 28), layer('reshape', 'Reshape', [10, 14])],
  ),
  many: model(
    [3],
    [
      dense('dense', 1, 4),
      ...Array.from({ length: 11 }, (_, i) => dense(`dense_${i + 1}`, i + 2, (i + 2) ** 2)),
    ],
  ),
  repeated_names: model(
    [3],
    [
      dense('dense', 2, 8),
      layer('re_lu', 'ReLU', [2]),
      dense('dense_1', 2, 6),
      layer('re_lu_1', 'ReLU', [2]),
      layer('dropout', 'Dropout', [2]),
      layer('dropout_1', 'Dropout', [2]),
    ],
  ),
  chinese: model(
    [3],
    [dense('隐藏层', 4, 16), dense('输出层_一个很长的名字_用来看看换行和截断_还要更长一些', 2, 10)],
    { name: '模型' },
  ),
  accents: model([3], [dense('couche_cachée_numéro_un_très_longue', 4, 16), dense('größe', 2, 10)]),
  edge_width: model(
    [3],
    EDGE_NAMES.map((name, i) => dense(name, 2, i === 0 ? 8 : 6)),
  ),
  wide_shape: model(
    [11, 12, 13, 14, 15, 16, 17],
    [layer('d', 'Dense', [11, 12, 13, 14, 15, 16, 123456], 2222208)],
  ),
  unbuilt: model(null, [
    layer('dense', 'Dense', [], 0, unbuiltLayer),
    layer('dense_1', 'Dense', [], 0, unbuiltLayer),
  ]),
  empty: model(null, []),
  input_only: model([3], []),
  called_on_5_rows: model(
    [4],
    [
      layer('dense', 'Dense', [], 15, batchOfFive(3)),
      layer('dense_1', 'Dense', [], 8, batchOfFive(2)),
    ],
  ),
  built_by_build: model([4], twoDense),
  fitted_adam: model([8], frozen, optimizer(202, 812)),
  fitted_sgd: model([8], frozen, optimizer(2, 12)),
  fitted_rmsprop: model([8], frozen, optimizer(102, 412)),
  fitted_nadam: model([8], frozen, optimizer(203, 816)),
  fitted_adagrad: model([8], frozen, optimizer(102, 412)),
  fitted_without_input: model([4], twoDense, optimizer(48, 196)),
};

/** What a fixture's name says: the model, and after `@` the arguments of `summary()`. */
export function parseCaseName(name: string) {
  const [modelName, text = ''] = name.split('@');
  const value = (key: string) => new RegExp(`${key}=([\\d.,]*\\d)`).exec(text)?.[1];
  const number = (key: string) => {
    const found = value(key)?.split(',')[0];
    return found === undefined ? undefined : Number(found);
  };
  return {
    summary: SUMMARY_MODELS[modelName],
    options: {
      columns: number('COLUMNS'),
      lineLength: number('line_length'),
      positions: value('positions')?.split(',').map(Number),
      showTrainable: text.includes('show_trainable'),
    },
  };
}
