/** What each callback does between epochs. */
import type { Family } from '../../records.ts';
import { callbacks } from '../callbacks.ts';
import { type Descriptions, familyOf } from './family.ts';

const NOT_MEASURED =
  'a `monitor` that is not measured is refused before the first epoch, where Keras warns after it';

export const descriptions: Descriptions<typeof callbacks> = {
  EarlyStopping: {
    formula: 'ends training after patience epochs without a better monitor',
    where:
      'better by more than `min_delta`, and than `baseline` where it is given; `mode` says whether lower or higher is better, `"auto"` by what is measured. Epochs before `start_from_epoch` do not count. `restore_best_weights` puts those of the best epoch back at the end',
    differences: [NOT_MEASURED],
  },
  ReduceLROnPlateau: {
    formula: 'lr = max(lr * factor, min_lr)',
    where:
      'after `patience` epochs in which `monitor` was not better by more than `min_delta`; `cooldown` epochs after that do not count',
    differences: [NOT_MEASURED],
  },
  LearningRateScheduler: {
    formula: 'lr = schedule',
    where: 'before each epoch; a formula in epoch, counted from 0, and lr',
    differences: ['`schedule` is a formula, computed in float32; in Keras a function'],
  },
};

export const family: Family = familyOf(
  {
    name: 'callbacks',
    about: ['What may act between epochs. Where `verbose` is 1 they say so.'],
    differences: [
      'A loss, a validation loss or weights that are not finite always end the run (exit code 5): there is no `TerminateOnNaN`. `CSVLogger` and `ModelCheckpoint` are the options `--csv-log` and `--keep best` of `train`. The others are not there.',
    ],
  },
  callbacks,
  descriptions,
);
