/** Losses and metrics as Keras 3.15's `get_config` writes them, with every argument it has. */
import { describe, expect, test } from 'vitest';
import { read } from './read-errors.ts';

const reduction = 'sum_over_batch_size';
const plain = { reduction, from_logits: false, label_smoothing: 0, axis: -1 };

describe('losses', () => {
  test.each([
    [
      'BinaryFocalCrossentropy',
      { ...plain, alpha: 0.25, gamma: 2, apply_class_balancing: false },
      {
        type: 'binary_focal_crossentropy',
        ...plain,
        alpha: 0.25,
        gamma: 2,
        apply_class_balancing: false,
      },
    ],
    [
      'CategoricalFocalCrossentropy',
      { ...plain, alpha: 0.25, gamma: 2 },
      { type: 'categorical_focal_crossentropy', ...plain, alpha: 0.25, gamma: 2 },
    ],
    [
      'SparseCategoricalCrossentropy',
      { reduction, from_logits: true, ignore_class: null },
      { type: 'sparse_categorical_crossentropy', reduction, from_logits: true },
    ],
    ['Dice', { reduction, axis: null }, { type: 'dice', reduction, axis: null }],
    [
      'Tversky',
      { reduction: 'mean', alpha: 0.3, beta: 0.7, axis: null },
      { type: 'tversky', reduction: 'mean', alpha: 0.3, beta: 0.7, axis: null },
    ],
    ['Huber', { reduction: 'sum', delta: 1 }, { type: 'huber', reduction: 'sum', delta: 1 }],
  ])('%s', (class_name, config, spec) => {
    const loss = {
      module: 'keras.losses',
      class_name,
      config: { name: 'a name', ...config },
      registered_name: null,
    };
    const document = { layers: [{ units: 1 }], compile: { loss } };
    expect(read(document).spec.compile.loss).toStrictEqual(spec);
  });
});

describe('metrics', () => {
  const auc = {
    num_thresholds: 200,
    curve: 'ROC',
    summation_method: 'interpolation',
    multi_label: false,
    num_labels: null,
    label_weights: null,
    from_logits: false,
  };

  test.each([
    ['AUC', auc, { type: 'auc', ...auc, thresholds: null }],
    [
      'Precision',
      { thresholds: null, top_k: null, class_id: null },
      { type: 'precision', thresholds: null, top_k: null, class_id: null },
    ],
    [
      'F1Score',
      { average: null, threshold: null },
      { type: 'f1_score', average: null, threshold: null },
    ],
    [
      'R2Score',
      { class_aggregation: null, num_regressors: 0 },
      { type: 'r2_score', class_aggregation: null, num_regressors: 0 },
    ],
    [
      'PrecisionAtRecall',
      { num_thresholds: 200, recall: 0.5, class_id: null },
      { type: 'precision_at_recall', num_thresholds: 200, recall: 0.5, class_id: null },
    ],
    ['CosineSimilarity', { axis: -1 }, { type: 'cosine_similarity', axis: -1 }],
    [
      'CategoricalCrossentropy',
      { from_logits: false, label_smoothing: 0, axis: -1 },
      { type: 'categorical_crossentropy', from_logits: false, label_smoothing: 0, axis: -1 },
    ],
  ])('%s', (class_name, config, spec) => {
    const metric = {
      module: 'keras.metrics',
      class_name,
      config: { name: 'shown', dtype: 'float32', ...config },
      registered_name: null,
    };
    const document = { layers: [{ units: 1 }], compile: { metrics: [metric] } };
    expect(read(document).spec.compile.metrics).toStrictEqual([{ ...spec, name: 'shown' }]);
  });
});
