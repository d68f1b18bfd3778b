/**
 * A step along a direction that meets the strong Wolfe conditions (Nocedal & Wright, algorithms 3.5
 * and 3.6, with cubic interpolation): enough less than before, and much flatter.
 */
import { dot } from '../nn/dot.ts';

/** A point with the objective's value and gradient there. */
export interface Point {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

/** A trial along the direction. */
interface Trial extends Point {
  /** How far along: `point` is the start plus so many directions. */
  readonly step: number;
  /** The objective's slope along the direction. */
  readonly slope: number;
}

const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;
/** Values are float32 sums: differences below this share of them say nothing. */
const NOISE = 2 ** -21;
/** New trials stay this share of a bracket away from its ends. */
const MARGIN = 0.1;
const MAX_GROWTH = 10;

/** What a search came to. */
interface Found {
  readonly end: Point;
  /** Whether the end is the point that was evaluated last. */
  readonly isLast: boolean;
}

export class LineSearch {
  readonly #start: Trial;
  readonly #direction: Float64Array;
  readonly #evaluate: (point: Float64Array) => Point;
  #left = 0;

  constructor(start: Point, direction: Float64Array, evaluate: (point: Float64Array) => Point) {
    this.#start = { ...start, step: 0, slope: dot(start.gradient, direction) };
    this.#direction = direction;
    this.#evaluate = evaluate;
  }

  /**
   * Searches from the start, which it returns where nothing better is found.
   *
   * @param first           the first step to try
   * @param maxEvaluations  of the objective, 1 or more
   */
  run(first: number, maxEvaluations: number): Found {
    this.#left = maxEvaluations;
    let before = this.#start;
    let step = first;
    for (;;) {
      const trial = this.#try(step);
      if (this.#isTooHigh(trial) || (before !== this.#start && trial.value >= before.value)) {
        return this.#zoom(before, trial, trial);
      }
      if (this.#isFlat(trial)) return { end: trial, isLast: true };
      if (trial.slope >= 0) return this.#zoom(trial, before, trial);
      if (this.#left === 0) return { end: trial, isLast: true };
      const least = trial.step + MARGIN * (trial.step - before.step);
      const wanted = cubicMinimum(before, trial) ?? Number.POSITIVE_INFINITY;
      step = Math.min(Math.max(wanted, least), trial.step * MAX_GROWTH);
      before = trial;
    }
  }

  /** Narrows a bracket. `low` has the least value so far; the minimum lies between it and `high`. */
  #zoom(from: Trial, to: Trial, evaluated: Trial): Found {
    let [low, high, last] = [from, to, evaluated];
    while (this.#left > 0) {
      const step = between(low, high);
      // What the bracket can still hold is lost in the values' rounding.
      const gain = Math.abs(low.slope * (high.step - low.step));
      if (gain <= this.#noise || step === low.step || step === high.step) break;
      const trial = this.#try(step);
      last = trial;
      if (this.#isTooHigh(trial) || trial.value > low.value + this.#noise) high = trial;
      else {
        if (this.#isFlat(trial)) return { end: trial, isLast: true };
        if (trial.slope * (high.step - low.step) >= 0) high = low;
        low = trial;
      }
    }
    return { end: low, isLast: low === last };
  }

  #try(step: number): Trial {
    this.#left--;
    // The network holds float32: the point is what it will really be evaluated at.
    const point = this.#start.point.map((x, i) => Math.fround(x + step * this.#direction[i]));
    const found = this.#evaluate(point);
    return { ...found, step, slope: dot(found.gradient, this.#direction) };
  }

  get #noise(): number {
    return NOISE * Math.abs(this.#start.value);
  }

  #isTooHigh({ value, step }: Trial): boolean {
    const { value: first, slope } = this.#start;
    return !(value <= first + SUFFICIENT_DECREASE * step * slope + this.#noise);
  }

  #isFlat({ slope }: Trial): boolean {
    return Math.abs(slope) <= -CURVATURE * this.#start.slope;
  }
}

/** A step inside a bracket, not too near its ends. */
function between(low: Trial, high: Trial): number {
  const width = high.step - low.step;
  const wanted = cubicMinimum(low, high) ?? low.step + 0.5 * width;
  const share = width === 0 ? 0 : (wanted - low.step) / width;
  return low.step + Math.min(Math.max(share, MARGIN), 1 - MARGIN) * width;
}

/** Where the cubic through two values and slopes is least; undefined where there is no such place. */
function cubicMinimum(a: Trial, b: Trial): number | undefined {
  const width = b.step - a.step;
  const d1 = a.slope + b.slope - (3 * (a.value - b.value)) / (a.step - b.step);
  const square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return undefined;
  const d2 = Math.sign(width) * Math.sqrt(square);
  const step = b.step - (width * (b.slope + d2 - d1)) / (b.slope - a.slope + 2 * d2);
  return Number.isFinite(step) ? step : undefined;
}
