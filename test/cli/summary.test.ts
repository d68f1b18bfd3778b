/** `mlp summary` of a model file before and after training. */
import { expect, test } from 'vitest';
import { done, Folder } from './run.ts';

const model = {
  input_shape: [1],
  layers: [{ units: 2 }, { units: 1 }],
  compile: { optimizer: 'adam', loss: 'mse' },
};

/** The lines below the table. */
function totals(text: string): string {
  return text.slice(text.indexOf(' Total params'));
}

test('Keras 3 shows the optimizer of a model that was trained, and of no other', () => {
  const folder = new Folder().write('model.json', model).write('data.csv', 'x,y\n1,2\n2,4\n');
  const quiet = ['--seed', '1', '-q'];
  expect(folder.mlp(['init', ...quiet])).toEqual(done(''));
  expect(folder.mlp(['train', '--data', 'data.csv', ...quiet, '--verbose', '0'])).toEqual(done(''));
  const keras3 = (file: string) =>
    totals(folder.mlp(['summary', file, '--style', 'keras3']).stdout);
  const untrained =
    ' Total params: 7 (28.00 B)\n Trainable params: 7 (28.00 B)\n Non-trainable params: 0 (0.00 B)\n';
  expect(keras3('model.init.json')).toBe(untrained);
  expect(keras3('model.trained.json')).toBe(
    ' Total params: 23 (96.00 B)\n Trainable params: 7 (28.00 B)\n Non-trainable params: 0 (0.00 B)\n' +
      ' Optimizer params: 16 (68.00 B)\n',
  );
});
