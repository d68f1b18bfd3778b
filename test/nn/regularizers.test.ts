/** Penalties and their gradients against Keras on TensorFlow. */
import { describe, expect, test } from 'vitest';
import { gradients } from '../../src/graph/gradients.ts';
import { Graph } from '../../src/graph/graph.ts';
import { variable } from '../../src/graph/ops.ts';
import { matrixShape } from '../../src/nn/forward.ts';
import { penaltyOf } from '../../src/nn/regularizers.ts';
import { expectClose, flat, type Nested, shapeOf, type Tolerance } from '../close.ts';
import { runGraph } from '../engine/run-graph.ts';
import { build, expectNotYet, type Family, implemented, readCases } from '../keras-goldens.ts';

interface Golden {
  readonly regularizer: string;
  readonly config: Readonly<Record<string, number | string>>;
  readonly w: Nested;
  readonly value: number;
  readonly grad: Nested;
}

const TOLERANCE: Tolerance = { atol: 1e-6, rtol: 2e-6 };

const family: Family<Golden> = {
  cases: readCases('regularizers.json'),
  words: ({ regularizer }) => [regularizer],
  notYet: [],
  document: ({ regularizer, config }) => ({
    layers: [{ units: 2, kernel_regularizer: { class_name: regularizer, config } }],
    input_shape: [2],
  }),
};

test('whatever is not implemented is in the list, and nothing else is', () => {
  expectNotYet(family);
});

describe('equal to Keras', () => {
  for (const golden of implemented(family)) {
    const { regularizer, config, w } = golden;
    test(`${regularizer} ${JSON.stringify(config)} of shape [${shapeOf(w)}]`, () => {
      const { regularizer: spec } = build(family.document(golden)).network.weights[0];
      if (!spec) throw new Error('no regularizer');
      const graph = new Graph();
      const { rows, cols } = matrixShape(shapeOf(w));
      const weight = variable(graph, 'w', rows, cols);
      const value = penaltyOf(weight, spec);
      const [grad] = gradients(value, [weight]);
      const found = runGraph(graph, { value, grad }, { w: flat(w) });
      expectClose(found.value, golden.value, TOLERANCE, 'value');
      expectClose(found.grad, golden.grad, TOLERANCE, 'gradient');
    });
  }
});

test('the orthogonal regularizer needs a pair to compare, and room for all of them', () => {
  const kernel = (inputs: number, units: number, mode: string) => () =>
    build({
      input_shape: [inputs],
      layers: [{ units, kernel_regularizer: { name: 'orthogonal_regularizer', mode } }],
    });
  const activity = (units: number) => () =>
    build({
      input_shape: [1],
      layers: [
        { units, activity_regularizer: { name: 'orthogonal_regularizer', mode: 'columns' } },
      ],
    });
  const place = (key: string) => `layers[0].${key}_regularizer: expected`;
  expect(kernel(1, 9, 'rows')).toThrow(`${place('kernel')} 2 or more rows to compare; found 1`);
  expect(kernel(9, 1, 'columns')).toThrow(
    `${place('kernel')} 2 or more columns to compare; found 1`,
  );
  expect(activity(1)).toThrow(`${place('activity')} 2 or more columns to compare; found 1`);
  const most = 'at most 11,585 columns to compare; found 11,586';
  expect(kernel(2, 11_586, 'columns')).toThrow(`${place('kernel')} ${most}`);
  expect(activity(11_586)).toThrow(`${place('activity')} ${most}`);
  expect(kernel(2, 11_585, 'columns')).not.toThrow();
});

test('the orthogonal regularizer of many columns plans no array of their pairs', () => {
  const graph = new Graph();
  const spec = { type: 'orthogonal_regularizer', factor: 0.01, mode: 'columns' } as const;
  penaltyOf(variable(graph, 'w', 2, 11_585), spec);
  const tables = graph.tensors.flatMap(({ attributes }) => attributes.values?.length ?? []);
  expect(tables).toEqual([11_585]);
});

test('the orthogonal regularizer is for matrices, and for outputs by columns only', () => {
  const dense = (key: string, value: unknown) =>
    build({ input_shape: [3], layers: [{ units: 2, [key]: value }] });
  expect(() => dense('bias_regularizer', 'orthogonal_regularizer')).toThrow(
    'layers[0].bias_regularizer: expected a weight of 2 axes; found 1',
  );
  expect(() => dense('activity_regularizer', { name: 'orthogonal_regularizer' })).toThrow(
    'layers[0].activity_regularizer.mode: expected mode "columns" for outputs; found "rows"',
  );
  const columns = { name: 'orthogonal_regularizer', mode: 'columns' };
  expect(dense('activity_regularizer', columns).network.layers).toHaveLength(1);
});
