/** `mlp predict`: rows in, predictions out, block by block. */

import { Command } from '@commander-js/extra-typings';
import { outputUnits } from '../../data/columns.ts';
import { checkClasses, readColumns } from '../../data/stored-columns.ts';
import { ExitCode, UserError } from '../../errors.ts';
import { type LayerWeights, sizeOf } from '../../ndarray.ts';
import type { Network } from '../../nn/network.ts';
import { ProgressBar } from '../../report/progress-bar.ts';
import { createPredictor } from '../../training/predict.ts';
import { quote } from '../../words.ts';
import { FORMAT_WORDS } from '../input-format.ts';
import type { Io } from '../io.ts';
import { networkOf, readModel, SPEC_FILE, TRAINED_FILE, weightsOf } from '../model-input.ts';
import { choice, text, valueOption } from '../option-values.ts';
import {
  type PredictionFormat,
  type PredictionWriter,
  predictionWriters,
} from '../prediction-format.ts';
import { type Block, openPredictionInput, type PredictionInput } from '../prediction-input.ts';
import {
  barOption,
  delimiterOption,
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
    .addOption(inputFormatOption(FORMAT_WORDS))
    .addOption(delimiterOption())
    .addOption(headerOption())
    .addOption(noHeaderOption())
    .addOption(
      valueOption('--format <FORMAT>', FORMATS.join(', '), choice(FORMATS)).default('csv' as const),
    )
    .option('--proba', 'for classes: the probability of each')
    .option('--flatten', 'with --format numpy: one flat array')
    .addOption(barOption())
    .addOption(styleOption())
    .action(async (path, options) => {
      if (options.flatten && options.format !== 'numpy') throw flattenAlone(options.format);
      const model = await readModel(io, path, DEFAULTS);
      const network = networkOf(model);
      const weights = weightsOf(model, network);
      const columns = model.columns === undefined ? null : readColumns(model.columns, model.source);
      if (columns) checkClasses(columns, sizeOf(network.outputShape), model.source);
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
      const units = columns && outputUnits(columns);
      const bar = options.verbose === '1' ? progress(io, options.style, input) : undefined;
      await writeAll(io, { network, weights, input, writer, bar, units });
    });
}

interface Work {
  readonly network: Network;
  readonly weights: readonly LayerWeights[];
  readonly input: PredictionInput;
  readonly writer: PredictionWriter;
  readonly bar: ProgressBar | undefined;
  /** Null where outputs are in the units of the targets. */
  readonly units: ReturnType<typeof outputUnits>;
}

async function writeAll(io: Io, work: Work): Promise<void> {
  const { input, writer, bar } = work;
  const { units } = work;
  const predictor = createPredictor(work.network, work.weights);
  let rows = 0;
  for await (const read of input.blocks) {
    for (const block of partsOf(read, predictor.blockRows)) {
      const outputs = predictor.predict(block.values, block.rows);
      checkFinite(outputs, block, rows, work);
      if (units) turnBack(outputs, units);
      rows += block.rows;
      const printed = writer.add(outputs, block.rows);
      if (printed.length > 0) await io.stdout.write(printed);
      const steps = Math.ceil(rows / STEP_ROWS);
      if (bar) await io.stderr.write(bar.update(steps, () => [], io.now(), false));
    }
  }
  await io.stdout.write(writer.end());
  if (!bar) return;
  bar.steps = Math.ceil(rows / STEP_ROWS);
  await io.stderr.write(bar.update(bar.steps, () => [], io.now(), true));
}

/** Outputs in the units of the targets, in their place. */
function turnBack(outputs: Float32Array, { scales, shifts }: NonNullable<Work['units']>): void {
  for (let i = 0; i < outputs.length; i++) {
    const target = i % scales.length;
    outputs[i] = outputs[i] * scales[target] + shifts[target];
  }
}

/** A block in blocks of at most `most` rows: of long outputs only so many are in memory. */
function* partsOf({ values, rows }: Block, most: number): Generator<Block> {
  const width = values.length / rows;
  for (let first = 0; first < rows; first += most) {
    const count = Math.min(most, rows - first);
    yield { values: values.subarray(first * width, (first + count) * width), rows: count };
  }
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

/** @throws {UserError} exit 5, naming the first row that has NaN or infinite outputs, and the layer */
function checkFinite(outputs: Float32Array, block: Block, before: number, work: Work): void {
  const wrong = outputs.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return;
  const { network, weights, input } = work;
  const row = Math.floor(wrong / (outputs.length / block.rows));
  const width = block.values.length / block.rows;
  const values = block.values.subarray(row * width, (row + 1) * width);
  const index = firstNotFinite(network, weights, values);
  const layer = `layers[${index}] (${quote(network.layers[index].name)})`;
  throw new UserError(
    ExitCode.numbers,
    `${input.name}: row ${before + row + 1}: expected finite numbers; found ${outputs[wrong]}, first from ${layer}`,
    'look at this row, and at the weights and the activation of that layer',
  );
}

/** The index of the first layer that makes a number of this row infinite or NaN. */
function firstNotFinite(
  network: Network,
  weights: readonly LayerWeights[],
  values: Float32Array,
): number {
  const last = network.layers.length - 1;
  const found = network.layers.findIndex((layer, index) => {
    if (index === last) return true;
    const layers = network.layers.slice(0, index + 1);
    const part = {
      ...network,
      layers,
      outputShape: layer.outputShape,
      weights: layers.flatMap((each) => each.weights),
    };
    const outputs = createPredictor(part, weights.slice(0, index + 1)).predict(values, 1);
    return outputs.some((value) => !Number.isFinite(value));
  });
  return found;
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
