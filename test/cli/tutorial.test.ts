/** The tutorial's five examples, by the real program, against what the real Keras printed and computed. */
import { expect, test } from 'vitest';
import training from '../../fixtures/keras/tutorial/training.json' with { type: 'json' };
import tutorial from '../../fixtures/keras/tutorial/tutorial.json' with { type: 'json' };
import { formatFixed } from '../../src/report/python.ts';
import { done, Folder, withoutTimes } from './run.ts';

/** What Keras printed in a section of the tutorial. */
function printed(section: string, flavour?: string): string {
  const found = tutorial.cases.find((each) => each.section === section && each.flavour === flavour);
  if (!found) throw new Error(`no text for section ${section}, ${flavour}`);
  return found.text;
}

test.each([
  ['3.1', 'one-dense', 'keras2'],
  ['3.1', 'one-dense', 'keras3'],
  ['3.2', 'three-dense', 'keras2'],
  ['3.2', 'three-dense', 'keras3'],
])('section %s: the summary of %s has the bytes of %s', (section, fixture, style) => {
  const folder = new Folder().take(`${fixture}/model.json`);
  expect(folder.mlp(['summary', '--style', style])).toEqual(done(printed(section, style)));
});

test('the default style is keras2', () => {
  const folder = new Folder().take('one-dense/model.json');
  expect(folder.mlp(['summary', 'model.json'])).toEqual(done(printed('3.1', 'keras2')));
});

const TENSOR_14 = 'tf.Tensor([[14. 14. 14. 14. 14.]], shape=(1, 5), dtype=float32)\n';

test('section 3.3: weights are initialised, looked at, replaced, and used', () => {
  const folder = new Folder().take('weights/model.json');
  expect(folder.mlp(['init', 'model.json', '--seed', '1'])).toEqual(
    done('', 'saved model.init.json (55 parameters, seed 1)\n'),
  );

  const { kernel, bias } = folder.json('model.init.json').weights.dense;
  const bound = Math.sqrt(6 / 15);
  expect(kernel.flat()).toHaveLength(50);
  for (const value of kernel.flat()) expect(Math.abs(value)).toBeLessThan(bound);
  expect(bias).toEqual([0, 0, 0, 0, 0]);
  const whole = folder.mlp(['get-weights', 'model.init.json']);
  expect(whole.stdout).toMatch(/^\[array\(\[\[[^\]]+\],\n(?: {7}\[[^\]]+\],?\n?)+/);
  expect(whole.stdout).toMatch(/array\(\[0\., 0\., 0\., 0\., 0\.\], dtype=float32\)\]\n$/);

  const set = ['set-weights', 'model.init.json', '--layer', 'dense', '--kernel', 'ones', '--bias'];
  expect(folder.mlp([...set, 'zeros'])).toEqual(done('', 'saved model.weights.json\n'));
  const ofTensor = (name: string) =>
    folder.mlp(['get-weights', 'model.weights.json', '--layer', 'dense', '--tensor', name]).stdout;
  const text = `Modified Weights:\n${ofTensor('kernel')}Modified Biases:\n${ofTensor('bias')}`;
  expect(printed('3.3')).toContain(text);

  const input = '[[1,1,3,1,2,1,1,1,1,2]]';
  const predict = ['predict', 'model.weights.json', '--input', input, '--format', 'tensor'];
  expect(folder.mlp(predict)).toEqual(done(TENSOR_14));
  expect(printed('3.3').endsWith(TENSOR_14)).toBe(true);
});

test('section 3.3: the initial weights that Keras drew print as NumPy printed them', () => {
  const drawn = tutorial.cases.find((each) => each.section === '3.3')?.initial_kernel;
  const folder = new Folder().take('weights/model.json').write('kernel.json', drawn ?? []);
  const set = ['set-weights', '--kernel', '@kernel.json', '--bias', 'zeros', '-o', 'drawn.json'];
  expect(folder.mlp(set)).toEqual(done('', 'saved drawn.json\n'));
  const ofTensor = (name: string) =>
    folder.mlp(['get-weights', 'drawn.json', '--layer', 'dense', '--tensor', name]).stdout;
  const text = `Initial Weights:\n${ofTensor('kernel')}Initial Biases:\n${ofTensor('bias')}`;
  expect(printed('3.3').startsWith(text)).toBe(true);
});

