/** What one training run is asked for, and what it is made of. */
import type { LayerWeights } from '../ndarray.ts';
import type { Network } from '../nn/network.ts';
import type { Style } from '../report/progress-bar.ts';
import type { Computing, EngineName } from '../training/engine-names.ts';
import type { Resumption } from '../training/fit.ts';
import type { Samples } from '../training/run.ts';
import type { CheckpointPlan } from './checkpoint.ts';
import type { CheckpointOptions } from './checkpoint-options.ts';
import type { ColumnOptions } from './column-options.ts';
import type { CompileOptions } from './compile-options.ts';
import type { SaidFormat } from './input-format.ts';
import type { Model } from './model-input.ts';
import type { COLOR_WISHES } from './shared-options.ts';
import type { SplitOptions, splitRecord } from './split-option.ts';
import type { TrainableOptions } from './trainable.ts';
import type { TrainingData } from './training-data.ts';
import type { FitOptions, ResolvedCompile, ResolvedFit } from './training-settings.ts';
import type { Target } from './watch.ts';

/** The command line of `train`. */
export interface TrainOptions
  extends SaidFormat,
    ColumnOptions,
    SplitOptions,
    CheckpointOptions,
    CompileOptions,
    Omit<FitOptions, 'validationSplit'>,
    TrainableOptions {
  /** None where the rows come from a query alone. */
  readonly data: readonly string[];
  readonly header?: boolean;
  readonly validationData?: readonly string[];
  /** The two as the user wrote them. */
  readonly dataPatterns?: readonly string[];
  readonly validationPatterns?: readonly string[];
  readonly layers?: readonly number[];
  readonly csvLog?: string;
  /** A word of `lrSchedules`, or JSON of a schedule. */
  readonly lrSchedule?: string;
  readonly seed?: number;
  readonly verify: boolean;
  readonly engine: EngineName;
  readonly threads: number | 'auto';
  readonly output?: string;
  readonly force?: true;
  readonly style: Style;
  readonly verbose?: '0' | '1' | '2';
  readonly json?: true;
  readonly color: (typeof COLOR_WISHES)[number];
  readonly quiet?: true;
}

/** All that one run needs, decided and checked. */
export interface Run extends SettledRun {
  /** Where it begins, or goes on from. */
  readonly weights: readonly LayerWeights[];
  /** What it goes on from besides; null where it starts. */
  readonly from: Resumption | null;
}

/** A run but for where it begins. */
export interface SettledRun {
  readonly model: Model;
  readonly network: Network;
  readonly data: TrainingData;
  readonly train: Samples;
  readonly validation: Samples | null;
  readonly compile: ResolvedCompile;
  readonly fit: ResolvedFit;
  /** As it was asked for; its engine, where none was, as it was in the run that goes on. */
  readonly computing: Computing;
  readonly seed: number;
  /** How the rows were divided, as `training` says it. */
  readonly division: ReturnType<typeof splitRecord>;
  readonly output: string;
  readonly checkpoint: CheckpointPlan;
  /** Values at which it has trained enough. */
  readonly targets: readonly Target[];
}
