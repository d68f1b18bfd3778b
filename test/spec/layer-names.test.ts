import { expect, test } from 'vitest';
import { snakeCase } from '../../src/spec/layer-names.ts';

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
