/** The rows of a run: to learn from, with the weights of their classes, and to validate with. */
import type { Network } from '../nn/network.ts';
import type { LossSpec } from '../spec/losses.ts';
import { withClassWeight } from '../training/class-weight.ts';
import type { Samples } from '../training/run.ts';
import { syntaxOf } from './column-options.ts';
import { saidFormat } from './input-format.ts';
import type { Io } from './io.ts';
import type { TrainOptions } from './train-run.ts';
import { readTrainingData, type TrainingData } from './training-data.ts';
import { classesOf, samplesOf } from './training-rows.ts';
import { type ResolvedCompile, type ResolvedFit, targetModeOf } from './training-settings.ts';

/** What decides how rows become samples. */
interface Fitted {
  readonly data: TrainingData;
  readonly network: Network;
  readonly compile: ResolvedCompile;
  readonly fit: ResolvedFit;
}

/**
 * Training and validation samples: of their own file, or as the split divided the training data.
 *
 * @throws {UserError} exit 3 where inputs, targets or weights do not fit
 */
export async function runSamples(
  io: Io,
  { data, network, compile, fit }: Fitted,
  options: TrainOptions,
): Promise<{ train: Samples; validation: Samples | null }> {
  const train = samplesOf(data, network, compile.loss);
  const ofSplit = data.validation && samplesOf(data, network, compile.loss, data.validation);
  const ofFile = await readValidation(io, data, network, compile.loss, options);
  return { train: weighted(train, data, network, compile, fit), validation: ofFile ?? ofSplit };
}

/** The rows of --validation-data, read as the training rows were. */
async function readValidation(
  io: Io,
  { columns }: TrainingData,
  network: Network,
  loss: LossSpec,
  options: TrainOptions,
): Promise<Samples | null> {
  const { validationData, header } = options;
  if (validationData === undefined) return null;
  const data = await readTrainingData(io, validationData, {
    ...saidFormat(options),
    // The query is about the training rows.
    query: undefined,
    header,
    syntax: syntaxOf(options),
    columns: columns ? { contract: columns } : { targets: [], mode: targetModeOf(loss) },
  });
  return samplesOf(data, network, loss);
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
