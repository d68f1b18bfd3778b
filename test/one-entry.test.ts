/**
 * An activation, a loss or an optimizer is one entry of one file. Here each of them gets an entry more,
 * and nothing else: it is read and checked, listed in help, computes, and trains.
 */
import { expect, test, vi } from 'vitest';
import { mul, square, sub, sumCols } from '../src/graph/ops.ts';

vi.mock('../src/nn/activations.ts', async (original) => {
  const file = await original<typeof import('../src/nn/activations.ts')>();
  const doubled = file.entry({
    aliases: ['twofold'],
    arguments: { factor: 2 },
    formula: 'factor * x',
    compute: (x, { factor }) => mul(x, factor),
  });
  return { ...file, activations: { ...file.activations, doubled } };
});

vi.mock('../src/nn/losses/hinge.ts', async (original) => {
  const file = await original<typeof import('../src/nn/losses/hinge.ts')>();
  const { loss } = await import('../src/nn/losses/loss.ts');
  const entry = loss({
    aliases: ['SumSquared'],
    arguments: {},
    formula: 'sum((p - y) ** 2)',
    targets: 'numbers',
    values: (y, p) => sumCols(square(sub(p, y))),
  });
  return { hinges: { ...file.hinges, sum_squared: entry } };
});

vi.mock('../src/nn/optimizers/gradient-descent.ts', async (original) => {
  const file = await original<typeof import('../src/nn/optimizers/gradient-descent.ts')>();
  const { blockOptimizer } = await import('../src/nn/optimizers/optimizer.ts');
  const halved = blockOptimizer({
    aliases: ['Halved'],
    learningRate: 0.5,
    arguments: {},
    formula: 'w = w - lr * g / 2',
    slots: () => [],
    update: (w, g, _args, { learningRate }) => sub(w, mul(mul(g, learningRate), 0.5)),
  });
  return { gradientDescent: { ...file.gradientDescent, halved } };
});

const { modelOf, numbersOf, run, samplesOf, weightsOf } = await import('./training/train-model.ts');
const { families } = await import('../src/spec/families.ts');
const { problemsOf, read } = await import('./spec/read-errors.ts');

const document = {
  input_shape: [1],
  layers: [{ units: 1, use_bias: false, activation: { name: 'twofold', factor: 3 } }],
  compile: { optimizer: 'halved', loss: 'SumSquared' },
};

test('an entry more is read, by all its words, with its defaults', () => {
  const { layers, compile } = read(document).spec;
  expect(layers[0]).toMatchObject({ activation: { name: 'doubled', arguments: { factor: 3 } } });
  expect(compile.loss).toEqual({ type: 'sum_squared' });
  expect(compile.optimizer).toEqual({ type: 'halved', learning_rate: 0.5 });
  expect(problemsOf({ layers: [{ units: 1, activation: { name: 'doubled', facto: 1 } }] })).toEqual(
    ['layers[0].activation.facto: unknown key; did you mean "factor"?'],
  );
});

test.each([
  ['activations', 'doubled', 'factor * x'],
  ['losses', 'sum_squared', 'sum((p - y) ** 2)'],
  ['optimizers', 'halved', 'w = w - lr * g / 2'],
] as const)('an entry more is listed among the %s', async (family, name, formula) => {
  const { entries } = await families[family]();
  expect(entries.find((one) => one.name === name)).toMatchObject({ formula });
});

test('an entry more computes, and has a gradient', () => {
  const model = modelOf(document, { epochs: 1 });
  const start = weightsOf(model.network, [[[1]]]);
  const { history, weights } = run(model, samplesOf([[1]], [[1]]), { weights: start });
  // (3 w x − y)² = 4, its slope 2 (3 w x − y) 3 x = 12, of which a quarter is taken from 1.
  expect(history.loss).toEqual([4]);
  expect(numbersOf(weights)).toEqual([[-2]]);
});
