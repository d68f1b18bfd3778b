/** What the epochs of a run share, and how it is put together. */
import type { Network } from '../nn/network.ts';
import { Shuffler } from '../random.ts';
import type { Checkpoint } from '../records.ts';
import { CallbackList } from './callbacks/callback-list.ts';
import { KeepBest } from './callbacks/keep-best.ts';
import type { FitSettings } from './fit.ts';
import type { Inspection } from './inspection.ts';
import type { LastGood } from './last-good.ts';
import { Progress } from './progress.ts';
import { inOrder, type Samples, type TrainingRun } from './run.ts';
import { validationOf } from './validation.ts';
import type { WarningKind } from './warnings.ts';

/** All that a run is, as its first step finds it or as a checkpoint has it. */
export interface TrainingParts {
  readonly network: Network;
  readonly run: TrainingRun;
  readonly train: Samples;
  readonly validation: Samples | null;
  /** Batches are no larger than there are rows. */
  readonly settings: FitSettings;
  readonly callbacks: CallbackList;
  readonly best: KeepBest | null;
  /** The order of the training rows; shuffled further in each epoch. */
  readonly order: Int32Array;
  readonly shuffler: Shuffler;
  readonly progress: Progress;
  /** Warnings that were given. */
  readonly said: Set<WarningKind>;
}

export interface Training extends TrainingParts {
  /** What it takes to go on from a pause. */
  readonly checkpoint: () => Checkpoint;
  /** Keeps what a failing step can be found again from; null in a run that is looking for one. */
  readonly lastGood: LastGood | null;
  /** How many steps there may be between two pauses. */
  readonly stepsAtOnce: number;
  /** Looks at the layers after epochs; null where nobody wants to know. */
  readonly inspection: Inspection | null;
}

/** What a run is made of before it is put together. */
export type Ingredients = Pick<
  TrainingParts,
  'network' | 'run' | 'train' | 'validation' | 'settings'
>;

/** A run before its first epoch. @throws {UserError} exit 2 where a callback watches what is not measured */
export function freshParts(ingredients: Ingredients): TrainingParts {
  const { run, train, validation, settings } = ingredients;
  const measured = validationOf(validation !== null, settings);
  return {
    ...ingredients,
    callbacks: new CallbackList(run, settings, measured),
    best: settings.keep === 'best' ? new KeepBest(run, settings, measured) : null,
    order: inOrder(train.x.shape[0]),
    shuffler: Shuffler.of(settings.seed, 'shuffle'),
    progress: new Progress(settings.initialEpoch),
    said: new Set(),
  };
}
