/** Two models whose evaluation can be reckoned by hand, their rows, and what is printed of them. */
import { Folder } from './run.ts';

const number = (name: string, position: number) => ({ name, position, kind: 'number' });

/** y = 2 x, trained on a table with a header. */
export const double = {
  input_shape: [1],
  layers: [{ units: 1 }],
  compile: { optimizer: 'adam', loss: 'mse', metrics: ['mae', 'mse'] },
  weights: { dense: { kernel: [[2]], bias: [0] } },
  columns: { header: true, features: [number('x', 1)], targets: [number('y', 2)] },
};
export const DOUBLE_CSV = 'x,y\n1,2\n2,5\n3,5\n';
export const DOUBLE_TABLE = `measure   model  baseline
loss     0.6667    2.0000
rmse     0.8165    1.4142
mae      0.6667    1.3333
r2       0.6667    0.0000
mse      0.6667    2.0000
baseline: always the mean of the targets of these 3 rows
`;

/** Two classes by the sign of x, as sure as can be. */
export const sign = {
  input_shape: [1],
  layers: [{ units: 2, activation: 'softmax' }],
  compile: { optimizer: 'adam', loss: 'sparse_categorical_crossentropy', metrics: ['accuracy'] },
  weights: { dense: { kernel: [[-50, 50]], bias: [0, 0] } },
  columns: {
    header: true,
    features: [number('x', 1)],
    targets: [{ name: 'sign', position: 2, kind: 'class', classes: ['minus', 'plus'] }],
  },
};
export const SIGN_CSV = 'x,sign\n-1,minus\n2,plus\n3,plus\n1,minus\n4,plus\n';

export function folderWith(model: object): Folder {
  return new Folder()
    .write('model.trained.json', model)
    .write('double.csv', DOUBLE_CSV)
    .write('sign.csv', SIGN_CSV);
}

export const SIGN_TABLE = `measure     model  baseline
loss      20.0000    0.6730
accuracy   0.8000    0.6000
log_loss  20.0000    0.6730
baseline: always "plus", the commonest class of these 5 rows, with its share as probability
`;

/** The same without what a first training settles. */
export function bare({ columns: _columns, ...rest }: { readonly columns: object }): object {
  return rest;
}