test.each(['model.json', 'named.json'])('section 3.4: %s squares by a formula', (file) => {
  const folder = new Folder().take(`square/${file}`);
  const output = file.replace('.json', '.weights.json');
  expect(folder.mlp(['set-weights', file, '--kernel', 'ones', '--bias', 'ones'])).toEqual(
    done('', `saved ${output}\n`),
  );
  const predict = ['predict', output, '--input', '[[1,2,3,1]]', '--format', 'tensor'];
  const { stdout } = folder.mlp(predict);
  expect(stdout).toBe('tf.Tensor([[64. 64.]], shape=(1, 2), dtype=float32)\n');
  expect(printed('3.4').endsWith(stdout)).toBe(true);
});

/** Bounds that TensorFlow and PyTorch keep between themselves on this very training. */
const LOSS = { atol: 2e-6, rtol: 1e-4 };
const WEIGHTS = { atol: 5e-6, rtol: 5e-6 };

function expectClose(
  found: readonly number[],
  wanted: readonly number[],
  { atol, rtol }: { atol: number; rtol: number },
): void {
  expect(found).toHaveLength(wanted.length);
  const wrong = wanted.findIndex((x, i) => !(Math.abs(found[i] - x) <= atol + rtol * Math.abs(x)));
  const at = { index: wrong, found: found[wrong], wanted: wanted[wrong] };
  expect(at).toEqual({ index: -1, found: undefined, wanted: undefined });
}

const setBoth = ['set-weights', '--kernel', '@kernel.json', '--bias', '@bias.json'];
const ordered = training.cases.filter((each) => !each.shuffle);

test.each(ordered)(
  'section 3.5: from start $start in order, every epoch is that of Keras',
  (golden) => {
    const folder = new Folder().take('linear/model.json', 'linear/data.csv');
    folder.write('kernel.json', golden.initial_kernel).write('bias.json', golden.initial_bias);
    expect(folder.mlp([...setBoth, '-o', 'start.json'])).toEqual(done('', 'saved start.json\n'));
    const train = ['train', 'start.json', '--data', 'data.csv', '--no-shuffle', '--seed', '1'];
    const { status, stdout, stderr } = folder.mlp([...train, '-o', 'trained.json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'saved trained.json (loss 0.0095)\n' });
    const { history, weights } = folder.json('trained.json');
    expectClose(history.loss, golden.loss_history ?? [], LOSS);
    const { kernel, bias } = weights.dense_layer;
    expectClose(kernel.flat(), golden.final_kernel.flat(), WEIGHTS);
    expectClose(bias, golden.final_bias, WEIGHTS);
    expect(withoutTimes(stdout)).toBe(expectedLog(history.loss));
  },
);

/** The log of the tutorial: two lines for each epoch. */
function expectedLog(losses: readonly number[]): string {
  return losses
    .map((loss, i) => {
      const bar = `32/32 [${'='.repeat(30)}] - 0s 0ms/step - loss: ${formatFixed(Math.fround(loss), 4)}`;
      return `Epoch ${i + 1}/400\n${bar}\n`;
    })
    .join('');
}

test('section 3.5: shuffled, the weights of 20 seeds end near the least-squares optimum', () => {
  const folder = new Folder().take('linear/model.json', 'linear/data.csv');
  const { kernel, bias, mse } = training.least_squares;
  for (let seed = 1; seed <= 20; seed++) {
    const train = ['train', '--data', 'data.csv', '--seed', String(seed), '--verbose', '0', '-q'];
    expect(folder.mlp(train)).toEqual(done(''));
    const { weights, history } = folder.json('model.trained.json');
    const found = [...weights.dense_layer.kernel.flat(), ...weights.dense_layer.bias];
    [...kernel, bias].forEach((optimum, i) => {
      expect(Math.abs(found[i] - optimum)).toBeLessThan(0.03);
    });
    expect(history.loss.at(-1)).toBeLessThan(mse * 1.02);
  }
});

test('section 3.5: weights and predictions print as in the tutorial', () => {
  const { predictions, weights } = tutorial.cases.find((each) => each.section === '3.5') ?? {};
  const [kernel, bias] = weights ?? [];
  const folder = new Folder().take('linear/model.json');
  folder.write('kernel.json', kernel).write('bias.json', bias);
  expect(folder.mlp([...setBoth, '-o', 'model.trained.json'])).toEqual(
    done('', 'saved model.trained.json\n'),
  );
  const rows = JSON.stringify(training.test);
  const predicted = folder.mlp(['predict', '--input', rows, '--format', 'numpy', '--flatten']);
  const shown = folder.mlp(['get-weights']);
  expect(`Predicted outputs:\n${predicted.stdout}${shown.stdout}`).toBe(printed('3.5'));
  const exact = folder.mlp(['predict', '--input', rows, '--format', 'json']);
  expectClose(JSON.parse(exact.stdout).flat(), predictions ?? [], WEIGHTS);
});
