/** What people get wrong: the whole message, the exit code, and nothing left behind. */
import { expect, test } from 'vitest';
import { Folder, refused } from './run.ts';

const linear = { layers: [{ units: 1 }], compile: { loss: 'mse', optimizer: 'adam' } };
const CSV = 'x1,x2,y\n1,2,3\n4,5,6\n7,8,9\n';

interface Case {
  readonly files?: Readonly<Record<string, string | object>>;
  readonly args: readonly string[];
  readonly input?: string;
  readonly status: number;
  readonly message: string;
}

const train = ['train', 'model.json', '--data', 'data.csv', '--seed', '1'];

/** Every kind of mistake, by its name. */
const cases: Readonly<Record<string, Case>> = {
  'a missing model file, with the nearest name': {
    files: { 'model.json': linear },
    args: ['summary', 'modle.json'],
    status: 6,
    message: 'modle.json: expected a file; found none of that name\n  did you mean "model.json"?',
  },
  'a missing data file': {
    files: { 'model.json': linear },
    args: train,
    status: 6,
    message: 'data.csv: expected a file; found none of that name',
  },
  'a folder in place of a model': {
    args: ['summary', '.'],
    status: 6,
    message: '.: expected a file; found a folder\n  name a file in it',
  },
  'no model at all': {
    args: ['summary'],
    status: 2,
    message:
      'MODEL: expected a model file; found no model.json in this folder\n  name one after the command, or make one from data: mlp new --data FILE -o model.json',
  },
  'no model to predict with': {
    args: ['predict', '--input', '[[1]]'],
    status: 2,
    message:
      'MODEL: expected a model file; found no model.trained.json and no model.json in this folder\n  name one after the command, or make one from data: mlp new --data FILE -o model.json',
  },
  'a model without weights': {
    files: { 'model.json': { ...linear, input_shape: [2] } },
    args: ['predict', '--input', '[[1, 2]]'],
    status: 4,
    message:
      'model.json: weights: expected the weights of the layers; found none yet\n  train the model first, or give it initial weights: mlp train, mlp init',
  },
  'a model without an input shape': {
    files: { 'model.json': linear },
    args: ['init'],
    status: 2,
    message:
      'model.json: input_shape: expected the shape of one input row; found nothing\n  add "input_shape": [N] at the top; only "mlp train" takes it from the data',
  },
  'an empty data file': {
    files: { 'model.json': linear, 'data.csv': '' },
    args: train,
    status: 3,
    message: 'data.csv: expected rows of cells; found an empty file',
  },
  'a header without rows': {
    files: { 'model.json': linear, 'data.csv': 'x1,x2,y\n' },
    args: train,
    status: 3,
    message: 'data.csv:1: expected rows below the header; found none',
  },
  'a row with too few cells': {
    files: { 'model.json': linear, 'data.csv': 'x1,x2,y\n1,2,3\n4,5\n' },
    args: train,
    status: 3,
    message:
      'data.csv:3: expected 3 cells as in line 1; found 2\n  every row needs a cell for each column; a cell that holds "," must stand in double quotes',
  },
  'text in a number column': {
    files: { 'model.json': linear, 'data.csv': 'age,x,y\n1,2,3\nold,5,6\n4,5,7\n' },
    args: train,
    status: 3,
    message:
      'data.csv:3 column "age": expected a number; found "old"\n  treat it as missing: --na "old"; or take the column for categories: --categorical NAME',
  },
  'commas in a number column': {
    files: { 'model.json': linear, 'data.csv': 'age,x,y\n1,2,3\n"1,200.50",5,6\n4,5,7\n' },
    args: train,
    status: 3,
    message:
      'data.csv:3 column "age": expected a number; found "1,200.50"\n  take the commas out of the numbers; or take the column for categories: --categorical NAME',
  },
  'text in a target of numbers': {
    files: { 'model.json': linear, 'data.csv': 'a,b\n1,2\n3,four\n' },
    args: train,
    status: 3,
    message:
      'data.csv:3 column "b": expected a number; found "four"\n  correct the cells, or leave the rows out of the file',
  },
  'a target that no column is': {
    files: { 'model.json': linear, 'data.csv': 'age,income\n1,2\n3,4\n' },
    args: [...train, '--target', 'incme'],
    status: 3,
    message:
      'data.csv: expected the target column "incme"; found "age", "income"\n  did you mean "income"?',
  },
  'more features than the network has inputs': {
    files: { 'model.json': { ...linear, input_shape: [3] }, 'data.csv': CSV },
    args: train,
    status: 3,
    message:
      "data.csv: expected inputs of shape (None, 3); found (None, 2)\n  the model's input_shape is [3]",
  },
  'more classes than output units': {
    files: {
      'model.json': {
        layers: [{ units: 2, activation: 'softmax' }],
        compile: { loss: 'sparse_categorical_crossentropy' },
      },
      'data.csv': 'x,kind\n1,a\n2,b\n3,c\n',
    },
    args: train,
    status: 3,
    message:
      'data.csv: expected at most 2 classes, the units of layer "dense"; found 3 classes\n  give the last layer 3 units',
  },
  'a column that predict misses': {
    files: {
      'model.json': {
        input_shape: [1],
        layers: [{ units: 1 }],
        weights: { dense: { kernel: [[1]], bias: [0] } },
        columns: {
          header: true,
          features: [{ name: 'age', position: 1, kind: 'number' }],
          targets: [{ name: 'y', position: 2, kind: 'number' }],
        },
      },
    },
    args: ['predict'],
    input: 'agee,size\n1,2\n',
    status: 3,
    message:
      'standard input:1: expected the column "age"; found "agee", "size"\n  did you mean "agee"?',
  },
  'JSON rows of another shape': {
    files: {
      'model.json': {
        input_shape: [2],
        layers: [{ units: 1 }],
        weights: { dense: { kernel: [[1], [1]], bias: [0] } },
      },
    },
    args: ['predict', '--input', '[[1,2,3]]'],
    status: 3,
    message:
      '--input: expected an array of shape (None, 2); found shape (1, 3)\n  the first axis is rows, the others are what the network takes',
  },
  'JSON that ends early': {
    files: {
      'model.json': {
        input_shape: [2],
        layers: [{ units: 1 }],
        weights: { dense: { kernel: [[1], [1]], bias: [0] } },
      },
    },
    args: ['predict', '--input', '[[1,2'],
    status: 3,
    message:
      '--input:1:6: expected "," or "]"; found the end of the text\n  the text seems to be cut off',
  },
  'a layer that get-weights does not find': {
    files: {
      'model.json': {
        input_shape: [1],
        layers: [{ units: 1 }],
        weights: { dense: { kernel: [[1]], bias: [0] } },
      },
    },
    args: ['get-weights', '--layer', 'dens'],
    status: 2,
    message: '--layer: expected a layer; found "dens"\n  did you mean "dense"?',
  },
  'a kernel of another shape': {
    files: { 'model.json': { input_shape: [2], layers: [{ units: 1 }] } },
    args: ['set-weights', '--kernel', '[[1,2]]', '--bias', '0'],
    status: 4,
    message: '--kernel: expected shape (2, 1); found shape (1, 2)',
  },
  'a value that is no tensor': {
    files: { 'model.json': { input_shape: [2], layers: [{ units: 1 }] } },
    args: ['set-weights', '--kernel', 'once', '--bias', '0'],
    status: 2,
    message: '--kernel: expected ones, zeros, a number, a JSON array or @FILE; found "once"',
  },
  'a kernel in JSON that ends early': {
    files: { 'model.json': { input_shape: [2], layers: [{ units: 1 }] } },
    args: ['set-weights', '--kernel', '[[1],[2]', '--bias', '0'],
    status: 2,
    message:
      '--kernel:1:9: expected "," or "]"; found the end of the text\n  the text seems to be cut off',
  },
  'an optimizer in JSON that goes on': {
    files: { 'model.json': linear, 'data.csv': CSV },
    args: [...train, '--optimizer', '{"type": "sgd"} 1'],
    status: 2,
    message:
      '--optimizer:1:17: expected the end of the text; found "1"\n  JSON writes numbers like 0.5, -1 and 1e-7',
  },
  'layers that do not fit their weights': {
    files: {
      'model.json': {
        input_shape: [3],
        layers: [{ units: 1 }],
        weights: { dense: { kernel: [[1], [1]], bias: [0] } },
      },
    },
    args: ['summary'],
    status: 4,
    message:
      'model.json: weights.dense.kernel: expected shape (3, 1); found shape (2, 1)\n  weights belong to the layers they were made for: change the layers back, or initialise anew with "mlp init"',
  },
  'an output in a folder that is not there': {
    files: { 'model.json': linear, 'data.csv': CSV },
    args: [...train, '-o', 'no/model.json'],
    status: 6,
    message:
      'no/model.json: expected a file that can be written; found no folder of that name\n  make the folder first, or check the path',
  },
  'an output that is a folder': {
    files: { 'model.json': linear, 'data.csv': CSV },
    args: [...train, '-o', '.'],
    status: 6,
    message: '.: expected a file that can be written; found a folder\n  name a file in it',
  },
  'an output that is the data': {
    files: { 'model.json': linear, 'data.csv': CSV },
    args: [...train, '-o', 'data.csv', '--force'],
    status: 6,
    message:
      'data.csv: expected a file that the command does not use otherwise; found one that it does\n  name another one: -o FILE',
  },
  'an output that is somebody’s file': {
    files: { 'model.json': linear, 'data.csv': CSV, 'notes.txt': 'dear diary' },
    args: [...train, '-o', 'notes.txt'],
    status: 6,
    message:
      'notes.txt: expected a new file or a model written by mlp; found another file\n  name another one: -o FILE, or add --force to overwrite it',
  },
  'numbers that run away': {
    files: { 'model.json': linear, 'data.csv': CSV },
    args: [
      ...train,
      '--optimizer',
      'sgd',
      '--learning-rate',
      '1e30',
      '--epochs',
      '9',
      '--verbose',
      '0',
    ],
    status: 5,
    message: [
      'epoch 2, batch 1: expected a finite loss; found Infinity',
      '  first not finite: Infinity in the loss, of outputs that are finite, from square of 2.131e+32 … 9.93e+32',
      '  largest there: weight 7.105e+31 in kernel, gradient 7.591e+33 in kernel',
      '  inputs of the batch: up to 8, in "x2"; learning rate 1e+30',
      '  most likely the steps are too large: --learning-rate 0.01, or --clip-norm 1',
      '  the last good state is the one it began with: nothing is saved',
    ].join('\n'),
  },
  'an unknown command': {
    args: ['trian'],
    status: 2,
    message: 'unknown command "trian"\n  did you mean "mlp train"?',
  },
  'what Keras calls train': {
    args: ['fit', 'model.json'],
    status: 2,
    message: 'unknown command "fit"\n  did you mean "mlp train"?',
  },
  'what others call evaluate': {
    args: ['test'],
    status: 2,
    message: 'unknown command "test"\n  did you mean "mlp evaluate"?',
  },
  'no model but a trained one, for a command that takes specs': {
    files: { 'model.trained.json': { ...linear, input_shape: [2] } },
    args: ['summary'],
    status: 2,
    message:
      'MODEL: expected a model file; found no model.json in this folder\n  there is model.trained.json: name it after the command',
  },
  'a trained model that would be written over itself': {
    files: { 'model.trained.json': { ...linear, input_shape: [2] }, 'data.csv': CSV },
    args: ['train', 'model.trained.json', '--data', 'data.csv'],
    status: 6,
    message:
      'model.trained.json: expected a file that the command does not use otherwise; found one that it does\n  name another one: -o FILE',
  },
  'a file where the command belongs': {
    args: ['model.json'],
    status: 2,
    message:
      'unknown command "model.json"\n  a command comes first, for example "mlp summary model.json"',
  },
  'an unknown option before the command': {
    args: ['--verison'],
    status: 2,
    message: 'unknown option "--verison"\n  did you mean "mlp --version"?',
  },
  'an unknown option': {
    args: ['train', '--epoch', '3'],
    status: 2,
    message: 'unknown option --epoch for train\n  did you mean --epochs?',
  },
  'an unknown option with a terminal escape in it': {
    args: ['train', '--\u001b[31m'],
    status: 2,
    message: 'unknown option "--\\u001b[31m" for train\n  see "mlp train --help"',
  },
  'an option without its value': {
    args: ['train', '--epochs'],
    status: 2,
    message: '--epochs: expected a value; found nothing\n  see "mlp train --help"',
  },
  'two models': {
    args: ['summary', 'a.json', 'b.json'],
    status: 2,
    message:
      'summary: expected one MODEL at most; found "a.json" "b.json"\n  see "mlp summary --help"',
  },
  'words after a command that takes none': {
    args: ['schema', 'a.json'],
    status: 2,
    message: 'schema: expected options only; found "a.json"\n  see "mlp schema --help"',
  },
  'train without data': {
    args: ['train'],
    status: 2,
    message: 'train: expected --data FILE; found none\n  "--data -" reads standard input',
  },
  'standard input for two things': {
    args: ['train', '-', '--data', '-'],
    status: 2,
    message:
      'train: expected one "-" at most among MODEL, --resume, --data and --validation-data; found more\n  standard input can only be read once',
  },
  '--layers beside a model': {
    files: { 'model.json': linear },
    args: [...train, '--layers', '8'],
    status: 2,
    message:
      '--layers: expected no model beside it; found model.json\n  the layers of a model are in its file',
  },
  'two kinds of validation': {
    files: { 'model.json': linear, 'data.csv': CSV },
    args: [...train, '--validation-split', '0.5', '--validation-data', 'data.csv'],
    status: 2,
    message:
      '--validation-data: expected no --validation-split beside it; found both\n  see "mlp train --help"',
  },
  'a layer that cannot be frozen': {
    files: { 'model.json': linear, 'data.csv': CSV },
    args: [...train, '--freeze', 'dens'],
    status: 2,
    message: '--freeze: expected the name of a layer; found "dens"\n  did you mean "dense"?',
  },
  'an unknown optimizer': {
    files: { 'model.json': linear, 'data.csv': CSV },
    args: [...train, '--optimizer', 'adm'],
    status: 2,
    message: '--optimizer: unknown optimizer "adm"; did you mean "adam"?',
  },
  'an optimizer with a wrong argument': {
    files: { 'model.json': linear, 'data.csv': CSV },
    args: [...train, '--optimizer', '{"name": "adam", "beta_1": 2}'],
    status: 2,
    message: '--optimizer.beta_1: expected a number, 0 or more and less than 1; found 2',
  },
  'an unknown loss': {
    files: { 'model.json': linear, 'data.csv': CSV },
    args: [...train, '--loss', 'msee'],
    status: 2,
    message: '--loss: unknown loss "msee"; did you mean "mse"?',
  },
  'epochs that are done already': {
    files: { 'model.json': linear, 'data.csv': CSV },
    args: [...train, '--epochs', '3', '--initial-epoch', '3'],
    status: 2,
    message:
      '--initial-epoch: expected less than the 3 of --epochs; found 3\n  as in Keras, --epochs is the number of the last epoch, not how many are run',
  },
  'a split that leaves nothing to learn from': {
    files: { 'model.json': linear, 'data.csv': CSV },
    args: [...train, '--validation-split', '0.9'],
    status: 3,
    message:
      '--validation-split 0.9: expected at least one row for training; found none in 3 rows\n  give more rows, or another share of them to validate with',
  },
  'a split of the spec that leaves nothing to validate with': {
    files: { 'model.json': { ...linear, fit: { validation_split: 1e-17 } }, 'data.csv': CSV },
    args: train,
    status: 3,
    message:
      'fit.validation_split 1e-17: expected at least one row for validation; found none in 3 rows\n  give more rows, or another share of them to validate with',
  },
};

