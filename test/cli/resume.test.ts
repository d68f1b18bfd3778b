/** `--checkpoint`, `--resume` and what stops a run: through the real program, with the files it leaves. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FIT_KEYS, OPTION_KEYS } from '../../src/cli/resumption.ts';
import { Folder, type Outcome, type Running } from './run.ts';

/** Categories, missing values, a date, classes and weights: whatever a table has to be decided about. */
function passengers(rows = 60): string {
  const lines = ['age,fare,port,class,joined,weight,survived'];
  for (let row = 0; row < rows; row++) {
    const age = row % 7 === 0 ? '' : String(18 + ((row * 13) % 50));
    const fare = (7.25 + ((row * 37) % 400) / 3).toFixed(2);
    const port = ['S', 'C', 'Q', ''][(row * 5) % 4];
    const day = String(1 + (row % 28)).padStart(2, '0');
    const target = row % 11 === 10 ? '' : (row * 7) % 3 === 0 ? 'yes' : 'no';
    lines.push(`${age},${fare},${port},${1 + (row % 3)},2024-01-${day},${1 + (row % 2)},${target}`);
  }
  return `${lines.join('\n')}\n`;
}

const spec = {
  layers: [
    { units: 6, activation: 'tanh' },
    { type: 'Dropout', rate: 0.2 },
    { type: 'BatchNormalization' },
    { units: 1, activation: 'sigmoid' },
  ],
};
const settings = [
  ...['--data', 'data.csv', '--target', 'survived', '--sample-weight-col', 'weight'],
  ...['--categorical', 'class', '--normalize', 'zscore', '--loss', 'bce', '--metrics', 'accuracy'],
  ...['--validation-split', '0.25', '--split', 'stratified', '--early-stopping', '50'],
  ...['--keep', 'best', '--batch-size', '8', '--seed', '3'],
];

function folder(): Folder {
  return new Folder().write('model.json', spec).write('data.csv', passengers());
}

function done(outcome: Outcome): Outcome {
  expect(outcome.stderr).not.toMatch(/^mlp:/m);
  expect(outcome.status).toBe(0);
  return outcome;
}

const train = (...words: string[]) => ['train', 'model.json', ...settings, ...words];

test('a checkpoint that is trained on as a model is said to be one, and so is an epoch that is not over', () => {
  const at = folder();
  done(at.mlp(train('--epochs', '2', '-o', 'part.json', '--checkpoint', 'saved.json')));
  const anew = done(at.mlp('train saved.json --data data.csv --epochs 1 -o x.json'.split(' ')));
  expect(anew.stderr).toContain(
    'note: saved.json is a checkpoint, and this is a new run from its weights; to go on with its own: --resume saved.json\n',
  );
  const more = done(at.mlp('train --resume saved.json --data data.csv --epochs 1'.split(' ')));
  expect(more.stderr).toContain('note: 2 epochs are done already, so none of 1 is left;');
});

test('epochs that are added later: the same file as all at once, and the same log of epochs', () => {
  const at = folder();
  done(at.mlp(train('--epochs', '9', '-o', 'whole.json', '--csv-log', 'whole.csv')));
  done(at.mlp(train('--epochs', '4', '-o', 'part.json', '--checkpoint', 'saved.json')));
  const rest = ['--resume', 'saved.json', '--epochs', '9'];
  // All that is not said is in the checkpoint.
  const short = [
    'train',
    '--data',
    'data.csv',
    ...rest,
    '-o',
    'short.json',
    '--csv-log',
    'short.csv',
  ];
  done(at.mlp(short));
  expect(at.read('short.json')).toBe(at.read('whole.json'));
  expect(at.read('short.csv')).toBe(at.read('whole.csv'));
  // Saying it once more changes nothing.
  done(at.mlp(train(...rest, '-o', 'long.json')));
  expect(at.read('long.json')).toBe(at.read('whole.json'));
});

test('a checkpoint is a model, too', () => {
  const at = folder();
  done(at.mlp(train('--epochs', '2', '--checkpoint', 'saved.json', '--keep', 'last')));
  const trained = at.mlp(['predict', 'model.trained.json', '--data', 'data.csv']);
  expect(at.mlp(['predict', 'saved.json', '--data', 'data.csv']).stdout).toBe(trained.stdout);
  const { state: _, ...model } = at.json('saved.json');
  expect(model).toEqual(at.json('model.trained.json'));
});

