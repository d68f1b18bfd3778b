/**
 * Learning-rate schedules as plain functions of the step, in float32 and in Keras's order of
 * operations (keras.optimizers.schedules). Powers and cosines are the engine's own, so that a rate
 * has the same bits on every machine.
 */
import { float32Functions } from '../engine/elementary.ts';
import type { ScheduleSpec } from '../spec/schedules.ts';

const f32 = Math.fround;
const { pow, cos, log } = float32Functions;

type ScheduleOf<T extends ScheduleSpec['type']> = Extract<ScheduleSpec, { type: T }>;

const PI = f32(Math.PI);

/**
 * The rate of a step, a float32.
 *
 * @param step  from 0: batches that have been trained on, each counted also with gradient accumulation
 */
export function scheduledRate(schedule: ScheduleSpec, step: number): number {
  const s = f32(step);
  switch (schedule.type) {
    case 'ExponentialDecay': {
      const share = pow(f32(schedule.decay_rate), progress(s, schedule));
      return f32(f32(schedule.initial_learning_rate) * share);
    }
    case 'InverseTimeDecay': {
      const divisor = f32(1 + f32(f32(schedule.decay_rate) * progress(s, schedule)));
      return f32(f32(schedule.initial_learning_rate) / divisor);
    }
    case 'PiecewiseConstantDecay':
      return piecewise(s, schedule);
    case 'PolynomialDecay':
      return polynomial(s, schedule);
    case 'CosineDecay':
      return warmedCosine(s, schedule);
    case 'CosineDecayRestarts':
      return restartedCosine(s, schedule);
  }
}

/** How many decay times have passed; only whole ones with `staircase`. */
function progress(
  step: number,
  { decay_steps, staircase }: { readonly decay_steps: number; readonly staircase: boolean },
): number {
  const p = f32(step / f32(decay_steps));
  return staircase ? Math.floor(p) : p;
}

/** A value holds up to its boundary, that step included. Boundaries are whole steps, as in Keras. */
function piecewise(step: number, { boundaries, values }: ScheduleOf<'PiecewiseConstantDecay'>) {
  const whole = boundaries.map(Math.trunc);
  // A sum of terms of which one is not 0, as Keras has it: boundaries that do not rise show.
  let rate = step <= whole[0] ? f32(values[0]) : 0;
  if (step > whole[whole.length - 1]) rate = f32(rate + f32(values[values.length - 1]));
  for (let i = 1; i < whole.length; i++) {
    if (step > whole[i - 1] && step <= whole[i]) rate = f32(rate + f32(values[i]));
  }
  return rate;
}

/** (start − end)(1 − p)ᵖᵒʷᵉʳ + end; with `cycle` the period grows by whole periods instead of ending. */
function polynomial(step: number, spec: ScheduleOf<'PolynomialDecay'>): number {
  const end = f32(spec.end_learning_rate);
  const period = f32(spec.decay_steps);
  const cycles = step === 0 ? 1 : Math.ceil(f32(step / period));
  const length = spec.cycle ? f32(period * cycles) : period;
  const p = f32((spec.cycle ? step : Math.min(step, period)) / length);
  const span = f32(f32(spec.initial_learning_rate) - end);
  return f32(f32(span * pow(f32(1 - p), f32(spec.power))) + end);
}

/** A straight line up to the target, if there is one, then half a cosine down. */
function warmedCosine(step: number, spec: ScheduleOf<'CosineDecay'>): number {
  const { alpha, warmup_target } = spec;
  const initial = f32(spec.initial_learning_rate);
  const length = f32(spec.decay_steps);
  if (warmup_target === null) return cosine(Math.min(step, length), length, initial, alpha);
  const target = f32(warmup_target);
  const warmup = f32(spec.warmup_steps);
  const held = Math.min(step, f32(length + warmup));
  if (held >= warmup) return cosine(f32(held - warmup), length, target, alpha);
  return f32(f32(f32(target - initial) * f32(held / warmup)) + initial);
}

/** Half a cosine, again and again (Loshchilov & Hutter 2017). */
function restartedCosine(step: number, spec: ScheduleOf<'CosineDecayRestarts'>): number {
  const elapsed = f32(step / f32(spec.first_decay_steps));
  const { restarts, fraction } = period(elapsed, f32(spec.t_mul));
  const height = f32(0.5 * pow(f32(spec.m_mul), restarts));
  const decayed = f32(height * f32(1 + cos(f32(PI * fraction))));
  const least = f32(spec.alpha);
  return f32(f32(spec.initial_learning_rate) * f32(f32(f32(1 - least) * decayed) + least));
}

/** From `start` down to `alpha · start` along half a cosine. */
function cosine(step: number, length: number, start: number, alpha: number): number {
  const share = f32(0.5 * f32(1 + cos(f32(PI * f32(step / length)))));
  return f32(start * f32(f32(f32(1 - alpha) * share) + f32(alpha)));
}

/** Which period it is, from 0, and how far into it; each is `growth` times as long as the one before. */
function period(elapsed: number, growth: number): { restarts: number; fraction: number } {
  if (growth === 1) {
    const restarts = Math.floor(elapsed);
    return { restarts, fraction: f32(elapsed - restarts) };
  }
  const argument = f32(1 - f32(elapsed * f32(1 - growth)));
  const restarts = Math.floor(f32(log(argument) / log(growth)));
  const scale = pow(growth, restarts);
  const before = f32(f32(1 - scale) / f32(1 - growth));
  return { restarts, fraction: f32(f32(elapsed - before) / scale) };
}
