/**
 * The tasks of fixtures/data/references.json: a real table, rows to learn from and rows to test with, a
 * network, and what Keras reached with it. Trains and measures one with the real program.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import type { Columns } from '../../src/data/columns.ts';
import type { Folder } from './run.ts';

const fixtures = resolve(import.meta.dirname, '../../fixtures/data');

/** Of five trainings, by Keras. */
interface Spread {
  readonly mean: number;
  readonly sd: number;
}

/** What Keras and scikit-learn were given: made from the training rows alone. */
interface Prepared {
  readonly inputs: number;
  readonly train_rows: number;
  readonly test_rows: number;
  readonly dropped_for_missing_target: number;
  /** Left out where there are very many. */
  readonly numeric?: Record<string, { shift: number; scale: number; missing_train: number }>;
  /** `missing` is one of them where rows lack the value. */
  readonly categories: Record<string, readonly string[]>;
  readonly classes?: readonly string[];
  readonly target?: { readonly mean: number; readonly sd: number };
}

export interface Task {
  readonly name: string;
  readonly file: string;
  /** A name, or a position where the file has no header. */
  readonly target: string;
  readonly type: 'multiclass' | 'binary' | 'regression';
  readonly hidden: readonly (readonly [units: number, activation: string])[];
  readonly optimizer: { readonly name: string; readonly lr: number; readonly momentum?: number };
  readonly epochs: number;
  readonly batch: number;
  /** Z-scores where nothing is said. */
  readonly normalize?: 'zscore' | 'minmax';
  readonly ignore: readonly string[];
  readonly header: boolean;
  /** Rows to test with: so many at the end, or these, from 0. */
  readonly test_last?: number;
  readonly test_rows?: readonly number[];
  readonly prepared: Prepared;
  readonly baseline: Record<string, number>;
  readonly keras: Partial<Record<string, Spread>>;
  /** Held to in place of Keras's mean, where further seeds have shown that to be off by chance. */
  readonly mark?: Partial<Record<string, number>>;
}

export const tasks: readonly Task[] = JSON.parse(
  readFileSync(join(fixtures, 'references.json'), 'utf8'),
);

/** Files that are looked for in the folder that MLP_DATA names, and why there is no copy here. */
const OUTSIDE: Partial<Record<string, string>> = {
  'titanic.csv': 'whose licence forbids a copy',
  'breaches.csv': 'whose licence forbids a copy',
  'mnist_5k.csv.gz': 'too large to be copied',
  'bikeshare.csv': 'too large to be copied',
};

/** Where a task's file is; null where it is in no folder that is known. */
export function fileOf({ file }: Pick<Task, 'file'>): string | null {
  const { MLP_DATA } = process.env;
  if (!(file in OUTSIDE)) return join(fixtures, file);
  const path = MLP_DATA === undefined ? null : join(MLP_DATA, file);
  return path !== null && existsSync(path) ? path : null;
}

/**
 * Rows to learn from and rows to test with, each a table with the file's header; blanks around cells are
 * taken off, as Keras had them.
 */
function splitFile(task: Task, path: string): { train: string; test: string } {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const transform = (cell: string) => cell.trim();
  const { data } = Papa.parse<string[]>(text, { skipEmptyLines: true, delimiter: ',', transform });
  const head = task.header ? data.slice(0, 1) : [];
  const rows = data.slice(head.length);
  const last = rows.length - (task.test_last ?? 0);
  const chosen = task.test_rows && new Set(task.test_rows);
  const isTest = (row: number) => (chosen ? chosen.has(row) : row >= last);
  const table = (isWanted: (row: number) => boolean) =>
    `${Papa.unparse([...head, ...rows.filter((_, row) => isWanted(row))])}\n`;
  return { train: table((row) => !isTest(row)), test: table(isTest) };
}

