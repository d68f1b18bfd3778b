/**
 * Gradients of whole models in float64: every activation with every loss, every layer with every
 * activation and every loss. `npm run test:long` checks all three together.
 */
import { describe, expect, test } from 'vitest';
import { activations } from '../../src/nn/activations.ts';
import {
  compileWith,
  lastLayer,
  layerArguments,
  layerTypes,
  lossTypes,
  named,
  UNITS,
  wrongGradients,
} from './check-gradients.ts';

describe.each(Object.keys(activations))('activation %s', (name) => {
  test.each(lossTypes)('with loss %s', (loss) => {
    const hidden = { units: 4, activation: named(name) };
    const document = {
      input_shape: [2],
      layers: [hidden, lastLayer(loss)],
      compile: compileWith(loss),
    };
    expect(wrongGradients(document, loss)).toEqual([]);
  });
});

describe.each(layerTypes)('layer %s', (type) => {
  const layer = { type, ...layerArguments[type] };

  test.each(lossTypes)('with loss %s', (loss) => {
    const document = {
      input_shape: [4],
      layers: [{ units: 4, activation: 'tanh' }, layer, { type: 'Flatten' }, lastLayer(loss)],
      compile: compileWith(loss),
    };
    expect(wrongGradients(document, loss)).toEqual([]);
  });

  test.each(Object.keys(activations))('with activation %s', (name) => {
    const document = {
      input_shape: [4],
      layers: [{ units: 8, activation: named(name) }, layer, { type: 'Flatten' }, { units: UNITS }],
      compile: compileWith('mse'),
    };
    expect(wrongGradients(document, 'mean_squared_error')).toEqual([]);
  });
});

test('a rank 3 input through layers of its own, some of them frozen', () => {
  const document = {
    input_shape: [3, 2],
    layers: [
      { units: 4, activation: 'tanh', kernel_regularizer: 'l2' },
      { units: 3, activation: 'x * sigmoid(x)', trainable: false },
      { units: UNITS, activity_regularizer: { l1: 0.01 } },
    ],
    compile: compileWith('mse'),
  };
  expect(wrongGradients(document, 'mean_squared_error')).toEqual([]);
});
