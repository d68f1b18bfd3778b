/** Summaries from specs, down to the text of Keras: what a model counts, and its optimizer after `fit`. */
import { expect, test } from 'vitest';
import { buildNetwork } from '../../src/nn/network.ts';
import { summarize } from '../../src/nn/summary.ts';
import { formatSummaryKeras3 } from '../../src/report/summary-keras3.ts';
import { readCases } from '../report/keras-text.ts';
import { read } from '../spec/read-errors.ts';

const texts = new Map(
  readCases<{ name: string; text: string }>('summary-keras3.json').map(({ name, text }) => [
    name,
    text,
  ]),
);

const classifier = {
  input_shape: [8],
  layers: [
    { units: 16, trainable: false },
    { type: 'BatchNormalization' },
    { units: 4, name: 'head' },
  ],
};

/** Keras 3's text of a document, as after training with its optimizer. */
function textOf(document: {
  readonly input_shape: readonly number[];
  readonly [key: string]: unknown;
}): string {
  const { spec } = read(document);
  const network = buildNetwork(spec, document.input_shape);
  return formatSummaryKeras3(summarize(spec, network, spec.compile.optimizer));
}

test.each(['adam', 'sgd', 'rmsprop', 'nadam', 'adagrad'])(
  'a model trained with %s has the variables that Keras counts',
  (optimizer) => {
    const text = textOf({ ...classifier, compile: { optimizer, loss: 'mse' } });
    expect(text).toBe(texts.get(`fitted_${optimizer}`));
  },
);

test('without training, and after L-BFGS, which Keras does not have, there are none', () => {
  expect(textOf(classifier)).toBe(texts.get('frozen'));
  const trained = { ...classifier, compile: { optimizer: 'lbfgs', loss: 'mse' } };
  expect(textOf(trained)).toBe(texts.get('frozen'));
});

test('a rate from a schedule is no variable', () => {
  const decay = {
    type: 'ExponentialDecay',
    initial_learning_rate: 1,
    decay_steps: 1,
    decay_rate: 1,
  };
  const optimizer = { type: 'sgd', learning_rate: decay };
  const { spec } = read({ ...classifier, compile: { optimizer, loss: 'mse' } });
  const network = buildNetwork(spec, [8]);
  expect(summarize(spec, network, spec.compile.optimizer).optimizer).toEqual({
    parameters: 1,
    bytes: 8,
  });
});

test('the count of a Normalization layer is a number of eight bytes', () => {
  const { spec } = read({ input_shape: [4, 3], layers: [{ type: 'Normalization' }] });
  const summary = summarize(spec, buildNetwork(spec, [4, 3]), null);
  expect([summary.nonTrainableParameters, summary.nonTrainableBytes]).toEqual([7, 32]);
});
