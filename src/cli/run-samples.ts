/** The rows of a run: to learn from, with the weights of their classes, and to validate with. */
import { splitRows } from '../data/split.ts';
import type { Network } from '../nn/network.ts';
import type { LossSpec } from '../spec/losses.ts';
import { withClassWeight } from '../training/class-weight.ts';
import type { Samples } from '../training/run.ts';
import { saidFormat } from './input-format.ts';
import type { Io } from './io.ts';
import type { TrainOptions } from './train-run.ts';
import { readTrainingData, type TrainingData } from './training-data.ts';
import { classesOf, rowRange, samplesOf } from './training-rows.ts';
import { type ResolvedCompile, type ResolvedFit, targetModeOf } from './training-settings.ts';

/** What decides how rows become samples. */
interface Fitted {
  readonly data: TrainingData;
  readonly network: Network;
  readonly compile: ResolvedCompile;
  readonly fit: ResolvedFit;
}

/**
 * Training and validation samples: of their own file, or the last rows of the training data.
 *
 * @throws {UserError} exit 3 where inputs, targets or weights do not fit
 */
export async function runSamples(
  io: Io,
  { data, network, compile, fit }: Fitted,
  options: TrainOptions,
): Promise<{ train: Samples; validation: Samples | null }> {
  const whole = samplesOf(data, network, compile.loss);
  const validation = await readValidation(io, data, network, compile.loss, options);
  const split = validation
    ? { train: whole, validation }
    : splitSamples(whole, fit.validationSplit, options);
  return { ...split, train: weighted(split.train, data, network, compile, fit) };
}

function splitSamples(whole: Samples, share: number, { validationSplit }: TrainOptions) {
  const rows = whole.x.shape[0];
  const source = validationSplit === undefined ? 'fit.validation_split' : '--validation-split';
  const { training, validation } = splitRows(rows, share, source);
  if (validation === 0) return { train: whole, validation: null };
  return { train: rowRange(whole, 0, training), validation: rowRange(whole, training, rows) };
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
