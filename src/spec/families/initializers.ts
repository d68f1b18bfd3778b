/** The law of each initializer. */
import type { Family } from '../../records.ts';
import { initializers } from '../initializers.ts';
import { type Descriptions, familyOf } from './family.ts';

const uniform = (limit: string) => `uniform in [-s, s), s = sqrt(${limit})`;
const normal = (variance: string) => `truncated normal, deviation sqrt(${variance})`;

export const descriptions: Descriptions<typeof initializers> = {
  zeros: { formula: '0' },
  ones: { formula: '1' },
  constant: { formula: 'value' },
  glorot_uniform: { formula: uniform('6 / (fan_in + fan_out)') },
  glorot_normal: { formula: normal('2 / (fan_in + fan_out)') },
  he_uniform: { formula: uniform('6 / fan_in') },
  he_normal: { formula: normal('2 / fan_in') },
  lecun_uniform: { formula: uniform('3 / fan_in') },
  lecun_normal: { formula: normal('1 / fan_in') },
  random_normal: { formula: 'normal, mean and deviation stddev' },
  random_uniform: { formula: 'uniform in [minval, maxval)' },
  truncated_normal: {
    formula: 'normal, mean and deviation stddev, within 2 * stddev of mean',
    where: 'what is left has the deviation 0.8796 * stddev',
  },
  variance_scaling: {
    formula: 'variance scale / n, n = fan_in, fan_out or their mean by mode',
    where:
      'of a distribution `"truncated_normal"` (or `"normal"`), `"untruncated_normal"` or `"uniform"`; `mode` is `"fan_in"`, `"fan_out"` or `"fan_avg"`',
  },
  orthogonal: {
    formula: 'gain * Q, rows or columns at right angles and of length 1',
    where: 'whichever are fewer; leading axes count as rows',
  },
  identity: { formula: 'gain on the diagonal, else 0' },
};

export const family: Family = familyOf(
  {
    name: 'initializers',
    about: [
      'The first numbers of a weight. fan_in and fan_out are the inputs and outputs that it joins: rows and columns of a matrix, the length of a vector; where `input_axes` and `output_axes` are both given, the products of the lengths along them. A truncated normal is drawn again beyond two deviations, and scaled so that it has the deviation that is said.',
      'All numbers of a weight may also be given, in nested arrays of its shape.',
    ],
    differences: [
      '`stft` is not there.',
      'The laws are those of Keras, the numbers drawn are others: a `seed` gives the same ones on every machine, but not those that Keras draws from it. Without one they come from the seed of the run and the name of the weight.',
    ],
  },
  initializers,
  descriptions,
);
