/** `mlp train`: the options, and the order of the work: read, check, fit, save. */
import { Command, Option } from '@commander-js/extra-typings';
import { MAX_SEED } from '../../random.ts';
import { optimizers } from '../../spec/optimizers.ts';
import type { Io } from '../io.ts';
import { lrSchedules } from '../lr-schedule.ts';
import { hiddenLayers } from '../made-spec.ts';
import { SPEC_FILE } from '../model-input.ts';
import {
  choice,
  collect,
  decimal,
  list,
  text,
  valueOption,
  wholeNumber,
} from '../option-values.ts';
import {
  colorOption,
  dataOption,
  forceOption,
  headerOption,
  inputFormatOption,
  modelArgument,
  noHeaderOption,
  outputOption,
  quietOption,
  requireData,
  seedOption,
  styleOption,
  targetOption,
} from '../shared-options.ts';
import { train } from '../train.ts';

const split = decimal('a number, 0 or more and less than 1', (x) => x >= 0 && x < 1);
const rate = decimal('a number, 0 or more', (x) => x >= 0);

export function command(io: Io) {
  return new Command()
    .addHelpText('before', 'mlp train model.json --data data.csv --epochs 400\n')
    .addArgument(modelArgument([SPEC_FILE, 'made from the data']))
    .addOption(dataOption())
    .addOption(inputFormatOption())
    .addOption(headerOption())
    .addOption(noHeaderOption())
    .addOption(targetOption())
    .addOption(valueOption('--epochs <N>', 'number of the last epoch', wholeNumber(1)))
    .addOption(valueOption('--initial-epoch <N>', 'epochs that are done already', wholeNumber(0)))
    .addOption(valueOption('--batch-size <N>', 'rows per step', wholeNumber(1)))
    .addOption(
      valueOption('--optimizer <NAME>', `${Object.keys(optimizers).join(', ')}, or JSON`, text),
    )
    .addOption(valueOption('--learning-rate <X>', 'size of the steps', rate))
    .addOption(valueOption('--loss <NAME>', 'what is made small, or JSON', text))
    .addOption(valueOption('--metrics <NAMES>', 'what is measured besides', list))
    .addOption(
      valueOption('--class-weight <JSON>', 'what each class counts for, or balanced', text),
    )
    .addOption(
      valueOption(
        '--validation-split <X>',
        'share of the rows, the last ones, to validate with',
        split,
      ),
    )
    .addOption(
      valueOption('--validation-data <FILE>', 'rows to validate with', text).conflicts(
        'validationSplit',
      ),
    )
    .addOption(
      valueOption('--validation-freq <N>', 'validate after every Nth epoch', wholeNumber(1)),
    )
    .option('--no-shuffle', 'keep the rows in order')
    .addOption(
      valueOption(
        '--early-stopping <PATIENCE>',
        'stop when it has not improved for so many epochs, or JSON of EarlyStopping',
        text,
      ),
    )
    .addOption(
      valueOption(
        '--reduce-lr <PATIENCE>',
        'lower the rate when it has not improved, or JSON of ReduceLROnPlateau',
        text,
      ),
    )
    .addOption(
      valueOption('--lr-formula <FORMULA>', 'rate of each epoch, a formula in epoch and lr', text),
    )
    .addOption(
      valueOption(
        '--lr-schedule <NAME>',
        `rate of each step: ${Object.keys(lrSchedules).join(', ')}, or JSON`,
        text,
      ),
    )
    .addOption(
      valueOption(
        '--monitor <NAME>',
        'what "it" is (default: val_loss, for --keep also loss)',
        text,
      ),
    )
    .addOption(
      valueOption(
        '--keep <WHICH>',
        'weights to save: of the last epoch, or of the best: last, best',
        choice(['last', 'best'] as const),
      ),
    )
    .addOption(seedOption(wholeNumber(0, MAX_SEED)))
    .addOption(
      new Option('--freeze <NAME>', 'a layer that does not learn; may be repeated').argParser(
        collect,
      ),
    )
    .addOption(
      new Option('--unfreeze <NAME>', 'a layer that learns again; may be repeated').argParser(
        collect,
      ),
    )
    .addOption(
      valueOption(
        '--layers <UNITS>',
        'without MODEL: units of the hidden layers, 64,32 or none',
        hiddenLayers,
      ),
    )
    .addOption(valueOption('--csv-log <FILE>', 'what each epoch measured, as a CSV table', text))
    .addOption(outputOption('MODEL with .trained.json'))
    .addOption(forceOption())
    .addOption(styleOption())
    .addOption(
      valueOption(
        '--verbose <N>',
        '0: no log, 1: a bar per epoch, 2: a line per epoch',
        choice(['0', '1', '2'] as const),
      ),
    )
    .option('--json', 'log one JSON line per epoch')
    .addOption(colorOption())
    .addOption(quietOption())
    .action((path, options) =>
      train(io, path, { ...options, data: requireData(options.data, 'train') }),
    );
}
