/** Metrics and losses that fit a network and its targets, and what is said of those that do not. */
import { describe, expect, test } from 'vitest';
import { buildNetwork } from '../../src/nn/network.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { directionOf } from '../../src/training/callbacks/callback-list.ts';
import { checkTargets, notesOn } from '../../src/training/check.ts';
import { checkMetrics } from '../../src/training/check-metrics.ts';
import { measuredMetrics } from '../../src/training/measured.ts';
import { arrayOf, type KerasNumbers } from '../nn/keras-numbers.ts';
import { refusal } from '../spec/read-errors.ts';

function modelWith(layer: object, compile: object, shape: readonly number[] = [2]) {
  const document = { input_shape: shape, layers: [layer], compile };
  const { spec } = readSpec(JSON.stringify(document), 'model');
  return { network: buildNetwork(spec, shape), compile: spec.compile };
}

function checkMetric(metric: unknown, units: number, targets: readonly number[], shape = [2]) {
  const { network, compile } = modelWith({ units }, { metrics: [metric] }, shape);
  checkMetrics(network, compile, targets);
}

describe('a metric', () => {
  test.each([
    ['accuracy', 1, [1]],
    ['accuracy', 3, [1]],
    ['accuracy', 3, [3]],
    ['precision', 1, [1]],
    ['sparse_top_k_categorical_accuracy', 3, [1]],
    ['auc', 3, [3]],
    [{ type: 'precision', class_id: 2, top_k: 3 }, 3, [3]],
    [{ type: 'auc', multi_label: true, num_labels: 3, label_weights: [1, 2, 3] }, 3, [3]],
  ])('%j fits %d outputs and targets of shape %j', (metric, units, targets) => {
    expect(() => checkMetric(metric, units, targets)).not.toThrow();
  });

  const forClasses =
    'for class numbers there are accuracy and the metrics whose names begin with "sparse_"; ' +
    'for all others give one column per class and use categorical_crossentropy';
  const forTwo = 'for two classes and one output use binary_accuracy or binary_crossentropy';

  test.each([
    [
      'precision',
      3,
      [1],
      `precision: expected targets of shape (None, 3); found class numbers\n  ${forClasses}`,
    ],
    [
      'mae',
      3,
      [1],
      `mae: expected targets of shape (None, 3); found class numbers\n  ${forClasses}`,
    ],
    [
      'sparse_categorical_accuracy',
      3,
      [3],
      'sparse_categorical_accuracy: expected class numbers; found targets of shape (None, 3)\n  for one column per class use the metric without "sparse_"',
    ],
    [
      'categorical_accuracy',
      1,
      [1],
      `categorical_accuracy: expected 2 or more outputs, one for each class; found 1\n  ${forTwo}`,
    ],
    [{ type: 'recall', class_id: 3 }, 3, [3], 'recall: expected a class_id from 0 to 2; found 3'],
    [
      { type: 'recall', top_k: 4 },
      3,
      [3],
      'recall: expected a top_k of at most 3, the outputs; found 4',
    ],
    [
      { type: 'auc', label_weights: [1] },
      3,
      [3],
      'auc: expected 3 label_weights, one for each output; found 1',
    ],
    [
      { type: 'auc', num_labels: 3 },
      3,
      [3],
      'auc: num_labels: expected only with multi_label; found it without',
    ],
    [
      { type: 'auc', num_labels: 2, multi_label: true },
      3,
      [3],
      'auc: expected 3 num_labels, the outputs; found 2',
    ],
  ])('%j does not fit %d outputs and targets of shape %j', (metric, units, targets, message) => {
    expect(refusal(() => checkMetric(metric, units, targets))).toEqual({
      text: `mlp: metric ${message}\n`,
      exitCode: 2,
    });
  });

  test('that counts by column wants outputs of one axis', () => {
    expect(refusal(() => checkMetric('r2_score', 3, [4, 3], [4, 2])).text).toBe(
      'mlp: metric r2_score: expected outputs of one axis; found (None, 4, 3)\n  add a Flatten layer\n',
    );
  });
});

test('metrics have names of their own in the log, as in Keras', () => {
  const { compile } = modelWith(
    { units: 1 },
    { metrics: ['mae', 'mse', 'mae', 'mae'], weighted_metrics: ['mae', 'mape', 'mae', 'mape'] },
  );
  const measured = { metrics: compile.metrics, weightedMetrics: compile.weighted_metrics };
  expect(measuredMetrics(measured).map(({ name, isWeighted }) => [name, isWeighted])).toEqual([
    ['mae', false],
    ['mse', false],
    ['mae_1', false],
    ['mae_2', false],
    ['weighted_mae', true],
    ['mape', true],
    ['weighted_mae_1', true],
    ['weighted_mape', true],
  ]);
});

