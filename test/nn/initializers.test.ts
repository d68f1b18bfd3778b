/** Initial weights: Keras's laws, within five standard errors, and which streams they are drawn from. */
import { describe, expect, test } from 'vitest';
import { initialWeights } from '../../src/nn/initialize.ts';
import { initialize } from '../../src/nn/initializers.ts';
import { randomStream } from '../../src/random.ts';
import { expectClose, flat, type Nested } from '../close.ts';
import { build, expectNotYet, type Family, implemented, readCases } from '../keras-goldens.ts';

interface Golden {
  readonly initializer: string;
  readonly config: Readonly<Record<string, number | string>>;
  readonly shape: readonly number[];
  /** Of the law; null where there is no bound. */
  readonly lower?: number | null;
  readonly upper?: number | null;
  readonly mean?: number;
  readonly std?: number;
  readonly accept_mean?: number;
  readonly accept_std?: number;
  readonly deciles?: readonly number[];
  /** Of an orthogonal matrix: rows (or columns) by themselves, and how far anything may be off. */
  readonly gram_diagonal?: number;
  readonly accept_abs?: number;
  /** Where there is no chance. */
  readonly value?: Nested;
}

const family: Family<Golden> = {
  cases: readCases('initializers.json'),
  words: ({ initializer }) => [initializer],
  notYet: [],
  document: ({ initializer, config }) => ({
    layers: [{ units: 2, kernel_initializer: { class_name: initializer, config } }],
    input_shape: [2],
  }),
};

function draw(golden: Golden, seed: number): Float32Array {
  const { initializer } = build(family.document(golden)).network.weights[0];
  return initialize(initializer, golden.shape, randomStream(seed, 'test'));
}

test('whatever is not implemented is in the list, and nothing else is', () => {
  expectNotYet(family);
});

describe('the law of Keras', () => {
  for (const golden of implemented(family)) {
    const { initializer, config, shape } = golden;
    test(`${initializer} ${JSON.stringify(config)} of shape [${shape}]`, () => {
      const values = draw(golden, 3);
      if (golden.value !== undefined) expect([...values]).toEqual(flat(golden.value));
      else if (golden.gram_diagonal !== undefined) expectOrthogonal(values, golden);
      else expectLaw(values, golden);
    });
  }
});

/** All products of two rows or two columns, whichever are fewer. */
function expectOrthogonal(values: Float32Array, { shape, gram_diagonal, accept_abs }: Golden) {
  const cols = shape[shape.length - 1];
  const rows = values.length / cols;
  const count = Math.min(rows, cols);
  const at = (vector: number, i: number) =>
    rows >= cols ? values[i * cols + vector] : values[vector * cols + i];
  const product = (a: number, b: number) => {
    let sum = 0;
    for (let i = 0; i < Math.max(rows, cols); i++) sum += at(a, i) * at(b, i);
    return sum;
  };
  const vectors = [...Array(count).keys()];
  const gram = vectors.flatMap((a) => vectors.map((b) => product(a, b)));
  const wanted = vectors.flatMap((a) => vectors.map((b) => (a === b ? (gram_diagonal ?? 0) : 0)));
  expectClose(gram, wanted, { atol: accept_abs ?? 0, rtol: 0 });
}

/** Bounds, mean, deviation and deciles of a sample. */
function expectLaw(values: Float32Array, golden: Golden): void {
  const { lower, upper, mean = 0, std = 0, accept_mean, accept_std, deciles = [] } = golden;
  const n = values.length;
  const average = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / n;
  expectClose([average], mean, { atol: accept_mean ?? 0, rtol: 0 }, 'mean');
  expectClose([Math.sqrt(variance)], std, { atol: accept_std ?? 0, rtol: 0 }, 'deviation');
  expect(deciles).toHaveLength(9);
  const shares = deciles.map((decile) => values.filter((value) => value < decile).length / n);
  shares.forEach((share, i) => {
    const p = (i + 1) / 10;
    expectClose([share], p, { atol: 5 * Math.sqrt((p * (1 - p)) / n), rtol: 0 }, `decile ${i + 1}`);
  });
  // Rounding to float32 may reach a bound's own float32.
  if (typeof lower === 'number') {
    expect(values.reduce((a, b) => Math.min(a, b))).toBeGreaterThanOrEqual(Math.fround(lower));
  }
  if (typeof upper === 'number') {
    expect(values.reduce((a, b) => Math.max(a, b))).toBeLessThanOrEqual(Math.fround(upper));
  }
}

const twoLayers = {
  input_shape: [3],
  layers: [
    { name: 'a', units: 4, bias_initializer: 'random_normal' },
    { name: 'b', units: 4, bias_initializer: 'random_normal' },
  ],
};

/** All initial weights by layer and name. */
function weightsOf(document: object, seed: number): Record<string, number[]> {
  const layers = initialWeights(build(document).network, seed);
  return Object.fromEntries(
    layers.flatMap(({ layer, tensors }) =>
      tensors.map(({ name, values }) => [`${layer}/${name}`, [...values]]),
    ),
  );
}

