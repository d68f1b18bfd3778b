/** A training so small that it can be followed by hand: y = 2 x from one weight. */
import { Folder } from './run.ts';

export const linear = {
  layers: [{ units: 1 }],
  compile: { optimizer: { name: 'sgd', learning_rate: 0.125 }, loss: 'mse', metrics: ['mae'] },
  fit: { epochs: 2, batch_size: 2, shuffle: false },
};
/** y = 2 x. */
export const CSV = 'x,y\n1,2\n-1,-2\n2,4\n-2,-4\n';
/** One weight, from 0: an epoch by hand is in the first test of train.test.ts. */
export const start = {
  ...linear,
  input_shape: [1],
  weights: { dense: { kernel: [[0]], bias: [0] } },
};

export function folderWith(model: object | null, data = CSV): Folder {
  const folder = new Folder().write('data.csv', data);
  return model ? folder.write('model.json', model) : folder;
}

export const train = ['train', '--data', 'data.csv', '--seed', '1'];