test('a model made from the data', () => {
  const at = new Folder().write('data.csv', passengers());
  const words = ['train', '--data', 'data.csv', '--seed', '1', '--test-split', '0.1'];
  done(at.mlp([...words, '--test-out', 't.csv', '--epochs', '5', '-o', 'whole.json']));
  const part = ['--test-out', 't2.csv', '--epochs', '2', '--checkpoint', 'saved.json'];
  done(at.mlp([...words, ...part, '-o', 'part.json']));
  const rest = ['--test-out', 't3.csv', '--epochs', '5', '--resume', 'saved.json'];
  done(at.mlp(['train', '--data', 'data.csv', ...rest, '-o', 'rest.json']));
  expect(at.read('rest.json')).toBe(at.read('whole.json'));
  expect(at.read('t3.csv')).toBe(at.read('t.csv'));
});

test('arrays of numbers, lbfgs', () => {
  const x = Array.from({ length: 12 }, (_, i) => [i / 3, Math.sin(i)]);
  const at = new Folder().write('model.json', { layers: [{ units: 3, activation: 'tanh' }, {}] });
  at.write('model.json', { layers: [{ units: 3, activation: 'tanh' }, { units: 1 }] });
  at.write('data.json', { x, y: x.map(([a, b]) => a * b) });
  const words = ['train', 'model.json', '--data', 'data.json', '--optimizer', 'lbfgs'];
  const seed = ['--loss', 'mse', '--seed', '1'];
  done(at.mlp([...words, ...seed, '--epochs', '8', '-o', 'whole.json']));
  done(
    at.mlp([...words, ...seed, '--epochs', '3', '-o', 'part.json', '--checkpoint', 'saved.json']),
  );
  done(
    at.mlp([
      'train',
      '--resume',
      'saved.json',
      '--data',
      'data.json',
      '--epochs',
      '8',
      '-o',
      'rest.json',
    ]),
  );
  expect(at.read('rest.json')).toBe(at.read('whole.json'));
});

/** A run that lasts for minutes, and one of the same that is left alone. */
const long = ['train', 'model.json', '--data', 'data.csv', '--seed', '1', '--epochs', '1000000'];

function linear(): Folder {
  return new Folder().take('linear/model.json', 'linear/data.csv');
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)(
  '%s: a line at once, then all is saved, and a command that goes on',
  async (signal, code) => {
    const at = linear();
    const running = at.start(long);
    await running.says('Epoch 9');
    running.child.kill(signal);
    const { status, stderr } = await running.ended;
    const saved = at.json('model.checkpoint.json').training;
    const { last_epoch: epoch, more_batches: step } = saved;
    const [said, model, checkpoint, command, rest] = stderr.split('\n');
    expect(said).toBe(`mlp: ${signal}: finishing the batch and saving; once more to leave at once`);
    expect(model).toMatch(
      new RegExp(
        `^saved model.trained.json \\(stopped after epoch ${epoch} of 1000000: loss .*\\)$`,
      ),
    );
    const batches = step === 32 ? 'all batches' : `${step} batches`;
    const more = step === undefined ? '' : ` and ${batches} of the next`;
    expect(checkpoint).toBe(`saved model.checkpoint.json (epoch ${epoch}${more})`);
    expect(command).toBe('to go on: mlp train --resume model.checkpoint.json --data data.csv');
    expect(rest).toBe('');
    expect(status).toBe(code);

    const end = String(epoch + 3);
    done(at.shell(`${command.slice('to go on: '.length)} --epochs ${end} -o rest.json -q`));
    done(at.mlp([...long, '--epochs', end, '-o', 'whole.json', '-q']));
    expect(at.read('rest.json')).toBe(at.read('whole.json'));
  },
);

