import { expect, test } from 'vitest';
import type { Evaluation } from '../../src/records.ts';
import { formatEvaluation, formatEvaluationJson } from '../../src/report/evaluation.ts';

const evaluation: Evaluation = {
  rows: 1234,
  targets: 'classes',
  commonest: 2,
  model: {
    loss: 0.000125,
    scores: [['accuracy', Math.fround(0.9)]],
    metrics: [
      ['accuracy', Math.fround(0.9)],
      ['recall', [1, 0.5]],
    ],
  },
  baseline: {
    loss: 12.5,
    scores: [['accuracy', 0.5]],
    metrics: [
      ['accuracy', 0.25],
      ['recall', [0, Number.NaN]],
    ],
  },
};

test('numbers stand under each other; a metric that differs from the score of its name stands, too', () => {
  expect(formatEvaluation(evaluation, ['a', 'b', 'c\n'])).toBe(`measure        model  baseline
loss      1.2500e-04   12.5000
accuracy      0.9000    0.5000
accuracy      0.9000    0.2500
recall        0.7500       nan
baseline: always "c\\n", the commonest class of these 1,234 rows, with its share as probability
`);
});

test.each([
  [{}, 'always "2", the commonest class of these 1,234 rows, with its share as probability'],
  [
    { targets: 'labels', commonest: null },
    'for each output always the commoner of 0 and 1 in these 1,234 rows, with its share as probability',
  ],
  [{ targets: 'numbers', commonest: null }, 'always the mean of the targets of these 1,234 rows'],
  [
    { targets: 'numbers', commonest: null, rows: 1 },
    'always the mean of the targets of this 1 row',
  ],
] as const)('the baseline is told in a line: %j', (changes, text) => {
  const lines = formatEvaluation({ ...evaluation, ...changes }, null).split('\n');
  expect(lines.slice(-2)).toEqual([`baseline: ${text}`, '']);
});

test('JSON has the shortest decimals of float32, all values of a metric, and null for none', () => {
  expect(JSON.parse(formatEvaluationJson(evaluation))).toEqual({
    loss: 0.000125,
    rows: 1234,
    accuracy: 0.9,
    metrics: { accuracy: 0.9, recall: [1, 0.5] },
    baseline: {
      loss: 12.5,
      rows: 1234,
      accuracy: 0.5,
      metrics: { accuracy: 0.25, recall: [0, null] },
    },
  });
});
