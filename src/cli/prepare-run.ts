/** Reads, chooses and checks all that a training run needs, before its first epoch. */
import { checkClasses, readColumns } from '../data/stored-columns.ts';
import { exists } from '../files/read-text.ts';
import { sizeOf } from '../ndarray.ts';
import { initialWeights } from '../nn/initialize.ts';
import type { Network } from '../nn/network.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';
import type { CompileSpec } from '../spec/spec.ts';
import { notesOn } from '../training/check.ts';
import { checkMetrics } from '../training/check-metrics.ts';
import { nativeHint } from '../training/native-hint.ts';
import { progressIn } from '../training/progress.ts';
import type { Samples } from '../training/run.ts';
import { stepsIn } from '../training/steps.ts';
import { validationOf } from '../training/validation.ts';
import { type CheckpointPlan, planCheckpoint } from './checkpoint.ts';
import { checkSettled, newColumns, syntaxOf } from './column-options.ts';
import { overrideCompile } from './compile-options.ts';
import { computingOf } from './computing.ts';
import { checkExpectedMemory } from './expected-memory.ts';
import { saidFormat } from './input-format.ts';
import type { Io } from './io.ts';
import { scheduled } from './lr-schedule.ts';
import { modelFromData } from './made-spec.ts';
import {
  defaultOutput,
  type Model,
  networkFor,
  readModel,
  SPEC_FILE,
  TRAINED_FILE,
  weightsOf,
} from './model-input.ts';
import { checkLog, checkOutput, checkSavable } from './model-output.ts';
import { shellWord } from './resume-command.ts';
import { type Resumed, readResumed, resumptionOf } from './resumption.ts';
import { runSamples } from './run-samples.ts';
import { chooseSeed } from './seed.ts';
import { splitRecord, splitWish } from './split-option.ts';
import { targetsOf } from './stop-targets.ts';
import { checkTestRows } from './test-rows.ts';
import type { Run, SettledRun, TrainOptions } from './train-run.ts';
import { checkSources } from './train-usage.ts';
import { setTrainable } from './trainable.ts';
import { type DataOptions, readTrainingData, type TrainingData } from './training-data.ts';
import {
  completeCompile,
  type ResolvedFit,
  resolveFit,
  targetModeOf,
} from './training-settings.ts';

const NOT_SAID: CompileSpec = {
  optimizer: null,
  loss: null,
  metrics: [],
  weighted_metrics: [],
};

const NOT_TRAINED_ON = `note: there is no ${SPEC_FILE}, so the model is made from the data; to train ${TRAINED_FILE} on, name it`;

/**
 * Everything of a run. What was chosen and not said goes to `notes`.
 *
 * @throws {UserError} for all that can be seen before the first epoch
 */
export async function prepareRun(
  io: Io,
  path: string | undefined,
  said: TrainOptions,
  notes: string[],
): Promise<Run> {
  const wish = await readWish(io, path, said, notes);
  const run = await settle(io, wish, notes);
  const { resumed, options } = wish;
  if (resumed === null) {
    const weights = startingWeights(run.model, run.network, run.seed);
    return { ...run, weights, from: null };
  }
  const from = resumptionOf(resumed, run, options.resumeAnyway === true, notes);
  const done = progressIn(from.state, `${from.source}: state`);
  if (done.epochs >= run.fit.epochs) notes.push(nothingLeft(done, run.fit.epochs));
  return { ...run, weights: weightsOf(resumed.model, run.network), from };
}

/** What a run is asked for, and its files but for the data. */
interface Wish extends Pick<SettledRun, 'computing' | 'output' | 'checkpoint'> {
  readonly resumed: Resumed | null;
  /** Those of the command line over those of the checkpoint. */
  readonly options: TrainOptions;
  /** Undefined where the model is to be made of the data. */
  readonly given: Model | undefined;
}

