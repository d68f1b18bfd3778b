/**
 * How weights move: optimizers as documents name them, from what `nn/optimizers/` declares, with the
 * arguments that all of Keras's take.
 */
import * as v from 'valibot';
import { isObject } from '../is-object.ts';
import type { Given } from '../nn/given.ts';
import { optimizers as declared, stepOptimizers } from '../nn/optimizers/table.ts';
import { type Kind, kind, named, type SchemaOf } from './named.ts';
import { schedule } from './schedules.ts';
import { flag, fraction, notNegative, positive, whole } from './values.ts';

const rate = notNegative();
const rateOrSchedule = v.union([rate, schedule]);

/** A learning rate: a number, or an object that says how it falls. */
export const learningRate = v.lazy((input) => {
  if (input === undefined) return rateOrSchedule;
  return isObject(input) ? schedule : rate;
});

/** Nothing where it is null. */
const noNumber = v.optional(v.nullable(notNegative()), null);

/** What every optimizer of Keras takes. */
export const commonArguments = {
  weight_decay: noNumber,
  clipnorm: noNumber,
  clipvalue: noNumber,
  global_clipnorm: noNumber,
  use_ema: v.optional(flag(), false),
  ema_momentum: v.optional(fraction(), 0.99),
  ema_overwrite_frequency: v.optional(v.nullable(whole(1)), null),
  loss_scale_factor: v.optional(v.nullable(positive()), null),
  gradient_accumulation_steps: v.optional(v.nullable(whole(2)), null),
};

/** The common arguments that say something: no nulls, and nothing about averages without `use_ema`. */
export interface CommonOptions {
  readonly weight_decay?: number;
  readonly clipnorm?: number;
  readonly clipvalue?: number;
  readonly global_clipnorm?: number;
  readonly use_ema?: true;
  readonly ema_momentum?: number;
  readonly ema_overwrite_frequency?: number;
  readonly loss_scale_factor?: number;
  readonly gradient_accumulation_steps?: number;
}

type CommonFields = {
  [K in keyof typeof commonArguments]: v.InferOutput<(typeof commonArguments)[K]>;
};

function settled<T extends CommonFields>(fields: T): Omit<T, keyof CommonFields> & CommonOptions {
  const {
    weight_decay,
    clipnorm,
    clipvalue,
    global_clipnorm,
    use_ema,
    ema_momentum,
    ema_overwrite_frequency: frequency,
    loss_scale_factor,
    gradient_accumulation_steps,
    ...own
  } = fields;
  return {
    ...own,
    ...(weight_decay === null ? {} : { weight_decay }),
    ...(clipnorm === null ? {} : { clipnorm }),
    ...(clipvalue === null ? {} : { clipvalue }),
    ...(global_clipnorm === null ? {} : { global_clipnorm }),
    ...(use_ema ? { use_ema, ema_momentum } : {}),
    ...(use_ema && frequency !== null ? { ema_overwrite_frequency: frequency } : {}),
    ...(loss_scale_factor === null ? {} : { loss_scale_factor }),
    ...(gradient_accumulation_steps === null ? {} : { gradient_accumulation_steps }),
  };
}

/** The clipping arguments that are given. */
function clips({ clipnorm, clipvalue, global_clipnorm }: CommonFields): string[] {
  return Object.entries({ clipnorm, clipvalue, global_clipnorm }).flatMap(([key, value]) =>
    value === null ? [] : [key],
  );
}

type StepName = keyof typeof stepOptimizers;

/** What a step optimizer's object means, once checked and filled in. */
type SpecOf<K extends StepName> = {
  readonly type: K;
  readonly learning_rate: v.InferOutput<typeof learningRate>;
} & Omit<Given<(typeof stepOptimizers)[K]['arguments']>, keyof CommonOptions> &
  CommonOptions;

/** A kind of Keras's: the rate, its own arguments, and those of all; clipping in one way at most. */
function stepKind<K extends StepName>(type: K): Kind<v.GenericSchema<unknown, SpecOf<K>>> {
  const { aliases, learningRate: usual, arguments: own } = stepOptimizers[type];
  const learning_rate = v.optional(learningRate, usual);
  // Some have another default for what all take.
  const entries = { learning_rate, ...own, ...commonArguments, ...own };
  const { schema, ...words } = kind(type, aliases, entries);
  const settling = v.pipe(
    schema as v.GenericSchema<unknown, CommonFields>,
    v.check(
      (fields) => clips(fields).length <= 1,
      ({ input }) =>
        `expected clipnorm, clipvalue or global_clipnorm; found ${clips(input).join(' and ')}`,
    ),
    v.transform(settled),
  );
  // What comes out follows from the entries, which the types cannot follow through a table.
  const result = settling as v.GenericSchema<unknown, unknown>;
  return { ...words, schema: result as v.GenericSchema<unknown, SpecOf<K>> };
}

type StepKinds = { readonly [K in StepName]: Kind<v.GenericSchema<unknown, SpecOf<K>>> };

function stepKinds(): StepKinds {
  const names = Object.keys(stepOptimizers) as StepName[];
  return Object.fromEntries(names.map((name) => [name, stepKind(name)])) as StepKinds;
}

/** Keras's optimizers, and lbfgs. The word after each name is Keras's class. */
export const optimizers = Object.freeze({
  ...stepKinds(),
  lbfgs: kind('lbfgs', declared.lbfgs.aliases, declared.lbfgs.arguments),
});

export type OptimizerSpec = v.InferOutput<SchemaOf<typeof optimizers>>;
/** The optimizers that go from batch to batch: Keras's. */
export type StepOptimizerSpec = { [K in StepName]: SpecOf<K> }[StepName];
export type OptimizerOf<T extends OptimizerSpec['type']> = Extract<OptimizerSpec, { type: T }>;

/** A place for an optimizer. Keras takes its names in any case. */
export const optimizer = named<SchemaOf<typeof optimizers>>(optimizers, {
  what: 'optimizer',
  caseMatters: false,
});
