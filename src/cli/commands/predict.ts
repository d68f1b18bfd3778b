/** `mlp predict`: rows in, predictions out, block by block. */

import { BadRows } from '../../data/bad-rows.ts';
import { outputUnits } from '../../data/columns.ts';
import { checkClasses, readColumns } from '../../data/stored-columns.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { sizeOf } from '../../ndarray.ts';
import type { Style } from '../../report/progress-bar.ts';
import type { EngineName } from '../../training/engine-names.ts';
import { COLUMN_NAMES } from '../column-options.ts';
import { computingOf } from '../computing.ts';
import type { Io } from '../io.ts';
import { networkOf, readModel, SPEC_FILE, TRAINED_FILE, weightsOf } from '../model-input.ts';
import {
  choice,
  decimal,
  list,
  text,
  unknownName,
  valueOption,
  wholeNumber,
} from '../option-values.ts';
import {
  NULLABLE_FORMATS,
  type PredictionFormat,
  predictionWriters,
  TABLE_FORMATS,
} from '../prediction-format.ts';
import { openPredictionInput, type PredictionSource } from '../prediction-input.ts';
import { besides, type PredictionWish, predictionTable } from '../prediction-table.ts';
import { runPrediction, type TrainedNetwork, upTo } from '../run-prediction.ts';
import {
  barOption,
  engineOption,
  modelArgument,
  noVerifyOption,
  quietOption,
  styleOption,
} from '../shared-options.ts';
import { readingCommand } from '../table-command.ts';

const DEFAULTS = [TRAINED_FILE, SPEC_FILE];
const FORMATS: readonly PredictionFormat[] = ['csv', 'tsv', 'jsonl', 'json', 'numpy', 'tensor'];

/** What becomes of rows that no prediction can be made of, and how the last line about them calls it. */
const FATES = Object.freeze({ fail: '', skip: 'left out', null: 'no prediction for' });
const ON_ERROR = ['fail', 'skip', 'null'] as const;

export function command(io: Io) {
  return readingCommand('rows to predict (default: standard input)')
    .addHelpText('before', 'mlp predict model.trained.json < new.csv > out.csv\n')
    .addArgument(modelArgument(DEFAULTS))
    .addOption(
      valueOption('--input <JSON>', 'rows on the command line: [[1,2,3,1]]', text).conflicts([
        'data',
        'query',
      ]),
    )
    .addOption(
      valueOption('--format <FORMAT>', FORMATS.join(', '), choice(FORMATS)).default('csv' as const),
    )
    .addOption(
      valueOption(
        '--pass <NAMES>',
        `columns of the input to print before the predictions, ${COLUMN_NAMES}`,
        list,
      ).conflicts('append'),
    )
    .option('--append', 'print all columns of the input before the predictions')
    .option('--proba', 'for classes: the probability of each')
    .addOption(
      valueOption(
        '--top-k <K>',
        'for classes: the K likeliest and their probabilities',
        wholeNumber(1),
      ).conflicts(['proba', 'threshold']),
    )
    .addOption(
      valueOption(
        '--threshold <X>',
        'for two classes: the second from this probability on (default: above 0.5)',
        decimal('a number from 0 to 1', (x) => x >= 0 && x <= 1),
      ).conflicts('proba'),
    )
    .addOption(
      valueOption(
        '--layer <NAME>',
        'the activations of this layer in place of the predictions',
        text,
      ).conflicts(['proba', 'topK', 'threshold']),
    )
    .addOption(
      valueOption(
        '--on-error <WHAT>',
        'a row that does not fit: fail, skip (leave it out), null (an empty prediction)',
        choice(ON_ERROR),
      ).default('fail' as const),
    )
    .option('--flatten', 'with --format numpy: one flat array')
    .addOption(noVerifyOption())
    .addOption(engineOption())
    .addOption(barOption())
    .addOption(styleOption())
    .addOption(quietOption())
    .action((path, options) => predict(io, path, options));
}