/** The network of a task, as Keras had it. */
function specOf({ hidden, optimizer, type, epochs, batch, prepared, header }: Task): object {
  const { name, lr, momentum } = optimizer;
  const output = {
    multiclass: { units: prepared.classes?.length, activation: 'softmax' },
    binary: { units: 1, activation: 'sigmoid' },
    regression: { units: 1 },
  }[type];
  const loss = {
    multiclass: 'sparse_categorical_crossentropy',
    binary: 'binary_crossentropy',
    regression: 'mse',
  }[type];
  return {
    input_shape: [prepared.inputs],
    layers: [...hidden.map(([units, activation]) => ({ units, activation })), output],
    compile: { optimizer: { name, learning_rate: lr, ...(momentum ? { momentum } : {}) }, loss },
    fit: { epochs, batch_size: batch },
    data: { header },
  };
}

/** The command line of a task: nothing that its file does not need. */
function wordsOf({ target, ignore, normalize = 'zscore', prepared, type }: Task): string[] {
  const categories = Object.keys(prepared.categories);
  return [
    ...['--target', target, '--normalize', normalize],
    ...(type === 'regression' ? ['--normalize-target', 'yes'] : []),
    ...(ignore.length > 0 ? ['--ignore', ignore.join()] : []),
    ...(categories.length > 0
      ? ['--categorical', categories.join(), '--unknown-category', 'other']
      : []),
  ];
}

/** Writes the rows and the network of a task into a folder. */
export function prepare(folder: Folder, task: Task, path: string): void {
  const { train, test } = splitFile(task, path);
  folder.write('train.csv', train).write('test.csv', test).write('model.json', specOf(task));
}

/** What one training reached on the test rows, and how the columns were read. */
export interface Reached {
  readonly scores: Record<string, number>;
  readonly columns: Columns;
}

/** Trains from the rows in a folder, and measures. */
export function reach(folder: Folder, task: Task, seed: number): Reached {
  const words = ['train', '--data', 'train.csv', ...wordsOf(task)];
  const trained = folder.mlp([...words, '--seed', String(seed), '--quiet', '--verbose', '0', '-f']);
  if (trained.status !== 0) throw new Error(trained.stderr);
  const measured = folder.mlp(['evaluate', '--data', 'test.csv', '--json']);
  if (measured.status !== 0) throw new Error(measured.stderr);
  return {
    scores: JSON.parse(measured.stdout),
    columns: folder.json('model.trained.json').columns,
  };
}

/** Why a task is left out where its file is in no folder that is known. */
export function nameOf(task: Task): string {
  if (fileOf(task) !== null) return task.name;
  const { name, file } = task;
  return `${name} (left out: MLP_DATA names no folder with ${file}, ${OUTSIDE[file]})`;
}

/** What is held to Keras; more accuracy is better, less of the others. */
const METRICS = ['accuracy', 'log_loss', 'rmse'] as const;

/**
 * The scores that are worse than Keras's by more than two standard deviations of the difference of both
 * means, and by more than one row (accuracy) or 1 %; in words.
 *
 * @param all  each training's scores; of fewer than three, the spread is taken to be Keras's
 */
export function worseThanKeras(task: Task, all: readonly Reached['scores'][]): string[] {
  return METRICS.flatMap((metric) => {
    const keras = task.keras[metric];
    if (keras === undefined) return [];
    const values = all.map((scores) => scores[metric]);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const variance = values.length < 3 ? keras.sd ** 2 : squares / (values.length - 1);
    const spread = 2 * Math.sqrt(keras.sd ** 2 / 5 + variance / values.length);
    const grain = metric === 'accuracy' ? 1 / task.prepared.test_rows : 0.01 * keras.mean;
    const mark = task.mark?.[metric] ?? keras.mean;
    const worse = metric === 'accuracy' ? mark - mean : mean - mark;
    if (worse <= spread + grain) return [];
    return [`${metric}: ${mean}, where Keras reached ${mark} (${values.join(', ')})`];
  });
}
