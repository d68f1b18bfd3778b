/** Runs that go on though something is most likely wrong, and runs in which nothing is, by the real program. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { pretendIo } from './pretend-io.ts';
import { done, Folder } from './run.ts';

const table = (rows: readonly (readonly (number | string)[])[]) =>
  `a,b,y\n${rows.map((row) => `${row.join(',')}\n`).join('')}`;
/** A sum of two numbers near 0. */
const SUMS = table(
  Array.from({ length: 60 }, (_, i) => {
    const [a, b] = [Math.sin(i), Math.cos(2 * i)];
    return [a.toFixed(3), b.toFixed(3), (a + b).toFixed(3)];
  }),
);
/** Nine rows in ten are of one class, whatever a and b are. */
const RARE = table(
  Array.from({ length: 200 }, (_, i) => [
    Math.sin(i).toFixed(3),
    Math.cos(i).toFixed(3),
    i % 10 === 0 ? 'ill' : 'well',
  ]),
);

const model = (hidden: readonly object[], rest: object = {}) => ({
  input_shape: [2],
  layers: [...hidden, { units: 1 }],
  compile: { optimizer: { name: 'sgd', learning_rate: 0.01 }, loss: 'mse' },
  fit: { seed: 1, verbose: 0 },
  ...rest,
});
const still = { compile: { optimizer: { name: 'sgd', learning_rate: 0 }, loss: 'mse' } };
const constant = (value: number) => ({ type: 'Constant', value });
const layers = (count: number, layer: object) => Array.from({ length: count }, () => layer);

interface Case {
  readonly document: object;
  readonly data?: string;
  readonly epochs?: number;
  /** Nothing where nothing is wrong. */
  readonly warning: string;
  /** Whether it is of model and data alone, and said before the first epoch, whenever a run starts. */
  readonly isBefore?: true;
}

const cases: Readonly<Record<string, Case>> = {
  'a dead layer': {
    document: model([{ units: 3, activation: 'relu', bias_initializer: constant(-9) }]),
    warning:
      'the outputs of layers[0] ("dense") are 0 for all training rows, so it learns no more: start anew with smaller steps (--learning-rate), inputs of one size (--normalize zscore), or leaky_relu',
  },
  'a dead ReLU layer behind another': {
    document: model([{ units: 3 }, { type: 'ReLU', threshold: 50 }]),
    warning:
      'the outputs of layers[1] ("re_lu") are 0 for all training rows, so it learns no more: start anew with smaller steps (--learning-rate), inputs of one size (--normalize zscore), or leaky_relu',
  },
  'a saturated layer': {
    document: model([{ units: 3, activation: 'tanh', kernel_initializer: constant(400) }]),
    warning:
      '96% of the outputs of layers[0] ("dense") are at the ends of its activation, where it hardly learns: bring the inputs to one size (--normalize zscore), or start from smaller weights',
  },
  'gradients that vanish': {
    document: model(layers(12, { units: 4, activation: 'sigmoid' })),
    warning:
      'gradients shrink 1.844e+7 times from layers[11] ("dense_11") back to layers[0] ("dense"), which hardly learns: use relu, BatchNormalization, or fewer layers',
  },
  'gradients that explode': {
    document: model(layers(4, { units: 10, kernel_initializer: constant(10) }), still),
    warning:
      'gradients grow 812300 times from layers[3] ("dense_3") back to layers[0] ("dense"): start from smaller weights, or use --clip-norm 1',
  },
  'a loss that does not fall': {
    document: model([{ units: 3, kernel_initializer: constant(-2) }], still),
    epochs: 8,
    warning:
      'the loss does not fall: 8.468 after 8 epochs, 8.468 after the first, and 0.9726 for one and the same answer to all rows: try another --learning-rate, or --normalize zscore',
  },
  'a class that is never predicted': {
    document: {
      ...model([{ units: 3, activation: 'tanh' }], {
        compile: {
          optimizer: { name: 'adam', learning_rate: 0.05 },
          loss: 'sparse_categorical_crossentropy',
        },
      }),
      layers: [
        { units: 3, activation: 'tanh' },
        { units: 2, activation: 'softmax' },
      ],
    },
    data: RARE,
    epochs: 16,
    warning:
      'class "ill" is never predicted for the training rows: train longer, or try --class-weight balanced',
  },
  'targets that a sigmoid cannot be': {
    document: model([], {
      layers: [{ units: 1, activation: 'sigmoid' }],
      compile: { optimizer: 'adam', loss: 'mse' },
    }),
    data: table(Array.from({ length: 40 }, (_, i) => [i / 40, 0, 25 * i])),
    warning:
      'the outputs of layers[0] ("dense") are from 0 to 1, and the targets are from 0 to 975: give it "activation": "linear"',
    isBefore: true,
  },
  'targets that a relu cannot be, so that it is dead': {
    document: model([], {
      layers: [{ units: 1, activation: 'relu' }],
      compile: { optimizer: { name: 'sgd', learning_rate: 0.5 }, loss: 'mse' },
    }),
    data: table(Array.from({ length: 40 }, (_, i) => [i / 40, 0, -i - 1])),
    warning:
      'the outputs of layers[0] ("dense") are 0 or more, and the targets are from -40 to -1: give it "activation": "linear"',
    isBefore: true,
  },
  'classes that a softmax over one output cannot tell': {
    document: model([], {
      layers: [{ units: 1, activation: 'softmax' }],
      compile: { optimizer: 'adam', loss: 'binary_crossentropy' },
    }),
    data: table(Array.from({ length: 40 }, (_, i) => [i / 40, 0, i % 2])),
    warning: 'softmax over 1 output is always 1; use sigmoid',
    isBefore: true,
  },
  'a healthy run': { document: model([{ units: 8, activation: 'relu' }]), epochs: 16, warning: '' },
  'a healthy run with a saturated output': {
    document: model([], {
      layers: [{ units: 1, activation: 'sigmoid', kernel_initializer: constant(500) }],
      compile: { optimizer: 'adam', loss: 'binary_crossentropy' },
    }),
    data: table(Array.from({ length: 40 }, (_, i) => [i - 19.5, 0, Number(i > 19)])),
    warning: '',
  },
};

