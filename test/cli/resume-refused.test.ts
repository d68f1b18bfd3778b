/** Checkpoints that a run cannot go on from as they are: what is said, and what stays as it was. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { main } from '../../src/cli/main.ts';
import { readState, stateSection } from '../../src/files/state.ts';
import type { StateValue } from '../../src/records.ts';
import { pretendIo } from './pretend-io.ts';
import { Folder } from './run.ts';

/** So large that each batch is a series of its own, after which a signal is heard. */
const WIDE = {
  layers: [{ units: 190, activation: 'tanh' }, { units: 190, activation: 'tanh' }, { units: 1 }],
  compile: { optimizer: 'sgd', loss: 'mse' },
  fit: { epochs: 2, batch_size: 500, seed: 5, verbose: 0 },
};
const SMALL = { ...WIDE, layers: [{ units: 2, activation: 'tanh' }, { units: 1 }] };

/** Runs in a folder in this process; words that begin with `./` are paths in it. */
async function mlp(at: Folder, words: readonly string[], around: Partial<Io> = {}) {
  const { io, written } = pretendIo();
  const here = (text: string) => text.replaceAll(`${at.path}/`, '');
  const args = words.map((word) => (word.startsWith('./') ? join(at.path, word) : word));
  const status = await main(args, { ...io, ...around });
  return { status, stdout: here(written.out), stderr: here(written.err) };
}

/** A world in which each pause takes a second, and in the `number`-th a signal comes. */
function signalAt(number: number): Partial<Io> {
  let [seconds, turns] = [0, 0];
  let stop: Parameters<Io['onSignal']>[0] = () => {};
  return {
    now: () => ++seconds,
    turn: async () => {
      if (++turns === number) stop('SIGTERM');
    },
    onSignal: (told) => {
      stop = told;
      return () => {};
    },
  };
}

const DATA = ['train', '--data', './data.csv', '--threads', '1'];
const resume = ['--resume', './saved.json'];

/** A run that was stopped after the first batch of its first epoch. */
async function stopped(): Promise<Folder> {
  const at = new Folder().take('linear/data.csv').write('model.json', WIDE);
  const words = [...DATA, './model.json', '--checkpoint', './saved.json', '-o', './part.json'];
  const { status } = await mlp(at, words, signalAt(1));
  expect(status).toBe(143);
  const { last_epoch, more_batches } = at.json('saved.json').training;
  expect({ last_epoch, more_batches }).toEqual({ last_epoch: 0, more_batches: 1 });
  return at;
}

/** A run whose two epochs are done, with its log. */
async function finished(): Promise<Folder> {
  const at = new Folder().take('linear/data.csv').write('model.json', SMALL);
  const files = [
    '--checkpoint',
    './saved.json',
    '-o',
    './model.out.json',
    '--csv-log',
    './log.csv',
  ];
  expect((await mlp(at, [...DATA, './model.json', '-q', ...files])).status).toBe(0);
  return at;
}

const differs = (path: string, was: unknown, is: unknown) =>
  `mlp: saved.json: ${path}: expected ${was}, as when it was written; found ${is}\n`;
const REMEDY = '  go on with what the checkpoint was written with, or add --resume-anyway\n';

test('in the middle of an epoch, batches of another size or other rows are said, and begin it anew', async () => {
  const at = await stopped();
  const saved = at.read('saved.json');
  const rows = at.read('data.csv').split('\n');
  at.write('fewer.csv', rows.slice(0, 901).join('\n'));
  const names = at.names();
  const others = [
    [[...DATA, '--batch-size', '250'], differs('batch_size', 500, 250)],
    [['train', '--data', './fewer.csv'], differs('training rows', 1000, 900)],
  ] as const;
  for (const [words, difference] of others) {
    const refused = await mlp(at, [...words, ...resume, '-o', './rest.json']);
    expect(refused).toEqual({ status: 4, stdout: '', stderr: `${difference}${REMEDY}` });
    expect(at.names()).toEqual(names);
    expect(at.read('saved.json')).toBe(saved);
  }
  for (const [words] of others) {
    const anyway = await mlp(at, [...words, ...resume, '--resume-anyway', '-o', './rest.json']);
    expect(anyway.status).toBe(0);
    expect(at.json('rest.json').history.loss).toHaveLength(2);
  }
});

test('in the middle of an epoch, another loss or other metrics begin it anew: no mean is of two', async () => {
  const at = await stopped();
  const words = [...DATA, '--loss', 'mae', '--metrics', 'mae', ...resume, '-o', './rest.json'];
  const { status, stderr } = await mlp(at, words);
  expect(status).toBe(4);
  expect(stderr).toContain('or add --resume-anyway');
  expect((await mlp(at, [...words, '--resume-anyway'])).status).toBe(0);
  const { loss, mae } = at.json('rest.json').history;
  expect(loss).toHaveLength(2);
  expect(mae).toHaveLength(2);
  for (const epoch of [0, 1]) expect(loss[epoch]).toBeCloseTo(mae[epoch], 5);
});

