/**
 * Gradients of whole models in float64, parameter by parameter: every layer with every activation and
 * every loss, in one model each.
 */
import { describe, expect, test } from 'vitest';
import { activations } from '../src/nn/activations.ts';
import {
  compileWith,
  lastLayer,
  layerArguments,
  layerTypes,
  lossTypes,
  named,
  wrongGradients,
} from '../test/training/check-gradients.ts';

const names = Object.keys(activations);
let checked = 0;

/** What is wrong with a model of a layer behind an activation, under a loss. */
function problemsOf(type: string, activation: string, loss: string): string[] {
  const document = {
    input_shape: [3],
    layers: [
      // Eight, of which glu leaves four; each kind of layer takes both.
      { units: activation === 'glu' ? 8 : 4, activation: named(activation) },
      { type, ...layerArguments[type] },
      { type: 'Flatten' },
      lastLayer(loss),
    ],
    compile: compileWith(loss),
  };
  checked++;
  return wrongGradients(document, loss).map((problem) => `${loss}: ${problem}`);
}

describe.each(layerTypes)('layer %s', (type) => {
  test.each(names)(`with activation %s and each of ${lossTypes.length} losses`, (name) => {
    expect(lossTypes.flatMap((loss) => problemsOf(type, name, loss))).toEqual([]);
  });
});

const product = layerTypes.length * names.length * lossTypes.length;
test(`${product} models were checked`, () => {
  expect(checked).toBe(product);
});
