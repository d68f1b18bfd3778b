/** The settings of a training run: the command line over the spec over Keras's defaults. */
import type { TargetMode } from '../data/targets.ts';
import { ExitCode, UserError } from '../errors.ts';
import { losses } from '../nn/losses.ts';
import type { CallbackSpec } from '../spec/callbacks.ts';
import type { LossSpec } from '../spec/losses.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';
import type { CompileSpec, FitSpec } from '../spec/spec.ts';
import { lossFor, type TargetKind } from '../spec/spec-from-data.ts';
import type { ClassWeight } from '../training/class-weight.ts';
import { type CallbackOptions, overrideCallbacks } from './callback-options.ts';
import { classWeightOf } from './class-weight-option.ts';
import { compileOf } from './compile-options.ts';

export interface FitOptions extends CallbackOptions {
  readonly epochs?: number;
  readonly initialEpoch?: number;
  readonly batchSize?: number;
  readonly validationSplit?: number;
  /** Commander's default is true; only `--no-shuffle` says something. */
  readonly shuffle?: boolean;
  readonly validationFreq?: number;
  /** `balanced`, or JSON of weights by class. */
  readonly classWeight?: string;
}

/** Keras's fit arguments, resolved. */
export interface ResolvedFit {
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly batchSize: number;
  readonly validationSplit: number;
  readonly validationBatchSize: number;
  readonly validationFreq: number | readonly number[];
  readonly shuffle: boolean;
  readonly callbacks: readonly CallbackSpec[];
  readonly keep: 'last' | 'best';
  /** What `keep: 'best'` compares, where somebody says. */
  readonly monitor: string | null;
  /** Null where classes count alike; `source` says where it was given. */
  readonly classWeight: { readonly weights: ClassWeight; readonly source: string } | null;
}

/** Keras's compile arguments, none missing. */
export interface ResolvedCompile {
  readonly optimizer: OptimizerSpec;
  readonly loss: LossSpec;
  readonly metrics: CompileSpec['metrics'];
  readonly weightedMetrics: CompileSpec['metrics'];
  /** Said on standard error where the loss was chosen and not given; null otherwise. */
  readonly note: string | null;
}

/** Rows per step where nobody says how many, as in Keras. */
export const BATCH_SIZE = 32;

/**
 * The fit arguments.
 *
 * @param optimizer  lbfgs takes all rows at once
 * @param rows       of all data that there are to train on
 * @throws {UserError} exit 2 where no epoch is left to run
 */
export function resolveFit(
  spec: FitSpec,
  options: FitOptions,
  optimizer: OptimizerSpec,
  rows: number,
): ResolvedFit {
  const epochs = options.epochs ?? spec.epochs;
  const initialEpoch = options.initialEpoch ?? spec.initial_epoch;
  if (initialEpoch >= epochs) {
    throw new UserError(
      ExitCode.usage,
      `--initial-epoch: expected less than the ${epochs} of --epochs; found ${initialEpoch}`,
      'as in Keras, --epochs is the number of the last epoch, not how many are run',
    );
  }
  const byDefault = optimizer.type === 'lbfgs' ? rows : BATCH_SIZE;
  const batchSize = options.batchSize ?? spec.batch_size ?? byDefault;
  return {
    epochs,
    initialEpoch,
    batchSize,
    validationSplit: options.validationSplit ?? spec.validation_split,
    validationBatchSize: spec.validation_batch_size ?? batchSize,
    validationFreq: options.validationFreq ?? spec.validation_freq,
    shuffle: options.shuffle === false ? false : spec.shuffle,
    callbacks: overrideCallbacks(spec.callbacks, options),
    keep: options.keep ?? 'last',
    monitor: options.keep === 'best' ? (options.monitor ?? null) : null,
    classWeight: resolveClassWeight(spec, options),
  };
}

function resolveClassWeight(
  { class_weight }: FitSpec,
  { classWeight }: FitOptions,
): ResolvedFit['classWeight'] {
  const source = '--class-weight';
  if (classWeight !== undefined) return { weights: classWeightOf(classWeight, source), source };
  return class_weight === null ? null : { weights: class_weight, source: 'fit.class_weight' };
}

/**
 * The compile arguments with what is missing chosen: adam, and the loss that fits the target.
 *
 * @param units  of the output layer
 */
export function completeCompile(
  given: CompileSpec,
  target: TargetKind,
  units: number,
): ResolvedCompile {
  const optimizer = given.optimizer ?? compileOf('optimizer', 'adam').optimizer;
  if (!optimizer) throw new Error('internal: adam is an optimizer');
  const weightedMetrics = given.weighted_metrics;
  if (given.loss) {
    const { loss, metrics } = given;
    return { optimizer, loss, metrics, weightedMetrics, note: null };
  }
  const chosen = lossFor(target, units);
  const { loss } = compileOf('loss', chosen.loss);
  if (!loss) throw new Error(`internal: ${chosen.loss} is a loss`);
  const metrics =
    given.metrics.length > 0 ? given.metrics : compileOf('metrics', chosen.metrics).metrics;
  const what = target.kind === 'number' ? 'numbers' : `${target.classes.length} classes`;
  return {
    optimizer,
    loss,
    metrics,
    weightedMetrics,
    note: `no loss given; the target is ${what}, so ${chosen.loss}`,
  };
}

/** How a loss wants the target column read. */
export function targetModeOf(loss: LossSpec | null): TargetMode {
  switch (loss && losses[loss.type].targets) {
    case null:
    // Two classes by name, or probabilities: the column tells.
    case 'probabilities':
    case 'by shape':
      return 'auto';
    case 'class numbers':
      return 'class';
    default:
      return 'number';
  }
}