test('stopped in the middle of an epoch and gone on with: the bytes of a run that was not', async () => {
  const at = await stopped();
  expect((await mlp(at, [...DATA, ...resume, '-q', '-o', './rest.json'])).status).toBe(0);
  const whole = await mlp(at, [...DATA, './model.json', '-q', '-o', './whole.json']);
  expect(whole.status).toBe(0);
  expect(at.read('rest.json')).toBe(at.read('whole.json'));
});

// biome-ignore lint/suspicious/noExplicitAny: a document as anybody may change it
type Document = any;

/** What is changed by hand in a checkpoint, and the first line that says so. */
const edits: Readonly<Record<string, readonly [(document: Document) => void, string]>> = {
  'without weights': [
    (document) => {
      delete document.weights;
      delete document.digest;
    },
    'mlp: saved.json: weights: expected the weights of the layers; found none yet\n',
  ],
  'of another spec': [
    (document) => {
      document.layers[0].activation = 'relu';
    },
    differs('layers[0].activation', '"tanh"', '"relu"'),
  ],
  'of another seed': [
    (document) => {
      document.training.seed = 6;
    },
    differs('seed', 5, 6),
  ],
  'of a seed that is none': [
    (document) => {
      document.training.seed = 1e308;
    },
    'mlp: saved.json: training: expected the seed and the engine of a run; found none, or others than this mlp has\n',
  ],
  'of other settings': [
    (document) => {
      document.training.settings.batch_size = 100;
    },
    differs('batch_size', 500, 100),
  ],
  'with an object for a word': [
    (document) => {
      document.training.settings.keep = {};
    },
    'mlp: saved.json: training.settings.keep: expected a text or a number; found an object\n',
  ],
  'with a word that is none': [
    (document) => {
      document.training.settings.split = 'sideways';
    },
    'mlp: saved.json: training.settings.split: expected random, stratified, last, column:NAME or group:NAME; found "sideways"\n',
  ],
  'with a state in parts of another version': [
    (document) => {
      document.state = stateSection({ fit: null });
    },
    'mlp: saved.json: state: expected rows, spec, seed, settings, fit; found others\n',
  ],
  'with epochs that measured nothing': [
    (document) => {
      document.state = withLogs(document.state, [[], []]);
    },
    'mlp: saved.json: state.progress.logs[0]: expected "loss"; found nothing\n',
  ],
};

function withLogs(section: Document, logs: StateValue): Document {
  const state = readState(section, 'saved.json') as Document;
  return stateSection({
    ...state,
    fit: { ...state.fit, progress: { ...state.fit.progress, logs } },
  });
}

describe('a checkpoint that was changed by hand', () => {
  test.each(Object.entries(edits))(
    '%s is refused, and files stay as they were',
    async (_, edit) => {
      const [change, line] = edit;
      const at = await finished();
      const document = at.json('saved.json');
      change(document);
      at.write('saved.json', document);
      const before = at.names().map((name) => [name, at.read(name)]);
      const files = ['-o', './model.out.json', '--csv-log', './log.csv'];
      const { status, stdout, stderr } = await mlp(at, [
        ...DATA,
        ...resume,
        '--epochs',
        '3',
        ...files,
      ]);
      expect({ status, stdout, first: stderr.slice(0, line.length) }).toEqual({
        status: 4,
        stdout: '',
        first: line,
      });
      expect(at.names().map((name) => [name, at.read(name)])).toEqual(before);
    },
  );

  test('says nothing that its state does not: how many epochs are done', async () => {
    const at = await finished();
    const document = at.json('saved.json');
    document.training.last_epoch = 1e15;
    at.write('saved.json', document);
    const over = await mlp(at, [...DATA, ...resume, '-o', './x.json']);
    expect(over.stderr.split('\n')[0]).toBe(
      'note: 2 epochs are done already, so none of 2 is left; more of them: --epochs N',
    );
    expect((await mlp(at, [...DATA, ...resume, '--epochs', '3', '-o', './y.json'])).status).toBe(0);
    expect(at.json('y.json').training.last_epoch).toBe(3);
  });
});

test('rows kept aside that cannot be written cost neither the model nor the checkpoint', async () => {
  const at = new Folder().take('linear/data.csv').write('model.json', SMALL);
  at.shell('mkdir away');
  const files = ['--test-out', './away/t.csv', '--checkpoint', './saved.json', '-o', './out.json'];
  const words = [...DATA, './model.json', '--test-split', '0.1', ...files];
  const { status, stderr } = await mlp(at, words, {
    uninterrupted: async (work) => {
      // Once the model is written, somebody removes the folder.
      if (at.names().includes('out.json')) rmSync(join(at.path, 'away'), { recursive: true });
      work();
    },
  });
  expect(status).toBe(6);
  expect(stderr).toMatch(
    /saved out\.json \(loss .*\)\nsaved saved\.json \(epoch 2\)\nmlp: away\/t\.csv: expected a file that can be written; found no folder of that name\n/,
  );
  const { history } = at.json('out.json');
  expect(history.loss).toHaveLength(2);
  expect(at.json('saved.json').history).toEqual(history);
});
