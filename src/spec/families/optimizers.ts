/** How each optimizer moves weights: its rule as Keras codes it, one assignment after the other. */
import type { Family } from '../../records.ts';
import { commonArguments, optimizers } from '../optimizers.ts';
import { type Descriptions, familyOf } from './family.ts';

const M = 'm = m + (1 - beta_1) * (g - m)';
const V = 'v = v + (1 - beta_2) * (g ** 2 - v)';
const MOMENTUM = 'm = momentum * m';
const CORRECTED_V = 'v / (1 - beta_2 ** t)';
const ADAM = {
  formula: `${M}; ${V}; w = w - lr * sqrt(1 - beta_2 ** t) / (1 - beta_1 ** t) * m / (sqrt(v) + epsilon)`,
  where: 'with `amsgrad` the largest v so far in the place of v',
};
const AVERAGE_OF_SQUARES = 'v = rho * v + (1 - rho) * g ** 2';

export const descriptions: Descriptions<typeof optimizers> = {
  sgd: {
    formula: `${MOMENTUM} - lr * g; w = w + m`,
    variants: { nesterov: `${MOMENTUM} - lr * g; w = w + momentum * m - lr * g` },
  },
  rmsprop: {
    formula: `${AVERAGE_OF_SQUARES}; ${MOMENTUM} + lr * g / sqrt(v + epsilon); w = w - m`,
    variants: {
      centered: `${AVERAGE_OF_SQUARES}; a = rho * a + (1 - rho) * g; ${MOMENTUM} + lr * g / sqrt(v - a ** 2 + epsilon); w = w - m`,
    },
  },
  adam: ADAM,
  adamw: { ...ADAM, where: `${ADAM.where}; \`weight_decay\` is never null` },
  adamax: {
    formula: `${M}; u = max(beta_2 * u, abs(g)); w = w - lr * m / ((1 - beta_1 ** t) * (u + epsilon))`,
  },
  nadam: {
    formula: `a = beta_1 * (1 - 0.96 ** t / 2); b = beta_1 * (1 - 0.96 ** (t + 1) / 2); k = k * a; ${M}; ${V}; w = w - lr * (b * m / (1 - k * b) + (1 - a) * g / (1 - k)) / (sqrt(${CORRECTED_V}) + epsilon)`,
    where: 'k starts at 1',
  },
  adagrad: {
    formula: 'a = a + g ** 2; w = w - lr * g / sqrt(a + epsilon)',
    where: 'a starts at initial_accumulator_value',
  },
  adadelta: {
    formula: `${AVERAGE_OF_SQUARES}; d = sqrt(u + epsilon) * g / sqrt(v + epsilon); u = rho * u + (1 - rho) * d ** 2; w = w - lr * d`,
  },
  ftrl: {
    formula:
      'k = a ** -learning_rate_power; a = a + g ** 2; q = a ** -learning_rate_power; z = z + g + 2 * l2_shrinkage_regularization_strength * w - (q - k) / lr * w; w = (clip(z, -l1_regularization_strength, l1_regularization_strength) - z) / (q / lr + 2 * l2_regularization_strength + beta / lr)',
    where: 'a starts at initial_accumulator_value',
  },
  adafactor: {
    formula:
      'b = 1 - t ** beta_2_decay; v = b * v + (1 - b) * (g ** 2 + epsilon_1); u = g / sqrt(v); w = w - max(rms(w), epsilon_2) * min(lr, 1 / sqrt(t)) * u / max(rms(u) / clip_threshold, 1)',
    where:
      'of a matrix v = r cᵀ / mean(r), from running means r of the rows and c of the columns; `relative_step` changes nothing, as in Keras',
  },
  lion: {
    formula: 'w = w - lr * sign(beta_1 * m + (1 - beta_1) * g); m = beta_2 * m + (1 - beta_2) * g',
  },
  lamb: {
    formula: `${M}; ${V}; u = m / (1 - beta_1 ** t) / (sqrt(${CORRECTED_V}) + epsilon); w = w - lr * norm(w) / norm(u) * u`,
    where: 'norm(w) / norm(u) is 1 where one of them is 0',
    differences: ['as a word too; Keras takes it as an object only'],
  },
  muon: {
    formula:
      'm = momentum * m + g; x = u / (norm(u) + 1e-7); ns_steps times: a = x xᵀ, x = muon_a * x + (muon_b * a + muon_c * a a) x; w = w - lr * rms_rate * sqrt(max(rows, cols)) * x',
    where:
      'u is g + momentum * m, or m with `nesterov` false; a matrix with more rows than columns is turned for it; `rms_rate` null: w = w - lr * x. What is no matrix, or excluded, moves by Adam with `adam_beta_1`, `adam_beta_2`, `adam_weight_decay` and lr * adam_lr_ratio',
    differences: [
      '`exclude_layers` are parts of `layer/weight`, plain text, where Keras searches the path, which begins with the name of the model, with regular expressions',
    ],
  },
  schedulefreeadamw: {
    formula: `r = lr * min(t / warmup_steps, 1); ${V}; z = z - r * g / (sqrt(${CORRECTED_V}) + epsilon); x = (w - (1 - beta_1) * z) / beta_1; x = (1 - 1 / t) * x + z / t; w = (1 - beta_1) * z + beta_1 * x`,
    where: 'z starts at w; r is lr where `warmup_steps` is 0',
  },
  lbfgs: {
    formula: 'w = w - s * H g',
    where:
      'H is what the last `memory` steps say of the inverse Hessian, s found by a strong Wolfe line search that starts at `learning_rate` and computes at most `max_evaluations` gradients; one step over all rows is an epoch; ends where no part of g is above `gradient_tolerance`',
    differences: [
      'not of Keras',
      'takes all rows at once, no constraints, and no layers that work by chance',
    ],
  },
};

export const family: Family = familyOf(
  {
    name: 'optimizers',
    about: [
      'How weights w move by their gradient g in step t = 1, 2, …, one assignment after the other. lr is the learning rate: a number, or one of `mlp help schedules`. What stands on the right before it was assigned is kept from the step before, and starts at 0. Names are known in any case.',
      'Common arguments: `weight_decay` d: w = w - d * lr * w before the step. `clipnorm` c: g * c / max(norm(g), c), weight by weight; `global_clipnorm`: the same with the norm of all; `clipvalue` c: clip(g, -c, c); one of the three. `use_ema` keeps averages, ema_momentum * average + (1 - ema_momentum) * w, which become the weights every `ema_overwrite_frequency` steps and at the end. `gradient_accumulation_steps` k: one step with the mean gradient of k batches. `loss_scale_factor`: the loss is multiplied by it for the gradient, which is divided by it again.',
    ],
    common: commonArguments,
    differences: [
      'JSON has one kind of number: where Keras insists on a float (`Adam(1)`, `momentum=0`), `1` is `1.0`.',
      'Negative `clipnorm`, `clipvalue` and `global_clipnorm` are refused, where Keras takes them for no clipping; so are negative rates and decays, and betas and momenta outside their range.',
      'Weights that the loss does not depend on have a gradient of 0, so that weight decay, averages and constraints reach them; Keras leaves them out of the step with a warning.',
      '`exclude_from_weight_decay` is a method in Keras and not in its configs: it is not there.',
      '`LossScaleOptimizer` is for half precision: it is not there.',
    ],
  },
  optimizers,
  descriptions,
);
