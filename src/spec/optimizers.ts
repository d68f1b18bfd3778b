/** How weights move: Keras's optimizers by name, with their arguments and defaults, and L-BFGS. */
import * as v from 'valibot';
import { type Kind, kind, named, type SchemaOf } from './named.ts';
import { schedule } from './schedules.ts';
import {
  expected,
  flag,
  fraction,
  fractionBelowOne,
  notNegative,
  number,
  positive,
  whole,
} from './values.ts';

const rate = notNegative();
const rateOrSchedule = v.union([rate, schedule]);

/** A learning rate: a number, or an object that says how it falls. */
export const learningRate = v.lazy((input) => {
  if (input === undefined) return rateOrSchedule;
  return typeof input === 'object' && input !== null && !Array.isArray(input) ? schedule : rate;
});

const learning_rate = (byDefault: number) => v.optional(learningRate, byDefault);

/** Keras's own ε, added where something is divided by. */
const epsilon = v.optional(notNegative(), 1e-7);
const momentum = v.optional(fraction(), 0);
const fractionMessage = expected('a number above 0 and less than 1');
const aboveZeroBelowOne = v.pipe(
  v.number(fractionMessage),
  v.gtValue(0, fractionMessage),
  v.ltValue(1, fractionMessage),
);
const lionMessage = expected('a number above 0, at most 1');
const notAboveZeroMessage = expected('a number, 0 or less');
const betas = {
  beta_1: v.optional(fractionBelowOne(), 0.9),
  beta_2: v.optional(fractionBelowOne(), 0.999),
  epsilon,
};

/** Each step of Muon's iteration is three matrix products in every training step. */
const MAX_NEWTON_SCHULZ_STEPS = 100;

/** Part of the name of layers. Keras searches with regular expressions, which plain words are. */
const keywordPhrase = 'parts of layer names: letters, digits, "_", "-", "/" and blanks';
const keyword = v.pipe(
  v.string(expected(keywordPhrase)),
  v.regex(/^[\w /-]+$/, expected(keywordPhrase)),
);

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

/** A kind with the common arguments: clipping in one way at most, and only what says something. */
function withCommon<T extends CommonFields>({
  schema,
  ...kind
}: Kind<v.GenericSchema<unknown, T>>) {
  return {
    ...kind,
    schema: v.pipe(
      schema,
      v.check(
        (fields) => clips(fields).length <= 1,
        ({ input }) =>
          `expected clipnorm, clipvalue or global_clipnorm; found ${clips(input).join(' and ')}`,
      ),
      v.transform(settled<T>),
    ),
  };
}

