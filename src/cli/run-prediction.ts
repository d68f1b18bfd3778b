/** The run of `predict`: rows through the network and out as text, block by block. */
import type { BadRows } from '../data/bad-rows.ts';
import type { outputUnits } from '../data/columns.ts';
import { ExitCode, UserError } from '../errors.ts';
import type { LayerWeights } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import { ProgressBar, type Style } from '../report/progress-bar.ts';
import type { Computing } from '../training/engine-names.ts';
import { createPredictor } from '../training/predict.ts';
import { escapeForTerminal, quote } from '../words.ts';
import type { Io, Output } from './io.ts';
import type { PredictionWriter } from './prediction-format.ts';
import type { Block, PredictionInput } from './prediction-input.ts';

/** Keras counts predict's steps in batches of 32 rows, its default. */
const STEP_ROWS = 32;

/** A network with its weights. */
export interface TrainedNetwork {
  readonly network: Network;
  readonly weights: readonly LayerWeights[];
}

interface PredictionWork {
  readonly trained: TrainedNetwork;
  readonly computing: Computing;
  readonly input: PredictionInput;
  readonly writer: PredictionWriter;
  /** Null where outputs are in the units of the targets. */
  readonly units: ReturnType<typeof outputUnits>;
  /** Of a bar on standard error; null without one. */
  readonly style: Style | null;
  /** Takes the rows that no prediction can be made of; null where the first of them is an error. */
  readonly bad: BadRows | null;
  /** What becomes of these, for the last line about them. */
  readonly fate: string;
  /** Whether only errors are told. */
  readonly quiet: boolean;
}

/**
 * Predicts all rows.
 *
 * @throws {UserError} exit 3 for rows that do not fit, exit 5 for outputs that are not finite; the
 *   rows before are printed
 */
export async function runPrediction(io: Io, work: PredictionWork): Promise<void> {
  const { input, writer, units } = work;
  const { network, weights } = work.trained;
  const bar = work.style === null ? undefined : progress(io, work.style, input);
  const predictor = createPredictor(network, weights, work.computing);
  let rows = 0;
  for await (const read of input.blocks) {
    for (const block of partsOf(read, predictor.blockRows)) {
      const outputs = predictor.predict(block.values, block.rows);
      if (units) turnBack(outputs, units);
      const finite = work.bad ? block.rows : finiteRows(outputs, block.rows);
      const wrong = work.bad ? markNotFinite(work, { block, outputs, before: rows }) : null;
      const { passed, first: firstPassed } = block;
      const printed = writer.add({ outputs, rows: finite, wrong, passed, firstPassed });
      if (printed.length > 0) await io.stdout.write(shown(printed, io.stdout));
      if (finite < block.rows) throw notFinite(work, { block, outputs, before: rows }, finite);
      rows += block.rows;
      const steps = Math.ceil(rows / STEP_ROWS);
      if (bar) await io.stderr.write(bar.update(steps, () => [], io.now(), false));
    }
    await tell(io, work, work.bad?.take() ?? []);
  }
  await io.stdout.write(shown(writer.end(), io.stdout));
  if (bar) {
    bar.steps = Math.ceil(rows / STEP_ROWS);
    await io.stderr.write(bar.update(bar.steps, () => [], io.now(), true));
  }
  await tell(io, work, input.closingNotes());
  await tell(io, work, work.bad?.summary(work.fate, rows) ?? []);
}

/** Predictions are printed as they are; on a terminal, names and cells in them must be no commands to it. */
function shown(printed: string | Uint8Array, { isTerminal }: Output): string | Uint8Array {
  if (!isTerminal) return printed;
  return escapeForTerminal(
    typeof printed === 'string' ? printed : Buffer.from(printed).toString('utf8'),
  );
}

async function tell(io: Io, { quiet }: PredictionWork, lines: readonly string[]): Promise<void> {
  if (!quiet && lines.length > 0) await io.stderr.write(`${lines.join('\n')}\n`);
}

/** Outputs in the units of the targets, in their place. */
function turnBack(
  outputs: Float32Array,
  { scales, shifts }: NonNullable<PredictionWork['units']>,
): void {
  for (let i = 0; i < outputs.length; i++) {
    const target = i % scales.length;
    outputs[i] = outputs[i] * scales[target] + shifts[target];
  }
}

