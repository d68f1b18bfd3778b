/**
 * What every engine is: it takes a plan and runs its programs. All numbers go in and out as plain
 * row-major rows; how an engine lays them out inside is its own business.
 */
import type { Plan } from '../graph/plan.ts';

export interface Engine {
  /** Stored in the model file. */
  readonly name: string;
  /** Maker and version of the library that computes with it, if one does; stored, too. */
  readonly blas?: string;
  /**
   * Memory for a plan, its constants and first values written.
   *
   * @param threads  to run series with, 1 by default
   */
  prepare(plan: Plan, seed: number, threads?: number): Session;
}

/** Rows that a batched input is filled from, row-major `[n, numbers per sample]`. */
export interface Table {
  readonly name: string;
  readonly values: Float32Array;
}

/** A named tensor of which the first numbers are read after each step. */
export interface MeasuredPlace {
  readonly name: string;
  readonly length: number;
}

/** Steps one after another that run the same program. */
export interface Stretch {
  readonly program: string;
  readonly steps: number;
}

/** Batch after batch, without a word in between. */
export interface Series {
  readonly steps: number;
  /** What they run, in their order. */
  readonly programs: readonly Stretch[];
  readonly tables: readonly Table[];
  /** The rows that are used are `order[first … end)`, so many a step; the last step's may be fewer. */
  readonly order: Int32Array;
  readonly first: number;
  readonly end: number;
  readonly batch: number;
  /** Named numbers that are written before each step, one for each. */
  readonly numbers: readonly { readonly name: string; readonly values: ArrayLike<number> }[];
  /** Keys the chance of the first step; later ones count on. */
  readonly firstStep: number;
  /** At least one; a step whose first number here is not finite is the last. */
  readonly measures: readonly MeasuredPlace[];
}

/** What a series measured. */
export interface SeriesResult {
  /** Steps that were run. */
  readonly steps: number;
  /** The measures' numbers of the first step, those of the second, …; valid until the next series. */
  readonly values: Float32Array;
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
  /** Fills inputs and runs programs, step after step. */
  runSeries(series: Series): SeriesResult;
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
  /** Lets threads end. What is in memory may still be read. */
  close(): void;
}
