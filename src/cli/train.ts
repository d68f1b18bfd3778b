/** A training run from its files to its model file. Everything that can fail early is done early. */
import { splitRows } from '../data/split.ts';
import { readColumns } from '../data/stored-columns.ts';
import { LineFile } from '../files/line-file.ts';
import { exists } from '../files/read-text.ts';
import { checkWeights } from '../files/weights.ts';
import type { LayerWeights } from '../ndarray.ts';
import { initialWeights } from '../nn/initialize.ts';
import type { Network } from '../nn/network.ts';
import type { Logs } from '../records.ts';
import { CsvLog } from '../report/csv-log.ts';
import type { Style } from '../report/progress-bar.ts';
import type { LossSpec } from '../spec/losses.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';
import type { CompileSpec } from '../spec/spec.ts';
import { notesOn } from '../training/check.ts';
import { checkMetrics } from '../training/check-metrics.ts';
import { withClassWeight } from '../training/class-weight.ts';
import { type FitResult, fit as fitNetwork } from '../training/fit.ts';
import type { Samples } from '../training/run.ts';
import { type CompileOptions, overrideCompile } from './compile-options.ts';
import type { Io, Output } from './io.ts';
import { scheduled } from './lr-schedule.ts';
import { modelFromData } from './made-spec.ts';
import { defaultOutput, type Model, networkFor, readModel, SPEC_FILE } from './model-input.ts';
import { checkLog, checkOutput, isStandardOutput, saySaved, writeModel } from './model-output.ts';
import { chooseSeed } from './seed.ts';
import { type COLOR_WISHES, type InputFormat, isColored } from './shared-options.ts';
import { checkSources } from './train-usage.ts';
import { setTrainable, type TrainableOptions } from './trainable.ts';
import { type DataOptions, readTrainingData, type TrainingData } from './training-data.ts';
import { lastValues, TrainingLog } from './training-log.ts';
import { columnsRecord, historyRecord, trainedSpec, trainingRecord } from './training-record.ts';
import { classesOf, rowRange, samplesOf } from './training-rows.ts';
import {
  completeCompile,
  type FitOptions,
  type ResolvedCompile,
  type ResolvedFit,
  resolveFit,
  targetModeOf,
} from './training-settings.ts';

/** The command line of `train`. */
export interface TrainOptions extends CompileOptions, FitOptions, TrainableOptions {
  readonly data: string;
  readonly inputFormat?: InputFormat;
  readonly header?: boolean;
  readonly target?: readonly string[];
  readonly validationData?: string;
  readonly layers?: readonly number[];
  readonly csvLog?: string;
  /** A word of `lrSchedules`, or JSON of a schedule. */
  readonly lrSchedule?: string;
  readonly seed?: number;
  readonly output?: string;
  readonly force?: true;
  readonly style: Style;
  readonly verbose?: '0' | '1' | '2';
  readonly json?: true;
  readonly color: (typeof COLOR_WISHES)[number];
  readonly quiet?: true;
}

/** All that one run needs, decided and checked. */
export interface Run {
  readonly model: Model;
  readonly network: Network;
  readonly weights: readonly LayerWeights[];
  readonly data: TrainingData;
  readonly train: Samples;
  readonly validation: Samples | null;
  readonly compile: ResolvedCompile;
  readonly fit: ResolvedFit;
  readonly seed: number;
  readonly output: string;
}

const NOT_SAID: CompileSpec = {
  optimizer: null,
  loss: null,
  metrics: [],
  weighted_metrics: [],
};

/**
 * Trains a model on data and writes it.
 *
 * @param path  MODEL; where it is not named, ./model.json, or a spec made from the data
 */
export async function train(
  io: Io,
  path: string | undefined,
  options: TrainOptions,
): Promise<void> {
  const notes: string[] = [];
  const run = await prepare(io, path, options, notes);
  if (!options.quiet) for (const note of notes) await io.stderr.write(`${note}\n`);
  const log = isStandardOutput(run.output) ? io.stderr : io.stdout;
  const { result, last } = await runEpochs(io, run, log, options);
  await writeModel(io, run.output, trainedSpec(run), {
    weights: result.weights,
    columns: run.data.columns ? columnsRecord(run.data.columns) : undefined,
    history: historyRecord(result.history),
    training: trainingRecord(run, result.engine),
  });
  // Where the model goes to standard output, the log on standard error has said it already.
  if (!options.quiet && !isStandardOutput(run.output)) {
    await saySaved(io, run.output, lastValues(last));
  }
}

