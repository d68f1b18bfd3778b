/** The learning rate of each schedule at a step. */
import type { Family } from '../../records.ts';
import { schedules } from '../schedules.ts';
import { type Descriptions, familyOf } from './family.ts';

const span = '(initial_learning_rate - end_learning_rate)';

export const descriptions: Descriptions<typeof schedules> = {
  ExponentialDecay: {
    formula: 'initial_learning_rate * decay_rate ** (step / decay_steps)',
    variants: {
      staircase: 'initial_learning_rate * decay_rate ** floor(step / decay_steps)',
    },
  },
  InverseTimeDecay: {
    formula: 'initial_learning_rate / (1 + decay_rate * step / decay_steps)',
    variants: {
      staircase: 'initial_learning_rate / (1 + decay_rate * floor(step / decay_steps))',
    },
  },
  PiecewiseConstantDecay: {
    formula: 'values[i] where boundaries[i - 1] < step <= boundaries[i]',
    where: 'the first value up to the first boundary, the last one after the last',
  },
  PolynomialDecay: {
    formula: `${span} * (1 - min(step / decay_steps, 1)) ** power + end_learning_rate`,
    variants: {
      cycle: `${span} * (1 - step / (decay_steps * max(-floor(-step / decay_steps), 1))) ** power + end_learning_rate`,
    },
  },
  CosineDecay: {
    formula:
      'initial_learning_rate * ((1 - alpha) * (1 + cos(pi * min(step / decay_steps, 1))) / 2 + alpha)',
    variants: {
      warmup_target:
        'where(step < warmup_steps, initial_learning_rate + (warmup_target - initial_learning_rate) * step / warmup_steps, warmup_target * ((1 - alpha) * (1 + cos(pi * min((step - warmup_steps) / decay_steps, 1))) / 2 + alpha))',
    },
  },
  CosineDecayRestarts: {
    formula: 'initial_learning_rate * ((1 - alpha) * m_mul ** i * (1 + cos(pi * f)) / 2 + alpha)',
    where:
      'i is the number of the period from 0, and f from 0 to 1 how far step is into it; the first has first_decay_steps, each next one t_mul times as many',
  },
};

export const family: Family = familyOf(
  {
    name: 'schedules',
    about: [
      'What a learning rate may be besides a number. Steps are batches, counted from 0 over all epochs.',
    ],
    differences: [
      'A schedule beside `ReduceLROnPlateau` or `LearningRateScheduler` is refused before the first epoch; Keras fails when the callback wants to set the rate.',
    ],
  },
  schedules,
  descriptions,
);
