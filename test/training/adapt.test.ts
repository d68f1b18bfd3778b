/** Normalization layers take mean and variance from the training rows; tests/nn holds the numbers to Keras. */
import { describe, expect, test } from 'vitest';
import type { LayerWeights, NdArray } from '../../src/ndarray.ts';
import { initialWeights } from '../../src/nn/initialize.ts';
import { buildNetwork, type Network } from '../../src/nn/network.ts';
import { adapt } from '../../src/training/adapt.ts';
import { createPredictor } from '../../src/training/predict.ts';
import { read, refusal } from '../spec/read-errors.ts';

const rows: NdArray = { shape: [4, 2], values: Float32Array.of(1, 10, 3, 10, 5, 10, 7, 50) };

function networkOf(...layers: object[]): Network {
  return buildNetwork(read({ input_shape: [2], layers }).spec, [2]);
}

function tensorsOf(weights: readonly LayerWeights[], layer: string): Record<string, number[]> {
  const own = weights.find((entry) => entry.layer === layer);
  return Object.fromEntries((own?.tensors ?? []).map(({ name, values }) => [name, [...values]]));
}

describe('adapt', () => {
  test('gives each column its mean and its variance over the rows', () => {
    const network = networkOf({ type: 'Normalization' }, { units: 1 });
    const weights = adapt(network, initialWeights(network, 1), rows);
    expect(tensorsOf(weights, 'normalization')).toEqual({
      mean: [4, 20],
      variance: [5, 300],
      count: [0],
    });
    expect(tensorsOf(weights, 'dense')).toEqual(tensorsOf(initialWeights(network, 1), 'dense'));
  });

  test('takes what the layers before make of the rows', () => {
    const network = networkOf(
      { type: 'Rescaling', scale: [2, 1], offset: [0, 5] },
      { type: 'Normalization', name: 'first' },
      { type: 'Rescaling', scale: 3, offset: 1 },
      { type: 'Normalization', name: 'second', axis: null },
    );
    const weights = adapt(network, initialWeights(network, 1), rows);
    expect(tensorsOf(weights, 'first')).toEqual({ mean: [8, 25], variance: [20, 300], count: [0] });
    const second = tensorsOf(weights, 'second');
    expect(second.mean).toEqual([expect.closeTo(1, 6)]);
    expect(second.variance).toEqual([expect.closeTo(9, 5)]);
    const outputs = createPredictor(network, weights).predict(rows.values, 4);
    const mean = outputs.reduce((sum, value) => sum + value, 0) / outputs.length;
    expect(mean).toBeCloseTo(0, 6);
  });

  test('leaves alone what has been adapted or given', () => {
    const network = networkOf({ type: 'Normalization' });
    const adapted = adapt(network, initialWeights(network, 1), rows);
    const others: NdArray = { shape: [1, 2], values: Float32Array.of(100, 200) };
    expect(adapt(network, adapted, others)).toBe(adapted);
    const given = networkOf({ type: 'Normalization', mean: 1, variance: [2, 3] });
    expect(adapt(given, initialWeights(given, 1), rows)).toEqual([
      { layer: 'normalization', tensors: [] },
    ]);
  });

  test('cannot find out what a layer is to invert', () => {
    const network = networkOf({ units: 2 }, { type: 'Normalization', name: 'back', invert: true });
    expect(refusal(() => adapt(network, initialWeights(network, 1), rows))).toEqual({
      exitCode: 2,
      text:
        'mlp: layer "back": expected mean and variance, since it inverts; found neither\n' +
        '  give the layer "mean" and "variance"\n',
    });
  });
});
