/** What each activation computes. */
import type { Family, FamilyArgument } from '../../records.ts';
import { activationAliases, activations, REQUIRED } from '../activations.ts';
import { type Description, type Descriptions, entryOf } from './family.ts';

const NO_BATCH_AXIS = '`axis` 0, the batch, is refused';

export const descriptions: Descriptions<typeof activations> = {
  linear: { formula: 'x' },
  relu: {
    formula:
      'clip(where(x > threshold, x, 0), 0, max_value) - negative_slope * max(threshold - x, 0)',
    where: 'not clipped where `max_value` is null',
  },
  sigmoid: { formula: '1 / (1 + exp(-x))' },
  tanh: { formula: '(exp(x) - exp(-x)) / (exp(x) + exp(-x))' },
  softmax: {
    formula: 'exp(x) / sum(exp(x))',
    where: 'the sum runs along `axis`',
    differences: [NO_BATCH_AXIS],
  },
  softplus: { formula: 'log(1 + exp(x))' },
  softsign: { formula: 'x / (1 + abs(x))' },
  elu: { formula: 'where(x > 0, x, alpha * (exp(x) - 1))' },
  selu: { formula: '1.0507009873554805 * where(x > 0, x, 1.6732632423543772 * (exp(x) - 1))' },
  exponential: { formula: 'exp(x)' },
  silu: { formula: 'x * sigmoid(x)' },
  gelu: {
    formula: 'x * (1 + erf(x / sqrt(2))) / 2',
    variants: { approximate: 'x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x ** 3))) / 2' },
  },
  mish: { formula: 'x * tanh(softplus(x))' },
  leaky_relu: { formula: 'where(x > 0, x, negative_slope * x)' },
  relu6: { formula: 'clip(x, 0, 6)' },
  hard_sigmoid: { formula: 'clip((x + 3) / 6, 0, 1)' },
  log_softmax: {
    formula: 'x - log(sum(exp(x)))',
    where: 'the sum runs along `axis`',
    differences: [NO_BATCH_AXIS],
  },
  log_sigmoid: { formula: '-log(1 + exp(-x))' },
  hard_tanh: { formula: 'clip(x, -1, 1)' },
  celu: { formula: 'max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)' },
  hard_silu: { formula: 'x * clip((x + 3) / 6, 0, 1)' },
  hard_shrink: { formula: 'where(abs(x) > threshold, x, 0)' },
  soft_shrink: {
    formula: 'where(x > threshold, x - threshold, where(x < -threshold, x + threshold, 0))',
  },
  tanh_shrink: { formula: 'x - tanh(x)' },
  squareplus: { formula: '(x + sqrt(x ** 2 + b)) / 2' },
  sparse_plus: { formula: 'where(x <= -1, 0, where(x < 1, (x + 1) ** 2 / 4, x))' },
  sparse_sigmoid: { formula: 'clip((x + 1) / 2, 0, 1)' },
  sparsemax: {
    formula: 'max(x - t, 0)',
    where:
      't = (Σ c_j - 1) / k over the k places j where z_j > (c_j - 1) / j; z is x sorted from the largest down along `axis`, c its running sum',
    differences: [NO_BATCH_AXIS],
  },
  threshold: { formula: 'where(x > threshold, x, default_value)' },
  glu: {
    formula: 'a * sigmoid(b)',
    where: 'a and b are the halves of x along `axis`, which must be even',
    differences: [
      'a layer has half as many outputs; Keras declares all of them, so that the next layer fails',
      NO_BATCH_AXIS,
    ],
  },
};

const table: Readonly<Record<string, object>> = activations;

function aliasesOf(name: string): string[] {
  return Object.entries(activationAliases).flatMap(([word, meant]) => (meant === name ? word : []));
}

function argumentsOf(name: string): FamilyArgument[] {
  return Object.entries(table[name]).map(([key, usual]) =>
    usual === REQUIRED
      ? { name: key, required: true }
      : { name: key, default: usual, required: false },
  );
}

export const family: Family = {
  name: 'activations',
  about: [
    'What a layer does to its outputs: x is one of them. The formulas are in the language of `mlp help formulas`, save sums, which run along an axis. Any formula in x may stand in the place of a name.',
  ],
  entries: Object.entries<Description>(descriptions).map(([name, description]) =>
    entryOf(name, aliasesOf(name), argumentsOf(name), description),
  ),
  common: { arguments: [], except: [] },
  differences: [],
};