interface PredictOptions extends PredictionSource, PredictionWish {
  readonly format: PredictionFormat;
  readonly verify: boolean;
  readonly engine: EngineName;
  readonly onError: (typeof ON_ERROR)[number];
  readonly quiet?: true;
  readonly flatten?: true;
  readonly verbose: '0' | '1';
  readonly style: Style;
}

async function predict(io: Io, path: string | undefined, options: PredictOptions): Promise<void> {
  checkFormat(options);
  const model = await readModel(io, path, DEFAULTS, options);
  const network = networkOf(model);
  const whole = { network, weights: weightsOf(model, network) };
  const columns = model.columns === undefined ? null : readColumns(model.columns, model.source);
  if (columns) checkClasses(columns, sizeOf(network.outputShape), model.source);
  checkStandardInput(model.path, options);
  const trained = options.layer === undefined ? whole : endingWith(whole, options.layer);
  const { outputShape } = trained.network;
  const fromLogits = isFromLogits(model.spec.compile.loss);
  const table = predictionTable({ outputShape, columns, fromLogits }, options);
  const bad = options.onError === 'fail' ? null : new BadRows();
  const target = {
    ...{ inputShape: network.inputShape, columns, bad },
    ...{ model: model.source, data: model.spec.data },
  };
  const notes: string[] = [];
  const computing = computingOf(io, options, notes);
  const input = await openPredictionInput(io, options, target);
  notes.push(...input.notes);
  if (!options.quiet) for (const note of notes) await io.stderr.write(`${note}\n`);
  const writer = predictionWriters[options.format]({
    outputShape,
    ...besides(input.passed, table),
    header: input.header,
    keepsWrong: options.onError === 'null',
    flatten: options.flatten === true,
  });
  await runPrediction(io, {
    trained,
    computing,
    input,
    writer,
    units: columns && options.layer === undefined ? outputUnits(columns) : null,
    style: options.verbose === '1' ? options.style : null,
    bad,
    fate: FATES[options.onError],
    quiet: options.quiet === true,
  });
}

/** The network up to the layer of a name. */
function endingWith(trained: TrainedNetwork, name: string): TrainedNetwork {
  const names = trained.network.layers.map((layer) => layer.name);
  const index = names.indexOf(name);
  if (index === -1) throw unknownName('--layer', 'a layer', name, names);
  return upTo(trained, index);
}

function isFromLogits(loss: object | null): boolean {
  return loss !== null && 'from_logits' in loss && loss.from_logits === true;
}

/** Options that only columns can answer, and the flags that a message calls them by. */
const OF_TABLES = [
  ['topK', '--top-k'],
  ['threshold', '--threshold'],
  ['pass', '--pass'],
  ['append', '--append'],
] as const;

/** @throws {UserError} exit 2 for options that say something of another format */
function checkFormat(options: PredictOptions): void {
  const { format } = options;
  if (options.flatten && format !== 'numpy') {
    throw wrongFormat('--flatten', '--format numpy beside it', format);
  }
  if (options.onError === 'null' && !NULLABLE_FORMATS.includes(format)) {
    throw wrongFormat('--on-error null', besideIt(NULLABLE_FORMATS), format);
  }
  if (TABLE_FORMATS.includes(format)) return;
  const given = OF_TABLES.find(([key]) => options[key] !== undefined);
  if (given) throw wrongFormat(given[1], besideIt(TABLE_FORMATS), format);
}

function besideIt(formats: readonly PredictionFormat[]): string {
  return `--format ${formats.join(', ')} beside it`;
}

function wrongFormat(flag: string, expected: string, format: string): UserError {
  return new UserError(ExitCode.usage, `${flag}: expected ${expected}; found --format ${format}`);
}

function checkStandardInput(
  model: string,
  { data, input, query }: { data?: readonly string[]; input?: string; query?: string },
): void {
  if (model !== '-' || input !== undefined) return;
  if (data === undefined ? query !== undefined : !data.includes('-')) return;
  throw new UserError(
    ExitCode.usage,
    'predict: expected MODEL or the rows on standard input; found both there',
    'name a file for one of them: --data FILE',
  );
}