test('the second signal ends it at once, with the files as they were', async () => {
  const at = linear();
  // So large a model takes a while to write.
  at.write('wide.json', {
    input_shape: [2],
    layers: [{ units: 700 }, { units: 700 }, { units: 1 }],
  });
  const words = ['train', 'wide.json', '--data', 'data.csv', '--loss', 'mse', '--seed', '1'];
  at.write('model.trained.json', '{"format": "mlp-model", "version": 1, "old": true}');
  const running = at.start([...words, '--epochs', '1000', '-o', 'model.trained.json']);
  await running.says('batch|Epoch|/32');
  running.child.kill('SIGINT');
  await running.says('finishing the batch');
  running.child.kill('SIGINT');
  const { signal } = await running.ended;
  expect(signal).toBe('SIGINT');
  expect(at.json('model.trained.json').old).toBe(true);
  // Of the checkpoint there is all or nothing.
  if (at.names().includes('model.checkpoint.json')) at.json('model.checkpoint.json');
});

/** Waits until a process listens to SIGHUP: Linux says what it catches, a bit for each signal. */
async function listening({ child }: Running): Promise<void> {
  const catches = () => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Number.parseInt(/^SigCgt:\s*(\w+)/m.exec(status)?.[1].slice(-1) ?? '0', 16) % 2 === 1;
  };
  while (!catches()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('a signal while the data are read: nothing is lost, nothing is written', async () => {
  const at = linear();
  at.shell('mkfifo rows.csv');
  const running = at.start(['train', 'model.json', '--data', 'rows.csv']);
  await listening(running);
  running.child.kill('SIGINT');
  const { signal, stderr } = await running.ended;
  expect(stderr).toBe('mlp: SIGINT: nothing is trained yet, so nothing is saved\n');
  // A shell calls it 130.
  expect(signal).toBe('SIGINT');
  expect(at.names()).toEqual(['data.csv', 'model.json', 'rows.csv']);
});

test('SIGUSR1 asks how far it is', async () => {
  const at = linear();
  const running = at.start(long);
  await running.says('Epoch 9');
  running.child.kill('SIGUSR1');
  await running.says(/batch \d/);
  running.child.kill('SIGTERM');
  const { stderr } = await running.ended;
  expect(stderr.split('\n')[0]).toMatch(
    /^epoch \d+\/1000000, batch \d+\/32, loss \d+\.\d+(e-\d+)?, \d+ s$/,
  );
});

test('--max-time ends a run in peace, and it goes on later', () => {
  const at = linear();
  const { stderr } = done(at.mlp([...long, '--max-time', '0.3', '-o', 'a.trained.json']));
  expect(stderr).toMatch(
    /^saved a\.trained\.json \(stopped after epoch \d+ of 1000000.*\)\nsaved a\.checkpoint\.json \(epoch \d+.*\)\nto go on: mlp train --resume a\.checkpoint\.json --data data\.csv --max-time 0\.3 -o a\.trained\.json\n$/,
  );
});

test('--stop-at ends a run at a value, from the side that is better', () => {
  const at = linear();
  const words = ['train', 'model.json', '--data', 'data.csv', '--seed', '1', '--epochs', '4000'];
  const { stderr } = done(
    at.mlp([...words, '--stop-at', 'loss=0.5', '--csv-log', 'log.csv', '-q']),
  );
  expect(stderr).toBe('');
  const losses = at
    .read('log.csv')
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => Number(line.split(',')[1]));
  expect(losses.at(-1)).toBeLessThanOrEqual(0.5);
  expect(losses.slice(0, -1).every((loss) => loss > 0.5)).toBe(true);
  expect(losses.length).toBeLessThan(4000);
  const { stderr: wrong, status } = at.mlp([...words, '--stop-at', 'val_loss=1']);
  expect(wrong).toMatch(/^mlp: --stop-at: monitor: expected one of .*; found "val_loss"/);
  expect(status).toBe(2);
});

