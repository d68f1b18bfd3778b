/** `mlp predict`: rows in, predictions out, block by block. */
import { Command } from '@commander-js/extra-typings';
import { readColumns } from '../../data/stored-columns.ts';
import { ExitCode, UserError } from '../../errors.ts';
import type { Network } from '../../nn/network.ts';
import { ProgressBar } from '../../report/progress-bar.ts';
import { createPredictor } from '../../training/predict.ts';
import type { Io } from '../io.ts';
import { networkOf, readModel, SPEC_FILE, TRAINED_FILE, weightsOf } from '../model-input.ts';
import { choice, text, valueOption } from '../option-values.ts';
import {
  type PredictionFormat,
  type PredictionWriter,
  predictionWriters,
} from '../prediction-format.ts';
import { openPredictionInput, type PredictionInput } from '../prediction-input.ts';
import {
  headerOption,
  inputFormatOption,
  modelArgument,
  noHeaderOption,
  styleOption,
} from '../shared-options.ts';

const DEFAULTS = [TRAINED_FILE, SPEC_FILE];
const FORMATS: readonly PredictionFormat[] = ['csv', 'tsv', 'jsonl', 'json', 'numpy', 'tensor'];
/** Keras counts predict's steps in batches of 32 rows, its default. */
const STEP_ROWS = 32;

export function command(io: Io) {
  return new Command()
    .addHelpText('before', 'mlp predict model.trained.json < new.csv > out.csv\n')
    .addArgument(modelArgument(DEFAULTS))
    .addOption(valueOption('--data <FILE>', 'rows to predict (default: standard input)', text))
    .addOption(
      valueOption('--input <JSON>', 'rows on the command line: [[1,2,3,1]]', text).conflicts(
        'data',
      ),
    )
    .addOption(inputFormatOption())
    .addOption(headerOption())
    .addOption(noHeaderOption())
    .addOption(
      valueOption('--format <FORMAT>', FORMATS.join(', '), choice(FORMATS)).default('csv' as const),
    )
    .option('--proba', 'for classes: the probability of each')
    .option('--flatten', 'with --format numpy: one flat array')
    .addOption(
      valueOption(
        '--verbose <N>',
        '1: show a bar on standard error',
        choice(['0', '1'] as const),
      ).default('0' as const),
    )
    .addOption(styleOption())
    .action(async (path, options) => {
      if (options.flatten && options.format !== 'numpy') throw flattenAlone(options.format);
      const model = await readModel(io, path, DEFAULTS);
      const network = networkOf(model);
      const weights = weightsOf(model, network);
      const columns = model.columns === undefined ? null : readColumns(model.columns, model.source);
      checkStandardInput(model.path, options);
      const input = await openPredictionInput(io, options, network.inputShape, columns);
      const writer = predictionWriters[options.format]({
        outputShape: network.outputShape,
        columns,
        header: input.header,
        proba: options.proba === true,
        flatten: options.flatten === true,
        fromLogits: isFromLogits(model.spec.compile.loss),
      });
      const bar = options.verbose === '1' ? progress(io, options.style, input) : undefined;
      const predictor = createPredictor(network, weights);
      const run = (values: Float32Array, rows: number) => predictor.predict(values, rows);
      await writeAll(io, { network, input, writer, run, bar });
    });
}

interface Work {
  readonly network: Network;
  readonly input: PredictionInput;
  readonly writer: PredictionWriter;
  readonly run: (values: Float32Array, rows: number) => Float32Array;
  readonly bar: ProgressBar | undefined;
}

async function writeAll(io: Io, { network, input, writer, run, bar }: Work): Promise<void> {
  let rows = 0;
  for await (const block of input.blocks) {
    const outputs = run(block.values, block.rows);
    checkFinite(outputs, rows, network, input.name);
    rows += block.rows;
    const printed = writer.add(outputs, block.rows);
    if (printed) await io.stdout.write(printed);
    const steps = Math.ceil(rows / STEP_ROWS);
    if (bar) await io.stderr.write(bar.update(steps, [], io.now(), false));
  }
  await io.stdout.write(writer.end());
  if (!bar) return;
  bar.steps = Math.ceil(rows / STEP_ROWS);
  await io.stderr.write(bar.update(bar.steps, [], io.now(), true));
}

function progress(io: Io, style: 'keras2' | 'keras3', { rows }: PredictionInput): ProgressBar {
  return new ProgressBar({
    style,
    verbose: 1,
    display: io.stderr.isTerminal ? 'in-place' : 'final',
    color: io.stderr.color,
    steps: rows === null ? null : Math.ceil(rows / STEP_ROWS),
    start: io.now(),
  });
}

/** @throws {UserError} exit 5, naming the first row whose outputs are NaN or infinite */
function checkFinite(outputs: Float32Array, before: number, network: Network, name: string): void {
  const wrong = outputs.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  const width = network.outputShape.reduce((size, length) => size * length, 1);
  const row = before + Math.floor(wrong / width) + 1;
  throw new UserError(
    ExitCode.numbers,
    `${name}: row ${row}: expected finite outputs; found ${outputs[wrong]}`,
    'look at the row, the weights and the activations',
  );
}

function isFromLogits(loss: object | null): boolean {
  return loss !== null && 'from_logits' in loss && loss.from_logits === true;
}

function checkStandardInput(
  model: string,
  { data, input }: { data?: string; input?: string },
): void {
  if (model !== '-' || input !== undefined || (data !== undefined && data !== '-')) return;
  throw new UserError(
    ExitCode.usage,
    'predict: expected MODEL or the rows on standard input; found both there',
    'name a file for one of them: --data FILE',
  );
}

function flattenAlone(format: string): UserError {
  return new UserError(
    ExitCode.usage,
    `--flatten: expected --format numpy beside it; found --format ${format}`,
  );
}
