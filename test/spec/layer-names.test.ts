import { describe, expect, test } from 'vitest';
import { snakeCase } from '../../src/spec/layer-names.ts';
import { problemsOf, read } from './read-errors.ts';

/** Names of a document's layers. */
function namesOf(layers: unknown): string[] {
  return read({ layers }).spec.layers.map(({ name }) => name);
}

/** Class names and what Keras 3.15.1 makes of them. */
test.each([
  ['Dense', 'dense'],
  ['InputLayer', 'input_layer'],
  ['ReLU', 're_lu'],
  ['PReLU', 'p_re_lu'],
  ['LeakyReLU', 'leaky_re_lu'],
  ['ELU', 'elu'],
  ['BatchNormalization', 'batch_normalization'],
  ['RMSNormalization', 'rms_normalization'],
])('%s is %s in snake case, as in Keras', (className, name) => {
  expect(snakeCase(className)).toBe(name);
});

describe('layer names', () => {
  test("are made by Keras's rule, counted per class", () => {
    const layers = [{ units: 1 }, { type: 'Flatten' }, { units: 1 }, { type: 'Dense', units: 1 }];
    expect(namesOf(layers)).toEqual(['dense', 'flatten', 'dense_1', 'dense_2']);
  });

  test('that are given do not move the count', () => {
    const layers = [{ units: 1 }, { units: 1, name: 'mine' }, { units: 1 }];
    expect(namesOf(layers)).toEqual(['dense', 'mine', 'dense_1']);
  });

  test('may be names that every object has', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    expect(namesOf(names.map((name) => ({ units: 1, name })))).toEqual(names);
  });

  test('are refused when a made one meets a given one, as in Keras', () => {
    expect(problemsOf({ layers: [{ units: 1, name: 'dense' }, { units: 1 }] })).toEqual([
      'layers[1].name: expected a name of its own; found "dense", made from its type, the name of layers[0]',
    ]);
  });

  test.each(['', 'a/b', 7])('are not %j', (name) => {
    expect(problemsOf({ layers: [{ units: 1, name }] })).toEqual([
      `layers[0].name: expected a name: text without "/"; found ${JSON.stringify(name)}`,
    ]);
  });
});
