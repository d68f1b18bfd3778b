/** What is scored for classes, labels and numbers, and the baseline, held to formulas in doubles. */
import { describe, expect, test } from 'vitest';
import { evaluated, identity, mean, near, scored } from './evaluate-model.ts';
import { modelOf, samplesOf, weightsOf } from './train-model.ts';

/** −ln of the softmax of the row at its class. */
const surprise = (row: readonly number[], index: number) =>
  Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - row[index];
const entropy = (shares: readonly number[]) =>
  -shares.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);

describe('classes', () => {
  const logits = [
    [2, 0, 1],
    [0, 3, 1],
    [1, 0, 0],
    [0, 1, 5],
    [1, 2, 0],
  ];
  const y = [0, 1, 1, 2, 1];
  const logLoss = mean(logits.map((row, i) => surprise(row, y[i])));
  const expected = {
    rows: 5,
    targets: 'classes',
    commonest: 1,
    model: {
      loss: near(logLoss),
      scores: [
        ['accuracy', near(0.8)],
        ['log_loss', near(logLoss)],
      ],
      metrics: [],
    },
    baseline: {
      loss: near(entropy([0.2, 0.6, 0.2])),
      scores: [
        ['accuracy', near(0.6)],
        ['log_loss', near(entropy([0.2, 0.6, 0.2]))],
      ],
      metrics: [],
    },
  };
  const softmax = { activation: 'softmax' };
  const oneHot = y.map((index) => [0, 1, 2].map((i) => Number(i === index)));

  test.each([
    ['numbers of classes', 'sparse_categorical_crossentropy', y.map((index) => [index])],
    ['a column for each class', 'categorical_crossentropy', oneHot],
    ['either, by the shape', 'crossentropy', y.map((index) => [index])],
  ])('as %s', (_, loss, targets) => {
    const model = identity(3, { loss }, softmax);
    expect(scored(model, logits, targets)).toEqual(expected);
    expect(scored(model, logits, targets, { batchSize: 2 })).toEqual(expected);
  });

  test.each(['sparse_categorical_crossentropy', 'categorical_crossentropy'])(
    'by logits, with %s',
    (type) => {
      const model = identity(3, { loss: { type, from_logits: true } });
      const targets = type.startsWith('sparse') ? y.map((index) => [index]) : oneHot;
      expect(scored(model, logits, targets)).toEqual(expected);
    },
  );

  test('log_loss is a plain cross-entropy, whatever the loss', () => {
    const loss = { type: 'categorical_focal_crossentropy', gamma: 3 };
    const { model } = scored(identity(3, { loss }, softmax), logits, oneHot);
    expect(model.scores).toEqual(expected.model.scores);
    expect(model.loss).toBeLessThan(logLoss / 2);
  });

  test('rows of an ignored class do not count', () => {
    const loss = { type: 'sparse_categorical_crossentropy', ignore_class: -1 };
    const more = [...logits, [9, 0, 0], [0, 0, 9]];
    const { rows, commonest, model, baseline } = scored(
      identity(3, { loss }, softmax),
      more,
      [...y, -1, -1].map((index) => [index]),
    );
    expect({ rows, commonest, model, baseline }).toEqual({
      rows: 7,
      commonest: 1,
      model: expected.model,
      baseline: expected.baseline,
    });
  });

  test('a very sure network is measured through its logits', () => {
    const { model } = scored(identity(3, { loss: 'ce' }, softmax), [[0, 200, 0]], [[0]]);
    expect(model).toEqual({
      loss: 200,
      scores: [
        ['accuracy', 0],
        ['log_loss', 200],
      ],
      metrics: [],
    });
  });
});