/** Reads, chooses and checks everything. What was chosen and not said goes to `notes`. */
async function prepare(
  io: Io,
  path: string | undefined,
  options: TrainOptions,
  notes: string[],
): Promise<Run> {
  const chosen = path ?? (exists(SPEC_FILE) ? SPEC_FILE : undefined);
  checkSources(chosen, options);
  const given =
    chosen === undefined ? undefined : changedModel(await readModel(io, chosen, []), options);
  const output = options.output ?? defaultOutput(given?.path ?? SPEC_FILE, 'trained');
  const inputs = [chosen, options.data, options.validationData].filter(
    (name) => name !== undefined,
  );
  checkOutput(output, inputs, options.force === true);
  if (options.csvLog !== undefined) {
    checkLog(options.csvLog, [...inputs, output], options.force === true);
  }

  const asked = overrideCompile(given?.spec.compile ?? NOT_SAID, options);
  const mode = targetModeOf(asked.loss);
  const data = await readTrainingData(io, options.data, dataOptions(given, options, mode));
  const model = given ?? madeModel(data, options, notes);
  const network = networkFor(model, model.spec.input_shape ?? data.x.shape.slice(1));
  const compile = completeCompile(
    given ? asked : overrideCompile(model.spec.compile, options),
    data.target,
    network.outputShape.at(-1) ?? 1,
  );
  if (compile.note !== null) notes.push(compile.note);
  const rows = data.x.shape[0];
  const fitSettings = resolveFit(model.spec.fit, options, compile.optimizer, rows);
  const whole = samplesOf(data, network, compile.loss);
  checkMetrics(network, compile, whole.y.shape.slice(1));
  notes.push(...notesOn(network, compile.loss));
  const validation = await readValidation(io, data, network, compile.loss, options);
  const split = validation
    ? { train: whole, validation }
    : splitSamples(whole, fitSettings.validationSplit);
  const samples = { ...split, train: weighted(split.train, data, network, compile, fitSettings) };
  const { seed, origin } = chooseSeed(options.seed, model.spec.fit.seed);
  if (origin === 'picked seed') notes.push(`${origin} ${seed}`);
  const weights =
    model.weights === undefined
      ? initialWeights(network, seed)
      : checkWeights(model.weights, network.layers, model.source);
  const steps = countSteps(samples.train, fitSettings);
  return {
    model,
    network,
    weights,
    data,
    ...samples,
    compile: { ...compile, optimizer: withSchedule(compile.optimizer, options, steps) },
    fit: fitSettings,
    seed,
    output,
  };
}

/** Steps of the whole run, if nothing ends it early. */
function countSteps({ x }: Samples, { batchSize, epochs, initialEpoch }: ResolvedFit): number {
  return Math.ceil(x.shape[0] / batchSize) * (epochs - initialEpoch);
}

function withSchedule(
  optimizer: OptimizerSpec,
  { lrSchedule }: TrainOptions,
  steps: number,
): OptimizerSpec {
  return lrSchedule === undefined ? optimizer : scheduled(optimizer, lrSchedule, steps);
}

function changedModel(model: Model, options: TrainOptions): Model {
  return { ...model, ...setTrainable(model.document, model.spec, options) };
}

function madeModel(data: TrainingData, options: TrainOptions, notes: string[]): Model {
  const { model, reasons } = modelFromData(data, options.layers);
  notes.push(...reasons);
  return changedModel(model, options);
}

/** How the training data are read: by the model's contract, or by what options and spec say. */
function dataOptions(
  model: Model | undefined,
  options: TrainOptions,
  mode: ReturnType<typeof targetModeOf>,
): DataOptions {
  const header = options.header ?? model?.spec.data.header ?? undefined;
  const shared = { inputFormat: options.inputFormat, header };
  if (model?.columns !== undefined && options.target === undefined) {
    return { ...shared, columns: { contract: readColumns(model.columns, model.source) } };
  }
  const targets = options.target ?? model?.spec.data.target ?? [];
  return { ...shared, columns: { targets, mode } };
}

/** The rows of --validation-data, read as the training rows were. */
async function readValidation(
  io: Io,
  { columns }: TrainingData,
  network: Network,
  loss: LossSpec,
  { validationData, inputFormat, header }: TrainOptions,
): Promise<Samples | null> {
  if (validationData === undefined) return null;
  const data = await readTrainingData(io, validationData, {
    inputFormat,
    header,
    columns: columns ? { contract: columns } : { targets: [], mode: targetModeOf(loss) },
  });
  return samplesOf(data, network, loss);
}

function splitSamples(whole: Samples, validationSplit: number) {
  const rows = whole.x.shape[0];
  const { training, validation } = splitRows(rows, validationSplit);
  if (validation === 0) return { train: whole, validation: null };
  return { train: rowRange(whole, 0, training), validation: rowRange(whole, training, rows) };
}

/** The training rows with the weights of their classes, where there are such; validation rows get none. */
function weighted(
  train: Samples,
  data: TrainingData,
  network: Network,
  { loss }: ResolvedCompile,
  { classWeight }: ResolvedFit,
): Samples {
  if (classWeight === null) return train;
  const { weights, source } = classWeight;
  return withClassWeight(train, weights, network, loss, { source, classes: classesOf(data) });
}

async function runEpochs(
  io: Io,
  run: Run,
  output: Output,
  options: TrainOptions,
): Promise<{ result: FitResult; last: Logs }> {
  const said = run.model.spec.fit.verbose;
  const verbose = options.verbose ? asVerbose[options.verbose] : said === 'auto' ? 1 : said;
  const isSilent = options.quiet === true && !options.json;
  const log = new TrainingLog(io, output, {
    style: options.style,
    verbose: isSilent ? 0 : verbose,
    json: options.json === true,
    color: isColored(options.color, output),
  });
  const { network, weights, train, validation, compile, seed } = run;
  const epochs = fitNetwork(network, weights, train, validation, { ...compile, ...run.fit, seed });
  const csv = options.csvLog === undefined ? null : new LineFile(options.csvLog);
  const csvLog = new CsvLog();
  let last: Logs = [];
  try {
    for (;;) {
      const next = epochs.next();
      if (next.done) return { result: next.value, last };
      if (next.value.kind === 'epoch-end') last = next.value.logs;
      csv?.write(csvLog.write(next.value));
      await log.write(next.value);
    }
  } finally {
    csv?.close();
  }
}

const asVerbose = { '0': 0, '1': 1, '2': 2 } as const;