test('a metric of several values cannot be watched; one under a name of its own can', () => {
  const { compile } = modelWith(
    { units: 2 },
    { metrics: ['f1_score', 'mae', 'mae'], weighted_metrics: ['mae'] },
  );
  const measured = { metrics: compile.metrics, weightedMetrics: compile.weighted_metrics };
  const watch = (monitor: string) =>
    directionOf({ type: 'EarlyStopping', monitor, mode: 'auto' }, measured, 'due');
  expect(['mae_1', 'val_weighted_mae'].map(watch)).toEqual(['min', 'min']);
  expect(refusal(() => watch('val_f1_score'))).toEqual({
    text:
      'mlp: EarlyStopping: monitor: expected a metric that is one number; found "val_f1_score", which is several\n' +
      '  give the metric an average, or one threshold\n',
    exitCode: 2,
  });
});

describe('a loss', () => {
  function checkLoss(
    loss: unknown,
    units: number,
    y: KerasNumbers,
    shape: readonly number[] = [2],
  ) {
    const { network, compile } = modelWith({ units }, { loss }, shape);
    if (!compile.loss) throw new Error('the loss was given');
    return checkTargets(network, compile.loss, arrayOf(y), { source: 'data' });
  }

  test.each([
    [1, [0, 1], [2, 1]],
    [3, [0, 2], [2, 1]],
    [3, [[0], [2]], [2, 1]],
    [
      3,
      [
        [1, 0, 0],
        [0, 1, 0],
      ],
      [2, 3],
    ],
  ])('called crossentropy on %d outputs takes targets by their shape: %j', (units, y, shape) => {
    expect(checkLoss('ce', units, y).shape).toEqual(shape);
  });

  test('leaves the class out that it ignores, whatever its number', () => {
    const loss = { type: 'sparse_categorical_crossentropy', ignore_class: -1 };
    expect(checkLoss(loss, 3, [0, -1]).values).toEqual(Float32Array.of(0, -1));
    expect(refusal(() => checkLoss(loss, 3, [0, -2])).text).toBe(
      'mlp: data: target of row 2: expected a class number from 0 to 2; found -2\n',
    );
  });

  test.each([
    [
      { type: 'categorical_focal_crossentropy', alpha: [0.1, 0.9] },
      'categorical_focal_crossentropy: alpha: expected 3 numbers, the units of layer "dense"; found 2',
    ],
    [
      { type: 'binary_crossentropy', axis: 2 },
      'binary_crossentropy: axis: expected -1, the last axis; found 2',
    ],
  ])('%j is refused on three outputs', (loss, message) => {
    expect(refusal(() => checkLoss(loss, 3, [[0, 1, 0]]))).toEqual({
      text: `mlp: ${message}\n`,
      exitCode: 2,
    });
  });

  test.each([
    ['softmax', 'categorical_crossentropy', true],
    ['sigmoid', 'binary_crossentropy', true],
    ['relu', 'binary_crossentropy', false],
  ])('from logits after %s is said to be odd: %s, %s', (activation, type, isOdd) => {
    const loss = { type, from_logits: true };
    const { network, compile } = modelWith({ units: 2, activation }, { loss });
    if (!compile.loss) throw new Error('the loss was given');
    const note = `warning: ${type} has from_logits, but the model ends in ${activation}, which gives no logits`;
    const y = { shape: [1, ...network.outputShape], values: new Float32Array(3).fill(1) };
    expect(notesOn(network, compile.loss, y)).toEqual(isOdd ? [note] : []);
  });

  test.each<[object, number[], boolean]>([
    [{ units: 1, activation: 'softmax' }, [2], true],
    [{ units: 2, activation: 'softmax' }, [2], false],
    [{ units: 1, activation: 'sigmoid' }, [2], false],
    [{ type: 'Softmax', axis: 1 }, [1, 3], true],
    [{ type: 'Softmax', axis: -1 }, [1, 3], false],
  ])('with %j on %j is told of a softmax over one output: %s', (layer, shape, isOdd) => {
    const { network, compile } = modelWith(layer, { loss: 'mse' }, shape);
    if (!compile.loss) throw new Error('the loss was given');
    const note = 'warning: softmax over 1 output is always 1; use sigmoid';
    const y = { shape: [1, ...network.outputShape], values: new Float32Array(3).fill(1) };
    expect(notesOn(network, compile.loss, y)).toEqual(isOdd ? [note] : []);
  });
});