describe('labels', () => {
  const outputs = [[2], [-1], [0.3], [-4]];
  const y = [[1], [0], [0], [0]];
  const softplus = (z: number) => Math.log1p(Math.exp(z));
  const logLoss = mean(outputs.map(([z], i) => softplus(z) - z * y[i][0]));
  const baseline = entropy([0.25, 0.75]);
  const scores = (accuracy: number, loss: number) => [
    ['accuracy', accuracy],
    ['log_loss', near(loss)],
  ];

  test.each([
    ['a sigmoid', identity(1, { loss: 'bce' }, { activation: 'sigmoid' })],
    ['logits', identity(1, { loss: { type: 'binary_crossentropy', from_logits: true } })],
  ])('of one output by %s: above one half is the second', (_, model) => {
    expect(scored(model, outputs, y)).toEqual({
      rows: 4,
      targets: 'labels',
      commonest: 0,
      model: { loss: near(logLoss), scores: scores(0.75, logLoss), metrics: [] },
      baseline: { loss: near(baseline), scores: scores(0.75, baseline), metrics: [] },
    });
  });

  test('of several outputs count one by one', () => {
    const model = identity(2, { loss: 'bce' }, { activation: 'sigmoid' });
    const pairs = [
      [1, 1],
      [1, -1],
      [-1, 1],
    ];
    const several = [
      [1, 0],
      [1, 0],
      [0, 1],
    ];
    const found = scored(model, pairs, several);
    const third = entropy([1 / 3, 2 / 3]);
    expect(found).toMatchObject({ targets: 'labels', commonest: null });
    expect(found.model.scores[0]).toEqual(['accuracy', near(5 / 6)]);
    expect(found.baseline.scores).toEqual([
      ['accuracy', near(2 / 3)],
      ['log_loss', near(third)],
    ]);
  });

  test('are so for any loss where a table has classes, and numbers where it has not', () => {
    const model = identity(1, { loss: 'mse' });
    const zeroOne = [[0.9], [0.2], [0.6], [0.1]];
    expect(scored(model, zeroOne, y, { areClasses: true }).model.scores[0]).toEqual([
      'accuracy',
      0.75,
    ]);
    expect(scored(model, zeroOne, y).targets).toBe('numbers');
  });

  test('that are probabilities between are numbers', () => {
    const model = identity(1, { loss: 'bce' }, { activation: 'sigmoid' });
    expect(scored(model, outputs, [[0.5], [0.1], [0], [1]]).targets).toBe('numbers');
  });
});

describe('numbers', () => {
  const squares = (values: readonly number[]) => values.map((v) => v ** 2);
  const around = (values: readonly number[]) => values.map((v) => v - mean(values));
  /** scikit-learn's r2_score of one output. */
  const r2 = (y: readonly number[], p: readonly number[]) =>
    1 - mean(squares(y.map((v, i) => v - p[i]))) / mean(squares(around(y)));

  test('of several outputs: errors over all, r2 as the mean over the outputs', () => {
    const p = [
      [1, 10],
      [2, 30],
      [4, 20],
    ];
    const y = [
      [1, 20],
      [3, 20],
      [4, 50],
    ];
    const column = (rows: number[][], i: number) => rows.map((row) => row[i]);
    const errors = p.flatMap((row, i) => row.map((v, j) => v - y[i][j]));
    const spread = [0, 1].flatMap((i) => around(column(y, i)));
    const measures = (all: readonly number[], score: number) => ({
      loss: near(mean(squares(all))),
      scores: [
        ['rmse', near(Math.sqrt(mean(squares(all))))],
        ['mae', near(mean(all.map(Math.abs)))],
        ['r2', score === 0 ? 0 : near(score)],
      ],
      metrics: [],
    });
    expect(scored(identity(2, { loss: 'mse' }), p, y, { batchSize: 2 })).toEqual({
      rows: 3,
      targets: 'numbers',
      commonest: null,
      model: measures(errors, mean([0, 1].map((i) => r2(column(y, i), column(p, i))))),
      baseline: measures(spread, 0),
    });
  });

  test('r2 keeps its digits far from 0', () => {
    const years = Array.from({ length: 64 }, (_, i) => 2000 + (i % 7));
    const guesses = years.map((year, i) => year + ((i % 3) - 1) / 4);
    const { model } = scored(
      identity(1, { loss: 'mse' }),
      guesses.map((v) => [v]),
      years.map((v) => [v]),
    );
    expect(model.scores[2]).toEqual(['r2', near(r2(years, guesses))]);
  });

  test('an output whose targets do not vary has no r2', () => {
    const model = identity(2, { loss: 'mse' });
    const p = [
      [1, 5],
      [3, 6],
    ];
    const found = scored(model, p, [
      [1, 7],
      [2, 7],
    ]);
    expect([found.model.scores[2], found.baseline.scores[2]]).toEqual([
      ['r2', near(r2([1, 2], [1, 3]))],
      ['r2', 0],
    ]);
    const still = scored(model, p, [
      [1, 7],
      [1, 7],
    ]);
    expect([still.model.scores[2], still.baseline.scores[2]]).toEqual([
      ['r2', Number.NaN],
      ['r2', Number.NaN],
    ]);
  });

  test('of outputs of several axes', () => {
    const model = modelOf({
      input_shape: [2, 1],
      layers: [{ units: 1 }],
      compile: { loss: 'mse' },
    });
    const weights = weightsOf(model.network, [[[1]], [0]]);
    const x = [
      [[1], [10]],
      [[2], [20]],
    ];
    const y = [
      [[0], [10]],
      [[4], [40]],
    ];
    const { model: found, baseline } = evaluated(model, samplesOf(x, y), weights);
    expect(found.scores).toEqual([
      ['rmse', near(Math.sqrt((1 + 0 + 4 + 400) / 4))],
      ['mae', near((1 + 0 + 2 + 20) / 4)],
      ['r2', near((1 - 5 / 8 + 1 - 400 / 450) / 2)],
    ]);
    expect(baseline.loss).toBeCloseTo((4 + 4 + 225 + 225) / 4, 4);
  });
});