test.each(Object.entries(cases))('%s', (_, { files = {}, args, input, status, message }) => {
  const folder = new Folder();
  for (const [name, content] of Object.entries(files)) folder.write(name, content);
  const before = Object.keys(files).map((name) => [name, folder.read(name)]);
  expect(folder.mlp(args, input)).toEqual(refused(status, `mlp: ${message}\n`));
  expect(folder.names().map((name) => [name, folder.read(name)])).toEqual(before.sort());
});

test.each(['1e99', '-1e39', 'nan', 'inf', '-Infinity'])('--kernel %s is no float32', (value) => {
  const folder = new Folder().write('model.json', { input_shape: [2], layers: [{ units: 1 }] });
  const message = `mlp: --kernel: expected a number within float32 (3.4e38); found "${value}"\n`;
  expect(folder.mlp(['set-weights', '--kernel', value, '--bias', '0'])).toEqual(
    refused(2, message),
  );
});

const whole = (min: number) => `a whole number, ${min} or more`;
const share = 'a number, 0 or more and less than 1';

test.each([
  ['train', '--epochs', '0', whole(1)],
  ['train', '--epochs', '-3', whole(1)],
  ['train', '--epochs', '1.5', whole(1)],
  ['train', '--epochs', '1e3', whole(1)],
  ['train', '--epochs', '', whole(1)],
  ['train', '--epochs', '0x10', whole(1)],
  ['train', '--epochs', '9007199254740993', whole(1)],
  ['train', '--initial-epoch', '-1', whole(0)],
  ['train', '--batch-size', '0', whole(1)],
  ['train', '--seed', '-1', 'a whole number from 0 to 4294967295'],
  ['train', '--seed', '4294967296', 'a whole number from 0 to 4294967295'],
  ['train', '--learning-rate', '-0.1', 'a number, 0 or more'],
  ['train', '--learning-rate', 'NaN', 'a number, 0 or more'],
  ['train', '--learning-rate', '1e999', 'a number, 0 or more'],
  ['train', '--validation-split', '1', share],
  ['train', '--validation-split', '0,2', share],
  ['train', '--layers', '64,0', 'units with commas between them (64,32), or none'],
  ['train', '--layers', '', 'units with commas between them (64,32), or none'],
  ['train', '--verbose', '3', '0, 1, 2'],
  ['train', '--target', 'a,,b', 'names with commas between them'],
  ['train', '--data', '', 'a value'],
  ['predict', '--format', 'yaml', 'csv, tsv, jsonl, json, numpy, tensor'],
  ['predict', '--input-format', 'xml', 'csv, tsv, jsonl, ndjson, json, npy, parquet, duckdb'],
  ['summary', '--line-length', '0', 'a whole number from 1 to 10000'],
  ['summary', '--positions', '0.5,0.4,1', 'three rising numbers such as 0.45,0.85,1'],
  ['get-weights', '--format', 'pickle', 'numpy, json, csv, npy'],
])('%s %s %j is out of range', (command, flag, value, expected) => {
  const message = `mlp: ${flag}: expected ${expected}; found ${JSON.stringify(value)}\n`;
  expect(new Folder().mlp([command, flag, value])).toEqual(refused(2, message));
});

test.each([
  ['summary', '--style', 'kears2', 'keras2, keras3', 'keras2'],
  ['summary', '--color', 'alway', 'auto, always, never', 'always'],
  ['predict', '--format', 'jsonn', 'csv, tsv, jsonl, json, numpy, tensor', 'jsonl'],
])('%s %s %j has a word near it', (command, flag, value, expected, near) => {
  const problem = `mlp: ${flag}: expected ${expected}; found ${JSON.stringify(value)}\n`;
  const message = `${problem}  did you mean ${near}?\n`;
  expect(new Folder().mlp([command, flag, value])).toEqual(refused(2, message));
});