describe('streams', () => {
  test('the same seed gives the same numbers, another seed others', () => {
    expect(weightsOf(twoLayers, 5)).toEqual(weightsOf(twoLayers, 5));
    expect(weightsOf(twoLayers, 5)['a/kernel']).not.toEqual(weightsOf(twoLayers, 6)['a/kernel']);
  });

  test('two weights of the same law and shape have different numbers', () => {
    const weights = weightsOf(twoLayers, 5);
    expect(weights['a/bias']).not.toEqual(weights['b/bias']);
    expect(weights['a/bias']).not.toEqual(weights['a/kernel'].slice(0, 4));
  });

  test('a change in one layer moves no other', () => {
    const wider = {
      input_shape: [3],
      layers: [{ ...twoLayers.layers[0], units: 9 }, twoLayers.layers[1]],
    };
    expect(weightsOf(wider, 5)['b/bias']).toEqual(weightsOf(twoLayers, 5)['b/bias']);
  });

  test("an initializer's own seed decides alone", () => {
    const initializer = { name: 'glorot_uniform', seed: 11 };
    const layers = ['a', 'b'].map((name) => ({ name, units: 3, kernel_initializer: initializer }));
    const weights = weightsOf({ input_shape: [3], layers }, 1);
    expect(weights['a/kernel']).toEqual(weights['b/kernel']);
    expect(weightsOf({ input_shape: [3], layers }, 2)).toEqual(weights);
  });
});

test('a glorot kernel of [10, 5] lies within √(6 / 15), as in the tutorial', () => {
  const { network } = build({ input_shape: [10], layers: [{ units: 5 }] });
  const [kernel, bias] = initialWeights(network, 1)[0].tensors;
  expect(kernel.values).toHaveLength(50);
  for (const value of kernel.values) expect(Math.abs(value)).toBeLessThan(Math.sqrt(6 / 15));
  expect([...bias.values]).toEqual([0, 0, 0, 0, 0]);
});

test('an orthogonal matrix has no favourite direction', () => {
  // Each entry of a random rotation of three axes is uniform in [-1, 1]; 200 of them, five errors.
  const layer = (seed: number) => ({
    units: 3,
    kernel_initializer: { name: 'orthogonal', seed },
  });
  const firsts = Array.from({ length: 200 }, (_, seed) => {
    const { network } = build({ input_shape: [3], layers: [layer(seed)] });
    return initialWeights(network, 0)[0].tensors[0].values[0];
  });
  const mean = firsts.reduce((sum, x) => sum + x, 0) / 200;
  const square = firsts.reduce((sum, x) => sum + x * x, 0) / 200;
  expectClose([mean], 0, { atol: 5 * Math.sqrt(1 / 3 / 200), rtol: 0 }, 'mean');
  expectClose([square], 1 / 3, { atol: 5 * Math.sqrt(4 / 45 / 200), rtol: 0 }, 'square');
});

test('fans are taken along the axes that are given', () => {
  const bound = (kernel_initializer: object) => {
    const { network } = build({ input_shape: [40], layers: [{ units: 10, kernel_initializer }] });
    return Math.max(...initialWeights(network, 0)[0].tensors[0].values.map(Math.abs));
  };
  const turned = { name: 'lecun_uniform', input_axes: [1], output_axes: [0] };
  expect(bound(turned)).toBeGreaterThan(Math.sqrt(3 / 40));
  expect(bound(turned)).toBeLessThan(Math.sqrt(3 / 10));
  expect(bound({ name: 'lecun_uniform', input_axes: [1] })).toBeLessThan(Math.sqrt(3 / 40));
});

describe('given numbers', () => {
  const kernel = [
    [1, 2],
    [3, 4],
    [5, 6],
  ];
  const document = (kernel_initializer: unknown) => ({
    input_shape: [3],
    layers: [{ units: 2, kernel_initializer }],
  });

  test('are the weight', () => {
    expect(weightsOf(document(kernel), 1)['dense/kernel']).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test.each([
    [
      [
        [1, 2],
        [3, 4],
      ],
      'kernel_initializer: expected numbers of shape (3, 2); found (2, 2)',
    ],
    [[1, 2], 'kernel_initializer: expected numbers of shape (3, 2); found (2,)'],
    [[[1], [2, 3]], 'kernel_initializer: expected a number, or nested arrays of numbers; found'],
    ['orthogonaal', 'kernel_initializer: unknown initializer "orthogonaal"; did you mean'],
    [{ name: 'variance_scaling', scale: 0 }, 'scale: expected a number above 0; found 0'],
    [
      { name: 'variance_scaling', mode: 'FAN_IN' },
      'mode: expected "fan_in", "fan_out" or "fan_avg"; found "FAN_IN"',
    ],
    [
      { name: 'variance_scaling', distribution: 'gauss' },
      'distribution: expected "truncated_normal" (or "normal"), "untruncated_normal" or "uniform"; found "gauss"',
    ],
    [
      { name: 'he_normal', input_axes: [2], output_axes: [0] },
      'kernel_initializer.input_axes: expected axes of the weight, -2 to 1; found 2',
    ],
  ])('%j as a kernel of [3, 2] are refused', (initializer, problem) => {
    expect(() => build(document(initializer))).toThrow(problem);
  });

  test.each(['orthogonal', 'identity'])('%s makes no bias', (name) => {
    const layers = [{ units: 2, bias_initializer: name }];
    expect(() => build({ input_shape: [3], layers })).toThrow('expected a weight of 2 axes');
  });
});
