/** `mlp train`: the options, and the order of the work: read, check, fit, save. */
import { expandPaths } from '../../data/path-pattern.ts';
import { MAX_SEED } from '../../random.ts';
import * as checkpoint from '../checkpoint-options.ts';
import type { Io } from '../io.ts';
import { SPEC_FILE } from '../model-input.ts';
import { wholeNumber } from '../option-values.ts';
import {
  colorOption,
  engineOption,
  forceOption,
  modelArgument,
  noVerifyOption,
  outputOption,
  quietOption,
  requireData,
  seedOption,
  styleOption,
} from '../shared-options.ts';
import { split, testOut, testSplit } from '../split-option.ts';
import { columnsCommand } from '../table-command.ts';
import { train } from '../train.ts';
import * as options from '../train-options.ts';

export function command(io: Io) {
  return columnsCommand()
    .addHelpText('before', 'mlp train model.json --data data.csv --epochs 400\n')
    .addArgument(modelArgument([SPEC_FILE, 'made from the data']))
    .addOption(options.epochs)
    .addOption(options.initialEpoch)
    .addOption(options.batchSize)
    .addOption(options.optimizer)
    .addOption(options.learningRate)
    .addOption(options.loss)
    .addOption(options.metrics)
    .addOption(options.classWeight)
    .addOption(options.validationSplit)
    .addOption(split)
    .addOption(testSplit)
    .addOption(testOut)
    .addOption(options.validationData)
    .addOption(options.validationFreq)
    .option('--no-shuffle', 'keep the rows in order')
    .addOption(options.earlyStopping)
    .addOption(options.reduceLr)
    .addOption(options.lrFormula)
    .addOption(options.lrSchedule)
    .addOption(options.monitor)
    .addOption(options.keep)
    .addOption(seedOption(wholeNumber(0, MAX_SEED)))
    .addOption(engineOption())
    .addOption(options.threads)
    .addOption(options.freeze)
    .addOption(options.unfreeze)
    .addOption(options.layers)
    .addOption(checkpoint.checkpoint)
    .addOption(checkpoint.checkpointEvery)
    .addOption(checkpoint.resume)
    .addOption(checkpoint.resumeAnyway)
    .addOption(checkpoint.maxTime)
    .addOption(checkpoint.stopAt)
    .addOption(noVerifyOption())
    .addOption(options.csvLog)
    .addOption(outputOption('MODEL with .trained.json'))
    .addOption(forceOption())
    .addOption(styleOption())
    .addOption(options.verbose)
    .option('--json', 'log one JSON line per epoch')
    .addOption(colorOption())
    .addOption(quietOption())
    .action(async (path, given) => {
      const data = await requireData(given, 'train', path);
      const validationData = given.validationData && (await expandPaths(given.validationData));
      const { data: dataPatterns, validationData: validationPatterns } = given;
      const patterns = { dataPatterns, validationPatterns };
      await train(io, path, { ...given, ...patterns, data, validationData });
    });
}
