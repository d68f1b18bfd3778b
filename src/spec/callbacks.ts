/** What may act between epochs: Keras's callbacks by name, with their arguments and defaults. */
import * as v from 'valibot';
import { FormulaError, parseFormula } from '../graph/formula.ts';
import { kind, named, type SchemaOf } from './named.ts';
import { expected, flag, notNegative, number, whole } from './values.ts';

const modes = ['auto', 'min', 'max'] as const;
const monitor = v.optional(
  v.pipe(v.string(expected('a name')), v.nonEmpty(expected('a name'))),
  'val_loss',
);
const mode = v.optional(v.picklist(modes, expected('"auto", "min" or "max"')), 'auto');
/** 1 prints what the callback does. */
const verbose = v.optional(v.picklist([0, 1], expected('0 or 1')), 0);
const factorMessage = expected('a number, 0 or more and less than 1');
const factor = v.pipe(
  v.number(factorMessage),
  v.minValue(0, factorMessage),
  v.ltValue(1, factorMessage),
);

/** A formula in `epoch`, counted from 0, and `lr`, checked and as text. */
const schedule = v.pipe(
  v.string(expected('a formula in epoch and lr')),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const text = dataset.value;
    try {
      return { text, expression: parseFormula(text, ['epoch', 'lr'], ['epoch', 'lr']) };
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      addIssue({ message: `character ${error.position}: ${error.message}` });
      return NEVER;
    }
  }),
);

/** Keras's callbacks that change a run. Those that write files are options of `train`. */
export const callbacks = Object.freeze({
  EarlyStopping: kind('EarlyStopping', ['early_stopping'], {
    monitor,
    min_delta: v.optional(number(), 0),
    patience: v.optional(whole(0), 0),
    verbose,
    mode,
    baseline: v.optional(v.nullable(number()), null),
    restore_best_weights: v.optional(flag(), false),
    start_from_epoch: v.optional(whole(0), 0),
  }),
  ReduceLROnPlateau: kind('ReduceLROnPlateau', ['reduce_lr_on_plateau'], {
    monitor,
    factor: v.optional(factor, 0.1),
    patience: v.optional(whole(0), 10),
    verbose,
    mode,
    min_delta: v.optional(number(), 1e-4),
    cooldown: v.optional(whole(0), 0),
    min_lr: v.optional(notNegative(), 0),
  }),
  /** The rate of each epoch as a formula in `epoch` (from 0) and `lr` (the rate so far). */
  LearningRateScheduler: kind('LearningRateScheduler', ['learning_rate_scheduler'], {
    schedule,
    verbose,
  }),
});

export type CallbackSpec = v.InferOutput<SchemaOf<typeof callbacks>>;
export type CallbackOf<T extends CallbackSpec['type']> = Extract<CallbackSpec, { type: T }>;

/** A place for a callback. */
export const callback = named<SchemaOf<typeof callbacks>>(callbacks, {
  what: 'callback',
  asText: false,
});
