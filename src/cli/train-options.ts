/** The options that only `train` has: each with what it takes and what help says of it. */
import { Option } from '@commander-js/extra-typings';
import { optimizers } from '../spec/optimizers.ts';
import { MAX_THREADS } from '../training/engine-names.ts';
import { lrSchedules } from './lr-schedule.ts';
import { hiddenLayers } from './made-spec.ts';
import {
  choice,
  collect,
  decimal,
  filesOption,
  list,
  text,
  valueOption,
  wholeNumber,
  wrong,
} from './option-values.ts';

const split = decimal('a number, 0 or more and less than 1', (x) => x >= 0 && x < 1);
const rate = decimal('a number, 0 or more', (x) => x >= 0);

/** How long, and in what steps. */
export const epochs = valueOption('--epochs <N>', 'number of the last epoch', wholeNumber(1));
export const initialEpoch = valueOption(
  '--initial-epoch <N>',
  'epochs that are done already',
  wholeNumber(0),
);
export const batchSize = valueOption('--batch-size <N>', 'rows per step', wholeNumber(1));

/** What is made small, how, and what is measured besides. */
export const optimizer = valueOption(
  '--optimizer <NAME>',
  `${Object.keys(optimizers).join(', ')}, or JSON`,
  text,
);
export const learningRate = valueOption('--learning-rate <X>', 'size of the steps', rate);
export const clipNorm = valueOption(
  '--clip-norm <X>',
  "no weight's gradient is longer: Keras's clipnorm",
  decimal('a number greater than 0', (x) => x > 0),
);
export const loss = valueOption(
  '--loss <NAME>',
  'what is made small: a name ("mlp help losses"), or JSON',
  text,
);
export const metrics = valueOption(
  '--metrics <NAMES>',
  'what is measured besides: names ("mlp help metrics")',
  list,
);
export const classWeight = valueOption(
  '--class-weight <JSON>',
  'what each class counts for, or balanced',
  text,
);

/** Rows to validate with. */
export const validationSplit = valueOption(
  '--validation-split <X>',
  'share of the rows, the last ones, to validate with',
  split,
);
export const validationData = filesOption(
  '--validation-data <FILE>',
  'rows to validate with; may be repeated, or a quoted pattern',
).conflicts('validationSplit');
export const validationFreq = valueOption(
  '--validation-freq <N>',
  'validate after every Nth epoch',
  wholeNumber(1),
);

/** What happens between the epochs. */
export const earlyStopping = valueOption(
  '--early-stopping <PATIENCE>',
  'stop when it has not improved for so many epochs, or JSON of EarlyStopping',
  text,
);
export const reduceLr = valueOption(
  '--reduce-lr <PATIENCE>',
  'lower the rate when it has not improved, or JSON of ReduceLROnPlateau',
  text,
);
export const lrFormula = valueOption(
  '--lr-formula <FORMULA>',
  'rate of each epoch, a formula in epoch and lr',
  text,
);
export const lrSchedule = valueOption(
  '--lr-schedule <NAME>',
  `rate of each step: ${Object.keys(lrSchedules).join(', ')}, or JSON`,
  text,
);
export const monitor = valueOption(
  '--monitor <NAME>',
  'what "it" is (default: val_loss, for --keep also loss)',
  text,
);
export const keep = valueOption(
  '--keep <WHICH>',
  'weights to save: of the last epoch, or of the best: last, best',
  choice(['last', 'best'] as const),
);

/** The layers. */
export const freeze = new Option(
  '--freeze <NAME>',
  'a layer that does not learn; may be repeated',
).argParser(collect);
export const unfreeze = new Option(
  '--unfreeze <NAME>',
  'a layer that learns again; may be repeated',
).argParser(collect);
export const layers = valueOption(
  '--layers <UNITS>',
  'without MODEL: units of the hidden layers, 64,32 or none',
  hiddenLayers,
);

/** What is printed and logged. */
export const csvLog = valueOption(
  '--csv-log <FILE>',
  'what each epoch measured, as a CSV table',
  text,
);
export const verbose = valueOption(
  '--verbose <N>',
  '0: no log, 1: a bar per epoch, 2: a line per epoch',
  choice(['0', '1', '2'] as const),
);

export const diagnose = new Option(
  '--diagnose',
  'after each epoch: what the outputs, weights and gradients of each layer are like',
);

/** How it is computed. */
export const threads = valueOption(
  '--threads <N>',
  'threads of a step, or auto: several where steps are large',
  (value, flag) => {
    if (value === 'auto') return 'auto' as const;
    const number = Number(value);
    if (/^\d+$/.test(value) && number >= 1 && number <= MAX_THREADS) return number;
    throw wrong(flag, `a whole number from 1 to ${MAX_THREADS}, or auto`, value);
  },
).default('auto' as const);
