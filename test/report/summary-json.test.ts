import { expect, test } from 'vitest';
import { formatSummaryJson } from '../../src/report/summary-json.ts';
import { SUMMARY_MODELS } from './summary-models.ts';

test('gives names, shapes and counts as one JSON document', () => {
  expect(formatSummaryJson(SUMMARY_MODELS.small)).toBe(`{
  "name": "my_model",
  "input_shape": [
    null,
    2
  ],
  "layers": [
    {
      "name": "dense_layer",
      "type": "Dense",
      "output_shape": [
        null,
        1
      ],
      "parameters": 3,
      "trainable": true
    }
  ],
  "total_parameters": 3,
  "trainable_parameters": 3,
  "non_trainable_parameters": 0
}
`);
});

test('has null for what a model without an input does not know', () => {
  expect(JSON.parse(formatSummaryJson(SUMMARY_MODELS.unbuilt))).toEqual({
    name: 'sequential',
    input_shape: null,
    layers: ['dense', 'dense_1'].map((name) => ({
      name,
      type: 'Dense',
      output_shape: null,
      parameters: null,
      trainable: true,
    })),
    total_parameters: 0,
    trainable_parameters: 0,
    non_trainable_parameters: 0,
  });
});
