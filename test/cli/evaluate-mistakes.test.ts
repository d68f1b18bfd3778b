/** What `mlp evaluate` refuses: whole messages and exit codes. */
import { expect, test } from 'vitest';
import { double, folderWith, sign } from './evaluate-models.ts';
import { refused } from './run.ts';

interface Mistake {
  readonly model?: object;
  readonly args: readonly string[];
  readonly input?: string;
  readonly status: number;
  readonly message: string;
}

const mistakes: Readonly<Record<string, Mistake>> = {
  'no rows': {
    args: [],
    status: 2,
    message: 'evaluate: expected --data FILE; found none\n  "--data -" reads standard input',
  },
  'standard input for two things': {
    args: ['-', '--data', '-'],
    status: 2,
    message:
      'evaluate: expected one "-" at most among MODEL and --data; found two\n  standard input can only be read once',
  },
  'no weights': {
    model: { input_shape: [1], layers: [{ units: 1 }] },
    args: ['--data', 'double.csv'],
    status: 4,
    message:
      'model.trained.json: weights: expected the weights of the layers; found none yet\n  train the model first, or give it initial weights: mlp train, mlp init',
  },
  'a table without the target': {
    args: ['--data', '-'],
    input: 'x,Y\n1,2\n',
    status: 3,
    message:
      'standard input:1: expected the target column "y"; found "x", "Y"\n  did you mean "Y"?',
  },
  'another target than the one of the model': {
    args: ['--data', 'double.csv', '--target', 'x'],
    status: 2,
    message:
      '--target: expected none, since the columns of model.trained.json say what its targets are; found "x"\n  the column of the rows must be called as in the training table',
  },
  'a class that the model does not know': {
    model: sign,
    args: ['--data', '-'],
    input: 'x,sign\n1,plus\n2,pluss\n',
    status: 3,
    message:
      'standard input:3 column "sign": expected one of the classes "minus", "plus"; found "pluss" (did you mean "plus"?)\n  correct the cells, or leave the rows out of the file',
  },
  'texts where the model has numbers': {
    args: ['--data', '-', '--input-format', 'json'],
    input: '{"x": [[1], [2]], "y": ["a", "b"]}',
    status: 3,
    message:
      'standard input: y: expected numbers, as the targets of the model are; found classes such as "a"',
  },
  'a loss that is not finite': {
    args: ['--data', '-'],
    input: 'x,y\n1,2\n3e38,1\n',
    status: 5,
    message:
      'standard input: expected a finite loss; found Infinity\n  where outputs are not finite, "mlp predict" on these rows names the first row and its layer',
  },
  'a batch of no rows': {
    args: ['--data', 'double.csv', '--batch-size', '0'],
    status: 2,
    message: '--batch-size: expected a whole number, 1 or more; found "0"',
  },
};

test.each(Object.entries(mistakes))(
  '%s is refused',
  (_, { model = double, args, input, status, message }) => {
    const found = folderWith(model).mlp(['evaluate', ...args], input);
    expect(found).toEqual(refused(status, `mlp: ${message}\n`));
  },
);