async function readWish(
  io: Io,
  path: string | undefined,
  said: TrainOptions,
  notes: string[],
): Promise<Wish> {
  const resumed = said.resume === undefined ? null : await readResumed(io, said.resume, said);
  const byDefault = resumed === null && exists(SPEC_FILE) ? SPEC_FILE : undefined;
  const chosen = path ?? byDefault;
  const isGoingOn = resumed !== null && chosen === undefined;
  const options = isGoingOn ? { ...resumed.options, ...said } : said;
  checkSources(chosen, options);
  const given = await readGiven(io, chosen, resumed, options);
  if (given === undefined && exists(TRAINED_FILE)) notes.push(NOT_TRAINED_ON);
  if (resumed === null && given && Object.hasOwn(given.document, 'state'))
    notes.push(checkpointNote(given.source));
  const files = checkedOutput(chosen, given, options);
  const engine = options.engine === 'auto' ? (resumed?.engine ?? 'auto') : options.engine;
  const computing = computingOf(io, { engine, threads: options.threads }, notes);
  return { resumed, options, given, computing, ...files };
}

/** Reads the data, and settles with them all that a run is made of but where it begins. */
async function settle(io: Io, wish: Wish, notes: string[]): Promise<SettledRun> {
  const { resumed, options, given, computing, output, checkpoint } = wish;
  const asked = overrideCompile(given?.spec.compile ?? NOT_SAID, options);
  const { seed, origin } = chooseSeed(options.seed, resumed?.seed ?? given?.spec.fit.seed);
  const { data, model, network } = await readModelAndData(io, wish, asked, seed, notes);
  const wanted = given ? asked : overrideCompile(model.spec.compile, options);
  const compile = completeCompile(wanted, data.target, network.outputShape.at(-1) ?? 1);
  if (compile.note !== null) notes.push(compile.note);
  const fit = resolveFit(model.spec.fit, options, compile.optimizer, data.x.shape[0]);
  const samples = await runSamples(io, { data, network, compile, fit }, options);
  checkMetrics(network, compile, samples.train.y.shape.slice(1));
  notes.push(...notesOn(network, compile.loss, samples.train.y));
  if (origin === 'picked seed') notes.push(`${origin} ${seed}`);
  const steps = countSteps(samples.train, fit);
  const batchSize = Math.min(fit.batchSize, samples.train.x.shape[0]);
  const optimizer = withSchedule(compile.optimizer, options, steps);
  notes.push(
    ...nativeHint(network, { batchSize, mostAtOnce: mostAtOnce(samples, fit), steps }, computing),
  );
  const measured = validationOf(samples.validation !== null, fit);
  return {
    ...{ model, network, data, ...samples },
    ...{ compile: { ...compile, optimizer }, fit, computing, seed, output, checkpoint },
    division: splitRecord(options),
    targets: targetsOf(options, compile, measured),
  };
}

/** The training data, and the model: the one that is given, or one that is made of them. */
async function readModelAndData(
  io: Io,
  { given, options }: Wish,
  asked: CompileSpec,
  seed: number,
  notes: string[],
): Promise<{ data: TrainingData; model: Model; network: Network }> {
  if (given?.spec.input_shape) {
    checkExpectedMemory(networkFor(given, given.spec.input_shape), asked, given.spec.fit);
  }
  const reading = dataOptions(given, options, targetModeOf(asked.loss), seed);
  const data = await readTrainingData(io, options.data, reading);
  notes.push(...data.notes);
  if (given && data.scaleHint !== null && !scalesItself(given)) notes.push(data.scaleHint);
  const model = given ?? madeModel(data, options, notes);
  const network = networkFor(model, model.spec.input_shape ?? data.x.shape.slice(1));
  checkSavable(network);
  if ('contract' in reading.columns) {
    checkClasses(reading.columns.contract, sizeOf(network.outputShape), model.source);
  }
  return { data, model, network };
}

function checkpointNote(source: string): string {
  return `note: ${source} is a checkpoint, and this is a new run from its weights; to go on with its own: --resume ${shellWord(source)}`;
}

