/**
 * What every engine is: it takes a plan and runs its programs. All numbers go in and out as plain
 * row-major rows; how an engine lays them out inside is its own business.
 */
import type { Plan } from '../graph/plan.ts';

export interface Engine {
  /** Stored in the model file. */
  readonly name: string;
  /** Memory for a plan, its constants and first values written. */
  prepare(plan: Plan, seed: number): Session;
}

/** A plan with memory. One session is one independent set of parameters. */
export interface Session {
  /**
   * Writes the first numbers of a named tensor.
   * @param values  row-major; may be fewer than the tensor holds (a short batch)
   */
  write(name: string, values: ArrayLike<number>): void;
  /**
   * Writes rows of a table into a batched input: row i becomes `source` row `order[first + i]`.
   * @param source  row-major `[n, width]`; width is the numbers per sample
   */
  gather(name: string, source: Float32Array, order: Int32Array, first: number, count: number): void;
  /** The first `into.length` numbers of a named tensor, copied. */
  read(name: string, into: Float32Array | Float64Array): void;
  /** The first number of a named tensor. */
  readNumber(name: string): number;
  /** Among the first `count` numbers of a named tensor the first that is NaN or infinite; null without. */
  firstNonFinite(name: string, count: number): { index: number; value: number } | null;
  /**
   * Runs a program on the first `batch` samples of its inputs (1 … the plan's `maxBatch`).
   * @param step  keys the chance inside layers: the same step draws the same numbers
   */
  run(program: string, batch: number, step: number): void;
}