/** A block in blocks of at most `most` rows: of long outputs only so many are in memory. */
function* partsOf(
  { values, rows, wrong, passed }: Block,
  most: number,
): Generator<Block & { readonly first: number }> {
  const width = values.length / rows;
  for (let first = 0; first < rows; first += most) {
    const last = Math.min(rows, first + most);
    yield {
      values: values.subarray(first * width, last * width),
      rows: last - first,
      wrong: wrong?.subarray(first, last) ?? null,
      passed,
      first,
    };
  }
}

function progress(io: Io, style: Style, { rows }: PredictionInput): ProgressBar {
  return new ProgressBar({
    style,
    verbose: 1,
    display: io.stderr.isTerminal ? 'in-place' : 'final',
    color: io.stderr.color,
    steps: rows === null ? null : Math.ceil(rows / STEP_ROWS),
    start: io.now(),
  });
}

/** A block and what the network says of it. */
interface Predicted {
  readonly block: Block;
  readonly outputs: Float32Array;
  /** How many rows there were before this block. */
  readonly before: number;
}

/** How many rows come before the first that has an output that is NaN or infinite. */
function finiteRows(outputs: Float32Array, rows: number): number {
  let index = 0;
  while (index < outputs.length && Number.isFinite(outputs[index])) index++;
  return index === outputs.length ? rows : Math.floor(index / (outputs.length / rows));
}

/** Which rows are without a prediction: those that did not fit, and those whose outputs are not finite. */
function markNotFinite(work: PredictionWork, predicted: Predicted): Uint8Array | null {
  const { block, outputs } = predicted;
  if (finiteRows(outputs, block.rows) === block.rows) return block.wrong;
  const wrong = block.wrong ?? new Uint8Array(block.rows);
  for (let row = 0; row < block.rows; row++) {
    if (wrong[row] === 1 || areFinite(rowAt(outputs, row, block.rows))) continue;
    wrong[row] = 1;
    work.bad?.addRow(() => describeNotFinite(work, predicted, row));
  }
  return wrong;
}

function areFinite(values: Float32Array): boolean {
  return values.every((value) => Number.isFinite(value));
}

function rowAt(values: Float32Array, row: number, rows: number): Float32Array {
  const width = values.length / rows;
  return values.subarray(row * width, (row + 1) * width);
}

function notFinite(work: PredictionWork, predicted: Predicted, row: number): UserError {
  return new UserError(
    ExitCode.numbers,
    describeNotFinite(work, predicted, row),
    'look at this row, and at the weights and the activation of that layer',
  );
}

/** Which row it is, and which layer its outputs stopped being finite in. */
function describeNotFinite(
  { trained, computing, input }: PredictionWork,
  { block, outputs, before }: Predicted,
  row: number,
): string {
  const wrong = rowAt(outputs, row, block.rows).find((value) => !Number.isFinite(value));
  const index = firstNotFinite(trained, computing, rowAt(block.values, row, block.rows));
  const layer = `layers[${index}] (${quote(trained.network.layers[index].name)})`;
  return `${input.name}: row ${before + row + 1}: expected finite numbers; found ${wrong}, first from ${layer}`;
}

/** The index of the first layer that makes a number of this row infinite or NaN. */
function firstNotFinite(
  { network, weights }: TrainedNetwork,
  computing: Computing,
  values: Float32Array,
): number {
  const last = network.layers.length - 1;
  return network.layers.findIndex((_, index) => {
    if (index === last) return true;
    const part = upTo({ network, weights }, index);
    const outputs = createPredictor(part.network, part.weights, computing).predict(values, 1);
    return !areFinite(outputs);
  });
}

/** A network that ends with the layer of this index. */
export function upTo({ network, weights }: TrainedNetwork, index: number): TrainedNetwork {
  const layers = network.layers.slice(0, index + 1);
  const { outputShape } = layers[index];
  const own = layers.flatMap((layer) => layer.weights);
  return {
    network: { ...network, layers, outputShape, weights: own },
    weights: weights.slice(0, index + 1),
  };
}