function nothingLeft(done: ReturnType<typeof progressIn>, epochs: number): string {
  const batches = done.batches === 1 ? 'batch' : 'batches';
  const more = done.batches === 0 ? '' : ` and ${done.batches} ${batches} of the next`;
  return `note: ${done.epochs} ${done.epochs === 1 ? 'epoch' : 'epochs'}${more} are done already, so none of ${epochs} is left; more of them: --epochs N`;
}

/** The model that is named, or that of the checkpoint; undefined where one is to be made of the data. */
async function readGiven(
  io: Io,
  chosen: string | undefined,
  resumed: Resumed | null,
  options: TrainOptions,
): Promise<Model | undefined> {
  const model = chosen === undefined ? resumed?.model : await readModel(io, chosen, [], options);
  return model && changedModel(model, options);
}

/** Layers that bring their inputs to one size. */
const SCALING_LAYERS: readonly string[] = ['Normalization', 'BatchNormalization', 'Rescaling'];

function scalesItself({ spec }: Model): boolean {
  return SCALING_LAYERS.includes(spec.layers[0].type);
}

/** Where the model and its checkpoints will be written; checked, as are the other files of a run. */
function checkedOutput(
  chosen: string | undefined,
  given: Model | undefined,
  options: TrainOptions,
): { output: string; checkpoint: CheckpointPlan } {
  const { output: asked, data, validationData = [], resume, csvLog, testOut, force } = options;
  const output = asked ?? defaultOutput(given?.path ?? SPEC_FILE, 'trained');
  const rows = [chosen, ...data, ...validationData].filter((name) => name !== undefined);
  const inputs = resume === undefined ? rows : [...rows, resume];
  checkOutput(output, inputs, force === true);
  if (csvLog !== undefined) checkLog(csvLog, [...inputs, output], force === true);
  if (testOut !== undefined) {
    const others = [...inputs, output, ...(csvLog === undefined ? [] : [csvLog])];
    checkTestRows(testOut, others, force === true);
  }
  const written = [output, csvLog, testOut].filter((name) => name !== undefined);
  // Where it goes on from, it may be saved again.
  const others = [...rows, ...written];
  return { output, checkpoint: planCheckpoint(options, output, others, force === true) };
}

/** The model's own weights, or those that its initializers draw. */
function startingWeights(model: Model, network: Network, seed: number): Run['weights'] {
  return model.weights === undefined ? initialWeights(network, seed) : weightsOf(model, network);
}

/** The most rows that are computed at once. */
function mostAtOnce(
  { train, validation }: Pick<Run, 'train' | 'validation'>,
  { batchSize, validationBatchSize }: ResolvedFit,
): number {
  const validated = Math.min(validationBatchSize, validation?.x.shape[0] ?? 0);
  return Math.max(Math.min(batchSize, train.x.shape[0]), validated);
}

/** Steps of the whole run, if nothing ends it early. */
function countSteps({ x }: Samples, { batchSize, epochs, initialEpoch }: ResolvedFit): number {
  return stepsIn(x.shape[0], batchSize) * (epochs - initialEpoch);
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
  const { optimizer } = overrideCompile(NOT_SAID, options);
  const { model, reasons } = modelFromData(data, options, optimizer?.type);
  notes.push(...reasons);
  return changedModel(model, options);
}

/** How the training data are read: by the model's contract, or by what options and spec say. */
function dataOptions(
  model: Model | undefined,
  options: TrainOptions,
  mode: ReturnType<typeof targetModeOf>,
  seed: number,
): DataOptions {
  const spec = model?.spec ?? null;
  const shared = {
    ...saidFormat(options),
    header: options.header ?? spec?.data.header ?? undefined,
    split: splitWish(options, spec?.fit.validation_split ?? 0, seed),
  };
  if (model?.columns !== undefined) {
    const contract = readColumns(model.columns, model.source);
    checkSettled(options, contract, model.source, options.resume !== undefined);
    return { ...shared, syntax: syntaxOf(options), columns: { contract } };
  }
  const inputs = spec?.input_shape ? sizeOf(spec.input_shape) : undefined;
  return {
    ...shared,
    syntax: syntaxOf(options, spec?.data),
    columns: newColumns(options, spec?.data ?? null, mode, inputs),
  };
}
