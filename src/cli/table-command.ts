/** Commands begin with how their rows are read; those that decide about columns go on with that. */
import { Command } from '@commander-js/extra-typings';
import * as columns from './column-options.ts';
import {
  commentOption,
  dataOption,
  delimiterOption,
  encodingOption,
  headerOption,
  inputFormatOption,
  maxBytesOption,
  noHeaderOption,
  queryOption,
  targetOption,
} from './shared-options.ts';

/**
 * A command that reads rows.
 *
 * @param data  what help says of `--data`, where it is not the usual
 */
export function readingCommand(data?: string) {
  const [na, decimalComma] = columns.syntaxOptions();
  return new Command()
    .addOption(dataOption(data))
    .addOption(inputFormatOption())
    .addOption(delimiterOption())
    .addOption(encodingOption())
    .addOption(commentOption())
    .addOption(maxBytesOption())
    .addOption(headerOption())
    .addOption(noHeaderOption())
    .addOption(queryOption())
    .addOption(na)
    .addOption(decimalComma);
}

/** A command that decides how the columns of a first training table are read. */
export function columnsCommand() {
  return readingCommand()
    .addOption(targetOption())
    .addOption(columns.features)
    .addOption(columns.ignore)
    .addOption(columns.categorical)
    .addOption(columns.numeric)
    .addOption(columns.normalize)
    .addOption(columns.normalizeTarget)
    .addOption(columns.missing)
    .addOption(columns.unknownCategory)
    .addOption(columns.oneHotLimit)
    .addOption(columns.sampleWeightCol);
}
