import { describe, expect, test } from 'vitest';
import { buildNetwork } from '../../src/nn/network.ts';
import { readSpec } from '../../src/spec/read-spec.ts';
import { notesOn } from '../../src/training/check.ts';
import { cannotFit, outOfReach } from '../../src/training/reach.ts';

function look(layer: object, loss: string, targets: readonly number[]) {
  const document = { input_shape: [2], layers: [layer], compile: { loss } };
  const { spec } = readSpec(JSON.stringify(document), 'model.json');
  const network = buildNetwork(spec, [2]);
  if (!spec.compile.loss) throw new Error('the loss was given');
  const y = { shape: [targets.length, 1], values: Float32Array.from(targets) };
  return [network, spec.compile.loss, y] as const;
}
const dense = (activation: string) => ({ units: 1, activation });
const LINEAR = 'give it "activation": "linear"';

describe('targets beyond what the outputs can be', () => {
  test.each<[object, string, number[], string]>([
    [
      dense('sigmoid'),
      'mse',
      [0, 1000],
      `from 0 to 1, and the targets are from 0 to 1000: ${LINEAR}`,
    ],
    [
      dense('tanh'),
      'mae',
      [-2, 0.5],
      `from -1 to 1, and the targets are from -2 to 0.5: ${LINEAR}`,
    ],
    [dense('relu'), 'huber', [-5, 3], `0 or more, and the targets are from -5 to 3: ${LINEAR}`],
    [dense('relu'), 'mse', [-5, -5], `0 or more, and the targets are all -5: ${LINEAR}`],
    [dense('softmax'), 'mse', [0, 7], `always 1, and the targets are from 0 to 7: ${LINEAR}`],
    [
      dense('log_sigmoid'),
      'log_cosh',
      [1, 2],
      `0 or less, and the targets are from 1 to 2: ${LINEAR}`,
    ],
    [
      dense('hard_sigmoid'),
      'mse',
      [0, 2],
      `from 0 to 1, and the targets are from 0 to 2: ${LINEAR}`,
    ],
    [
      dense('2 * sigmoid(x)'),
      'mse',
      [0, 3],
      `from 0 to 2, and the targets are from 0 to 3: ${LINEAR}`,
    ],
  ])('%j with %s for %j: %s', (layer, loss, targets, end) => {
    const args = look(layer, loss, targets);
    const said = `the outputs of layers[0] ("dense") are ${end}`;
    expect(outOfReach(...args)).toBe(said);
    expect(notesOn(...args)).toEqual([`warning: ${said}`]);
    expect(cannotFit(...args)).toBe(true);
  });

  test('are said of a layer that has no activation of its own, too', () => {
    const args = look({ type: 'ReLU', max_value: 9 }, 'mse', [0, 12]);
    expect(outOfReach(...args)).toBe(
      'the outputs of layers[0] ("re_lu") are from 0 to 9, and the targets are from 0 to 12: end the model in a Dense layer without an activation',
    );
  });
});

describe('targets within reach, or that are not to be reached', () => {
  test.each<[object, string, number[]]>([
    [dense('linear'), 'mse', [-1e9, 1e9]],
    [dense('sigmoid'), 'mse', [0, 1]],
    [dense('0.1 * tanh(x)'), 'mse', [-0.1, 0.1]],
    [dense('relu'), 'mse', [0, 1e9]],
    [dense('exponential'), 'poisson', [0, 30]],
    [dense('relu'), 'poisson', [-1, 30]],
    [dense('relu'), 'msle', [-1, 30]],
    [dense('sigmoid'), 'mse', [-2e-16, 1]],
    [dense('tanh'), 'hinge', [-1, 5]],
    [dense('tanh'), 'cosine_similarity', [-9, 9]],
    [dense('elu'), 'mse', [-9, 9]],
  ])('%j with %s for %j', (layer, loss, targets) => {
    const args = look(layer, loss, targets);
    expect(outOfReach(...args)).toBeNull();
    expect(cannotFit(...args)).toBe(false);
  });
});

test('few targets out of reach are said, and explain nothing else', () => {
  const targets = [-1, ...Array.from({ length: 19 }, () => 2)];
  const args = look(dense('relu'), 'mse', targets);
  expect(outOfReach(...args)).toContain('are 0 or more, and the targets are from -1 to 2');
  expect(cannotFit(...args)).toBe(false);
  const tenth = look(dense('relu'), 'mse', [-1, ...targets]);
  expect(cannotFit(...tenth)).toBe(false);
  expect(cannotFit(...look(dense('relu'), 'mse', [-1, -1, ...targets.slice(2)]))).toBe(true);
});

test('an output that is always 1 fits nothing', () => {
  expect(cannotFit(...look(dense('softmax'), 'binary_crossentropy', [0, 1]))).toBe(true);
});