/** Keras's optimizers, and lbfgs. The word after each name is Keras's class. */
export const optimizers = Object.freeze({
  sgd: withCommon(
    kind('sgd', ['SGD'], {
      learning_rate: learning_rate(0.01),
      momentum,
      nesterov: v.optional(flag(), false),
      ...commonArguments,
    }),
  ),
  rmsprop: withCommon(
    kind('rmsprop', ['RMSprop'], {
      learning_rate: learning_rate(0.001),
      rho: v.optional(fraction(), 0.9),
      momentum,
      epsilon,
      centered: v.optional(flag(), false),
      ...commonArguments,
    }),
  ),
  adam: withCommon(
    kind('adam', ['Adam'], {
      learning_rate: learning_rate(0.001),
      ...betas,
      amsgrad: v.optional(flag(), false),
      ...commonArguments,
    }),
  ),
  adamw: withCommon(
    kind('adamw', ['AdamW'], {
      learning_rate: learning_rate(0.001),
      ...betas,
      amsgrad: v.optional(flag(), false),
      ...commonArguments,
      weight_decay: v.optional(notNegative(), 0.004),
    }),
  ),
  adamax: withCommon(
    kind('adamax', ['Adamax'], {
      learning_rate: learning_rate(0.001),
      ...betas,
      ...commonArguments,
    }),
  ),
  nadam: withCommon(
    kind('nadam', ['Nadam'], { learning_rate: learning_rate(0.001), ...betas, ...commonArguments }),
  ),
  adagrad: withCommon(
    kind('adagrad', ['Adagrad'], {
      learning_rate: learning_rate(0.001),
      initial_accumulator_value: v.optional(notNegative(), 0.1),
      epsilon,
      ...commonArguments,
    }),
  ),
  adadelta: withCommon(
    kind('adadelta', ['Adadelta'], {
      learning_rate: learning_rate(0.001),
      rho: v.optional(fraction(), 0.95),
      epsilon,
      ...commonArguments,
    }),
  ),
  ftrl: withCommon(
    kind('ftrl', ['Ftrl'], {
      learning_rate: learning_rate(0.001),
      learning_rate_power: v.optional(
        v.pipe(v.number(notAboveZeroMessage), v.maxValue(0, notAboveZeroMessage)),
        -0.5,
      ),
      initial_accumulator_value: v.optional(notNegative(), 0.1),
      l1_regularization_strength: v.optional(notNegative(), 0),
      l2_regularization_strength: v.optional(notNegative(), 0),
      l2_shrinkage_regularization_strength: v.optional(notNegative(), 0),
      beta: v.optional(notNegative(), 0),
      ...commonArguments,
    }),
  ),
  adafactor: withCommon(
    kind('adafactor', ['Adafactor'], {
      learning_rate: learning_rate(0.001),
      beta_2_decay: v.optional(number(), -0.8),
      epsilon_1: v.optional(notNegative(), 1e-30),
      epsilon_2: v.optional(notNegative(), 1e-3),
      clip_threshold: v.optional(positive(), 1),
      relative_step: v.optional(flag(), true),
      ...commonArguments,
    }),
  ),
  lion: withCommon(
    kind('lion', ['Lion'], {
      learning_rate: learning_rate(0.001),
      beta_1: v.optional(
        v.pipe(v.number(lionMessage), v.gtValue(0, lionMessage), v.maxValue(1, lionMessage)),
        0.9,
      ),
      beta_2: v.optional(fraction(), 0.99),
      ...commonArguments,
    }),
  ),
  lamb: withCommon(
    kind('lamb', ['Lamb'], { learning_rate: learning_rate(0.001), ...betas, ...commonArguments }),
  ),
  muon: withCommon(
    kind('muon', ['Muon'], {
      learning_rate: learning_rate(0.001),
      adam_beta_1: v.optional(fractionBelowOne(), 0.9),
      adam_beta_2: v.optional(fractionBelowOne(), 0.999),
      /** Of the weights that Adam moves; `weight_decay` is of the others. */
      adam_weight_decay: v.optional(v.nullable(notNegative()), 0.004),
      epsilon,
      exclude_layers: v.nullish(v.array(keyword, expected(keywordPhrase)), []),
      exclude_embeddings: v.optional(flag(), true),
      muon_a: v.optional(number(), 3.4445),
      muon_b: v.optional(number(), -4.775),
      muon_c: v.optional(number(), 2.0315),
      adam_lr_ratio: v.optional(notNegative(), 1),
      momentum: v.optional(fraction(), 0.95),
      ns_steps: v.optional(whole(0, MAX_NEWTON_SCHULZ_STEPS), 5),
      nesterov: v.optional(flag(), true),
      /** Null: the update is not scaled by the matrix's size. */
      rms_rate: v.optional(v.nullable(notNegative()), 0.2),
      ...commonArguments,
      weight_decay: v.optional(v.nullable(notNegative()), 0.004),
    }),
  ),
  schedulefreeadamw: withCommon(
    kind('schedulefreeadamw', ['ScheduleFreeAdamW'], {
      learning_rate: learning_rate(0.0025),
      beta_1: v.optional(aboveZeroBelowOne, 0.9),
      beta_2: v.optional(fractionBelowOne(), 0.999),
      epsilon: v.optional(notNegative(), 1e-8),
      warmup_steps: v.optional(whole(0), 0),
      ...commonArguments,
    }),
  ),
  /** Not of Keras: L-BFGS over all rows at once with a strong Wolfe line search. */
  lbfgs: kind('lbfgs', ['LBFGS'], {
    /** The first trial step along each new direction. */
    learning_rate: v.optional(positive(), 1),
    /** How many steps back curvature is remembered. */
    memory: v.optional(whole(1, 1000), 10),
    /** Gradients at most that one line search, which is one epoch, may compute. */
    max_evaluations: v.optional(whole(2, 1000), 25),
    /** Training ends where no component of the gradient is larger. */
    gradient_tolerance: v.optional(notNegative(), 1e-7),
  }),
});

export type OptimizerSpec = v.InferOutput<SchemaOf<typeof optimizers>>;
/** The optimizers that go from batch to batch: Keras's. */
export type StepOptimizerSpec = Exclude<OptimizerSpec, { type: 'lbfgs' }>;
export type OptimizerOf<T extends OptimizerSpec['type']> = Extract<OptimizerSpec, { type: T }>;

/** A place for an optimizer. Keras takes its names in any case. */
export const optimizer = named<SchemaOf<typeof optimizers>>(optimizers, {
  what: 'optimizer',
  caseMatters: false,
});