test('what is not as it was is named, place by place; --resume-anyway goes on', () => {
  const at = folder();
  done(at.mlp(train('--epochs', '2', '--checkpoint', 'saved.json', '-q')));
  const other = passengers().replace('7.25', '7.5');
  at.write('other.csv', other).write('fewer.csv', passengers(50));
  at.write('wider.json', { layers: [{ ...spec.layers[0], units: 7 }, ...spec.layers.slice(1)] });
  const resume = (...words: string[]) => at.mlp(['train', ...words, '--resume', 'saved.json']);
  const refused = ({ status, stderr }: Outcome, code = 4) => {
    expect(status).toBe(code);
    return stderr;
  };
  const differs = (path: string, was: string, is: string) =>
    `mlp: saved.json: ${path}: expected ${was}, as when it was written; found ${is}\n`;
  const remedy = '  go on with what the checkpoint was written with, or add --resume-anyway\n';

  const batch = resume('--data', 'data.csv', '--epochs', '4', '--batch-size', '4');
  expect(refused(batch)).toBe(`${differs('batch_size', '8', '4')}${remedy}`);
  const rate = resume('--data', 'data.csv', '--learning-rate', '0.5', '--engine', 'reference');
  expect(refused(rate)).toBe(
    `${differs('engine', '"wasm"', '"reference"')}${differs('optimizer.learning_rate', '0.001', '0.5')}${remedy}`,
  );
  const values =
    'mlp: saved.json: training rows: expected the inputs of when it was written; found other values, or another order of the rows\n';
  expect(refused(resume('--data', 'other.csv'))).toBe(`${values}${remedy}`);
  const counts = [differs('training rows', '41', '34'), differs('validation rows', '14', '12')];
  expect(refused(resume('--data', 'fewer.csv'))).toBe(`${counts.join('')}${remedy}`);
  const wider = ['wider.json', ...settings, '--epochs', '4'];
  const unfit = (why: string) =>
    `  go on with what the checkpoint was written with\n  --resume-anyway does not help, since what the checkpoint remembers does not fit: ${why}\n`;
  const units = refused(resume(...wider));
  expect(units).toContain(differs('layers[0].units', '6', '7'));
  expect(units).toMatch(/ does not fit: weights\.dense\.kernel: [^\n]*\n$/);
  const optimizer = ['--data', 'data.csv', '--epochs', '4', '--optimizer', 'nadam'];
  expect(refused(resume(...optimizer))).toBe(
    [
      differs('optimizer.type', '"adam"', '"nadam"'),
      differs('optimizer.amsgrad', 'false', 'nothing'),
      unfit('state.run.variables.slot/u_product: expected 1 numbers (float32); found nothing'),
      '  to train its weights on in a new run: mlp train saved.json --data FILE\n',
    ].join(''),
  );
  expect(refused(resume('--data', 'data.csv', '--normalize', 'minmax'), 2)).toBe(
    'mlp: --normalize: expected none, since saved.json was trained with columns that are settled; found one\n' +
      '  leave it out, and the run goes on as it was; to decide anew, train the spec without --resume\n',
  );
  expect(at.json('saved.json').training.last_epoch).toBe(2);

  const words = ['--data', 'other.csv', '--learning-rate', '0.01', '--epochs', '4'];
  const anyway = done(resume(...words, '--resume-anyway', '-o', 'anyway.json'));
  expect(anyway.stderr).toContain(
    'note: saved.json: optimizer.learning_rate: expected 0.001, as when it was written; found 0.01\n',
  );
  expect(at.json('anyway.json').history.loss).toHaveLength(4);
  // A state that does not fit cannot be gone on with.
  expect(refused(resume(...wider, '--resume-anyway'))).toBe(units);
  expect(refused(resume(...optimizer, '--resume-anyway'))).toBe(refused(resume(...optimizer)));
});

test('every setting that a checkpoint records is taken up again from somewhere', () => {
  const at = folder();
  done(at.mlp(train('--epochs', '2', '--checkpoint', 'saved.json', '-q')));
  const compile = ['optimizer', 'loss', 'metrics', 'weighted_metrics'];
  const known = [...compile, ...FIT_KEYS, ...OPTION_KEYS];
  const { settings: recorded } = at.json('saved.json').training;
  expect(Object.keys(recorded).filter((key) => !known.includes(key))).toEqual([]);
  // Nothing is said where it is not there: of weights by class, of metrics with sample weights, of --test-split.
  const seldom = ['class_weight', 'weighted_metrics', 'monitor', 'test_split'];
  expect(known.filter((key) => !(key in recorded) && !seldom.includes(key))).toEqual([]);
});

