/** `--lr-schedule`: a schedule that fits the run, by a word; or Keras's own as JSON. */
import { ExitCode, UserError } from '../errors.ts';
import type { JsonObject, JsonValue } from '../spec/json.ts';
import type { OptimizerSpec } from '../spec/optimizers.ts';
import { readSpec } from '../spec/read-spec.ts';
import { nearest, quote } from '../words.ts';
import { parseOption } from './option-values.ts';

/** A schedule over `steps` steps that starts from (or warms up to) `rate`, as a spec writes it. */
type MakeSchedule = (rate: number, steps: number) => JsonObject;

/** Share of a run that warming up takes. */
const WARMUP = 0.05;

/** The words, and the schedules of Keras that they stand for. */
export const lrSchedules: Readonly<Record<string, MakeSchedule>> = Object.freeze({
  /** Half a cosine, down to 0 at the end. */
  cosine: (rate, steps) => ({
    type: 'CosineDecay',
    initial_learning_rate: rate,
    decay_steps: steps,
  }),
  /** The same after a rise from 0 over the first twentieth. */
  'warmup-cosine': (rate, steps) => {
    const warmup_steps = Math.max(1, Math.round(steps * WARMUP));
    return {
      type: 'CosineDecay',
      initial_learning_rate: 0,
      decay_steps: Math.max(1, steps - warmup_steps),
      warmup_target: rate,
      warmup_steps,
    };
  },
  /** Three cosines, each twice as long as the one before. */
  restarts: (rate, steps) => ({
    type: 'CosineDecayRestarts',
    initial_learning_rate: rate,
    first_decay_steps: steps / 7,
  }),
  /** A straight line down to 0 at the end. */
  linear: (rate, steps) => ({
    type: 'PolynomialDecay',
    initial_learning_rate: rate,
    decay_steps: steps,
    end_learning_rate: 0,
  }),
  /** A parabola down to 0 at the end. */
  polynomial: (rate, steps) => ({
    type: 'PolynomialDecay',
    initial_learning_rate: rate,
    decay_steps: steps,
    end_learning_rate: 0,
    power: 2,
  }),
  /** By the same factor in each step, down to a hundredth at the end. */
  exponential: (rate, steps) => ({
    type: 'ExponentialDecay',
    initial_learning_rate: rate,
    decay_steps: steps,
    decay_rate: 0.01,
  }),
  /** As one over the steps, down to a tenth at the end. */
  'inverse-time': (rate, steps) => ({
    type: 'InverseTimeDecay',
    initial_learning_rate: rate,
    decay_steps: steps,
    decay_rate: 9,
  }),
  /** A tenth from the middle on, a hundredth for the last quarter. */
  steps: (rate, steps) => ({
    type: 'PiecewiseConstantDecay',
    boundaries: [1 / 2, 3 / 4].map((share) => Math.max(0, Math.floor(steps * share) - 1)),
    values: [rate, rate / 10, rate / 100],
  }),
});

const FLAG = '--lr-schedule';
const GIVE_RATE = 'give one with --learning-rate';

/**
 * The optimizer with the schedule in the place of its rate.
 *
 * @param text   a word of `lrSchedules`, or JSON of a schedule
 * @param steps  how many there will be
 * @throws {UserError} exit 2 for an unknown word, JSON that a spec would not take, an optimizer whose
 *   rate is no number to start from
 */
export function scheduled(optimizer: OptimizerSpec, text: string, steps: number): OptimizerSpec {
  if (optimizer.type === 'lbfgs') throw noRate('lbfgs, which finds its own', null);
  const { learning_rate: rate } = optimizer;
  const isJson = text.trimStart().startsWith('{');
  if (isJson) return { ...optimizer, learning_rate: scheduleOf(parseOption(text, FLAG)) };
  if (typeof rate !== 'number') throw noRate(rate.type);
  const make = Object.hasOwn(lrSchedules, text) ? lrSchedules[text] : undefined;
  if (!make) throw unknownWord(text);
  return { ...optimizer, learning_rate: scheduleOf(make(rate, steps)) };
}

/** The rules for JSON are those of a spec, so a spec it is that is read. */
function scheduleOf(value: JsonValue) {
  const optimizer = { type: 'sgd', learning_rate: value };
  const document = { input_shape: [1], layers: [{ units: 1 }], compile: { optimizer } };
  try {
    const read = readSpec(JSON.stringify(document), FLAG).spec.compile.optimizer;
    if (read?.type !== 'sgd') throw new Error('internal: sgd is an optimizer');
    return read.learning_rate;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const place = `${FLAG}: compile.optimizer.learning_rate`;
    const problems = error.problems.map((problem) =>
      problem.startsWith(place) ? FLAG + problem.slice(place.length).replace(/^\./, ': ') : problem,
    );
    throw new UserError(error.exitCode, problems, error.remedy);
  }
}

function noRate(found: string, remedy: string | null = GIVE_RATE): UserError {
  return new UserError(
    ExitCode.usage,
    `${FLAG}: expected a learning rate that is a number to start from; found ${found}`,
    remedy ?? undefined,
  );
}

function unknownWord(text: string): UserError {
  const words = Object.keys(lrSchedules);
  const near = nearest(text, words);
  return new UserError(
    ExitCode.usage,
    `${FLAG}: expected ${words.join(', ')}, or JSON of a schedule; found ${quote(text)}`,
    near && `did you mean ${near}?`,
  );
}