describe.each(Object.entries(cases))('%s', (_, { document, data = SUMS, warning, ...rest }) => {
  const { epochs = 16, isBefore } = rest;
  const train = ['train', 'model.json', '--data', 'data.csv', '--epochs', String(epochs)];
  const folder = () => new Folder().write('model.json', document).write('data.csv', data);

  test('is said once, or nothing is', () => {
    const here = folder();
    const { status, stdout, stderr } = here.mlp([...train, '--validation-split', '0']);
    const said = stderr.split('\n').filter((line) => line.startsWith('warning: '));
    expect({ status, stdout, said }).toEqual({
      status: 0,
      stdout: '',
      said: warning === '' ? [] : [`warning: ${warning}`],
    });
  });

  test('is said once, too, where the run is stopped and goes on', async () => {
    const here = folder();
    const inFolder = (name: string) => join(here.path, name);
    const parts = async (...words: string[]) => {
      const { io, written } = pretendIo();
      expect(await main(['train', '--data', inFolder('data.csv'), ...words], io)).toBe(0);
      return written.err.split('\n').filter((line) => line.startsWith('warning: '));
    };
    const model = inFolder('model.json');
    const saved = ['--checkpoint', inFolder('saved.json')];
    const goOn = ['--resume', inFolder('saved.json'), ...saved];
    const middle = String(Math.min(9, epochs));
    const said = [
      ...(await parts(model, '--epochs', '3', '-o', inFolder('a.json'), ...saved)),
      ...(await parts('--epochs', middle, '-o', inFolder('b.json'), ...goOn)),
      ...(await parts('--epochs', String(epochs), '-o', inFolder('c.json'), ...goOn)),
    ];
    const starts = isBefore ? 3 : 1;
    expect(said).toEqual(warning === '' ? [] : Array(starts).fill(`warning: ${warning}`));
    await parts(model, '--epochs', String(epochs), '-o', inFolder('whole.json'));
    expect(here.read('c.json')).toBe(here.read('whole.json'));
  });

  test('moves no byte of the model, whoever looks', () => {
    const here = folder();
    expect(here.mlp([...train, '-q', '-o', 'quiet.json'])).toEqual(done(''));
    here.mlp([...train, '-o', 'warned.json']);
    here.mlp([...train, '--diagnose', '-o', 'diagnosed.json']);
    expect(here.read('warned.json')).toBe(here.read('quiet.json'));
    expect(here.read('diagnosed.json')).toBe(here.read('quiet.json'));
  });
});
