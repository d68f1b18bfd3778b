/**
 * L-BFGS with a strong Wolfe line search, in double precision, free of networks and engines
 * (Nocedal & Wright, Numerical Optimization, 2nd ed., algorithms 7.4, 7.5, 3.5 and 3.6).
 */
import { dot } from '../nn/dot.ts';
import type { StateValue } from '../records.ts';
import type { OptimizerOf } from '../spec/optimizers.ts';
import { LineSearch, type Point } from './line-search.ts';
import type { StateReader } from './state-reader.ts';

/** What is made small. */
interface Objective {
  /** The value at a point; its gradient is written into `gradient` (same length). */
  evaluate(point: Float64Array, gradient: Float64Array): number;
}

/** How one step and its effect on the gradient went. */
interface Pair {
  readonly s: Float64Array;
  readonly y: Float64Array;
  /** sᵀy */
  readonly curvature: number;
}

/** Iterations that may pass without a smaller value before nothing more is expected. */
const PATIENCE = 3;

export class Lbfgs {
  /** Whether the gradient is as good as 0, or iterations find nothing better. */
  isConverged = false;
  readonly #spec: OptimizerOf<'lbfgs'>;
  readonly #objective: Objective;
  #pairs: Pair[] = [];
  #current: Point;
  #best = Number.POSITIVE_INFINITY;
  /** Iterations since the value was last smaller than ever before. */
  #idle = 0;

  private constructor(current: Point, objective: Objective, spec: OptimizerOf<'lbfgs'>) {
    this.#spec = spec;
    this.#objective = objective;
    this.#current = current;
  }

  /** @param point  where to begin; copied. The objective is evaluated there. */
  static start(point: Float64Array, objective: Objective, spec: OptimizerOf<'lbfgs'>): Lbfgs {
    const minimizer = new Lbfgs(evaluate(objective, Float64Array.from(point)), objective, spec);
    minimizer.#best = minimizer.#current.value;
    minimizer.isConverged = minimizer.#isFlat();
    return minimizer;
  }

  /**
   * Goes on where another one gave its state.
   *
   * @param size  how many numbers a point has
   * @throws {UserError} exit 4 where it is no state of such points
   */
  static resume(
    state: StateReader,
    size: number,
    objective: Objective,
    spec: OptimizerOf<'lbfgs'>,
  ): Lbfgs {
    const at = state.part('current');
    const point = at.float64('point', size);
    const gradient = at.float64('gradient', size);
    const minimizer = new Lbfgs({ point, gradient, value: at.finite('value') }, objective, spec);
    const pairs = state.list('pairs').map((pair) => readPair(pair, size));
    minimizer.#pairs = pairs.slice(-spec.memory);
    minimizer.#best = state.finite('best');
    minimizer.#idle = state.count('idle');
    minimizer.isConverged = state.flag('is_converged');
    return minimizer;
  }

  /** The state between two iterations. */
  state(): StateValue {
    return {
      current: { ...this.#current },
      pairs: this.#pairs.map((pair) => ({ ...pair })),
      best: this.#best,
      idle: this.#idle,
      is_converged: this.isConverged,
    };
  }

  /**
   * One iteration: a direction, and a step along it; nothing where it is converged. Whatever happens,
   * the objective's last evaluation is at the point where the iteration ends, so that what else was
   * computed with it belongs to that point.
   */
  iterate(): void {
    const { learning_rate, max_evaluations } = this.#spec;
    const start = this.#current;
    if (this.isConverged) {
      this.#current = this.#evaluate(start.point);
      return;
    }
    const direction = this.#direction(start.gradient);
    const isFirst = this.#pairs.length === 0;
    // Without curvature a gradient says where to go, but not how far.
    const first = isFirst ? learning_rate * Math.min(1, 1 / norm1(start.gradient)) : learning_rate;
    const search = new LineSearch(start, direction, (point) => this.#evaluate(point));
    const { end, isLast } = search.run(first, max_evaluations);
    this.#current = isLast ? end : this.#evaluate(end.point);
    const hasMoved = this.#remember(start, this.#current);
    this.#idle = this.#current.value < this.#best ? 0 : this.#idle + 1;
    this.#best = Math.min(this.#best, this.#current.value);
    // A direction made of old curvature may have failed where the gradient itself does not.
    const isWorthRetrying = hasMoved ? this.#idle < PATIENCE : !isFirst;
    if (!hasMoved) this.#pairs = [];
    this.isConverged = this.#isFlat() || !isWorthRetrying;
  }

  /** Whether the gradient is so small that there is nowhere to go. */
  #isFlat(): boolean {
    return largest(this.#current.gradient) <= this.#spec.gradient_tolerance;
  }

  #evaluate(point: Float64Array): Point {
    return evaluate(this.#objective, point);
  }

  /** Keeps what a step has shown about the curvature. Returns whether it led anywhere. */
  #remember(from: Point, to: Point): boolean {
    const s = difference(to.point, from.point);
    const y = difference(to.gradient, from.gradient);
    const curvature = dot(s, y);
    const length = dot(s, s);
    if (length === 0) return false;
    // Rounding may make it 0 or less, which no convex neighbourhood has.
    if (curvature > Number.EPSILON * length) {
      this.#pairs.push({ s, y, curvature });
      if (this.#pairs.length > this.#spec.memory) this.#pairs.shift();
    }
    return true;
  }

  /** −H g by the two-loop recursion, where H is what the pairs say of the inverse Hessian. */
  #direction(gradient: Float64Array): Float64Array {
    const q = gradient.map((g) => -g);
    const pairs = this.#pairs;
    const weights = new Float64Array(pairs.length);
    for (let i = pairs.length - 1; i >= 0; i--) {
      const { s, y, curvature } = pairs[i];
      weights[i] = dot(s, q) / curvature;
      addScaled(q, y, -weights[i]);
    }
    const last = pairs.at(-1);
    if (last) scale(q, last.curvature / dot(last.y, last.y));
    for (let i = 0; i < pairs.length; i++) {
      const { s, y, curvature } = pairs[i];
      addScaled(q, s, weights[i] - dot(y, q) / curvature);
    }
    // Never uphill, whatever rounding did.
    return dot(q, gradient) < 0 ? q : gradient.map((g) => -g);
  }
}

function readPair(state: StateReader, size: number): Pair {
  const curvature = state.finite('curvature');
  // It is divided by.
  if (curvature <= 0) throw state.part('curvature').wrong('a number above 0');
  return { s: state.float64('s', size), y: state.float64('y', size), curvature };
}

function evaluate(objective: Objective, point: Float64Array): Point {
  const gradient = new Float64Array(point.length);
  const value = objective.evaluate(point, gradient);
  return { point, gradient, value };
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]);
}

/** a ← a + factor · b */
function addScaled(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] += factor * b[i];
}

function scale(a: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i] *= factor;
}

function largest(values: Float64Array): number {
  return values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
}

function norm1(values: Float64Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0);
}