test('what is no checkpoint, or a damaged one, is refused', () => {
  const at = folder();
  done(at.mlp(train('--epochs', '2', '--checkpoint', 'saved.json', '-q')));
  const resume = (name: string) => at.mlp(['train', '--data', 'data.csv', '--resume', name, '-q']);
  expect(resume('model.trained.json')).toEqual({
    status: 4,
    stdout: '',
    stderr:
      'mlp: model.trained.json: expected a checkpoint; found a model without "state"\n' +
      '  to train a model on with another run, name it: mlp train model.trained.json --data FILE\n',
  });
  expect(at.mlp(['train', '--data', 'data.csv', '--resume', 'data.csv'])).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'mlp: --resume: expected a checkpoint; found "data.csv", which is called as a table is\n' +
      "  a table is named with --data FILE; for several put the pattern in quotes: --data 'part-*.csv'\n",
  });
  const saved = at.json('saved.json');
  saved.state.content.fit.random.c += 1;
  at.write('damaged.json', saved);
  const damaged = resume('damaged.json');
  expect(damaged.status).toBe(4);
  expect(damaged.stderr).toMatch(/^mlp: damaged\.json: state: expected what mlp wrote, "sha256:/);
  at.write('cut.json', at.read('saved.json').slice(0, -500));
  expect(resume('cut.json').status).not.toBe(0);
  expect(at.mlp(['train', '--data', 'data.csv', '--resume-anyway']).stderr).toBe(
    'mlp: --resume-anyway: expected --resume FILE beside it; found none\n',
  );
});

test('--checkpoint-every writes while the run lasts; a folder that vanishes ends no run', async () => {
  const at = linear();
  const every = ['--checkpoint-every', '2', '--checkpoint', 'saved.json'];
  const running = at.start([...long, ...every]);
  await running.says('Epoch 20');
  running.child.kill('SIGKILL');
  await running.ended;
  const { last_epoch: epoch } = at.json('saved.json').training;
  expect(epoch % 2).toBe(0);
  expect(epoch).toBeGreaterThanOrEqual(2);
  const end = String(epoch + 5);
  done(
    at.mlp([
      'train',
      '--resume',
      'saved.json',
      '--data',
      'data.csv',
      '--epochs',
      end,
      '-q',
      '-o',
      'rest.json',
    ]),
  );
  done(at.mlp([...long, '--epochs', end, '-q', '-o', 'whole.json']));
  expect(at.read('rest.json')).toBe(at.read('whole.json'));
});

test.each([
  [
    ['--checkpoint-every', '0'],
    '--checkpoint-every: expected a number of epochs or a time: 5, 5epochs, 30s, 10m; found "0"',
  ],
  [
    ['--checkpoint-every', '3x'],
    '--checkpoint-every: expected a number of epochs or a time: 5, 5epochs, 30s, 10m; found "3x"',
  ],
  [['--max-time', '0'], '--max-time: expected a time: 90 (seconds), 500ms, 10m, 1h30m; found "0"'],
  [
    ['--stop-at', 'loss'],
    '--stop-at: expected a name and a number: loss=0.01, val_accuracy=0.95; found "loss"',
  ],
  [
    ['--stop-at', 'loss='],
    '--stop-at: expected a name and a number: loss=0.01, val_accuracy=0.95; found "loss="',
  ],
] as const)('%s', (words, message) => {
  const { status, stderr } = linear().mlp([...long, ...words]);
  expect(stderr.split('\n')[0]).toBe(`mlp: ${message}`);
  expect(status).toBe(2);
});

test('a checkpoint never takes the place of what it is not', () => {
  const at = linear();
  const refused = (path: string) => at.mlp([...long, '--checkpoint', path]);
  expect(refused('data.csv').status).toBe(6);
  expect(refused('model.trained.json').stderr).toMatch(
    /^mlp: model\.trained\.json: expected a file that the command does not use otherwise/,
  );
  at.write('notes.json', { mine: true });
  expect(refused('notes.json').stderr).toMatch(
    /^mlp: notes\.json: expected a new file or a model written by mlp; found another file/,
  );
  expect(refused('none/saved.json').stderr).toMatch(/found no folder of that name/);
});

test('a checkpoint is no stream', () => {
  const { status, stderr } = linear().mlp([...long, '--checkpoint', '-']);
  expect(stderr).toBe(
    'mlp: --checkpoint: expected a file; found standard output\n  a checkpoint takes the place of the one before\n',
  );
  expect(status).toBe(2);
});
